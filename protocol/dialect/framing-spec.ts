/** How messages are cut out of a byte stream. */
export interface FramingSpec {
  readonly prefix: {
    /** binary is big-endian, binary-le little-endian, ascii and bcd are decimal digits. */
    readonly encoding: 'binary' | 'binary-le' | 'ascii' | 'bcd';
    /** 2 or 4 binary bytes, 4 ASCII digits, 2 BCD bytes. */
    readonly bytes: 2 | 4;
    readonly includesItself?: boolean;
  };
  readonly maxFrameBytes: number;
  /** Five bytes in front of the header, as hex; what a terminal sends. */
  readonly tpdu?: string;
  /** Bytes between TPDU and message, as hex; what a terminal sends. */
  readonly header?: string;
  /** What a frame of length zero is: a keep-alive to be dropped, or an error. */
  readonly zeroFrame?: 'keep-alive' | 'refuse';
}
