import { dirname, isAbsolute, join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { cardNumbersIn } from '../../protocol/bytes/card-number.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import { parseCivilTime } from '../../emulator/world/civil-time.ts';
import { openDialect } from '../dialect-file/read-dialect-file.ts';
import { LAW_TABLE } from '../laws/law-table.ts';
import type { Place, PlannedCase, PlannedStep, Texts } from '../plan/plan.ts';
import type { Verb } from '../verbs/verb.ts';
import { playable } from '../targets/playable.ts';
import { VERB_TABLE } from '../verbs/verb-table.ts';
import { argsSchema, expectSchema, headSchema } from './scenario-schema.ts';
import { didYouMean } from './suggest.ts';
import { placeText, readYaml, type YamlFile } from './yaml-places.ts';

export const DEFAULT_CLOCK = '2026-01-15 09:30';

type Path = readonly (string | number)[];

interface ScenarioFile {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly tags?: readonly string[];
  readonly source?: string;
  readonly clock?: string;
  readonly dialect?: string;
  readonly each?: readonly Texts[];
  readonly steps: readonly { readonly [key: string]: unknown }[];
  readonly then?: readonly string[];
}

/** Words of a step that are not verbs. */
const STEP_WORDS = ['as', 'expect'];

let compiled:
  | { head: ValidateFunction; verbs: Map<string, [ValidateFunction, ValidateFunction]> }
  | undefined;

/** Schemas are compiled when the first scenario is read, not when the program starts. */
function validators(): NonNullable<typeof compiled> {
  if (compiled !== undefined) return compiled;
  const ajv = new Ajv({ allErrors: true, verbose: true });
  const verbs = new Map<string, [ValidateFunction, ValidateFunction]>();
  for (const verb of VERB_TABLE.values()) {
    verbs.set(verb.name, [ajv.compile(argsSchema(verb)), ajv.compile(expectSchema(verb))]);
  }
  compiled = { head: ajv.compile(headSchema()), verbs };
  return compiled;
}

/**
 * The cases of one scenario file: one, or one a row of `each`.
 * @param file how the file is named in messages, relative to where the user stands
 * @throws E_YAML, E_SCENARIO with file, line, column and, for a typo, the word that was meant
 */
export function readScenario(file: string, text: string): PlannedCase[] {
  refuseCardNumbers(file, text);
  const yaml = readYaml(file, text);
  const { head } = validators();
  if (!head(yaml.value)) throw schemaError(yaml, [], worst(head.errors));
  const scenario = yaml.value as ScenarioFile;
  const clock = scenario.clock ?? DEFAULT_CLOCK;
  if (parseCivilTime(clock) === undefined) {
    throw refused(yaml.placeOf(['clock']), `there is no such time as ${clock}`);
  }
  const dialect = scenario.dialect === undefined ? undefined : dialectOf(yaml, scenario.dialect);
  const rows = scenario.each ?? [{ name: '' }];
  const names = rows.map((row) => row['name'] ?? '');
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0)
    throw refused(yaml.placeOf(['each', twice]), `two rows are named ${names[twice]!}`);
  return rows.map((row) => ({
    ...planRow(yaml, scenario, row, clock),
    ...(dialect === undefined ? {} : { dialect }),
  }));
}

/** A dialect by name, or a file that is looked for beside the scenario. */
function dialectOf(yaml: YamlFile, name: string): Dialect {
  const place = yaml.placeOf(['dialect']);
  const isFile = /[./\\]/.test(name);
  try {
    const isBeside = isFile && !isAbsolute(name);
    return playable(openDialect(isBeside ? join(dirname(place.file), name) : name));
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    throw refused(place, `${error.code} ${error.message}`, error.hint);
  }
}

/** A card number in a file would end up in every report; merchants have 15 digits of their own. */
function refuseCardNumbers(file: string, text: string): void {
  const merchants = TEST_INSTITUTION.merchants.map(({ mid }) => mid);
  const found = cardNumbersIn(text).find(({ digits }) => !merchants.includes(digits));
  if (found === undefined) return;
  const before = text.slice(0, found.at).split('\n');
  const place: Place = { file, line: before.length, column: before.at(-1)!.length + 1 };
  throw refused(place, 'a card number stands in the file', 'name a test card, such as card: debit');
}

