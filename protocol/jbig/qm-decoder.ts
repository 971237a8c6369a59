import { AFTER_LPS, AFTER_MPS, CONTEXTS, QE } from './qm-states.ts';

/** The registers are kept 8 bits higher than in the standard: C gets whole bytes below its fraction. */
const HALF = 0x8000 << 8;

/**
 * The arithmetic decoder of ITU-T T.82 (spec/10-jbig.md 10.5) over the coded data of one stripe after
 * the other. Behind the end of a stripe it reads zeros, which its encoder has dropped.
 */
export class QmDecoder {
  /** What each context has learnt, see {@link QE}. */
  readonly contexts = new Uint8Array(CONTEXTS);
  /** How often the less probable symbol came. */
  lpsCount = 0;
  readonly #bytes: Uint8Array;
  #at = 0;
  #end = 0;
  #a = 0;
  #c = 0;
  #ct = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Begins the coded data of a stripe, in which every FF is followed by 00. */
  start(offset: number, end: number): void {
    this.#at = offset;
    this.#end = end;
    this.#a = 0x10000 << 8;
    this.#c = this.#nextByte() << 16;
    this.#c |= this.#nextByte() << 8;
    this.#ct = 0;
  }

  /** One decision in one context. */
  decode(context: number): number {
    const entry = this.contexts[context]!;
    const qe = QE[entry]! << 8;
    const a = this.#a - qe;
    if (this.#c < a) {
      this.#a = a;
      if (a >= HALF) return entry & 1;
      return a < qe ? this.#lessProbable(context, entry) : this.#moreProbable(context, entry);
    }
    this.#c -= a;
    this.#a = qe;
    // The less probable symbol may have the larger part: then the two have traded places.
    return a < qe ? this.#moreProbable(context, entry) : this.#lessProbable(context, entry);
  }

  #moreProbable(context: number, entry: number): number {
    this.contexts[context] = AFTER_MPS[entry]!;
    this.#renormalise();
    return entry & 1;
  }

  #lessProbable(context: number, entry: number): number {
    this.lpsCount++;
    this.contexts[context] = AFTER_LPS[entry]!;
    this.#renormalise();
    return (entry & 1) ^ 1;
  }

  #renormalise(): void {
    do {
      if (this.#ct === 0) {
        this.#c |= this.#nextByte();
        this.#ct = 8;
      }
      this.#a <<= 1;
      this.#c <<= 1;
      this.#ct--;
    } while (this.#a < HALF);
  }

  /** Bytes of the stripe that no decision has needed. */
  get unreadBytes(): number {
    return Math.max(0, this.#end - this.#at);
  }

  #nextByte(): number {
    if (this.#at >= this.#end) return 0;
    const byte = this.#bytes[this.#at]!;
    this.#at += byte === 0xff ? 2 : 1;
    return byte;
  }
}
