/** What the archive knows of a picture without showing it. */
export interface SignatureImage {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** Whether the feature code of its transaction is burnt into it (spec 7.4). */
  readonly hasFeature: boolean;
}

/** A signature as it came, packet by packet. */
export interface StoredSignature {
  /** Field 55 of the first packet. */
  readonly slip: string;
  /** Field 62 of the packets, in order, as hex. */
  readonly pieces: readonly string[];
  /** Known once the picture is whole. */
  readonly image?: SignatureImage;
}
