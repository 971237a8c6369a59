import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { checkDialect } from '../../protocol/dialect/check-dialect.ts';
import { DIALECT_SCHEMA } from '../../protocol/dialect/dialect-schema.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { resolveDialect, type DialectSource } from '../../protocol/dialect/load-dialect.ts';
import { SHIPPED_SOURCES, shippedDialect, shippedSource } from '../../protocol/dialects/shipped.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { didYouMean } from '../language/suggest.ts';
import type { Place } from '../plan/plan.ts';
import { readJsonFile, type JsonFile } from './json-places.ts';

/** A mistake in a dialect file, where it stands. */
export interface DialectMistake {
  readonly place: Place;
  readonly text: string;
  readonly hint: string;
}

export type DialectReading =
  | { readonly ok: true; readonly dialect: Dialect }
  | { readonly ok: false; readonly mistakes: readonly DialectMistake[] };

interface Validators {
  readonly source: ValidateFunction;
  readonly whole: ValidateFunction;
}

let compiled: Validators | undefined;

function validators(): Validators {
  if (compiled !== undefined) return compiled;
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true });
  const whole = { definitions: DIALECT_SCHEMA.definitions, $ref: '#/definitions/whole' };
  compiled = { source: ajv.compile(DIALECT_SCHEMA), whole: ajv.compile(whole) };
  return compiled;
}

/**
 * A dialect by the id of a shipped one or by the path of a file.
 * @throws E_DIALECT with file, line and column; E_DIALECT_UNKNOWN, E_DIALECT_CYCLE, E_FILE, E_JSON
 */
export function openDialect(name: string): Dialect {
  const shipped = shippedDialect(name);
  if (shipped !== undefined) return shipped;
  if (!/[./\\]/.test(name)) {
    const ids = SHIPPED_SOURCES.map(({ id }) => id);
    const hint = didYouMean(name, ids);
    throw new CountersignError('E_DIALECT_UNKNOWN', {
      text: `"${name}"`,
      ...(hint === '' ? {} : { hint }),
    });
  }
  const reading = readDialectFile(name);
  if (reading.ok) return reading.dialect;
  const [first, ...more] = reading.mistakes;
  const { file, line, column } = first!.place;
  const rest = more.length === 0 ? '' : `, and ${more.length} more`;
  const text = `${first!.text} at ${file}:${line}:${column}${rest}`;
  throw new CountersignError('E_DIALECT', { text, hint: first!.hint });
}

/**
 * Reads and checks a dialect file with everything that it extends.
 * @throws E_FILE, E_JSON, E_DIALECT_UNKNOWN, E_DIALECT_CYCLE
 */
export function readDialectFile(file: string): DialectReading {
  const opened = new Map<string, JsonFile>();
  const names = new Map<DialectSource, string>();
  const open = (path: string): DialectSource => {
    const key = resolve(path);
    const known = opened.get(key);
    const json = known ?? readJsonFile(path, readText(path));
    opened.set(key, json);
    const source = json.value as DialectSource;
    names.set(source, path);
    return source;
  };
  const source = open(file);
  const json = opened.get(resolve(file))!;
  const { source: isSource, whole: isWhole } = validators();
  if (!isSource(json.value))
    return { ok: false, mistakes: shapeMistakes(json, isSource.errors, []) };
  const find = (name: string, from: DialectSource): DialectSource | undefined => {
    const shipped = shippedSource(name);
    if (shipped !== undefined) return shipped;
    if (!/[./\\]/.test(name)) return undefined;
    return open(resolve(dirname(names.get(from) ?? file), name));
  };
  const dialect = resolveDialect(source, find);
  // A patch shows its mistakes where it stands, what it extends in the file beside it.
  const base = source.extends === undefined ? [] : ['patch'];
  if (!isWhole(dialect)) return { ok: false, mistakes: shapeMistakes(json, isWhole.errors, base) };
  const mistakes = checkDialect(dialect).map(({ path, text, hint }) => ({
    place: json.placeOf([...base, ...path]),
    text: `${path.join('.')}: ${text}`,
    hint,
  }));
  return mistakes.length === 0 ? { ok: true, dialect } : { ok: false, mistakes };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CountersignError('E_FILE', { text: path, cause });
  }
}

const MOST_MISTAKES = 20;

/** Mistakes of form: of alternatives that all fail only the one that came furthest. */
function shapeMistakes(
  json: JsonFile,
  errors: ErrorObject[] | null | undefined,
  base: readonly string[],
): DialectMistake[] {
  const all = (errors ?? []).filter(({ keyword }) => !['if', 'anyOf', '$ref'].includes(keyword));
  const unions = (errors ?? []).filter(({ keyword }) => keyword === 'anyOf');
  const inUnion = (error: ErrorObject): boolean =>
    unions.some(({ instancePath }) => error.instancePath.startsWith(instancePath));
  const plain = all.filter((error) => !inUnion(error));
  const deepest = unions
    .filter(
      ({ instancePath }) =>
        !unions.some((each) => each.instancePath.startsWith(`${instancePath}/`)),
    )
    .map((union) =>
      bestOf(
        all.filter((each) => each.instancePath.startsWith(union.instancePath)),
        union,
      ),
    );
  const found = [...plain, ...deepest].map((error) => mistakeOf(json, error, base));
  const seen = new Set<string>();
  return found
    .filter(({ text, place }) => {
      const key = `${place.line} ${text}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    })
    .slice(0, MOST_MISTAKES);
}

/** Of the errors of all alternatives the one that says most: a typo in a name, then the deepest. */
function bestOf(errors: readonly ErrorObject[], union: ErrorObject): ErrorObject {
  const kind = (union.data as { kind?: unknown } | null)?.kind;
  const isKind = typeof kind === 'string';
  const sorted = errors
    .filter((error) => error.keyword !== 'const' || !isKind)
    .filter((error) => error.keyword !== 'type' || error.instancePath !== union.instancePath);
  const extra = sorted.filter(({ keyword }) => keyword === 'additionalProperties');
  const missing = sorted.filter(({ keyword }) => keyword === 'required');
  const deep = sorted.filter(
    ({ instancePath, keyword }) => instancePath !== union.instancePath && keyword !== 'const',
  );
  return deep[0] ?? (extra.length > 0 && missing.length === 0 ? extra[0]! : union);
}

function mistakeOf(json: JsonFile, error: ErrorObject, base: readonly string[]): DialectMistake {
  const path = error.instancePath.split('/').slice(1).map(unescaped);
  const params = error.params as { additionalProperty?: string; allowedValues?: unknown[] };
  const extra = params.additionalProperty;
  const full = extra === undefined ? path : [...path, extra];
  const place = json.placeOf([...base, ...full]);
  const where = full.join('.');
  if (extra !== undefined) {
    const known = Object.keys((error.parentSchema as { properties?: object })?.properties ?? {});
    const hint = didYouMean(extra, known);
    return {
      place,
      text: `${where}: there is no such member`,
      hint: hint === '' ? `known: ${known.join(', ')}` : hint,
    };
  }
  if (params.allowedValues !== undefined) {
    const values = params.allowedValues.map(String);
    const hint = didYouMean(String(error.data), values);
    return {
      place,
      text: `${where}: ${JSON.stringify(error.data)?.slice(0, 60) ?? ''} is not possible`,
      hint: hint === '' ? `one of ${values.join(', ')}` : hint,
    };
  }
  const text = error.keyword === 'anyOf' ? 'it has none of the known forms' : (error.message ?? '');
  const hint = 'the form is described by docs/dialect.schema.json';
  return { place, text: where === '' ? text : `${where}: ${text}`, hint };
}

function unescaped(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}
