/**
 * The last place of an ascending list that is not beyond what is looked for; -1 where there is none.
 * @param isBeyond whether an entry, and so every one behind it, is
 */
export function lastUpTo<Entry>(
  ascending: readonly Entry[],
  isBeyond: (entry: Entry) => boolean,
): number {
  let from = -1;
  let to = ascending.length;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (isBeyond(ascending[middle]!)) to = middle;
    else from = middle;
  }
  return from;
}
