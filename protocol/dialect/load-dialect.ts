import { CountersignError } from '../errors/countersign-error.ts';
import { checkDialect, type DialectProblem } from './check-dialect.ts';
import type { Dialect } from './dialect.ts';
import { mergePatch } from './merge-patch.ts';

/** A dialect as it is written: whole, or another one with a patch. */
export type DialectSource =
  | (Partial<Dialect> & {
      readonly id: string;
      readonly title: string;
      readonly extends?: undefined;
    })
  | {
      readonly id: string;
      readonly title: string;
      /** Id of a known dialect, or whatever else the finder understands, such as a file. */
      readonly extends: string;
      /** A merge patch: objects are merged, null takes away, anything else replaces. */
      readonly patch?: object;
    };

/** Finds the dialect that another one extends. */
export type FindSource = (name: string, from: DialectSource) => DialectSource | undefined;

const MOST_LEVELS = 8;

/** What a dialect that says nothing of it has: no messages of its own, hence no codes either. */
const NOTHING_SAID = {
  framing: { prefix: { encoding: 'binary', bytes: 2 }, maxFrameBytes: 4096 },
  defaults: {},
  fields: {},
  macField: 64,
  mac: { algorithm: 'unionpay-ecb', output: 'hex' },
  assumed: [],
  otherEntryModes: {},
  leniencies: {},
  rules: {},
  transactions: {},
  match: { fields: [] },
  responseCodes: {},
  reversalReasons: { noResponse: '68', terminalFault: '06', macError: '96' },
  reversalFinal: ['00'],
  signInAgain: [],
  entryModes: { swipe: '02', chip: '05', contactless: '07', keyed: '01' },
  paymentCodes: {},
  pinDigits: { entered: '1', none: '2' },
  reversalWithPan: [],
} as const;

/**
 * Resolves what a source extends and applies its patch.
 *
 * @param placeOf where a source says what it extends, for errors; empty where nobody knows
 * @throws E_DIALECT_CYCLE, E_DIALECT_UNKNOWN
 */
export function resolveDialect(
  source: DialectSource,
  find: FindSource,
  placeOf: (source: DialectSource) => string = () => '',
): Dialect {
  const chain: DialectSource[] = [source];
  let current = source;
  while (current.extends !== undefined) {
    const next = find(current.extends, current);
    if (next === undefined) {
      const text = `"${current.extends}", which ${current.id} extends${placeOf(current)}`;
      throw new CountersignError('E_DIALECT_UNKNOWN', { path: 'extends', text });
    }
    const isSeen = chain.some((each) => each === next || each.id === next.id);
    chain.push(next);
    if (isSeen || chain.length > MOST_LEVELS) {
      const text = chain.map(({ id }) => id).join(' → ') + placeOf(current);
      throw new CountersignError('E_DIALECT_CYCLE', { path: 'extends', text });
    }
    current = next;
  }
  let whole: unknown = { ...NOTHING_SAID, ...current };
  for (const each of chain.slice(0, -1).reverse()) {
    const { id, title } = each;
    const patch = each.extends === undefined ? {} : (each.patch ?? {});
    // A patch may take a member away as a whole; then nothing is said of it again.
    whole = { ...NOTHING_SAID, ...(mergePatch(whole, patch) as object), id, title };
  }
  return whole as Dialect;
}

/**
 * A dialect ready for use: resolved and checked as a whole, so that no message meets a mistake in it.
 * The shape must already be that of the schema.
 * @throws E_DIALECT with the first problem, E_DIALECT_CYCLE, E_DIALECT_UNKNOWN
 */
export function loadDialect(source: DialectSource, find: FindSource): Dialect {
  const dialect = resolveDialect(source, find);
  const [problem] = checkDialect(dialect);
  if (problem !== undefined) throw dialectError(problem);
  return dialect;
}

export function dialectError({ path, text, hint }: DialectProblem): CountersignError {
  return new CountersignError('E_DIALECT', { path: path.join('.'), text, hint });
}
