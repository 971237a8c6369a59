import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mutateJbig } from './mutate-jbig.ts';

/**
 * Decodes damaged JBIG streams: every one must be refused with a code and a byte, or be an image of
 * the size that it declares, in a time that fits that size, and nothing may stay in memory.
 *
 *     npm run fuzz:jbig -- [--runs 100000] [--seed 1]
 *
 * Ends with exit code 1 when that is not so.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
/** What may stay behind: compiled code and tables of the engine. */
const MOST_KEPT_BYTES = 4 * 1024 * 1024;
/** For a pixel that is decoded, and for a stream whatever it says. */
const MOST_NS_A_PIXEL = 200;
const MOST_US_A_STREAM = 100;

function keptBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

mutateJbig({ seed: seed + 1, runs: Math.min(runs, 5000) });
const before = keptBytes();
const { accepted, refused, pixels, spentMs, slowestMs, bugs } = mutateJbig({ seed, runs });
const kept = keptBytes() - before;
const mostMs = (runs * MOST_US_A_STREAM) / 1000 + (pixels * MOST_NS_A_PIXEL) / 1e6;

console.log(`${runs} damaged streams, seed ${seed}`);
console.log(`${String(accepted).padStart(8)}  decoded to ${(pixels / 1e6).toFixed(1)} Mpx`);
for (const [code, count] of [...refused].sort(([, a], [, b]) => b - a)) {
  console.log(`${String(count).padStart(8)}  ${code}`);
}
console.log(`${spentMs.toFixed(0).padStart(8)}  ms in all, at most ${mostMs.toFixed(0)} allowed`);
console.log(`${slowestMs.toFixed(1).padStart(8)}  ms for the slowest`);
console.log(`${(kept / 1024).toFixed(0).padStart(8)}  KiB more memory than before`);
for (const bug of bugs) console.log(`BUG ${bug}`);
if (spentMs > mostMs) console.log('BUG it takes longer than what was declared may take');
if (kept > MOST_KEPT_BYTES) console.log('BUG memory is kept');
if (bugs.length > 0 || spentMs > mostMs || kept > MOST_KEPT_BYTES) process.exitCode = 1;
