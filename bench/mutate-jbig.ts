import { performance } from 'node:perf_hooks';
import type { Random } from '../emulator/world/random.ts';
import { seededRandom } from '../emulator/world/seeded-random.ts';
import { toHex } from '../protocol/bytes/hex.ts';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { decodeJbig } from '../protocol/jbig/decode-jbig.ts';
import { encodeJbig } from '../protocol/jbig/encode-jbig.ts';
import { HEADER_BYTES, readNumber } from '../protocol/jbig/jbig-header.ts';
import { MOTIFS, drawBitmap } from './draw-bitmap.ts';

export interface MutationOptions {
  readonly seed: number;
  readonly runs: number;
}

export interface MutationResult {
  readonly accepted: number;
  /** How many were refused with each code. */
  readonly refused: ReadonlyMap<string, number>;
  /** Pixels of all images that were decoded. */
  readonly pixels: number;
  readonly spentMs: number;
  readonly slowestMs: number;
  /** What must not be: a sentence with the stream for each. */
  readonly bugs: readonly string[];
}

const ORIGINALS = 64;
/** Of one stream, however little it says for its length; a machine may be busy. */
const MOST_MS = 500;
const MOST_BUGS = 10;

/** Damages small streams and decodes them: an error of ours, or an image of the declared size. */
export function mutateJbig({ seed, runs }: MutationOptions): MutationResult {
  const random = seededRandom(seed);
  const originals = Array.from({ length: ORIGINALS }, () => anyStream(random));
  const refused = new Map<string, number>();
  const bugs: string[] = [];
  let accepted = 0;
  let pixels = 0;
  let slowestMs = 0;
  const before = performance.now();
  for (let run = 0; run < runs && bugs.length < MOST_BUGS; run++) {
    const bytes = mutated(random, originals[random.below(ORIGINALS)]!);
    const started = performance.now();
    const outcome = tryDecode(bytes);
    const spentMs = performance.now() - started;
    slowestMs = Math.max(slowestMs, spentMs);
    if (spentMs > MOST_MS) bugs.push(`run ${run}: ${spentMs} ms for ${toHex(bytes)}`);
    if (typeof outcome === 'number') {
      accepted++;
      pixels += outcome;
    } else if (outcome.startsWith('E_')) refused.set(outcome, (refused.get(outcome) ?? 0) + 1);
    else bugs.push(`run ${run}: ${outcome} of ${toHex(bytes)}`);
  }
  return { accepted, refused, pixels, spentMs: performance.now() - before, slowestMs, bugs };
}

function anyStream(random: Random): Uint8Array {
  const motif = MOTIFS[random.below(MOTIFS.length)]!;
  const height = 1 + random.below(24);
  return encodeJbig(drawBitmap(random, motif, 1 + random.below(24), height), {
    template: random.below(2) === 0 ? 2 : 3,
    typicalPrediction: random.below(3) > 0,
    linesPerStripe: 1 + random.below(30),
    resetEachStripe: random.below(3) === 0,
    mx: 127,
    ...(random.below(3) > 0 ? {} : { moves: [{ line: random.below(height), tx: 9 }] }),
    ...(random.below(4) > 0 ? {} : { declaredHeight: height + random.below(20) }),
    ...(random.below(4) > 0 ? {} : { comment: random.bytes(3) }),
  });
}

/** Bytes that mean something where they happen to stand. */
const LOADED = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x7f, 0x80, 0xff];

function mutated(random: Random, original: Uint8Array): Uint8Array {
  const bytes = [...original];
  for (let each = random.below(3) * random.below(2); each >= 0; each--) {
    // What is refused for its header says nothing of the rest.
    const least = random.below(4) === 0 ? 0 : Math.min(HEADER_BYTES, bytes.length);
    const at = least + random.below(bytes.length + 1 - least);
    const loaded = LOADED[random.below(LOADED.length)]!;
    const kind = random.below(6);
    if (kind === 0) bytes.splice(at, 1 + random.below(4));
    else if (kind === 1) bytes.splice(at, 0, 0xff, loaded);
    else if (kind === 2) bytes.splice(at, 0, ...bytes.slice(at, at + random.below(12)));
    else if (kind === 3 && at < bytes.length) bytes[at] = loaded;
    else if (kind === 4) bytes.length = at;
    else if (at < bytes.length) bytes[at]! ^= 1 << random.below(8);
  }
  return Uint8Array.from(bytes);
}

/** Pixels of the image, the code of a refusal, or what is wrong with the outcome. */
function tryDecode(bytes: Uint8Array): number | string {
  try {
    const { bitmap, consumedBytes } = decodeJbig(bytes);
    const { width, height, rows } = bitmap;
    const isSized =
      width === readNumber(bytes, 4) &&
      height >= 1 &&
      height <= readNumber(bytes, 8) &&
      rows.length === Math.ceil(width / 8) * height &&
      consumedBytes === bytes.length;
    return isSized ? width * height : `an image of ${width}×${height}`;
  } catch (error) {
    if (!(error instanceof CountersignError)) return String(error);
    const { code, offset } = error;
    const isPlaced = offset !== undefined && offset >= 0 && offset <= bytes.length;
    return isPlaced && code.startsWith('E_JBIG_') ? code : `the refusal ${error.message}`;
  }
}
