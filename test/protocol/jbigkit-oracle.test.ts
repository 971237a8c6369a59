import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MOTIFS, drawBitmap } from '../../bench/draw-bitmap.ts';
import type { Random } from '../../emulator/world/random.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { sameBitmap, type Bitmap } from '../../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { encodeJbig, type EncodeJbigOptions } from '../../protocol/jbig/encode-jbig.ts';
import { readPortableBitmap, writePortableBitmap } from '../../protocol/jbig/portable-bitmap.ts';
import { encodedLike } from './jbig-vectors.ts';

/** The programs of JBIG-KIT, as a second opinion that shares no line with ours. */
function whyNot(): string | undefined {
  for (const program of ['pbmtojbg', 'jbgtopbm']) {
    const { error } = spawnSync(program, ['--version'], { stdio: 'ignore', timeout: 10_000 });
    if (error !== undefined) return `${program} does not start: ${error.message}`;
  }
  return undefined;
}

const missing = whyNot();
if (missing !== undefined) {
  process.stdout.write(
    `JBIG is not compared with JBIG-KIT: ${missing} (test/set-up/install-oracles.sh)\n`,
  );
}

interface Sample {
  readonly image: Bitmap;
  readonly options: EncodeJbigOptions;
  readonly arguments: string;
}

/** The arguments of pbmtojbg that mean our options (spec/10-jbig.md 10.8). */
function argumentsOf(options: EncodeJbigOptions): string {
  const bits =
    (options.template === 2 ? 0x40 : 0) |
    (options.typicalPrediction === false ? 0 : 0x08) |
    (options.keptOptions ?? 0);
  const parts = [`-q -o ${options.order ?? 0} -p ${bits} -s ${options.linesPerStripe} -t 1 -m 0`];
  if (options.resetEachStripe === true) parts.push('-r');
  if (options.declaredHeight !== undefined) parts.push(`-Y ${options.declaredHeight}`);
  if (options.comment !== undefined) parts.push(`-C ${new TextDecoder().decode(options.comment)}`);
  return parts.join(' ');
}

function anySample(random: Random, most: { width: number; height: number }): Sample {
  const width = 1 + random.below(most.width);
  const height = 1 + random.below(most.height);
  const image = drawBitmap(random, MOTIFS[random.below(MOTIFS.length)]!, width, height);
  const options: EncodeJbigOptions = {
    template: random.below(2) === 0 ? 2 : 3,
    typicalPrediction: random.below(3) > 0,
    linesPerStripe: random.below(3) === 0 ? 128 : 1 + random.below(height + 5),
    resetEachStripe: random.below(3) === 0,
    // It refuses orders that would leave the sequence open, though there is nothing to order.
    order: random.below(2) * 3,
    keptOptions: [0, 0, 0x10, 0x14][random.below(4)]!,
    ...(random.below(6) === 0 ? { declaredHeight: height + 1 + random.below(40) } : {}),
    ...(random.below(6) === 0 ? { comment: new TextEncoder().encode('signed') } : {}),
  };
  return { image, options, arguments: argumentsOf(options) };
}

interface Outcome {
  /** What pbmtojbg has made of the image. */
  readonly theirs: Uint8Array;
  /** What jbgtopbm has made of our stream. */
  readonly decoded: Bitmap;
}

