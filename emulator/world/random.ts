export interface Random {
  bytes(count: number): Uint8Array;
  /** A whole number from 0 to `limit` - 1; `limit` is at most 2³². */
  below(limit: number): number;
}
