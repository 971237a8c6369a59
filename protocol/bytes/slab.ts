/** Room that many short byte strings are taken from: making room for each costs more than filling it. */
const SLAB_BYTES = 16_384;
/** What is longer has room of its own. */
const MOST_BYTES = 2048;

let slab = new ArrayBuffer(SLAB_BYTES);
let taken = 0;

/** So many zeros that nobody else writes to; they may share their ArrayBuffer, as those of a Buffer do. */
export function takeBytes(length: number): Uint8Array {
  if (length > MOST_BYTES) return new Uint8Array(length);
  if (taken + length > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    taken = 0;
  }
  const bytes = new Uint8Array(slab, taken, length);
  taken += length;
  return bytes;
}

/**
 * Memory that may hold anything: whoever takes it shows nobody what he has not written himself. To fill
 * it with zeros before would be work for nothing.
 */
export function takeRoom(lengthBytes: number): ArrayBuffer {
  if (typeof Buffer === 'undefined') return new ArrayBuffer(lengthBytes);
  return Buffer.allocUnsafeSlow(lengthBytes).buffer as ArrayBuffer;
}
