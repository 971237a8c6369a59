import { MOST_FIELDS } from '../codec/slots.ts';
import { conditionTest, valuePathsOf, type Condition } from '../dialect/condition.ts';
import type { Dialect, RuleSet } from '../dialect/dialect.ts';
import { perDialect } from '../dialect/per-dialect.ts';
import { readerOf } from '../structure/field-structure.ts';
import type { Message } from './message.ts';
import { secretOf } from './secret-spans.ts';

/** Longer texts are not kept to compare others with: they are hardly ever the same. */
export const MOST_KEPT = 16;

/** A set of rules in the form in which it is asked. */
export interface ReadyRules {
  /** 1 for a field that is let in whatever the message says, by its number. */
  readonly allowed: Uint8Array;
  /** `isFree`: the field may be there although nothing makes it due. */
  readonly conditional: readonly (Ready & { readonly field: number; readonly isFree: boolean })[];
  readonly forbidden: readonly (Ready & { readonly fields: readonly number[] })[];
  readonly lengths: readonly (readonly [field: number, lengths: readonly number[]])[];
  /** Fields whose values conditions look at; undefined where that is not all that they depend on. */
  readonly asked: readonly number[] | undefined;
  /** The last message against which they said nothing. */
  clean: Clean | undefined;
}

/** As much of a message as rules depend on. */
interface Clean {
  readonly mti: string;
  readonly numbers: readonly number[];
  /** Of the fields that are asked for. */
  readonly values: readonly (string | undefined)[];
  /** Lengths of the fields whose length is judged. */
  readonly lengths: readonly (number | undefined)[];
}

interface Ready {
  readonly when: Condition;
  readonly isMet: (message: Message) => boolean;
}

export const readyRules = perDialect((dialect, rules: RuleSet): ReadyRules => {
  const { mandatory, optional = [], conditional = [], forbidden = [], lengths = {} } = rules;
  const ready = (when: Condition): Ready => {
    return { when, isMet: conditionTest(when, (path) => readerOf(dialect, path)) };
  };
  const allowed = new Uint8Array(MOST_FIELDS + 1);
  for (const field of [...mandatory, ...optional]) allowed[field] = 1;
  return {
    allowed,
    conditional: conditional.map(({ field, when, otherwise }) => {
      return { field, isFree: otherwise !== 'forbidden', ...ready(when) };
    }),
    forbidden: forbidden.map(({ fields, when }) => ({ fields, ...ready(when) })),
    lengths: Object.entries(lengths).map(([field, fitting]) => [Number(field), fitting] as const),
    asked: askedFields(dialect, [...conditional, ...forbidden]),
    clean: undefined,
  };
});

/**
 * Undefined where one looks into a field with variants, where what is inside depends on others as well,
 * or at one that is secret and is not to be kept.
 */
function askedFields(
  dialect: Dialect,
  rules: readonly { readonly when: Condition }[],
): readonly number[] | undefined {
  const fields = new Set<number>();
  for (const path of rules.flatMap(({ when }) => valuePathsOf(when))) {
    const [field = '', ...inside] = path.split('.');
    if (field === 'mti') continue;
    if (secretOf(dialect, Number(field)) !== undefined) return undefined;
    if (inside.length > 0 && dialect.fields[Number(field)]?.variants !== undefined)
      return undefined;
    fields.add(Number(field));
  }
  return [...fields];
}

/** Whether a message is as the last one that was clean: messages of a terminal mostly are. */
export function isClean(
  { asked, clean, lengths }: ReadyRules,
  { mti, fields }: Message,
  numbers: readonly number[],
): boolean {
  if (asked === undefined || clean === undefined || clean.mti !== mti) return false;
  if (clean.numbers.length !== numbers.length) return false;
  for (let at = 0; at < numbers.length; at++) {
    if (clean.numbers[at] !== numbers[at]) return false;
  }
  for (let at = 0; at < asked.length; at++) {
    if (clean.values[at] !== fields[asked[at]!]) return false;
  }
  for (let at = 0; at < lengths.length; at++) {
    if (clean.lengths[at] !== fields[lengths[at]![0]]?.length) return false;
  }
  return true;
}

/** It was clean: the next one is compared with it. */
export function noteClean(
  ready: ReadyRules,
  { mti, fields }: Message,
  numbers: readonly number[],
): void {
  const values = ready.asked?.map((field) => fields[field]);
  if (values === undefined || values.some((value) => (value?.length ?? 0) > MOST_KEPT)) return;
  const lengths = ready.lengths.map(([field]) => fields[field]?.length);
  ready.clean = { mti, numbers, values, lengths };
}
