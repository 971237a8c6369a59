import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Work } from './measure-pairs.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const SLICES = 6000;
const SLICE_TIMES = 200;

/** How many pieces of work the figure of {@link allocatedBytes} is taken from. */
export const ALLOCATION_TIMES = SLICES * SLICE_TIMES;

/**
 * Bytes that one piece of work leaves for the collector. The heap is looked at after every slice of
 * the work, so that what it grew by is seen before it is collected; the few slices in which it was
 * collected are left out. What looking costs is taken off: the same loop without work.
 */
export function allocatedBytes(work: Work): number {
  const nothing: Work = (times) => times;
  // The first round is for the compiler, whose own traces would be counted.
  growthPerSlice(work);
  growthPerSlice(nothing);
  const grown = growthPerSlice(work) - growthPerSlice(nothing);
  return Math.max(0, grown / SLICE_TIMES);
}

function growthPerSlice(work: Work): number {
  collectGarbage();
  let grown = 0;
  let slices = 0;
  let sum = 0;
  for (let slice = 0; slice < SLICES; slice++) {
    const before = usedBytes();
    sum += work(SLICE_TIMES);
    const grew = usedBytes() - before;
    if (grew < 0) continue;
    grown += grew;
    slices++;
  }
  if (!Number.isFinite(sum) || slices === 0) throw new Error('nothing could be measured');
  return grown / slices;
}

function usedBytes(): number {
  const { used_heap_size: onHeap, external_memory: outside } = getHeapStatistics();
  return onHeap + outside;
}
