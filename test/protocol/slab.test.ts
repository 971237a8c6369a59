import { describe, expect, it } from 'vitest';
import { toHex } from '../../protocol/bytes/hex.ts';
import { takeBytes, takeCopy } from '../../protocol/bytes/slab.ts';

/** A chunk of its own bytes. */
function chunkOf(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => at * 7 + seed);
}

describe('a copy of a piece of a chunk', () => {
  // Around the most that is taken from the slab, and beyond all of it.
  const LENGTHS = [1, 2, 10, 117, 2046, 2047, 2048, 2049, 2060, 16_384, 16_385, 40_000];

  it.each(LENGTHS)('of %i bytes holds these, wherever they stand in it', (length) => {
    for (const [before, behind] of [
      [0, 0],
      [2, 0],
      [4, 3],
      [5, 3],
      [5, 4],
      [0, 200],
      [300, 1],
    ] as const) {
      const chunk = chunkOf(before + length + behind, length + before);
      const due = chunk.slice(before, before + length);
      const copy = takeCopy(chunk, before, length);
      chunk.fill(0xee);
      expect(toHex(copy)).toBe(toHex(due));
    }
  });

  it('is written by nobody else, whatever is taken behind it', () => {
    const taken: { readonly copy: Uint8Array; readonly due: Uint8Array }[] = [];
    for (let each = 0; each < 2000; each++) {
      const from = each % 5;
      const length = 1 + ((each * 37) % 400);
      const chunk = chunkOf(from + length + (each % 7), each);
      const due = chunk.slice(from, from + length);
      taken.push({ copy: takeCopy(chunk, from, length), due });
      const other = takeBytes(1 + (each % 50));
      expect(other.every((byte) => byte === 0)).toBe(true);
      other.fill(0xff);
    }
    for (const { copy, due } of taken) expect(toHex(copy)).toBe(toHex(due));
  });
});
