/**
 * The last of so many ascending places that is not beyond what is looked for; -1 where there is none.
 * @param isBeyond whether a place, and so every one behind it, is
 */
export function lastUpTo(count: number, isBeyond: (place: number) => boolean): number {
  let from = -1;
  let to = count;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (isBeyond(middle)) to = middle;
    else from = middle;
  }
  return from;
}
