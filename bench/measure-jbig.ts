import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { seededRandom } from '../emulator/world/seeded-random.ts';
import { makeBitmap, sameBitmap, type Bitmap } from '../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../protocol/jbig/decode-jbig.ts';
import { encodeJbig } from '../protocol/jbig/encode-jbig.ts';
import { readPortableBitmap, writePortableBitmap } from '../protocol/jbig/portable-bitmap.ts';
import { drawSignature } from './draw-bitmap.ts';

const SAMPLES = 15;
const SAMPLE_MS = 100;
const PROCESSES = 41;

/** Microseconds that one piece of work takes, the median of some samples. */
function microseconds(work: () => void): number {
  for (const started = performance.now(); performance.now() - started < 300;) work();
  return median(
    Array.from({ length: SAMPLES }, () => {
      const started = performance.now();
      let times = 0;
      for (; performance.now() - started < SAMPLE_MS; times++) work();
      return ((performance.now() - started) * 1000) / times;
    }),
  );
}

/** The same of a program that is started anew each time; undefined when it is not there. */
function processMicroseconds(program: string, args: readonly string[]): number | undefined {
  const times: number[] = [];
  for (let each = 0; each < PROCESSES; each++) {
    const started = performance.now();
    const { error, status } = spawnSync(program, args, { stdio: 'ignore' });
    if (error !== undefined || status !== 0) return undefined;
    times.push((performance.now() - started) * 1000);
  }
  return median(times);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1]!;
}

function line(name: string, spentUs: number | undefined): string {
  if (spentUs === undefined) return `${name.padEnd(46)} not installed`;
  const rate = Math.round(1e6 / spentUs);
  return `${name.padEnd(46)} ${String(rate).padStart(7)} a second  ${spentUs.toFixed(0).padStart(6)} µs`;
}

const image = drawSignature(seededRandom(1));
const dot = makeBitmap(1, 1);
const variants = [
  ['three lines', {}],
  ['two lines', { template: 2 }],
  ['three lines, stripes of 3', { linesPerStripe: 3 }],
] as const;

console.log(`a signature of ${image.width}×${image.height}`);
for (const [name, options] of variants) {
  const stream = encodeJbig(image, options);
  console.log(`\n${name}: ${stream.length} bytes`);
  console.log(
    line(
      '  encode, in process',
      microseconds(() => void encodeJbig(image, options)),
    ),
  );
  console.log(
    line(
      '  decode, in process',
      microseconds(() => void decodeJbig(stream)),
    ),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
try {
  const files = (name: string, bitmap: Bitmap): readonly [pbm: string, jbg: string] => {
    const [pbm, jbg] = [join(folder, `${name}.pbm`), join(folder, `${name}.jbg`)];
    writeFileSync(pbm, writePortableBitmap(bitmap));
    writeFileSync(jbg, encodeJbig(bitmap));
    return [pbm, jbg];
  };
  const [pbm, jbg] = files('signature', image);
  const [smallPbm, smallJbg] = files('dot', dot);
  const out = join(folder, 'out');
  const given = ['-q', '-o', '0', '-p', '8', '-s', '128', '-t', '1', '-m', '0'];
  console.log('\nJBIG-KIT as a process for each image: its start and its files are in the time,');
  console.log('and an image of 1×1 shows how much of it they are');
  console.log(line('  pbmtojbg, 1×1', processMicroseconds('pbmtojbg', [...given, smallPbm, out])));
  const encoded = processMicroseconds('pbmtojbg', [...given, pbm, out]);
  console.log(line('  pbmtojbg', encoded));
  if (encoded !== undefined && !readFileSync(out).equals(readFileSync(jbg))) {
    throw new Error('JBIG-KIT writes other bytes');
  }
  console.log(line('  jbgtopbm, 1×1', processMicroseconds('jbgtopbm', [smallJbg, out])));
  const decoded = processMicroseconds('jbgtopbm', [jbg, out]);
  console.log(line('  jbgtopbm', decoded));
  if (decoded !== undefined && !sameBitmap(readPortableBitmap(readFileSync(out)), image)) {
    throw new Error('JBIG-KIT reads another image');
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
