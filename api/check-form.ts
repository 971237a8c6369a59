import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { FORMATS, type Form, type JsonSchema } from './form.ts';

const ajv = new Ajv({
  strict: true,
  strictTypes: false,
  discriminator: true,
  // An error brings the schema that it is about.
  verbose: true,
  formats: FORMATS,
});

const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/**
 * A value that has come in, if it has its form.
 *
 * @param where `body` or `query`, for the message
 * @throws E_API_INPUT naming the place and what is wrong there; the value itself is not shown
 */
export function checkForm<Value>({ schema }: Form<Value>, value: unknown, where: string): Value {
  let isOfForm = compiled.get(schema);
  if (isOfForm === undefined) {
    isOfForm = ajv.compile(schema);
    compiled.set(schema, isOfForm);
  }
  if (isOfForm(value)) return value as Value;
  const [error] = isOfForm.errors ?? [];
  throw new CountersignError('E_API_INPUT', { text: mistake(error, where) });
}

/** Everything in a query is text: what is due as a whole number is read as one, where it is. */
export function readQuery({ schema }: Form<unknown>, query: unknown): unknown {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const read = Object.entries(query as Readonly<Record<string, string>>).map(([name, value]) => {
    const isNumber = properties[name]?.['type'] === 'integer' && WHOLE_NUMBER.test(value);
    return [name, isNumber ? Number(value) : value] as const;
  });
  return Object.fromEntries(read);
}

const WHOLE_NUMBER = /^(?:0|-?[1-9]\d{0,14})$/;

function mistake(error: ErrorObject | undefined, where: string): string {
  if (error === undefined) return where;
  const { instancePath, keyword, params, message = 'is wrong' } = error;
  const place = `${where}${instancePath}`;
  const { additionalProperty, allowedValues, format, tag } = params as Readonly<
    Record<string, unknown>
  >;
  if (keyword === 'additionalProperties') {
    return `${place} has a member "${String(additionalProperty).slice(0, 40)}" too many`;
  }
  if (Array.isArray(allowedValues)) return `${place} is one of ${allowedValues.join(', ')}`;
  if (keyword === 'discriminator') {
    return `${place}/${String(tag)} is one of ${wordsOf(error, String(tag)).join(', ')}`;
  }
  if (keyword === 'minProperties') return `${place} has at least one of ${membersOf(error)}`;
  if (keyword === 'required') return `${place} lacks ${missingOf(error).join(', ')}`;
  if (format === 'no-card-number') return `${place} holds a whole card number`;
  if (format === 'civil-date') return `${place} is no day such as 2026-01-15`;
  if (format === 'civil-moment') return `${place} is no day or moment such as 2026-01-15 09:30:00`;
  return `${place} ${message}`;
}

/** What may stand in the member by which the forms of a choice are told apart. */
function wordsOf({ parentSchema }: ErrorObject, tag: string): string[] {
  const forms = (parentSchema?.['oneOf'] ?? []) as readonly JsonSchema[];
  return forms.flatMap((form) => {
    const members = form['properties'] as Readonly<Record<string, JsonSchema>>;
    return (members[tag]?.['enum'] ?? []) as string[];
  });
}

/** What may stand in an object of which no member is due, and still one must be there. */
function membersOf({ parentSchema }: ErrorObject): string {
  return Object.keys((parentSchema?.['properties'] ?? {}) as object).join(', ');
}

/** All members that are due and not there, so that nobody is told one after the other. */
function missingOf({ parentSchema, data }: ErrorObject): string[] {
  const due = (parentSchema?.['required'] ?? []) as readonly string[];
  return due.filter((name) => !Object.hasOwn(data as object, name));
}
