import { ENVELOPE_BYTES, vectorBodyHex, type MessageVector } from '../vectors.ts';
import { asciiBytes, asciiText } from '../../protocol/bytes/ascii.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import type { Message } from '../../protocol/message/message.ts';

/** A vector as a message, read as leniently as the dialect allows. */
export function decoded(vector: MessageVector): Message {
  const bytes = fromHex(vectorBodyHex(vector));
  const isLenient = true;
  const result = decodeMessage(UNIONPAY_POS, bytes, ENVELOPE_BYTES, bytes.length, { isLenient });
  if (!result.ok) throw result.error;
  return result.message;
}

/** Pieces of a secret; one that is nearly all zeros says nothing. */
function pieces(secret: string, size: number): string[] {
  return Array.from({ length: Math.max(0, secret.length - size + 1) }, (_, at) =>
    secret.slice(at, at + size),
  ).filter((piece) => new Set(piece).size > 3);
}

/** The same for digits, which may also stand somewhere as hex. */
function digitPieces(digits: string): string[] {
  return pieces(digits, 11).flatMap((piece) => [piece, toHex(asciiBytes(piece))]);
}

/**
 * What of a message must not be seen, cut into pieces: worked out of the clauses of the
 * specification (3.1, 4.1, 8.3), not by what is tested.
 */
export function secretsOf({ mti, fields }: Message): string[] {
  const tracks = [fields[35], fields[36]].map((track) => track?.split('D') ?? []);
  const pans = [fields[2] ?? '', ...tracks.map(([pan = '']) => pan)];
  const records = mti === '0320' ? (fields[48] ?? '').slice(2) : '';
  for (let at = 0; at + 40 <= records.length; at += 40) pans.push(records.slice(at + 8, at + 28));
  const [, code = ''] = /^A[34]0\d\d(\d+)/.exec(asciiText(fromHex(fields[59] ?? ''))) ?? [];
  const isPublic = mti === '0800' || mti === '0320' || /^\d{8}3[678]\d/.test(fields[60] ?? '');
  return [
    // Some observed messages were published with their card numbers blotted out.
    ...pans.filter((pan) => !/^\d{6}0{4}/.test(pan)).flatMap(digitPieces),
    ...digitPieces(code),
    ...tracks.flatMap(([, ...rest]) => pieces(rest.join('D'), 8)),
    ...pieces(fields[52] ?? '', 8),
    // Keys, a signature, a payment code or an encrypted PIN, unless it is a number of a device.
    ...(isPublic ? [] : pieces(fields[62] ?? '', 16)),
    ...(fields[63]?.startsWith('SM016') === true ? pieces(fields[63].slice(5), 12) : []),
  ];
}
