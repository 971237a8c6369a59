import { seededRandom } from '../emulator/world/seeded-random.ts';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { decodeMessage } from '../protocol/message/decode-message.ts';
import { encodeMessage } from '../protocol/message/encode-message.ts';
import { explainAcceptance, type ChangeKind } from './explain-acceptance.ts';
import { ISO_8583_NPM, unpackIso8583 } from './iso-8583-library.ts';
import { LONG_ASCII_PURCHASE } from './reference-messages.ts';

const CHANGED_BYTES = 3;

export interface CorruptionOptions {
  readonly seed: number;
  readonly runs: number;
}

/** What one kind of change has led to. */
export interface KindCount {
  count: number;
  /** The first of its kind, without card data. */
  readonly example: string;
}

export interface CorruptionResult {
  readonly messageBytes: number;
  /** Runs whose three bytes happened to be what stood there before. */
  unchanged: number;
  acceptedByIso8583: number;
  /** Refusals of iso_8583 that were no answer but an exception. */
  thrownByIso8583: number;
  acceptedByUs: number;
  /** Acceptances of ours by kind of change; one with three changed bytes may count three times. */
  readonly kinds: Map<ChangeKind, KindCount>;
  /** What must not be: a sentence for each. */
  readonly bugs: string[];
}

/**
 * Sets three random bytes of a message to random values and gives the same bytes to iso_8583 and to
 * our strict decoder. Whatever ours accepts must be a message: of right values, and encoded again
 * it must give the same bytes.
 */
export function corruptMessages({ seed, runs }: CorruptionOptions): CorruptionResult {
  const original = encodeMessage(ISO_8583_NPM, LONG_ASCII_PURCHASE);
  const random = seededRandom(seed);
  const result: CorruptionResult = {
    messageBytes: original.length,
    unchanged: 0,
    acceptedByIso8583: 0,
    thrownByIso8583: 0,
    acceptedByUs: 0,
    kinds: new Map(),
    bugs: [],
  };
  for (let run = 0; run < runs; run++) {
    const bytes = original.slice();
    for (let each = 0; each < CHANGED_BYTES; each++) {
      bytes[random.below(bytes.length)] = random.below(256);
    }
    if (bytes.every((byte, at) => byte === original[at])) result.unchanged++;
    tryIso8583(bytes, result);
    tryOurs(original, bytes, run, result);
  }
  return result;
}

/** The package refuses by a member `error`, or by an exception that it did not mean. */
function tryIso8583(bytes: Uint8Array, result: CorruptionResult): void {
  try {
    if (unpackIso8583(Buffer.from(bytes))['error'] === undefined) result.acceptedByIso8583++;
  } catch {
    result.thrownByIso8583++;
  }
}

function tryOurs(
  original: Uint8Array,
  bytes: Uint8Array,
  run: number,
  result: CorruptionResult,
): void {
  try {
    const decoded = decodeMessage(ISO_8583_NPM, bytes);
    if (!decoded.ok) {
      if (decoded.error instanceof CountersignError) return;
      result.bugs.push(`run ${run}: refused with ${String(decoded.error)}`);
      return;
    }
    result.acceptedByUs++;
    const again = encodeMessage(ISO_8583_NPM, decoded.message);
    if (Buffer.compare(again, bytes) !== 0) {
      result.bugs.push(`run ${run}: accepted, but encoded again it gives other bytes`);
    }
    const { changes, faults } = explainAcceptance(original, bytes, decoded.message);
    result.bugs.push(...faults.map((fault) => `run ${run}: ${fault}`));
    for (const { kind, example } of changes) count(result.kinds, kind, example);
  } catch (error) {
    result.bugs.push(`run ${run}: thrown instead of returned: ${String(error)}`);
  }
}

function count(kinds: Map<ChangeKind, KindCount>, kind: ChangeKind, example: string): void {
  const known = kinds.get(kind);
  if (known === undefined) kinds.set(kind, { count: 1, example });
  else known.count++;
}
