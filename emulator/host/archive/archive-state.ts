import type { HostEvent } from '../host-event.ts';
import { unknownInJournal } from '../transaction-book.ts';
import { EMPTY_CHAIN, type ChainHead, type Seal } from './seal.ts';

/** What the archive knows of a picture without showing it. */
export interface SignatureImage {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** Whether the feature code of its transaction is burnt into it (spec 7.4). */
  readonly hasFeature: boolean;
}

/** A signature as it came, packet by packet. */
export interface StoredSignature {
  /** Field 55 of the first packet. */
  readonly slip: string;
  /** Field 62 of the packets, in order, as hex. */
  readonly pieces: readonly string[];
  /** Known once the picture is whole, and then never changed. */
  readonly whole?: { readonly image: SignatureImage; readonly seal: Seal };
}

/** Why a transaction needs no electronic signature, said by a person. */
export interface Exemption {
  readonly reason: string;
  readonly by: string;
  readonly seal: Seal;
}

/** The agreement on a refund: pictures of both signatures as JBIG, hex. */
export interface Agreement {
  readonly holder: string;
  readonly merchant: string;
  readonly by: string;
  readonly seal: Seal;
}

/** Everything by the id of its transaction. */
export interface ArchiveState {
  readonly signatures: Map<string, StoredSignature>;
  readonly exemptions: Map<string, Exemption>;
  readonly agreements: Map<string, Agreement>;
  /** Why the last upload was refused, for those that have none stored. */
  readonly refusals: Map<string, string>;
  head: ChainHead;
}

/** Events that the archive alone is about. */
export type ArchiveEvent = Extract<
  HostEvent,
  {
    kind: 'signature-received' | 'signature-refused' | 'signature-exempted' | 'agreement-filed';
  }
>;

export function emptyArchive(): ArchiveState {
  return {
    signatures: new Map(),
    exemptions: new Map(),
    agreements: new Map(),
    refusals: new Map(),
    head: EMPTY_CHAIN,
  };
}

/** The only way the archive changes. */
export function applyToArchive(archive: ArchiveState, event: ArchiveEvent): void {
  const { id } = event;
  switch (event.kind) {
    case 'signature-received': {
      const { place, piece, slip, whole } = event;
      // Nothing comes behind a whole one: the host takes none, and a journal that says so was changed.
      if (archive.signatures.get(id)?.whole !== undefined) {
        throw unknownInJournal(`a packet behind the whole signature of ${id}`);
      }
      const stored = place === 0 ? undefined : archive.signatures.get(id);
      archive.signatures.set(id, {
        slip: stored?.slip ?? slip,
        pieces: [...(stored?.pieces.slice(0, place) ?? []), piece],
        ...(whole === undefined ? {} : { whole }),
      });
      archive.refusals.delete(id);
      if (whole !== undefined) archive.head = whole.seal;
      return;
    }
    case 'signature-refused':
      archive.refusals.set(id, `${event.rc} ${event.why}`);
      return;
    case 'signature-exempted': {
      const { reason, by, seal } = event;
      archive.exemptions.set(id, { reason, by, seal });
      archive.head = seal;
      return;
    }
    case 'agreement-filed': {
      const { holder, merchant, by, seal } = event;
      archive.agreements.set(id, { holder, merchant, by, seal });
      archive.head = seal;
      return;
    }
    default:
      event satisfies never;
  }
}
