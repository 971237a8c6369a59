import { performance } from 'node:perf_hooks';

/**
 * Does one piece of work `times` times and returns a number that depends on every result, so that
 * no result can be optimised away.
 */
export type Work = (times: number) => number;

export interface PairOptions {
  readonly pairs: number;
  readonly sampleMs: number;
}

/** How many times faster ours is than the reference, over all pairs. */
export interface PairedRatio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median time of one piece of our work. */
  readonly oursNs: number;
  readonly referenceNs: number;
}

/** What all results add up to; printing it is what makes them used. */
let sink = 0;

export function checksum(): number {
  return sink;
}

/** Samples of ours and of the reference in turn, A B A B …, and the ratio within each pair. */
export function measurePairs(
  ours: Work,
  reference: Work,
  { pairs, sampleMs }: PairOptions,
): PairedRatio {
  const first = warmUp(ours, sampleMs);
  const second = warmUp(reference, sampleMs);
  const oursNs: number[] = [];
  const referenceNs: number[] = [];
  const ratios: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    oursNs.push(sample(first, sampleMs));
    referenceNs.push(sample(second, sampleMs));
    ratios.push(referenceNs[pair]! / oursNs[pair]!);
  }
  return {
    median: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    oursNs: median(oursNs),
    referenceNs: median(referenceNs),
  };
}

interface Warm {
  readonly work: Work;
  /** As many as take about {@link PIECE_MS}. */
  readonly times: number;
}

/**
 * A sample is many short calls: a function that is entered once and loops for long is compiled in
 * the middle of its loop, which can be half as fast as the same function compiled from its start.
 */
const PIECE_MS = 0.5;
const WARM_UP_SAMPLES = 6;

/** Runs until the compiler has seen enough, then finds how often the work fits into a piece. */
function warmUp(work: Work, sampleMs: number): Warm {
  let times = 1;
  while (timeMs(work, times) < PIECE_MS) times *= 2;
  let spentMs = 0;
  let calls = 0;
  while (spentMs < WARM_UP_SAMPLES * sampleMs) {
    spentMs += timeMs(work, times);
    calls++;
  }
  return { work, times: Math.max(1, Math.round((times * calls * PIECE_MS) / spentMs)) };
}

/** Nanoseconds of one piece of work, over at least a sample's time. */
function sample({ work, times }: Warm, sampleMs: number): number {
  let tookMs = 0;
  let calls = 0;
  while (tookMs < sampleMs) {
    tookMs += timeMs(work, times);
    calls++;
  }
  return (tookMs * 1e6) / (times * calls);
}

function timeMs(work: Work, times: number): number {
  const from = performance.now();
  const result = work(times);
  const tookMs = performance.now() - from;
  sink = (sink + result) % 1_000_003;
  return tookMs;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
