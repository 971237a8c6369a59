/** A call in vain is made again later and later, up to 256 times the first delay. */
const MOST_DOUBLINGS = 8;

/** How long to wait after so many calls in vain before this one. */
export function backOffMs(firstMs: number, earlierFailures: number): number {
  return firstMs * 2 ** Math.min(earlierFailures, MOST_DOUBLINGS);
}
