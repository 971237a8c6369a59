import type { Title } from '../../events/party-event.ts';

/** How somebody is told. */
export type NoticeChannel = 'sms' | 'mail';

/** One message to one person. */
export interface NoticeRecord {
  /** `R000001/sent`: a change is told once, and the gateway knows it by this. */
  readonly key: string;
  readonly channel: NoticeChannel;
  /** An address in words, such as `holder-of-card/debit`: no number of anybody. */
  readonly to: string;
  readonly text: Title;
}

export type NoticeEvent =
  | { readonly kind: 'notice-queued'; readonly notice: NoticeRecord }
  | { readonly kind: 'notice-delivered'; readonly key: string }
  /** Nobody knows whether it arrived, or it did not: it will be sent again. */
  | { readonly kind: 'notice-failed'; readonly key: string; readonly reason: string };
