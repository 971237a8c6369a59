import { CountersignError } from '../errors/countersign-error.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { asciiText } from '../bytes/ascii.ts';

/**
 * Cuts a byte stream into frame bodies, however it was split or merged. Nothing larger than the
 * frame limit is ever allocated, and the limit is judged from the prefix alone (F006, F007).
 *
 * States: reading the two prefix bytes → reading the body → again; failed is final.
 */
export class FrameDecoder {
  readonly #maxFrameBytes: number;
  #prefix = 0;
  #prefixBytes = 0;
  #body: Uint8Array | undefined;
  #have = 0;
  #failed = false;

  constructor(dialect: Pick<Dialect, 'framing'>) {
    this.#maxFrameBytes = dialect.framing.maxFrameBytes;
  }

  /** True between the first byte of a frame and its last: the time for a partial-frame timer. */
  get isInsideFrame(): boolean {
    return this.#prefixBytes > 0;
  }

  /** Bytes of the unfinished frame that have arrived, prefix included. */
  get pendingBytes(): number {
    return this.#prefixBytes + this.#have;
  }

  /**
   * Takes a chunk and returns the frame bodies (without prefix) that it completes, in order.
   * A frame of length zero is a keep-alive and is dropped.
   * @throws E_FRAME_TOO_LONG; frames completed before it in the chunk come with `onFrame`
   */
  push(chunk: Uint8Array, onFrame: (body: Uint8Array) => void): void {
    if (this.#failed) return;
    let at = 0;
    while (at < chunk.length) {
      if (this.#body === undefined) {
        this.#prefix = (this.#prefix << 8) | chunk[at++]!;
        if (++this.#prefixBytes < 2) continue;
        this.#startBody(chunk, at);
        if (this.#body === undefined) continue;
      }
      const body: Uint8Array = this.#body;
      const take = Math.min(body.length - this.#have, chunk.length - at);
      body.set(chunk.subarray(at, at + take), this.#have);
      this.#have += take;
      at += take;
      if (this.#have === body.length) {
        this.#reset();
        onFrame(body);
      }
    }
  }

  #startBody(chunk: Uint8Array, at: number): void {
    const length = this.#prefix;
    if (length > this.#maxFrameBytes) {
      this.#failed = true;
      throw new CountersignError('E_FRAME_TOO_LONG', {
        offset: 0,
        text: `${length} bytes announced, limit ${this.#maxFrameBytes}`,
        ...guessStranger(length, chunk, at),
      });
    }
    if (length === 0) this.#reset();
    else this.#body = new Uint8Array(length);
  }

  #reset(): void {
    this.#prefix = 0;
    this.#prefixBytes = 0;
    this.#body = undefined;
    this.#have = 0;
  }
}

/** Names what a strange prefix looks like (F010, F012). */
function guessStranger(length: number, chunk: Uint8Array, at: number): { hint?: string } {
  const start = asciiText(Uint8Array.of(length >> 8, length & 0xff));
  if (['GE', 'PO', 'HE', 'PU', 'OP', 'DE', 'CO', 'PA', 'TR', 'PR'].includes(start)) {
    return { hint: 'this looks like an HTTP request; the port speaks plain framed ISO 8583' };
  }
  if (length >> 8 === 0x16 && (length & 0xff) === 0x03) {
    return { hint: 'this looks like a TLS ClientHello; the port speaks plain TCP' };
  }
  const swapped = ((length & 0xff) << 8) | (length >> 8);
  if (swapped === chunk.length - at) {
    return { hint: 'read little-endian the prefix would fit: send it big-endian' };
  }
  if (/^\d\d$/.test(start)) {
    return { hint: 'this looks like a length in ASCII digits; the prefix is two binary bytes' };
  }
  return {};
}
