/**
 * Numbers of a compiled field, side by side in the table of a codec. Each is a constant of its own:
 * what is looked up for every byte of every message must cost nothing to name.
 */

/** Highest field number: three bitmaps. */
export const MOST_FIELDS = 192;
/** Fields of the first bitmap. */
export const USUAL_FIELDS = 64;

/** How a field's bytes are read; 0 is an undefined field. */
export const KIND_UNDEFINED = 0;
export const KIND_TEXT = 1;
export const KIND_BCD = 2;
export const KIND_TRACK = 3;
export const KIND_BINARY = 4;
export const KIND_HEX = 5;
export const KIND_GBK = 6;
/** A sign and BCD digits. */
export const KIND_SIGNED = 7;
/** A sign and digits as text. */
export const KIND_SIGNED_TEXT = 8;

/** Slots of one field. */
export const SLOTS = 18;
export const SLOT_KIND = 0;
/** Flag that every byte must have. */
export const SLOT_MASK = 1;
/** Index of the code page. */
export const SLOT_PAGE = 2;
/** Units of a fixed field, -1 of a variable one. */
export const SLOT_FIXED = 3;
export const SLOT_MIN = 4;
export const SLOT_MAX = 5;
export const SLOT_PREFIX_BYTES = 6;
export const SLOT_PREFIX_CODE = 7;
/** What the prefix counts: UNIT_… */
export const SLOT_PREFIX_UNIT = 8;
/** Taken off the prefix because it counts itself. */
export const SLOT_PREFIX_SELF = 9;
export const SLOT_IS_RIGHT = 10;
export const SLOT_PAD_NIBBLE = 11;
/** The character that fills a short fixed value, 0 for none. */
export const SLOT_FILL = 12;
export const SLOT_TRIM = 13;
/**
 * The quick way through a field: index of the flags that every byte of it must have, 0 where any
 * byte will do, -1 where only the long way tells.
 */
export const SLOT_CHECK = 14;
/**
 * All of the quick way in one number, fetched at once for every field: the check in four bits, the
 * width in four, the cut in eight, above them the flag that every byte must have; -1 where only the
 * long way tells.
 */
export const SLOT_QUICK = 15;
export const QUICK_CHECK = 15;
export const QUICK_WIDTH = 4;
export const QUICK_CUT = 8;
export const QUICK_MASK = 16;

/** How the text of a field is cut out of the text of the message: CUT_… */
export const SLOT_CUT = 16;

/**
 * Not at all, its characters, all of its nibbles, all but a spare one on the right or the left; a
 * track on the left has nibbles that are no digits.
 */
export const CUT_NONE = 0;
export const CUT_CHARACTERS = 1;
export const CUT_BYTES = 2;
export const CUT_DIGITS_LEFT = 3;
export const CUT_DIGITS_RIGHT = 4;
export const CUT_TRACK_LEFT = 5;

/** How a value is written on the quick way: WRITE_… */
export const SLOT_WRITE = 17;

/** Only the long way tells, or one byte a character. */
export const WRITE_SLOWLY = 0;
export const WRITE_ASCII = 1;
/** The same for letters, digits and spaces; others may need two bytes. */
export const WRITE_GBK = 2;
/** Two characters a byte: which pairs of them there may be, each a bit above those of a byte. */
export const WRITE_DIGITS = 1 << 8;
export const WRITE_TRACK = 1 << 9;
export const WRITE_BYTES = 1 << 10;
/** Added for digits that stand right. */
export const WRITE_RIGHT = 1;

/** How many bytes the size takes: as many as units, half as many, or twice as many. */
export const WIDTH_SAME = 0;
export const WIDTH_HALF = 1;
export const WIDTH_DOUBLE = 2;

/** A prefix counts units of the value, bytes of BCD digits, or hex characters of binary bytes. */
export const UNIT_SAME = 0;
export const UNIT_BCD_BYTES = 1;
export const UNIT_HEX_CHARACTERS = 2;
