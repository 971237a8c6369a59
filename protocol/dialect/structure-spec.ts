import type { FieldClass, FieldSpec, Secret } from './dialect.ts';

/**
 * What is inside a field. Positions and sizes count characters of a text value and bytes of a
 * binary one; the parts of a binary value are bytes (`b`) or ASCII text of their class.
 */
export type StructureSpec =
  | PositionsSpec
  | RecordsSpec
  | TextTlvSpec
  | FixedTagsSpec
  | BerTlvSpec
  | SubMessageSpec;

/** Parts by position; trailing parts may be absent. */
export interface PositionsSpec {
  readonly kind: 'positions';
  readonly parts: readonly FieldPart[];
}

export interface FieldPart {
  readonly name: string;
  readonly zh: string;
  /** First position, counted from 1; where the part before ends when absent. */
  readonly from?: number;
  readonly size: number | 'rest';
  /** The class of the field when absent. */
  readonly class?: Exclude<FieldClass, 'x+n'>;
  /** The only values that it may have. */
  readonly values?: Readonly<Record<string, string>>;
  readonly secret?: Secret;
  readonly structure?: StructureSpec;
}

/** Records of equal size one after another, with a decimal count in front when it has digits. */
export interface RecordsSpec {
  readonly kind: 'records';
  readonly countDigits: number;
  readonly max?: number;
  readonly parts: readonly FieldPart[];
}

/** Tag, decimal length, value, one after another. */
export interface TextTlvSpec {
  readonly kind: 'text-tlv';
  readonly tagCharacters: number;
  readonly lengthDigits: number;
  readonly tags?: Readonly<Record<string, TagSpec>>;
  /** Whether a tag may come twice; by default it may. */
  readonly repeats?: 'keep' | 'refuse';
}

/** Tags without length, each of a size that only the list knows: an unknown tag is an error. */
export interface FixedTagsSpec {
  readonly kind: 'fixed-tags';
  readonly tagCharacters: number;
  readonly tags: Readonly<Record<string, TagSpec & { readonly size: number }>>;
}

export interface TagSpec {
  readonly name: string;
  readonly zh: string;
  readonly secret?: Secret;
  /** Characters, or bytes, that the value must have. */
  readonly size?: number;
  readonly structure?: StructureSpec;
}

/** BER-TLV; a tag whose first byte has bit 6 set holds tags again. */
export interface BerTlvSpec {
  readonly kind: 'ber-tlv';
  readonly tags?: Readonly<Record<string, TagSpec>>;
  /** First bytes of tags, as hex, that never hold tags whatever their bits say. */
  readonly primitive?: readonly string[];
  /** Levels of tags, the outermost included; 4 when absent. */
  readonly maxDepth?: number;
  readonly repeats?: 'keep' | 'refuse';
}

/** Fields of their own inside a binary value, chosen by a bitmap or, without one, all in order. */
export interface SubMessageSpec {
  readonly kind: 'sub-message';
  readonly bitmap?: {
    readonly encoding: 'binary' | 'hex' | 'ebcdic-hex';
    readonly bytes: number;
  };
  readonly fields: Readonly<Record<number, FieldSpec>>;
}
