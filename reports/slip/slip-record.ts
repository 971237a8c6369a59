import { maskPan } from '../../protocol/bytes/card-number.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { Bitmap } from '../../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { featureCode, NO_RRN, NO_SETTLEMENT_DATE } from '../../protocol/message/feature-code.ts';
import type { Message } from '../../protocol/message/message.ts';
import { SIGNATURE_LIMITS } from '../../protocol/signature/signature-limits.ts';
import { decodeSlip, type SlipElements } from '../../protocol/signature/slip-elements.ts';
import { readPath } from '../../protocol/structure/field-structure.ts';

/** An electronic slip (电子签购单): what stands on it, and the signature in its place. */
export interface SlipRecord {
  readonly mid: string;
  readonly tid: string;
  readonly batchNo: string;
  readonly stan: string;
  readonly rrn: string;
  readonly amountFen: number;
  /** Empty when the message has none. */
  readonly maskedPan: string;
  /** Eight characters that the signature's background should show. */
  readonly feature: string;
  readonly elements: SlipElements;
  readonly signature: Bitmap;
}

/** What is known of a signed transaction: its own data, field 55 and the whole picture as hex. */
export interface SignedTransaction {
  readonly mid: string;
  readonly tid: string;
  readonly batchNo: string;
  readonly stan: string;
  readonly rrn: string;
  /** MMDD, 0000 where there is none. */
  readonly settlementDate: string;
  readonly amountFen: number;
  readonly maskedPan: string;
  readonly slip: string;
  readonly image: string;
}

/**
 * The slip of a signed transaction.
 * @throws what its slip elements or its picture are refused for
 */
export function slipRecord(signed: SignedTransaction): SlipRecord {
  const { slip, image, settlementDate, ...known } = signed;
  return {
    ...known,
    feature: featureCode(settlementDate, signed.rrn),
    elements: decodeSlip(slip).elements,
    signature: decodeJbig(fromHex(image), SIGNATURE_LIMITS).bitmap,
  };
}

/**
 * The slip of one uploaded signature: a whole one, or its packets in the order of their 60.3.
 * @throws E_FIELD_MISSING, E_FIELD_VALUE with the path; what slip elements or picture are refused for
 */
export function slipOfUpload(dialect: Dialect, messages: readonly Message[]): SlipRecord {
  const code = (message: Message): number => Number(readPath(dialect, message, '60.3'));
  const packets = messages.toSorted((left, right) => code(left) - code(right));
  const [first] = packets;
  if (first === undefined) throw missing('62');
  for (const packet of packets) checkSameSale(dialect, first, packet);
  const { fields } = first;
  const image = packets.map((packet) => packet.fields[62] ?? '').join('');
  for (const [path, value] of [
    ['55', fields[55] ?? ''],
    ['62', image],
  ] as const) {
    if (value === '') throw missing(path);
  }
  return slipRecord({
    mid: (fields[42] ?? '').trim(),
    tid: (fields[41] ?? '').trim(),
    batchNo: readPath(dialect, first, '60.2') ?? '',
    stan: fields[11] ?? '',
    rrn: fields[37] ?? NO_RRN,
    settlementDate: fields[15] ?? NO_SETTLEMENT_DATE,
    amountFen: Number(fields[4] ?? '0'),
    maskedPan: fields[2] === undefined ? '' : maskPan(fields[2]),
    slip: fields[55] ?? '',
    image,
  });
}

/** Packets of one sale name the same terminal, merchant, batch, STAN and reference (spec 7.3). */
function checkSameSale(dialect: Dialect, first: Message, other: Message): void {
  for (const path of ['41', '42', '11', '37', '60.2']) {
    const [one, two] = [first, other].map((each) => readPath(dialect, each, path));
    if (one === two) continue;
    const text = `packets of two sales: ${one ?? 'nothing'} and ${two ?? 'nothing'}`;
    throw new CountersignError('E_FIELD_VALUE', { path, text });
  }
}

function missing(path: string): CountersignError {
  return new CountersignError('E_FIELD_MISSING', {
    path,
    text: 'this is no upload of a signature',
  });
}
