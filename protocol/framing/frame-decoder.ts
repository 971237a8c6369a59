import { toHex } from '../bytes/hex.ts';
import { takeCopy } from '../bytes/slab.ts';
import type { FramingSpec } from '../dialect/framing-spec.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { guessStranger } from './guess-stranger.ts';
import { readPrefix } from './frame-prefix.ts';

/**
 * Cuts a byte stream into frame bodies, however it was split or merged. The limit is judged from
 * the prefix alone (F006, F007), and no more is kept than has arrived.
 *
 * States: reading the prefix → reading the body → again; failed is final.
 */
export class FrameDecoder {
  readonly #framing: FramingSpec;
  readonly #prefix: Uint8Array;
  #prefixHave = 0;
  /** Length of the body that is being read, -1 while the prefix is. */
  #length = -1;
  #body = NO_BYTES;
  #have = 0;
  #failed = false;
  #beganAtMs: number | undefined;

  constructor({ framing }: { readonly framing: FramingSpec }) {
    this.#framing = framing;
    this.#prefix = new Uint8Array(framing.prefix.bytes);
  }

  /** True between the first byte of a frame and its last: the time for a partial-frame timer. */
  get isInsideFrame(): boolean {
    return this.#prefixHave > 0 && !this.#failed;
  }

  /** Bytes of the unfinished frame that have arrived, prefix included. */
  get pendingBytes(): number {
    return this.#prefixHave + this.#have;
  }

  /**
   * Whether the unfinished frame was begun longer ago than the limit, by the clock whose readings
   * came with {@link push}. Later bytes of it do not win more time (F017).
   */
  isOverdue(nowMs: number, limitMs: number): boolean {
    return this.#beganAtMs !== undefined && nowMs - this.#beganAtMs >= limitMs;
  }

  /**
   * Takes a chunk and gives the frame bodies (without prefix) that it completes, in order.
   *
   * @param nowMs a reading of the caller's clock, for {@link isOverdue}
   * @throws E_FRAME_TOO_LONG, E_FRAME_PREFIX, E_FRAME_SHORT; frames completed before come first
   */
  push(chunk: Uint8Array, onFrame: (body: Uint8Array) => void, nowMs?: number): void {
    if (this.#failed) return;
    let at = 0;
    while (at < chunk.length) {
      if (this.#length < 0) {
        if (this.#prefixHave === 0) this.#beganAtMs = nowMs;
        this.#prefix[this.#prefixHave++] = chunk[at++]!;
        if (this.#prefixHave < this.#prefix.length) continue;
        this.#begin(chunk, at);
        if (this.#length < 0) continue;
      }
      const take = Math.min(this.#length - this.#have, chunk.length - at);
      if (take === this.#length) {
        this.#reset();
        onFrame(takeCopy(chunk, at, take));
      } else {
        this.#keep(chunk, at, take);
        if (this.#have === this.#length) {
          const body = this.#body.subarray(0, this.#length);
          this.#reset();
          onFrame(body);
        }
      }
      at += take;
    }
  }

  /** The prefix is complete: a body begins, or an empty frame has ended. */
  #begin(chunk: Uint8Array, at: number): void {
    const { maxFrameBytes, zeroFrame } = this.#framing;
    const reading = readPrefix(this.#framing, this.#prefix, 0);
    if (reading.kind === 'no-number') this.#fail('E_FRAME_PREFIX', chunk, at, toHex(this.#prefix));
    else if (reading.kind === 'too-short') {
      const text = `${reading.said} bytes, of which the prefix has ${this.#prefix.length}`;
      this.#fail('E_FRAME_SHORT', chunk, at, text);
    } else if (reading.lengthBytes > maxFrameBytes) {
      const text = `${reading.lengthBytes} bytes announced, limit ${maxFrameBytes}`;
      this.#fail('E_FRAME_TOO_LONG', chunk, at, text);
    } else if (reading.lengthBytes > 0) this.#length = reading.lengthBytes;
    else if (zeroFrame === 'refuse') this.#fail('E_FRAME_SHORT', chunk, at, 'a frame of length 0');
    else this.#reset();
  }

  #fail(
    code: 'E_FRAME_PREFIX' | 'E_FRAME_SHORT' | 'E_FRAME_TOO_LONG',
    chunk: Uint8Array,
    at: number,
    text: string,
  ): never {
    this.#failed = true;
    this.#beganAtMs = undefined;
    const hint = guessStranger(this.#framing, this.#prefix, chunk.length - at);
    throw new CountersignError(code, { offset: 0, text, ...(hint === undefined ? {} : { hint }) });
  }

  /** Keeps a piece of the body; the room grows with what arrives, never with what is announced. */
  #keep(chunk: Uint8Array, at: number, take: number): void {
    const need = this.#have + take;
    if (this.#body.length < need) {
      const grown = new Uint8Array(Math.min(this.#length, Math.max(need, this.#body.length * 2)));
      grown.set(this.#body.subarray(0, this.#have));
      this.#body = grown;
    }
    this.#body.set(chunk.subarray(at, at + take), this.#have);
    this.#have = need;
  }

  #reset(): void {
    this.#prefixHave = 0;
    this.#length = -1;
    this.#body = NO_BYTES;
    this.#have = 0;
    this.#beganAtMs = undefined;
  }
}

const NO_BYTES = new Uint8Array(0);
