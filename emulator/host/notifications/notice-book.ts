import type { HostEvent } from '../host-event.ts';
import { unknownInJournal } from '../transaction-book.ts';
import type { NoticeRecord } from './notice-events.ts';

export interface Notice extends NoticeRecord {
  isDelivered: boolean;
  /** Times that it was sent in vain. */
  failures: number;
}

/** Every message that was ever queued, by key, the oldest first. */
export interface NoticeBook {
  readonly notices: Map<string, Notice>;
  /** Those that are not known to be delivered. */
  readonly dueNotices: Map<string, Notice>;
}

export function emptyNotices(): NoticeBook {
  return { notices: new Map(), dueNotices: new Map() };
}

/** What an event of the journal does to the outbox; most do nothing. */
export function applyToNotices(book: NoticeBook, event: HostEvent): void {
  switch (event.kind) {
    case 'notice-queued': {
      const queued = { ...event.notice, isDelivered: false, failures: 0 };
      book.notices.set(queued.key, queued);
      book.dueNotices.set(queued.key, queued);
      return;
    }
    case 'notice-delivered':
      findNotice(book, event.key).isDelivered = true;
      book.dueNotices.delete(event.key);
      return;
    case 'notice-failed':
      findNotice(book, event.key).failures++;
      return;
    default:
      return;
  }
}

function findNotice(book: NoticeBook, key: string): Notice {
  const found = book.notices.get(key);
  if (found === undefined) throw unknownInJournal(`notice ${key}`);
  return found;
}
