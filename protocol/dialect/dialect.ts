import type { TextEncoding } from '../bytes/code-page.ts';
import type { Condition } from './condition.ts';
import type { FramingSpec } from './framing-spec.ts';
import type { MacSpec } from './mac-spec.ts';
import type { StructureSpec } from './structure-spec.ts';

/**
 * A dialect is plain data (it survives JSON): how messages look on the wire, which messages there
 * are, and what a terminal and a host make of them. Private deviations of an acquirer are changed
 * data, never code. The form is published as docs/dialect.schema.json.
 */

/**
 * n digits, a letters, an both, anp both and blanks, ans printable text, z track digits with their
 * separator (= in text, D in BCD), b bytes, x+n a sign (C or D) and digits.
 */
export type FieldClass = 'n' | 'a' | 'an' | 'anp' | 'ans' | 'z' | 'b' | 'x+n';

/** How a value stands on the wire; hex is binary written as hex digits. */
export type FieldEncoding = TextEncoding | 'bcd' | 'binary' | 'hex' | 'ebcdic-hex' | 'gbk';

/** Why a field must not be shown in clear. */
export type Secret = 'pan' | 'track' | 'pin' | 'payload' | 'details' | 'emv' | 'code';

export type PrefixForm = 'L' | 'LL' | 'LLL' | 'LLLL';

/** The length in front of a variable field. */
export interface PrefixSpec {
  /** As many decimal digits, or as many bytes of a binary prefix. */
  readonly form: PrefixForm;
  readonly encoding?: TextEncoding | 'bcd' | 'binary';
  /**
   * digits of BCD, characters of text (hex digits of hex), or bytes: of BCD the bytes on the wire,
   * of hex the bytes that it stands for.
   */
  readonly counts?: 'digits' | 'characters' | 'bytes';
  /** The prefix counts its own size too, in the same unit. */
  readonly includesItself?: boolean;
}

export interface FieldSpec {
  readonly name: string;
  readonly zh: string;
  readonly class: FieldClass;
  readonly encoding?: FieldEncoding;
  /** Digits, characters or bytes of the value; a sign counts. A range needs a prefix. */
  readonly length: number | { readonly min?: number; readonly max: number };
  readonly prefix?: PrefixForm | PrefixSpec;
  /** Where the value stands; fill and pad nibble are on the other side. */
  readonly justify?: 'left' | 'right';
  /** The spare half byte of an odd number of digits. */
  readonly padNibble?: '0' | 'F';
  /** A fixed field takes a shorter value and fills it up. */
  readonly fill?: 'space' | 'zero';
  /** The fill is taken off again when the field is read. */
  readonly trim?: boolean;
  readonly secret?: Secret;
  readonly structure?: StructureSpec;
  /** What the field means in certain messages; the first that fits counts, before `structure`. */
  readonly variants?: Readonly<Record<string, FieldVariant>>;
}

export interface FieldVariant {
  readonly name: string;
  readonly zh: string;
  readonly when: Condition;
  readonly structure?: StructureSpec;
}

/** What fields without a word of their own are. */
export interface FieldDefaults {
  readonly encoding?: Partial<Readonly<Record<FieldClass, FieldEncoding>>>;
  readonly prefix?: Omit<PrefixSpec, 'form'>;
  readonly justify?: 'left' | 'right';
  readonly padNibble?: '0' | 'F';
}

/** Which fields one message has; a defined field that is not named must not be there. */
export interface RuleSet {
  readonly mandatory: readonly number[];
  readonly optional?: readonly number[];
  readonly conditional?: readonly ConditionalField[];
  /** Fields that must not be there under a condition. */
  readonly forbidden?: readonly { readonly fields: readonly number[]; readonly when: Condition }[];
  /** Lengths of a field in this message, narrower than the field table. */
  readonly lengths?: Readonly<Record<string, readonly number[]>>;
}

export interface ConditionalField {
  readonly field: number;
  /** Mandatory when this holds. */
  readonly when: Condition;
  /** Allowed otherwise, unless it says forbidden. */
  readonly otherwise?: 'optional' | 'forbidden';
}

