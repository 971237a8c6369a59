/** In front of every marker; in coded data it is followed by 00. */
export const ESCAPE = 0xff;

/** The byte behind FF (spec/10-jbig.md 10.2); 01 is reserved. */
export const MARKER = {
  stuff: 0x00,
  sdnorm: 0x02,
  sdrst: 0x03,
  abort: 0x04,
  newlen: 0x05,
  atmove: 0x06,
  comment: 0x07,
} as const;