function planRow(yaml: YamlFile, scenario: ScenarioFile, row: Texts, clock: string): PlannedCase {
  const rowName = row['name'] ?? '';
  const known = new Set<string>();
  const steps = scenario.steps.map((step, index) => {
    const planned = planStep(yaml, step, index, row, known);
    if (planned.as !== undefined) known.add(planned.as);
    return planned;
  });
  return {
    id: rowName === '' ? scenario.id : `${scenario.id}/${rowName}`,
    title: {
      zh: substitute(scenario.title.zh, row),
      en: substitute(scenario.title.en, row),
    },
    rowName,
    tags: scenario.tags ?? [],
    source: scenario.source ?? '',
    clock,
    steps,
    laws: scenario.then ?? [...LAW_TABLE.keys()],
    place: yaml.placeOf([]),
  };
}

function planStep(
  yaml: YamlFile,
  step: { readonly [key: string]: unknown },
  position: number,
  row: Texts,
  known: ReadonlySet<string>,
): PlannedStep {
  const path: Path = ['steps', position];
  const verb = verbOf(yaml, step, path);
  const args = textsOf(yaml, step[verb.name], [...path, verb.name], row);
  const expect = textsOf(yaml, step['expect'], [...path, 'expect'], row);
  const [validArgs, validExpect] = validators().verbs.get(verb.name)!;
  if (!validArgs(args))
    throw schemaError(yaml, [...path, verb.name], worst(validArgs.errors), Object.keys(verb.args));
  if (!validExpect(expect))
    throw schemaError(yaml, [...path, 'expect'], worst(validExpect.errors), Object.keys(verb.sees));
  const nameable = new Set([...known, ...Object.keys(row)]);
  checkReferences(yaml, args, [...path, verb.name], nameable);
  checkReferences(yaml, expect, [...path, 'expect'], nameable);
  const as = step['as'];
  if (as !== undefined && (typeof as !== 'string' || !/^[a-z][a-z0-9-]*$/.test(as))) {
    throw refused(
      yaml.placeOf([...path, 'as']),
      'a name is lower-case letters, digits and hyphens',
    );
  }
  if (typeof as === 'string' && (known.has(as) || row[as] !== undefined)) {
    throw refused(yaml.placeOf([...path, 'as']), `the name "${as}" is already taken`);
  }
  return {
    index: position + 1,
    verb: verb.name,
    args,
    expect,
    as: as,
    place: yaml.placeOfKey(path, verb.name),
    expectPlaces: Object.fromEntries(
      Object.keys(expect).map((name) => [name, yaml.placeOfKey([...path, 'expect'], name)]),
    ),
  };
}

function verbOf(yaml: YamlFile, step: { readonly [key: string]: unknown }, path: Path): Verb {
  const words = Object.keys(step).filter((word) => !STEP_WORDS.includes(word));
  const unknown = words.find((word) => !VERB_TABLE.has(word));
  const all = [...VERB_TABLE.keys(), ...STEP_WORDS];
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, all);
    throw refused(yaml.placeOfKey(path, unknown), `there is no step "${unknown}"`, hint, all);
  }
  const [word, second] = words;
  if (word === undefined) throw refused(yaml.placeOf(path), 'a step needs a verb', '', all);
  if (second !== undefined) {
    const hint = 'begin the second one with its own "- "';
    throw refused(yaml.placeOfKey(path, second), 'a step has one verb', hint);
  }
  return VERB_TABLE.get(word)!;
}

/** Arguments as texts, with row columns filled in; an empty value has none. */
function textsOf(yaml: YamlFile, value: unknown, path: Path, row: Texts): Texts {
  if (value === undefined || value === null || value === '') return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw refused(
      yaml.placeOf(path),
      `"${String(path.at(-1))}" takes named values, such as { amount: "100.00" }`,
    );
  }
  const texts: { [name: string]: string } = {};
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') {
      throw refused(yaml.placeOf([...path, name]), `"${name}" must be a single text`);
    }
    texts[name] = substitute(text, row);
  }
  return texts;
}

