import { parseCivilTime } from '../emulator/world/civil-time.ts';
import { cardNumbersIn } from '../protocol/bytes/card-number.ts';

/** As much of JSON Schema as is needed here; draft-07 and OpenAPI 3.1 read it alike. */
export type JsonSchema = Readonly<Record<string, unknown>>;

declare const VALUE: unique symbol;

/** The form of a JSON value: its schema, and for the compiler its type. Both come from one place. */
export interface Form<Value> {
  readonly schema: JsonSchema;
  readonly [VALUE]?: Value;
}

interface OptionalForm<Value> extends Form<Value> {
  readonly isOptional: true;
}

export type ValueOf<F> = F extends Form<infer Value> ? Value : never;

/** The members of an object by name. */
export type Shape = Readonly<Record<string, Form<unknown>>>;

type OptionalNames<S extends Shape> = {
  [Name in keyof S]: S[Name] extends OptionalForm<unknown> ? Name : never;
}[keyof S];

export type ObjectOf<S extends Shape> = {
  readonly [Name in Exclude<keyof S, OptionalNames<S>>]: ValueOf<S[Name]>;
} & {
  readonly [Name in OptionalNames<S>]?: ValueOf<S[Name]>;
};

/** A member that may be missing. */
export function optional<Value>({ schema }: Form<Value>): OptionalForm<Value> {
  return { schema, isOptional: true };
}

/** An object with these members and no others. */
export function object<S extends Shape>(shape: S, about: JsonSchema = {}): Form<ObjectOf<S>> {
  const entries = Object.entries(shape);
  const required = entries.filter(([, form]) => !('isOptional' in form)).map(([name]) => name);
  const properties = Object.fromEntries(entries.map(([name, { schema }]) => [name, schema]));
  return {
    schema: { type: 'object', properties, required, additionalProperties: false, ...about },
  };
}

/** What a value of an object's form is taken from; it may have other members, and some that are undefined. */
export type Wider<Value extends object> = {
  readonly [Name in keyof Value]:
    | Value[Name]
    | (object extends Pick<Value, Name> ? undefined : never);
};

/** As much of a record as a form names: nothing else gets out, and nothing undefined. */
export function shownAs<Value extends object>(form: Form<Value>, record: Wider<Value>): Value {
  const names = Object.keys(form.schema['properties'] as object) as (keyof Value)[];
  const known = names.filter((name) => record[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, record[name]])) as Value;
}

/** Of which there can be none: `null`. */
export function nullable<Value>({ schema }: Form<Value>): Form<Value | null> {
  return { schema: { ...schema, type: [schema['type'], 'null'] } };
}

/** One of several objects, told apart by the word in one of their members. */
export function oneOf<Value>(propertyName: string, forms: readonly Form<Value>[]): Form<Value> {
  return {
    schema: {
      type: 'object',
      discriminator: { propertyName },
      oneOf: forms.map(({ schema }) => schema),
    },
  };
}

export function list<Value>({ schema }: Form<Value>, description?: string): Form<readonly Value[]> {
  const told = description === undefined ? {} : { description };
  return { schema: { type: 'array', items: schema, ...told } };
}

export function text(pattern: string, description: string, example?: string): Form<string> {
  const shown = example === undefined ? {} : { examples: [example] };
  return { schema: { type: 'string', pattern: `^(?:${pattern})$`, description, ...shown } };
}

/** Any text, of which only we are the author. */
export function words(description: string): Form<string> {
  return { schema: { type: 'string', description } };
}

/** What a person writes: it is journalled, so nothing that hides in a line and no card number. */
export function said(description: string, example: string): Form<string> {
  return {
    schema: {
      type: 'string',
      pattern: '^(?=.*\\S)[^\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}]+$',
      maxLength: 200,
      format: 'no-card-number',
      description,
      examples: [example],
    },
  };
}

/** Any JSON value, of which only we are the author. */
export function anything(description: string): Form<unknown> {
  return { schema: { description } };
}

/** A value that is answered as the text in which it was written: every byte of it counts. */
export function written({ schema }: Form<unknown>): Form<string> {
  return { schema };
}

export function word<const Word extends string>(
  choices: readonly Word[],
  description: string,
): Form<Word> {
  return { schema: { type: 'string', enum: choices, description } };
}

export function flag(description: string): Form<boolean> {
  return { schema: { type: 'boolean', description } };
}

export function whole(minimum: number, maximum: number, description: string): Form<number> {
  return { schema: { type: 'integer', minimum, maximum, description } };
}

export const DATE: Form<string> = {
  schema: { type: 'string', format: 'civil-date', description: 'a day, YYYY-MM-DD' },
};

/** A day, or a second of it; times of the journal compare as texts, so there is one form of each. */
export const MOMENT: Form<string> = {
  schema: {
    type: 'string',
    format: 'civil-moment',
    description: 'a day, or a moment of it: YYYY-MM-DD hh:mm:ss',
    examples: ['2026-02-01', '2026-02-01 09:00:00'],
  },
};

/** Formats of ours, which a schema alone cannot say. */
export const FORMATS: Readonly<Record<string, (value: string) => boolean>> = {
  'no-card-number': (value) => cardNumbersIn(value.replaceAll(/[ -]/g, '')).length === 0,
  'civil-moment': (value) => /^.{10}(?: .{8})?$/.test(value) && parseCivilTime(value) !== undefined,
  'civil-date': (value) => value.length === 10 && parseCivilTime(value) !== undefined,
};
