/** Highest field number: three bitmaps. */
export const MOST_FIELDS = 192;

/** How a field's bytes are read; 0 is an undefined field. */
export const KIND = {
  undefined: 0,
  text: 1,
  bcd: 2,
  track: 3,
  binary: 4,
  hex: 5,
  gbk: 6,
  /** A sign and BCD digits. */
  signed: 7,
  /** A sign and digits as text. */
  signedText: 8,
} as const;

/** Numbers of one compiled field, side by side in one array: the table of a codec. */
export const SLOT = {
  kind: 0,
  /** Class bit that every character must have. */
  mask: 1,
  /** Index of the code page. */
  page: 2,
  /** Units of a fixed field, -1 of a variable one. */
  fixed: 3,
  min: 4,
  max: 5,
  prefixBytes: 6,
  prefixCode: 7,
  /** What the prefix counts: see {@link UNIT}. */
  prefixUnit: 8,
  /** Taken off the prefix because it counts itself. */
  prefixSelf: 9,
  isRight: 10,
  padNibble: 11,
  /** The character that fills a short fixed value, 0 for none. */
  fill: 12,
  trim: 13,
} as const;

export const SLOTS = 16;

/** units of the value, bytes of BCD digits, or hex characters of binary bytes. */
export const UNIT = { same: 0, bcdBytes: 1, hexCharacters: 2 } as const;