/** One kind of request: how it is recognised, what it and its answer carry, what the answer copies. */
export interface TransactionSpec {
  readonly zh: string;
  readonly mti: string;
  /** First two digits of field 3; absent where the message has no field 3. */
  readonly processing?: string;
  readonly condition?: string;
  /** 60.1; a reversal takes it over from its original and has none of its own. */
  readonly type?: string;
  /** 60.3 of management messages; several codes may share a specification. */
  readonly network?: readonly string[];
  /** Names of rule sets. */
  readonly request: string;
  readonly answer: string;
  /** Fields of the request that the answer repeats. */
  readonly echo: readonly number[];
  /** The terminal must undo it when its outcome is unknown. */
  readonly reversible?: boolean;
  /** Never undone but repeated until answered. */
  readonly advice?: boolean;
  readonly mac?: boolean;
}

/** A success (A), a refusal that may be retried (B), must not (C), needs the operator (D), a fault (E). */
export interface ResponseCode {
  readonly class: 'A' | 'B' | 'C' | 'D' | 'E';
  readonly zh: string;
  readonly en: string;
}

/** One departure from strictness: what it accepts; it only holds where the reader asks for it. */
export interface LeniencySpec {
  readonly zh: string;
  readonly en: string;
  readonly accepts: 'pad-nibble' | 'charset' | 'missing' | 'unexpected' | 'length' | 'structure';
  /** All fields when absent. */
  readonly fields?: readonly number[];
  readonly when?: Condition;
  /** Lengths that are accepted, for `length`. */
  readonly lengths?: readonly number[];
}

/** What an answer must have in common with its request. */
export interface MatchKeySpec {
  readonly fields: readonly number[];
  /** Fields that the answer may leave out, by condition on the request. */
  readonly mayLack?: readonly {
    readonly fields: readonly number[];
    readonly when?: Condition;
  }[];
  /** Fields that may differ, by condition on the answer. */
  readonly mayDiffer?: readonly {
    readonly fields: readonly number[];
    readonly when: Condition;
  }[];
  /** Fields that an answer carries; `unless` looks at the request. */
  readonly needs?: readonly { readonly field: number; readonly unless?: Condition }[];
}

/** Something that no source states for certain: a message of which this holds is marked with it. */
export interface AssumedSpec {
  readonly when: Condition;
  readonly en: string;
  readonly zh: string;
}

export interface Dialect {
  readonly id: string;
  readonly title: string;
  readonly framing: FramingSpec;
  readonly mti: { readonly encoding: TextEncoding | 'bcd' };
  readonly bitmap: {
    readonly encoding: 'binary' | 'hex' | 'ebcdic-hex';
    /** 64, 128 or 192: whether there are a second and a third bitmap. */
    readonly fields: number;
  };
  readonly defaults: FieldDefaults;
  readonly fields: Readonly<Record<number, FieldSpec>>;
  readonly macField: number;
  /** How the MAC is made; unionpay-ecb where the file says nothing. */
  readonly mac: MacSpec;
  readonly leniencies: Readonly<Record<string, LeniencySpec>>;
  readonly rules: Readonly<Record<string, RuleSet>>;
  readonly transactions: Readonly<Record<string, TransactionSpec>>;
  readonly assumed: readonly AssumedSpec[];
  readonly match: MatchKeySpec;
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
  readonly entryModes: Readonly<Record<'swipe' | 'chip' | 'contactless' | 'keyed', string>> & {
    /** Absent in a dialect without payment codes. */
    readonly qr?: string;
  };
  /** Further values of F22 digits 1-2, and the way of reading that each is treated as. */
  readonly otherEntryModes: Readonly<
    Record<string, 'swipe' | 'chip' | 'contactless' | 'keyed' | 'fallback'>
  >;
  /** Whose a payment code is, by how it begins and how long it is; a dialect without codes has none. */
  readonly paymentCodes: Readonly<
    Record<string, { readonly starts: readonly string[]; readonly digits: readonly number[] }>
  >;
  readonly pinDigits: { readonly entered: string; readonly none: string };
  /** The digit of a field that says that tracks are encrypted. */
  readonly encryptedTrack?: {
    readonly field: number;
    readonly digit: number;
    readonly value: string;
  };
  /** Entry modes (F22 digits 1-2) whose reversal carries field 2. */
  readonly reversalWithPan: readonly string[];
}
