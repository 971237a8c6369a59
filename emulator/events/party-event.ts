/** What the parties and their links publish; plain data, masked, so that a report can store it. */
export type PartyEvent =
  | {
      readonly kind: 'message';
      readonly party: 'terminal' | 'host';
      readonly direction: 'sent' | 'received';
      readonly tid: string;
      readonly mti: string;
      readonly title: Title;
      /** What the message rests on that no source states for certain. */
      readonly assumed?: Title;
      readonly fields: { readonly [field: number]: string };
      readonly lengthBytes: number;
    }
  | {
      readonly kind: 'link';
      readonly party: 'terminal' | 'host';
      readonly what: 'connect-failed' | 'closed' | 'timed-out';
      readonly tid: string;
      readonly reason: string;
    }
  | { readonly kind: 'screen'; readonly tid: string; readonly text: Title }
  | { readonly kind: 'slip'; readonly tid: string; readonly lines: readonly string[] }
  | {
      readonly kind: 'reversal';
      readonly tid: string;
      readonly what: 'stored' | 'sent' | 'done' | 'dropped' | 'given-up';
      readonly stan: string;
      readonly reason: string;
    }
  | {
      /** An answer that the terminal did not take, and why. */
      readonly kind: 'answer-refused';
      readonly tid: string;
      readonly why: readonly string[];
    }
  | {
      /** A message or a connection that the host refused. */
      readonly kind: 'refused';
      readonly party: 'host';
      readonly peer: string;
      readonly code: string;
      readonly text: string;
      readonly reaction: string;
    }
  | { readonly kind: 'host-event'; readonly name: string; readonly text: string }
  | { readonly kind: 'fault'; readonly text: string };

export interface Title {
  readonly en: string;
  readonly zh: string;
}

export type Publish = (event: PartyEvent) => void;
