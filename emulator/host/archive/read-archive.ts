import type { HostEvent } from '../host-event.ts';
import { applyToBook, emptyBook, type TransactionBook } from '../transaction-book.ts';
import { applyToArchive, emptyArchive, type ArchiveState } from './archive-state.ts';
import { sealNext, type ChainHead, type Seal, type SealedContent } from './seal.ts';

/** The archive as a journal tells it, without a host: transactions, signatures, and the chain. */
export interface JournalledArchive {
  readonly book: TransactionBook;
  readonly archive: ArchiveState;
  /** The first record whose seal does not fit what it seals; absent when all do. */
  readonly broken?: { readonly id: string; readonly sequence: number; readonly why: string };
}

/**
 * @param hear the head of the chain after each record
 * @throws E_JOURNAL when an event names a transaction that is not there
 */
export function readArchive(
  journal: Iterable<HostEvent>,
  hear?: (head: ChainHead) => void,
): JournalledArchive {
  const book = emptyBook();
  const archive = emptyArchive();
  let broken: JournalledArchive['broken'];
  for (const event of journal) {
    applyToBook(book, event);
    switch (event.kind) {
      case 'signature-received':
      case 'signature-refused':
      case 'signature-exempted':
      case 'agreement-filed': {
        const { head } = archive;
        applyToArchive(archive, event);
        const sealed = sealedBy(archive, event);
        if (sealed !== undefined) hear?.(archive.head);
        const transaction = book.transactions.get(event.id);
        const sequence = sealed?.seal.sequence ?? head.sequence + 1;
        const why =
          transaction === undefined
            ? 'its transaction is missing'
            : sealed &&
              whyBroken(sealed.seal, sealNext(head, sealed.seal.at, transaction, sealed.content));
        if (why !== undefined) broken ??= { id: event.id, sequence, why };
        break;
      }
      default:
        break;
    }
  }
  return { book, archive, ...(broken === undefined ? {} : { broken }) };
}

/** The seal that an event brought, and what it seals. */
function sealedBy(
  archive: ArchiveState,
  event: HostEvent,
): { readonly seal: Seal; readonly content: SealedContent } | undefined {
  switch (event.kind) {
    case 'signature-received': {
      if (event.whole === undefined) return undefined;
      const { slip = '', pieces = [] } = archive.signatures.get(event.id) ?? {};
      const { image } = event.whole;
      const content = { kind: 'signature', slip, picture: pieces.join(''), image } as const;
      return { seal: event.whole.seal, content };
    }
    case 'signature-exempted': {
      const { reason, by, seal } = event;
      return { seal, content: { kind: 'exemption', reason, by } };
    }
    case 'agreement-filed': {
      const { holder, merchant, by, seal } = event;
      return { seal, content: { kind: 'agreement', holder, merchant, by } };
    }
    default:
      return undefined;
  }
}

function whyBroken(found: Seal, due: Seal): string | undefined {
  if (found.sequence !== due.sequence)
    return `it is number ${found.sequence} where ${due.sequence} is due`;
  if (found.previous !== due.previous) return 'it names another record before it';
  return found.hash === due.hash ? undefined : 'its hash is not that of its content';
}
