import { AFTER_LPS, AFTER_MPS, CONTEXTS, QE } from './qm-states.ts';

/** Half of the coding interval: below it, both registers are doubled. */
const HALF = 0x8000;
const NO_BYTE = -1;

/**
 * The arithmetic encoder of ITU-T T.82 (spec/10-jbig.md 10.5). It writes into one growing buffer:
 * stripe after stripe, whatever else the stream has in between, and is flushed at the end of each.
 */
export class QmEncoder {
  /** What each context has learnt, see {@link QE}. */
  readonly contexts = new Uint8Array(CONTEXTS);
  #a = 0x10000;
  #c = 0;
  /** Shifts until the next byte is complete. */
  #ct = 11;
  /** The last complete byte: a carry may still reach it. */
  #buffer = NO_BYTE;
  /** Bytes FF behind it, which a carry would turn into 00. */
  #pending = 0;
  #bytes = new Uint8Array(256);
  #length = 0;
  /** Where the stripe ends when its zeros at the end are dropped. */
  #significant = 0;

  /** Codes one decision in one context. */
  encode(context: number, bit: number): void {
    const entry = this.contexts[context]!;
    const qe = QE[entry]!;
    const a = this.#a - qe;
    if ((entry & 1) === bit) {
      this.#a = a;
      if (a >= HALF) return;
      // The less probable symbol has the larger part: the two trade places.
      if (a < qe) {
        this.#c += a;
        this.#a = qe;
      }
      this.contexts[context] = AFTER_MPS[entry]!;
    } else {
      if (a >= qe) {
        this.#c += a;
        this.#a = qe;
      } else this.#a = a;
      this.contexts[context] = AFTER_LPS[entry]!;
    }
    this.#renormalise();
  }

  #renormalise(): void {
    do {
      this.#a <<= 1;
      this.#c <<= 1;
      if (--this.#ct === 0) {
        this.#byteOut(this.#c >>> 19);
        this.#c &= 0x7ffff;
        this.#ct = 8;
      }
    } while (this.#a < HALF);
  }

  #byteOut(value: number): void {
    if (value === 0xff) {
      this.#pending++;
      return;
    }
    this.#settle(value > 0xff);
    this.#buffer = value & 0xff;
  }

  /** Writes what no later carry can change: the last byte and the FFs behind it. */
  #settle(hasCarry: boolean): void {
    if (this.#buffer !== NO_BYTE) this.#stuffed(hasCarry ? this.#buffer + 1 : this.#buffer);
    for (; this.#pending > 0; this.#pending--) this.#stuffed(hasCarry ? 0 : 0xff);
  }

  /** A coded byte; FF is followed by 00, so that no data looks like a marker. */
  #stuffed(byte: number): void {
    this.#push(byte);
    if (byte === 0xff) this.#push(0);
    if (byte !== 0) this.#significant = this.#length;
  }

  /** Ends the coded data of a stripe and begins anew; contexts stay as they are. */
  flush(): void {
    const top = this.#c + this.#a - 1;
    // The value of the interval with the most zeros at its end, so that they can be dropped.
    const low = top - (top % 0x10000);
    // Beyond 32 bits, where shifts would lose the carry.
    const code = (low < this.#c ? low + 0x8000 : low) * 2 ** this.#ct;
    this.#settle(code >= 2 ** 27);
    this.#stuffed(Math.floor(code / 2 ** 19) % 256);
    this.#stuffed(Math.floor(code / 2 ** 11) % 256);
    this.#length = this.#significant;
    this.#a = 0x10000;
    this.#c = 0;
    this.#ct = 11;
    this.#buffer = NO_BYTE;
  }

  /** A byte as it is: header, marker, marker segment. */
  write(byte: number): void {
    this.#push(byte);
    this.#significant = this.#length;
  }

  writeAll(bytes: Uint8Array): void {
    for (const byte of bytes) this.write(byte);
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = byte;
  }

  /** All that was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
