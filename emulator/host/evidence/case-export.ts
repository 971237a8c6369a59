import { digest } from '../../../protocol/security/digest.ts';
import type { HostEvent } from '../host-event.ts';
import { auditTrail } from './audit-trail.ts';

const FORMAT = 'countersign-case-1';

/** One event of the case, with its place in the journal and a hash over it and everything before it. */
interface ExportedRecord {
  readonly place: number;
  readonly event: unknown;
  readonly hash: string;
}

interface CaseExport {
  readonly format: typeof FORMAT;
  readonly subject: string;
  /** Civil time of the export. */
  readonly made: string;
  readonly records: readonly ExportedRecord[];
  /** Hash over all of the above; kept elsewhere, it tells whether the file is still the one handed over. */
  readonly seal: string;
}

/**
 * Everything that a journal has about a case, for people outside (F05): masked, in the journal's order,
 * each record chained to the one before. Pictures of signatures are named by their hash; a retrieval
 * gives them out.
 *
 * @param subject a transaction (id or reference number), a hold, a review … as in `auditTrail`
 * @returns JSON, a line a record
 */
export function caseExport(journal: readonly HostEvent[], subject: string, made: string): string {
  const chosen = auditTrail(journal, subject).map(({ place, event }) => ({
    place,
    event: maskEvent(event),
  }));
  return textOf(sealed(subject, made, chosen));
}

export type ExportVerdict =
  | {
      readonly isWhole: true;
      readonly subject: string;
      readonly records: number;
      readonly seal: string;
    }
  | {
      readonly isWhole: false;
      readonly why: string;
      /** It does not look like an export at all. */
      readonly isOther?: true;
    };

/** Makes every hash of an export anew; one changed byte is found, wherever it is. */
export function verifyCaseExport(text: string): ExportVerdict {
  let found: CaseExport;
  try {
    found = JSON.parse(text) as CaseExport;
  } catch {
    return { isWhole: false, why: 'it is no JSON', isOther: true };
  }
  if (!isExport(found)) return { isWhole: false, why: `it is no ${FORMAT}`, isOther: true };
  const { subject, made, records } = found;
  const due = sealed(subject, made, records);
  const at = due.records.findIndex(({ hash }, index) => hash !== records[index]?.hash);
  if (at >= 0) return { isWhole: false, why: `record ${at + 1} is not as it was sealed` };
  if (due.seal !== found.seal)
    return { isWhole: false, why: 'the seal is not that of its records' };
  // What no hash covers is how it is written.
  if (textOf(due) !== text) return { isWhole: false, why: 'it is written differently' };
  return { isWhole: true, subject, records: records.length, seal: due.seal };
}

function isExport(found: unknown): found is CaseExport {
  if (typeof found !== 'object' || found === null) return false;
  const { format, subject, made, records } = found as Partial<CaseExport>;
  return (
    format === FORMAT &&
    typeof subject === 'string' &&
    typeof made === 'string' &&
    Array.isArray(records) &&
    records.every((each: unknown) => typeof each === 'object' && each !== null)
  );
}

function sealed(
  subject: string,
  made: string,
  chosen: readonly Pick<ExportedRecord, 'place' | 'event'>[],
): CaseExport {
  let previous = digest(JSON.stringify([FORMAT, subject, made]));
  const records = chosen.map(({ place, event }) => {
    previous = digest(JSON.stringify([previous, place, event]));
    return { place, event, hash: previous };
  });
  const seal = digest(JSON.stringify([previous, records.length]));
  return { format: FORMAT, subject, made, records, seal };
}

function textOf({ records, seal, ...head }: CaseExport): string {
  const lines = records.map((record) => `  ${JSON.stringify(record)}`);
  const start = JSON.stringify(head).slice(0, -1);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
  return `${start},"records":${list},"seal":${JSON.stringify(seal)}}\n`;
}

/** Fields of an answer that say what was decided; the others repeat the transaction. */
const ANSWER_FIELDS = [37, 38, 39] as const;

/** What may leave the house: no picture, no slip with a telephone number, no account in full. */
function maskEvent(event: HostEvent): unknown {
  switch (event.kind) {
    case 'signature-received': {
      const { piece, slip, ...more } = event;
      return { ...more, piece: fingerprint(piece), slip: fingerprint(slip) };
    }
    case 'agreement-filed': {
      const { holder, merchant, ...more } = event;
      return { ...more, holder: fingerprint(holder), merchant: fingerprint(merchant) };
    }
    case 'payout-ordered': {
      const { payout, ...more } = event;
      return { ...more, payout: { ...payout, account: maskAccount(payout.account) } };
    }
    case 'exchange-answered': {
      const { answer, fingerprint: _content, ...more } = event;
      const shown = ANSWER_FIELDS.flatMap((field) =>
        answer[field] === undefined ? [] : [[field, answer[field]] as const],
      );
      return { ...more, answer: Object.fromEntries(shown) };
    }
    default:
      return event;
  }
}

function fingerprint(hex: string): { readonly sha256: string; readonly bytes: number } {
  return { sha256: digest(hex), bytes: hex.length / 2 };
}

/** `bank-a/**01`: the bank, and the last two digits. */
function maskAccount(account: string): string {
  const [bank = '', number = ''] = account.split('/');
  return `${bank}/${'*'.repeat(Math.max(0, number.length - 2))}${number.slice(-2)}`;
}
