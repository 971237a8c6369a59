import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkDialect } from '../../protocol/dialect/check-dialect.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { resolveDialect, type DialectSource } from '../../protocol/dialect/load-dialect.ts';
import { SHIPPED_SOURCES, shippedDialect, shippedSource } from '../../protocol/dialects/shipped.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { didYouMean } from '../language/suggest.ts';
import { placeText } from '../language/yaml-places.ts';
import type { Place } from '../plan/plan.ts';
import { readJsonFile, type JsonFile } from './json-places.ts';
import { formMistakes, type FormMistake } from './form-mistakes.ts';

/** A mistake in a dialect file, where it stands. */
export interface DialectMistake {
  readonly place: Place;
  readonly text: string;
  readonly hint: string;
}

export type DialectReading =
  | { readonly ok: true; readonly dialect: Dialect }
  | { readonly ok: false; readonly mistakes: readonly DialectMistake[] };

/** A file of a chain of dialects that extend each other. */
interface OpenFile {
  readonly json: JsonFile;
  /** How it was named. */
  readonly path: string;
  readonly source: DialectSource;
}

/**
 * A dialect by the id of a shipped one or by the path of a file.
 * @throws E_DIALECT with file, line and column; E_DIALECT_UNKNOWN, E_DIALECT_CYCLE, E_FILE, E_JSON
 */
export function openDialect(name: string): Dialect {
  const shipped = shippedDialect(name);
  if (shipped !== undefined) return shipped;
  if (!isPath(name)) throw unknownDialect(`"${name}"`, name);
  const reading = readDialectFile(name);
  if (reading.ok) return reading.dialect;
  const [first, ...more] = reading.mistakes;
  const rest = more.length === 0 ? '' : `, and ${more.length} more`;
  const text = `${first!.text} at ${placeText(first!.place)}${rest}`;
  throw new CountersignError('E_DIALECT', { text, hint: first!.hint });
}

/** A name with a dot or a slash is a file. */
function isPath(name: string): boolean {
  return /[./\\]/.test(name);
}

function unknownDialect(text: string, name: string): CountersignError {
  const hint = didYouMean(
    name,
    SHIPPED_SOURCES.map(({ id }) => id),
  );
  // What was meant as a message must not be shown: it may hold a card number.
  const shown = /\d{9}|[0-9A-Fa-f]{16}/.test(name) ? `${name.length} characters` : text;
  return new CountersignError('E_DIALECT_UNKNOWN', {
    text: shown,
    ...(hint === '' ? {} : { hint }),
  });
}

/**
 * Reads and checks a dialect file with everything that it extends.
 * @throws E_FILE, E_JSON, E_DIALECT_UNKNOWN, E_DIALECT_CYCLE
 */
export function readDialectFile(file: string): DialectReading {
  const opened = new Map<string, OpenFile>();
  const mistakes: DialectMistake[] = [];
  const open = (path: string): OpenFile => {
    const key = resolve(path);
    const known = opened.get(key);
    if (known !== undefined) return known;
    const json = readJsonFile(path, readText(path));
    const found = formMistakes('source', json.value);
    mistakes.push(...found.map((each) => placed(each, json, [])));
    const next = { json, path, source: json.value as DialectSource };
    opened.set(key, next);
    return next;
  };
  const first = open(file);
  const fileOf = (source: DialectSource): OpenFile | undefined =>
    [...opened.values()].find((each) => each.source === source);
  const placeOf = (source: DialectSource): string => {
    const place = fileOf(source)?.json.placeOf(['extends']);
    return place === undefined ? '' : ` at ${placeText(place)}`;
  };
  const find = (name: string, from: DialectSource): DialectSource | undefined => {
    if (mistakes.length > 0) return undefined;
    const shipped = shippedSource(name);
    if (shipped !== undefined) return shipped;
    if (!isPath(name)) {
      throw unknownDialect(`"${name}", which ${from.id} extends${placeOf(from)}`, name);
    }
    return open(resolve(dirname(fileOf(from)?.path ?? file), name)).source;
  };
  if (mistakes.length > 0) return { ok: false, mistakes };
  let dialect: Dialect;
  try {
    dialect = resolveDialect(first.source, find, placeOf);
  } catch (error) {
    // What stands in a base that has no right form is told of that file.
    if (mistakes.length > 0) return { ok: false, mistakes };
    throw error;
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  const files = [...opened.values()];
  mistakes.push(...formMistakes('whole', dialect).map((each) => placedInChain(each, files)));
  if (mistakes.length === 0) {
    for (const { path, text, hint } of checkDialect(dialect)) {
      mistakes.push(placedInChain({ path, text: `${path.join('.')}: ${text}`, hint }, files));
    }
  }
  return mistakes.length === 0 ? { ok: true, dialect } : { ok: false, mistakes };
}

function placed(
  { path, text, hint }: FormMistake,
  json: JsonFile,
  base: readonly string[],
): DialectMistake {
  return { place: json.placeOf([...base, ...path]), text, hint };
}

/** In the file that says most of the member in question; the one that was asked for on a tie. */
function placedInChain(mistake: FormMistake, files: readonly OpenFile[]): DialectMistake {
  let best = files[0]!;
  let deepest = -1;
  for (const file of files) {
    const depth = file.json.depthOf([...baseOf(file), ...mistake.path]) - baseOf(file).length;
    if (depth > deepest) {
      deepest = depth;
      best = file;
    }
  }
  return placed(mistake, best.json, baseOf(best));
}

/** A patch stands in a member of its own. */
function baseOf({ source }: OpenFile): readonly string[] {
  return source.extends === undefined ? [] : ['patch'];
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CountersignError('E_FILE', { text: path, cause });
  }
}
