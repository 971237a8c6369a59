/** Bits of {@link NIBBLE_FLAGS}: which halves of a byte are decimal, or track digits (0-9, D). */
export const NIBBLE_BIT = {
  decimal: 1,
  highDecimal: 2,
  lowDecimal: 4,
  track: 8,
  highTrack: 16,
  lowTrack: 32,
} as const;

/** By byte; the AND over a field says whether all of its digits are of a kind. */
export const NIBBLE_FLAGS = new Uint8Array(256);

for (let byte = 0; byte < 256; byte++) {
  const high = byte >> 4;
  const low = byte & 15;
  let bits = 0;
  if (high < 10) bits |= NIBBLE_BIT.highDecimal;
  if (low < 10) bits |= NIBBLE_BIT.lowDecimal;
  if (high < 10 && low < 10) bits |= NIBBLE_BIT.decimal;
  if (high < 10 || high === 13) bits |= NIBBLE_BIT.highTrack;
  if (low < 10 || low === 13) bits |= NIBBLE_BIT.lowTrack;
  if ((bits & NIBBLE_BIT.highTrack) !== 0 && (bits & NIBBLE_BIT.lowTrack) !== 0) {
    bits |= NIBBLE_BIT.track;
  }
  NIBBLE_FLAGS[byte] = bits;
}
