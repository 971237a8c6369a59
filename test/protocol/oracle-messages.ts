import fc from 'fast-check';
import { fullField } from '../../protocol/codec/compile-field.ts';
import type { Dialect, FieldClass, FieldSpec } from '../../protocol/dialect/dialect.ts';
import type { FieldValues, Message } from '../../protocol/message/message.ts';

/** What a message may be made of where another library has to read or write it. */
export interface OracleLimits {
  readonly mtis: readonly string[];
  /** Field numbers to choose from. */
  readonly fields: readonly number[];
  /** One of these is always there. */
  readonly oneOf?: readonly number[];
  /** Characters of ans fields; all printable ones when absent. */
  readonly printable?: string;
  /** Whether a variable field may be empty. */
  readonly isEmptyAllowed: boolean;
}

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('');
/** Longer values say nothing more and take their time. */
const MOST_CHARACTERS = 40;

const ALPHABETS: Readonly<Record<Exclude<FieldClass, 'x+n' | 'ans'>, string>> = {
  n: DIGITS,
  a: LETTERS,
  an: DIGITS + LETTERS,
  anp: `${DIGITS}${LETTERS} `,
  z: `${DIGITS}=`,
  b: '0123456789ABCDEF',
};

function characters(alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
}

function valueOf(spec: FieldSpec, dialect: Dialect, limits: OracleLimits): fc.Arbitrary<string> {
  const { min, max, prefix } = fullField(spec, dialect.defaults);
  const least = prefix === undefined || limits.isEmptyAllowed ? min : Math.max(1, min);
  const most = prefix === undefined ? max : Math.min(max, least + MOST_CHARACTERS);
  if (spec.class === 'x+n') {
    const digits = characters(DIGITS, most - 1, most - 1);
    return fc.tuple(fc.constantFrom('C', 'D'), digits).map(([sign, rest]) => sign + rest);
  }
  if (spec.class === 'ans') return characters(limits.printable ?? PRINTABLE, least, most);
  const unit = spec.class === 'b' ? 2 : 1;
  return characters(ALPHABETS[spec.class], least * unit, most * unit);
}

/** Messages of an ASCII dialect with any of the given fields. */
export function oracleMessage(dialect: Dialect, limits: OracleLimits): fc.Arbitrary<Message> {
  const { fields, oneOf = [], mtis } = limits;
  const some = fc.subarray([...fields], { minLength: oneOf.length > 0 ? 0 : 1 });
  const one = oneOf.length > 0 ? fc.constantFrom(...oneOf) : fc.constant(undefined);
  return fc.tuple(fc.constantFrom(...mtis), some, one).chain(([mti, chosen, always]) => {
    const numbers = new Set(always === undefined ? chosen : [...chosen, always]);
    const values = [...numbers].map((field) =>
      valueOf(dialect.fields[field]!, dialect, limits).map((value) => ({ field, value })),
    );
    return fc.tuple(...values).map((pairs) => ({ mti, fields: fieldsOf(pairs) }));
  });
}

function fieldsOf(pairs: readonly { field: number; value: string }[]): FieldValues {
  const fields: FieldValues = {};
  for (const { field, value } of pairs) fields[field] = value;
  return fields;
}
