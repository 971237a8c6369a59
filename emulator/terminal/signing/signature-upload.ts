import type { Dialect } from '../../../protocol/dialect/dialect.ts';
import type { FieldValues, Message } from '../../../protocol/message/message.ts';

/** Name of the transaction in a dialect, and its type where the dialect names none. */
const UPLOAD = 'signature-upload';
const TYPE = '07';

/** 60.3 of a signature in one message, and of the first of several (spec 7.3). */
const WHOLE = 800;
const FIRST = 801;

/** One message of an upload, whatever is in it. */
export interface UploadPart {
  readonly tid: string;
  readonly mid: string;
  readonly batchNo: string;
  readonly stan: string;
  /** Fields of the transaction: 2, 4, 15, 37. */
  readonly fields: FieldValues;
  /** Field 55 and field 62, hex. */
  readonly slip: string;
  readonly piece: string;
  /** 60.3: 800, or 801 to 809. */
  readonly code: number;
}

/** 60.3 of a message: `place` from 0 of `count`. */
export function uploadCode(place: number, count: number): number {
  return count === 1 ? WHOLE : FIRST + place;
}

/** How many messages one signature may take: a dialect without 60.3 knows a single one. */
export function mostPackets(dialect: Dialect): number {
  const codes = dialect.transactions[UPLOAD]?.network ?? [];
  return Math.max(1, codes.filter((code) => Number(code) >= FIRST).length);
}

/** The message as the dialect has it: a private one has a type of its own and no 60.3 (spec 7.1). */
export function uploadMessage(dialect: Dialect, part: UploadPart): Message {
  const { tid, mid, batchNo, stan, fields, slip, piece, code } = part;
  const { mti = '0820', type = TYPE, network } = dialect.transactions[UPLOAD] ?? {};
  const field60 = `${type}${batchNo}${network === undefined ? '' : code}`;
  return {
    mti,
    fields: { ...fields, 11: stan, 41: tid, 42: mid, 55: slip, 60: field60, 62: piece },
  };
}
