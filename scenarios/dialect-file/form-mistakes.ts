import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { DIALECT_SCHEMA } from '../../protocol/dialect/dialect-schema.ts';
import { didYouMean, suggest } from '../language/suggest.ts';

/** A member that does not have the form of the schema. */
export interface FormMistake {
  readonly path: readonly string[];
  readonly text: string;
  readonly hint: string;
}

interface Validators {
  readonly source: ValidateFunction;
  readonly whole: ValidateFunction;
}

let compiled: Validators | undefined;

function validators(): Validators {
  if (compiled !== undefined) return compiled;
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false });
  const whole = { definitions: DIALECT_SCHEMA.definitions, $ref: '#/definitions/whole' };
  compiled = { source: ajv.compile(DIALECT_SCHEMA), whole: ajv.compile(whole) };
  return compiled;
}

const MOST_MISTAKES = 20;
/** Says only that something inside it is wrong. */
const FRAMES = ['if', '$ref', 'allOf'];

/** What is wrong in the form of a file, or of a dialect after its patches. */
export function formMistakes(what: keyof Validators, value: unknown): FormMistake[] {
  const validate = validators()[what];
  if (validate(value)) return [];
  const errors = (validate.errors ?? []).filter(({ keyword }) => !FRAMES.includes(keyword));
  // Of a choice that nothing fits only the choice itself is told.
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf');
  const isInChoice = (error: ErrorObject): boolean =>
    error.keyword === 'required' &&
    choices.some((choice) => choice.instancePath === error.instancePath);
  const told = errors.filter((error) => !isInChoice(error) && !isMistyped(error, errors));
  const mistakes = told.map(mistakeOf);
  const seen = new Set<string>();
  const distinct = mistakes.filter(({ text }) => !seen.has(text) && seen.add(text) !== undefined);
  return distinct.slice(0, MOST_MISTAKES);
}

/** A member that is missing because it stands there with a typo is told once, as the typo. */
function isMistyped(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  const missing = (error.params as Params).missingProperty;
  if (missing === undefined) return false;
  return all.some(
    ({ keyword, instancePath, params }) =>
      keyword === 'additionalProperties' &&
      instancePath === error.instancePath &&
      suggest((params as Params).additionalProperty ?? '', [missing]) !== undefined,
  );
}

interface Params {
  readonly additionalProperty?: string;
  readonly missingProperty?: string;
  readonly propertyName?: string;
  readonly allowedValues?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly pattern?: string;
}

function mistakeOf(error: ErrorObject): FormMistake {
  const path = error.instancePath.split('/').slice(1).map(unescaped);
  const params = error.params as Params;
  const own = params.additionalProperty ?? params.propertyName ?? error.propertyName;
  const full = own === undefined ? path : [...path, own];
  const said = (text: string, hint: string): FormMistake => ({
    path: full,
    text: full.length === 0 ? text : `${full.join('.')}: ${text}`,
    hint,
  });
  switch (error.keyword) {
    case 'additionalProperties': {
      const members = error.parentSchema as { properties?: object } | undefined;
      const known = Object.keys(members?.properties ?? {});
      if (path.length === 0 && own === 'patch') {
        return said('a patch needs "extends" beside it', 'name the dialect that it changes');
      }
      if (path.length === 0 && own !== 'extends') known.push('extends');
      return said('there is no such member', suggestion('known:', own ?? '', known));
    }
    case 'propertyNames':
    case 'pattern': {
      const shown = own ?? String(error.data);
      return said(`"${shown}" is no name for this place`, patternHint(params.pattern, error));
    }
    case 'required':
      return said(`'${params.missingProperty ?? ''}' is missing`, FORM_HINT);
    case 'enum':
    case 'const': {
      const values = (params.allowedValues ?? []).map(String);
      const shown = JSON.stringify(error.data)?.slice(0, 60) ?? '';
      if (values.length === 1) return said(`${shown} is no whole number`, `or "${values[0]}"`);
      return said(`${shown} is not possible`, suggestion('one of', String(error.data), values));
    }
    case 'type': {
      const type = [params.type ?? ''].flat().join(' or ');
      return said(`must be ${type}, not ${JSON.stringify(error.data)?.slice(0, 40)}`, FORM_HINT);
    }
    case 'anyOf':
      return noForm(path, error.data);
    default:
      return said(error.message ?? error.keyword, FORM_HINT);
  }
}

const CONDITIONS = ['present', 'absent', 'path', 'all', 'any', 'not'];

/** A condition that is none: mostly its one word is mistyped. */
function noForm(path: readonly string[], value: unknown): FormMistake {
  const [word = ''] = Object.keys((value ?? {}) as object);
  const full = word === '' ? path : [...path, word];
  const text = `${full.join('.')}: there is no such condition`;
  return { path: full, text, hint: suggestion('known:', word, CONDITIONS) };
}

const FORM_HINT = 'the form is described by docs/dialect.schema.json';

function suggestion(lead: string, word: string, known: readonly string[]): string {
  const near = didYouMean(word, known);
  const all = `${lead} ${[...new Set(known)].join(', ')}`;
  return near === '' ? all : near;
}

function patternHint(pattern: string | undefined, error: ErrorObject): string {
  const text = pattern ?? String((error.schema as { pattern?: string }).pattern ?? '');
  if (text.startsWith('^[1-9]')) return 'a field is named by its number, such as "63"';
  if (text.startsWith('^[a-z0-9]')) return 'lower-case letters, digits and hyphens';
  return `it must match ${text}`;
}

function unescaped(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}
