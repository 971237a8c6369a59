export const MAC_ALGORITHMS = [
  'unionpay-ecb',
  'x9.9',
  'x9.19',
  'iso9797-1',
  'iso9797-3',
  'aes-cmac',
] as const;

/**
 * unionpay-ecb is that of spec 4.7; x9.9 is iso9797-1 and x9.19 is iso9797-3, both with padding 1;
 * iso9797-1 chains all blocks (of 3DES where the key is double), iso9797-3 under the left half of the
 * key and the last block through both halves; aes-cmac is RFC 4493.
 */
export type MacAlgorithm = (typeof MAC_ALGORITHMS)[number];

/** How a field 64 comes about. */
export interface MacSpec {
  readonly algorithm: MacAlgorithm;
  /**
   * Of iso9797-1 and iso9797-3 only: 1 (when absent) fills up with zeros and adds nothing to whole
   * blocks, 2 always adds 80 first.
   */
  readonly padding?: 1 | 2;
  /** hex (when absent): the first four bytes as eight upper-case characters; binary: eight bytes. */
  readonly output?: 'hex' | 'binary';
}

/** The algorithms in which a padding can be chosen. */
export const PADDED_ALGORITHMS: readonly MacAlgorithm[] = ['iso9797-1', 'iso9797-3'];
