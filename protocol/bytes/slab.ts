/** Room that many short byte strings are taken from: making room for each costs more than filling it. */
const SLAB_BYTES = 16_384;
/** What is longer has room of its own. */
const MOST_BYTES = 2048;

let slab = new ArrayBuffer(SLAB_BYTES);
let all = new Uint8Array(slab);
let taken = 0;

/** So many zeros that nobody else writes to; they may share their ArrayBuffer, as those of a Buffer do. */
export function takeBytes(length: number): Uint8Array {
  if (length > MOST_BYTES) return new Uint8Array(length);
  makeSure(length);
  const bytes = new Uint8Array(slab, taken, length);
  taken += length;
  return bytes;
}

/** A copy of `length` bytes of a chunk from `from` on, which is nobody else's either. */
export function takeCopy(chunk: Uint8Array, from: number, length: number): Uint8Array {
  const whole = chunk.length;
  if (whole > MOST_BYTES || whole - length > MOST_BESIDE) {
    const copy = takeBytes(length);
    copy.set(chunk.subarray(from, from + length));
    return copy;
  }
  // A view of nearly all of the chunk would cost more than to copy it whole.
  makeSure(whole);
  all.set(chunk, taken);
  const copy = new Uint8Array(slab, taken + from, length);
  taken += whole;
  return copy;
}

/** Bytes of a chunk beside those that are wanted, which may be copied with them. */
const MOST_BESIDE = 8;

function makeSure(length: number): void {
  if (taken + length <= SLAB_BYTES) return;
  slab = new ArrayBuffer(SLAB_BYTES);
  all = new Uint8Array(slab);
  taken = 0;
}

/**
 * Memory that may hold anything: whoever takes it shows nobody what he has not written himself. To fill
 * it with zeros before would be work for nothing.
 */
export function takeRoom(lengthBytes: number): ArrayBuffer {
  if (typeof Buffer === 'undefined') return new ArrayBuffer(lengthBytes);
  return Buffer.allocUnsafeSlow(lengthBytes).buffer as ArrayBuffer;
}
