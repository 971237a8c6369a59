import { maskPan } from '../../../protocol/bytes/card-number.ts';
import { MOST_FIELDS } from '../../../protocol/codec/slots.ts';
import type { Dialect } from '../../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { ContentHash } from '../../../protocol/message/content-hash.ts';
import { decodeMessage, type DecodeResult } from '../../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../../protocol/message/encode-message.ts';
import type { Message } from '../../../protocol/message/message.ts';
import { digest } from '../../../protocol/security/digest.ts';
import type { Request } from './request.ts';

/**
 * What makes two requests the same (I-03): everything but the MAC, whose key may have changed. The
 * card counts by its name, so that no number can be searched back from the journal's hash.
 */
const NOT_CONTENT: readonly number[] = [2, 35, 36, 64];
/** An advice is repeated from the terminal's store, where the security field of its track is not kept. */
const SECURITY_FIELD = 53;

/** Of the request that was read last: one is judged at a time. */
const content = new ContentHash([...NOT_CONTENT, SECURITY_FIELD]);
const LENIENT = { isLenient: true, hasOwnTexts: true, content } as const;

/**
 * Reads a request; a host takes what its dialect calls lenient (spec 00, default profile).
 *
 * @param start offset of the message type
 */
export function readRequest(dialect: Dialect, body: Uint8Array, start: number): DecodeResult {
  const decoded = decodeMessage(dialect, body, start, body.length, LENIENT);
  if (decoded.ok && decoded.warnings.length > 0) takeAsDue(dialect, decoded.message);
  return decoded;
}

/**
 * What was let pass is no content: the bytes count that the message should have had. Bytes that are no
 * GBK are written as they were read, and let pass once more.
 */
function takeAsDue(dialect: Dialect, message: Message): void {
  try {
    const due = encodeMessage(dialect, message);
    decodeMessage(dialect, due, 0, due.length, LENIENT);
  } catch (error) {
    // What could not be written would count as it came; nothing that is let pass is such.
    if (!(error instanceof CountersignError)) throw error;
  }
}

/** Fields of the request that {@link readRequest} has read last, the lowest first. */
export function numbersRead(): readonly number[] {
  return content.numbers;
}

/** Tells the request that {@link readRequest} has read last from others under its number. */
export function fingerprintOf({ message, transaction, pan, card }: Request): string {
  content.add(message.mti);
  content.add(cardName(card?.account.id, pan));
  const security = message.fields[SECURITY_FIELD];
  if (security !== undefined && transaction.advice !== true) content.add(security);
  return content.text();
}

/** @param kept the fingerprint of what had the number first */
export function isSameContent(kept: string, request: Request): boolean {
  return kept === (kept.length === DIGEST_LETTERS ? digestOf(request) : request.fingerprint);
}

/** What journals have whose hosts took a SHA-256 of the texts. */
const DIGEST_LETTERS = 64;

function digestOf({ message, numbers, transaction, pan, card }: Request): string {
  const isAdvice = transaction.advice === true;
  let text = `${message.mti} ${cardName(card?.account.id, pan)}`;
  for (const field of numbers) {
    const label = LABELS[field];
    if (label === undefined || (isAdvice && field === SECURITY_FIELD)) continue;
    text += label;
    text += message.fields[field] ?? '';
  }
  return digest(text);
}

const LABELS = Array.from({ length: MOST_FIELDS + 1 }, (_, field) =>
  NOT_CONTENT.includes(field) ? undefined : ` ${field}=`,
);

function cardName(id: string | undefined, pan: string | undefined): string {
  return id ?? maskPan(pan ?? '');
}