/** All of them in one shell: a process of our own for each would take longer than the work. */
function throughJbigKit(samples: readonly Sample[]): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-jbig-'));
  try {
    const lines = samples.flatMap(({ image, options, arguments: given }, index) => {
      writeFileSync(join(folder, `${index}.pbm`), writePortableBitmap(image));
      writeFileSync(join(folder, `${index}.ours`), encodeJbig(image, options));
      return [
        `pbmtojbg ${given} ${index}.pbm ${index}.theirs`,
        `jbgtopbm ${index}.ours ${index}.decoded`,
      ];
    });
    const script = ['set -e', ...lines].join('\n');
    const run = spawnSync('sh', [], { cwd: folder, input: script, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`JBIG-KIT: ${run.stderr}`);
    return samples.map((_sample, index) => ({
      theirs: readFileSync(join(folder, `${index}.theirs`)),
      decoded: readPortableBitmap(readFileSync(join(folder, `${index}.decoded`))),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the two do not agree on, in words; nothing when all is well. */
function disagreements(samples: readonly Sample[]): string[] {
  const outcomes = throughJbigKit(samples);
  return samples.flatMap(({ image, options, arguments: given }, index) => {
    const { theirs, decoded } = outcomes[index]!;
    const name = `#${index} ${image.width}×${image.height} ${given}`;
    const found: string[] = [];
    // With three lines and stripes of one, pbmtojbg 2.1 writes what jbgtopbm reads as another image.
    const isTheirMistake = options.template !== 2 && options.linesPerStripe === 1;
    if (!sameBitmap(decoded, image)) found.push(`${name}: what they decode of ours`);
    if (isTheirMistake && options.resetEachStripe !== true) return found;
    if (!Buffer.from(encodeJbig(image, options)).equals(theirs)) found.push(`${name}: bytes`);
    if (!sameBitmap(decodeJbig(theirs).bitmap, image)) found.push(`${name}: what we decode`);
    return found;
  });
}

const SEED = 20_260_101;

describe.skipIf(missing !== undefined)('JBIG-KIT and we agree', () => {
  it(`on 500 images up to 100×100, byte for byte (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const most = { width: 100, height: 100 };
    const samples = Array.from({ length: 500 }, () => anySample(random, most));
    expect(disagreements(samples)).toEqual([]);
  });

  it(`on 40 images up to 640×480, byte for byte (seed ${SEED + 1})`, () => {
    const random = seededRandom(SEED + 1);
    const most = { width: 640, height: 480 };
    const samples = Array.from({ length: 40 }, () => anySample(random, most));
    expect(disagreements(samples)).toEqual([]);
  });

  it('on every width from 1 to 70', () => {
    const random = seededRandom(SEED + 2);
    const samples = Array.from({ length: 70 }, (_, index) => {
      const image = drawBitmap(random, 'noise', index + 1, 12);
      const options = { template: index % 2 === 0 ? 2 : 3, linesPerStripe: 5 } as const;
      return { image, options, arguments: argumentsOf(options) };
    });
    expect(disagreements(samples)).toEqual([]);
  });

  it('on what pbmtojbg does by itself: stock, for faxes, with an adaptive pixel that moves', () => {
    const random = seededRandom(SEED + 3);
    const images = Array.from({ length: 60 }, (_, index): Bitmap => {
      const motif = index % 3 === 0 ? 'bands' : 'strokes';
      const image = drawBitmap(random, motif, 200 + random.below(200), 20 + random.below(120));
      // What repeats itself along a line makes the encoder move the adaptive pixel.
      const period = 2 + random.below(6);
      const rows = image.rows.map((byte, at) =>
        index % 2 === 0 && at % period === 0 ? ~byte : byte,
      );
      return readPortableBitmap(writePortableBitmap({ ...image, rows }));
    });
    const given = ['-q', '-f', '-q -m 127', '-q -m 100 -p 72 -s 40', '-q -m 127 -s 9 -r'];
    const samples = images.map((image, index) => ({
      image,
      options: {},
      arguments: given[index % given.length]!,
    }));
    let moved = 0;
    for (const [index, { theirs }] of throughJbigKit(samples).entries()) {
      const image = images[index]!;
      expect(sameBitmap(decodeJbig(theirs).bitmap, image)).toBe(true);
      // Whatever it has decided to do, our encoder does when told.
      expect(Buffer.from(encodedLike(theirs, image)).equals(theirs)).toBe(true);
      if (Buffer.from(theirs).includes(Buffer.of(0xff, 0x06))) moved++;
    }
    expect(moved).toBeGreaterThan(10);
  });

  it('on adaptive pixels that we move', () => {
    const random = seededRandom(SEED + 4);
    const samples = Array.from({ length: 100 }, () => {
      const { image, options } = anySample(random, { width: 90, height: 40 });
      const least = options.template === 2 ? 5 : 3;
      const moves = Array.from({ length: 1 + random.below(3) }, () => ({
        line: random.below(image.height),
        tx: random.below(5) === 0 ? 0 : least + random.below(50),
      }));
      return { image, options: { ...options, mx: 127, moves }, arguments: argumentsOf(options) };
    });
    const wrong = throughJbigKit(samples).filter(
      ({ decoded }, index) => !sameBitmap(decoded, samples[index]!.image),
    );
    expect(wrong).toEqual([]);
  });
});
