/**
 * A dialect is plain data (it survives JSON): how messages look on the wire, which messages there
 * are, and what a terminal and a host make of them. Private deviations of an acquirer are changed
 * data, never code.
 */

/** n digits, z track digits with D, an letters and digits, ans printable text, b bytes. */
export type FieldClass = 'n' | 'z' | 'an' | 'ans' | 'b';

/** Why a field must not be shown in clear. */
export type Secret = 'pan' | 'track' | 'pin' | 'payload' | 'details' | 'emv' | 'code';

export type FieldLength =
  | { readonly kind: 'fixed'; readonly size: number }
  /** BCD length prefix of 1 (LL) or 2 (LLL) bytes; counts digits for n and z, bytes otherwise. */
  | {
      readonly kind: 'variable';
      readonly prefixBytes: 1 | 2;
      readonly min: number;
      readonly max: number;
    };

/** A sub-field by position: `size` characters of the value; the last may take the rest. */
export interface FieldPart {
  readonly name: string;
  readonly zh: string;
  readonly size: number | 'rest';
}

export interface FieldSpec {
  readonly name: string;
  readonly zh: string;
  readonly class: FieldClass;
  readonly encoding: 'bcd' | 'ascii' | 'gbk' | 'binary';
  readonly length: FieldLength;
  /** Where an odd number of digits stands; the pad nibble is on the other side. */
  readonly justify?: 'left' | 'right';
  readonly secret?: Secret;
  readonly parts?: readonly FieldPart[];
  readonly tlv?: 'ber';
}

/** One kind of request: how it is recognised, what it must carry, what its answer copies. */
export interface TransactionSpec {
  readonly name: string;
  readonly zh: string;
  readonly mti: string;
  /** First two digits of field 3; absent where the message has no field 3. */
  readonly processing?: string;
  readonly condition?: string;
  /** 60.1; a reversal takes it over from its original and has none of its own. */
  readonly type?: string;
  /** 60.3 of management messages; several codes may share a specification. */
  readonly network?: readonly string[];
  readonly mandatory: readonly number[];
  /** At least one field of each group must be there. */
  readonly oneOf?: readonly (readonly number[])[];
  /** Fields of the request that the answer repeats. */
  readonly echo: readonly number[];
  /** The terminal must undo it when its outcome is unknown. */
  readonly reversible: boolean;
  /** Never undone but repeated until answered. */
  readonly advice: boolean;
  readonly mac: boolean;
}

/** A success (A), a refusal that may be retried (B), must not (C), needs the operator (D), a fault (E). */
export interface ResponseCode {
  readonly class: 'A' | 'B' | 'C' | 'D' | 'E';
  readonly zh: string;
  readonly en: string;
}

export interface Dialect {
  readonly id: string;
  readonly title: string;
  readonly framing: {
    readonly lengthBytes: 2;
    readonly maxFrameBytes: number;
    readonly tpdu: string;
    readonly header: string;
  };
  readonly fields: Readonly<Record<number, FieldSpec>>;
  readonly macField: number;
  /** Named departures from strictness, see docs: `pad-nibble`. */
  readonly leniencies: readonly string[];
  readonly transactions: readonly TransactionSpec[];
  readonly responseCodes: Readonly<Record<string, ResponseCode>>;
  /** F39 of a reversal by its cause. */
  readonly reversalReasons: {
    readonly noResponse: string;
    readonly terminalFault: string;
    readonly macError: string;
  };
  /** F39 values after which a reversal counts as done. */
  readonly reversalFinal: readonly string[];
  /** F39 values that end the signed-in state. */
  readonly signInAgain: readonly string[];
  /** F22 digits 1-2 by entry mode, and digit 3 with and without PIN. */
  readonly entryModes: Readonly<Record<'swipe' | 'chip' | 'contactless' | 'keyed', string>>;
  readonly pinDigits: { readonly entered: string; readonly none: string };
  /** The digit of a field that says that tracks are encrypted. */
  readonly encryptedTrack: {
    readonly field: number;
    readonly digit: number;
    readonly value: string;
  };
  /** Entry modes (F22 digits 1-2) whose reversal carries field 2. */
  readonly reversalWithPan: readonly string[];
}