/** `$column` becomes the row's value; other references stay for the steps they name. */
function substitute(text: string, row: Texts): string {
  return text.replaceAll(/\$([a-z][a-z0-9-]*)/g, (whole, name: string) => row[name] ?? whole);
}

function checkReferences(
  yaml: YamlFile,
  texts: Texts,
  path: Path,
  known: ReadonlySet<string>,
): void {
  for (const [name, text] of Object.entries(texts)) {
    const references = [...text.matchAll(/\$([a-z][a-z0-9-]*)/g)].map((match) => match[1]!);
    const reference = references.find((each) => !known.has(each));
    if (reference === undefined) continue;
    const hint = didYouMean(reference, known);
    throw refused(
      yaml.placeOf([...path, name]),
      `"$${reference}" names no column of the rows and no earlier step`,
      hint,
      known,
    );
  }
}

function refused(
  place: Place,
  text: string,
  hint = '',
  known: Iterable<string> = [],
): CountersignError {
  const list = [...known].join(', ');
  const fallback = list === '' ? undefined : `known here: ${list}`;
  const best = hint === '' ? fallback : hint;
  return new CountersignError('E_SCENARIO', {
    text: `${text} at ${placeText(place)}`,
    ...(best === undefined ? {} : { hint: best }),
  });
}

/** The error that helps most: a mistyped name also leaves the right one missing. */
function worst(errors: ErrorObject[] | null | undefined): ErrorObject | undefined {
  return errors?.find(({ keyword }) => keyword === 'additionalProperties') ?? errors?.[0];
}

/** A schema violation in the words of the user, at the place where it stands. */
function schemaError(
  yaml: YamlFile,
  path: Path,
  error: ErrorObject | undefined,
  known: readonly string[] = Object.keys(headSchema()['properties'] as object),
): CountersignError {
  if (error === undefined) throw new CountersignError('E_INTERNAL');
  const inner = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/')));
  const at: Path = [...path, ...inner];
  const name = String(at.at(-1) ?? 'file');
  const schema = error.parentSchema as { properties?: object; description?: string } | undefined;
  switch (error.keyword) {
    case 'additionalProperties': {
      const word = String(error.params['additionalProperty']);
      const here = inner[0] === 'title' ? ['zh', 'en'] : known;
      const text = `there is no "${word}" here`;
      return refused(yaml.placeOfKey(at, word), text, didYouMean(word, here), here);
    }
    case 'required': {
      const missing = String(error.params['missingProperty']);
      return refused(yaml.placeOf(at), `"${missing}" is missing in "${name}"`);
    }
    case 'pattern': {
      const hint = describedArg(path, name, error.data) ?? schema?.description ?? '';
      return refused(yaml.placeOf(at), `"${name}" does not fit`, hint);
    }
    case 'enum': {
      const allowed = error.params['allowedValues'] as string[];
      const value = String(error.data);
      const hint = didYouMean(value, allowed);
      return refused(yaml.placeOf(at), `"${value}" is not one of these`, hint, allowed);
    }
    default:
      return refused(yaml.placeOf(at), `"${name}" ${error.message ?? 'does not fit'}`);
  }
}

/** What the argument takes; for a choice of words also the one that was probably meant. */
function describedArg(path: Path, name: string, value: unknown): string | undefined {
  const word = path[2];
  const spec = typeof word === 'string' ? VERB_TABLE.get(word)?.args[name] : undefined;
  if (spec === undefined) return undefined;
  const choices = spec.pattern.split('|');
  if (!choices.every((choice) => /^[a-z0-9-]+$/.test(choice)) || choices.length === 1) {
    return `${spec.doc}, such as ${spec.example}`;
  }
  const meant = didYouMean(String(value), choices);
  return `${meant}${meant === '' ? '' : ' '}one of: ${choices.join(', ')}`;
}
