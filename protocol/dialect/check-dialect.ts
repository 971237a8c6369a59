import { encodingOf } from '../codec/compile-field.ts';
import { checkField } from './check-field.ts';
import { pathsOf, type Condition } from './condition.ts';
import type { Dialect, RuleSet, TransactionSpec } from './dialect.ts';
import { PADDED_ALGORITHMS } from './mac-spec.ts';

/** A mistake in a dialect, with the members that lead to it. */
export interface DialectProblem {
  readonly path: readonly string[];
  readonly text: string;
  readonly hint: string;
}

export type Report = (path: readonly string[], text: string, hint: string) => void;

/**
 * What is wrong in a dialect of the right shape: everything that would come up in some message
 * comes up here.
 */
export function checkDialect(dialect: Dialect): DialectProblem[] {
  const problems: DialectProblem[] = [];
  const report: Report = (path, text, hint) => problems.push({ path, text, hint });
  checkFraming(dialect, report);
  for (const [key, spec] of Object.entries(dialect.fields)) {
    const path = ['fields', key];
    const field = Number(key);
    if (field < 2 || field > dialect.bitmap.fields || field === 65) {
      const most = dialect.bitmap.fields;
      report(path, `field ${key} has no bit`, `fields are 2 to ${most}; 1 and 65 announce bitmaps`);
    }
    checkField(spec, dialect.defaults, path, report);
    for (const [name, variant] of Object.entries(spec.variants ?? {})) {
      checkCondition(dialect, variant.when, [...path, 'variants', name, 'when'], report);
    }
  }
  for (const [name, rules] of Object.entries(dialect.rules)) {
    checkRules(dialect, rules, ['rules', name], report);
  }
  checkTransactions(dialect, report);
  checkMac(dialect, report);
  checkRest(dialect, report);
  return problems;
}

function checkFraming({ framing }: Dialect, report: Report): void {
  const { prefix, maxFrameBytes } = framing;
  const path = ['framing', 'prefix'];
  const isBinary = prefix.encoding === 'binary' || prefix.encoding === 'binary-le';
  if (prefix.encoding === 'ascii' && prefix.bytes !== 4) {
    report(path, 'an ASCII length prefix has four digits', 'write "bytes": 4');
  }
  if (prefix.encoding === 'bcd' && prefix.bytes !== 2) {
    report(path, 'a BCD length prefix has two bytes', 'write "bytes": 2');
  }
  const self = prefix.includesItself === true ? prefix.bytes : 0;
  const most = (isBinary ? 256 ** prefix.bytes - 1 : 9999) - self;
  if (maxFrameBytes > most) {
    const text = `${maxFrameBytes} bytes cannot be said by the prefix`;
    report(['framing', 'maxFrameBytes'], text, `the most that it can say is ${most}`);
  }
  if (maxFrameBytes > MOST_FRAME_BYTES) {
    const text = `${maxFrameBytes} bytes are more than any message has`;
    report(['framing', 'maxFrameBytes'], text, `the limit is ${MOST_FRAME_BYTES}`);
  }
}

const MOST_FRAME_BYTES = 1_048_576;

function checkRules(
  dialect: Dialect,
  rules: RuleSet,
  path: readonly string[],
  report: Report,
): void {
  const conditional = (rules.conditional ?? []).map(({ field }) => field);
  const named = [...rules.mandatory, ...(rules.optional ?? []), ...conditional];
  const lengths = Object.keys(rules.lengths ?? {}).map(Number);
  for (const field of [...named, ...lengths]) mustBeDefined(dialect, field, path, report);
  const twice = named.find((field, at) => named.indexOf(field) !== at);
  if (twice !== undefined) {
    const hint = 'a field is mandatory, conditional or optional';
    report(path, `field ${twice} is named twice`, hint);
  }
  for (const [index, { when }] of (rules.conditional ?? []).entries()) {
    checkCondition(dialect, when, [...path, 'conditional', String(index), 'when'], report);
  }
  for (const [index, { fields, when }] of (rules.forbidden ?? []).entries()) {
    const at = [...path, 'forbidden', String(index)];
    for (const field of fields) mustBeDefined(dialect, field, at, report);
    checkCondition(dialect, when, [...at, 'when'], report);
  }
}

function mustBeDefined(
  dialect: Dialect,
  field: number,
  path: readonly string[],
  report: Report,
): void {
  if (dialect.fields[field] !== undefined) return;
  report(path, `field ${field} is not defined`, 'define it in "fields", or take it out here');
}

function checkCondition(
  dialect: Dialect,
  when: Condition,
  path: readonly string[],
  report: Report,
): void {
  for (const each of pathsOf(when)) {
    if (each === 'mti') continue;
    mustBeDefined(dialect, Number(each.split('.')[0]), path, report);
  }
}

function checkTransactions(dialect: Dialect, report: Report): void {
  const known = new Map<string, string>();
  for (const [name, spec] of Object.entries(dialect.transactions)) {
    const path = ['transactions', name];
    for (const use of ['request', 'answer'] as const) {
      if (Object.hasOwn(dialect.rules, spec[use])) continue;
      const names = Object.keys(dialect.rules).join(', ') || 'none';
      report([...path, use], `there are no rules "${spec[use]}"`, `known rules: ${names}`);
    }
    for (const field of spec.echo) mustBeDefined(dialect, field, [...path, 'echo'], report);
    if (spec.mac === true) mustBeDefined(dialect, dialect.macField, path, report);
    for (const sign of signsOf(spec)) {
      const other = known.get(sign);
      if (other !== undefined) {
        const hint = 'message type, processing, condition, type, network tell transactions apart';
        report(path, `cannot be told from "${other}"`, hint);
      }
      known.set(sign, name);
    }
  }
}

function signsOf(spec: TransactionSpec): string[] {
  const { mti, processing = '*', condition = '*', type = '*' } = spec;
  return (spec.network ?? ['*']).map((code) => [mti, processing, condition, type, code].join(' '));
}

/** A MAC is eight bytes at the very end: it covers everything before it. */
function checkMac(dialect: Dialect, report: Report): void {
  const { mac, macField, fields, transactions } = dialect;
  if (mac.padding !== undefined && !PADDED_ALGORITHMS.includes(mac.algorithm)) {
    const text = `${mac.algorithm} has a padding of its own`;
    report(['mac', 'padding'], text, `take it out; it is for ${PADDED_ALGORITHMS.join(' and ')}`);
  }
  const spec = fields[macField];
  const isUsed = Object.values(transactions).some((each) => each.mac === true);
  if (!isUsed || spec === undefined) return;
  const isBinary = encodingOf(spec, dialect.defaults) === 'binary';
  if (spec.class !== 'b' || spec.length !== 8 || !isBinary) {
    const text = `field ${macField} is no place for a MAC`;
    report(['macField'], text, 'it is eight bytes: class b, length 8, encoding binary');
  }
  const last = Math.max(...Object.keys(fields).map(Number));
  if (last > macField && last <= Math.ceil(macField / 64) * 64) {
    const text = `field ${last} stands behind the MAC of field ${macField}`;
    report(['macField'], text, 'the MAC is the last field of its message');
  }
}

function checkRest(dialect: Dialect, report: Report): void {
  for (const [name, leniency] of Object.entries(dialect.leniencies)) {
    const path = ['leniencies', name];
    for (const field of leniency.fields ?? []) mustBeDefined(dialect, field, path, report);
    const isOfBytes = leniency.accepts === 'pad-nibble' || leniency.accepts === 'charset';
    if (leniency.when !== undefined && isOfBytes) {
      const text = 'bytes are judged before the message is known, so that it has no condition';
      report([...path, 'when'], text, 'name fields instead');
    } else if (leniency.when !== undefined) {
      checkCondition(dialect, leniency.when, [...path, 'when'], report);
    }
    if (leniency.accepts === 'length' && leniency.lengths === undefined) {
      report(path, 'it accepts lengths and names none', 'write "lengths": [11, 13]');
    }
  }
  for (const [index, { when }] of dialect.assumed.entries()) {
    checkCondition(dialect, when, ['assumed', String(index), 'when'], report);
  }
  checkMatch(dialect, report);
  checkVariantCycles(dialect, report);
  const flag = dialect.encryptedTrack?.field;
  if (flag !== undefined) mustBeDefined(dialect, flag, ['encryptedTrack', 'field'], report);
}

function checkMatch(dialect: Dialect, report: Report): void {
  const { fields, mayLack = [], mayDiffer = [], needs = [] } = dialect.match;
  const rules = [...mayLack, ...mayDiffer];
  const all = [
    ...fields,
    ...rules.flatMap((rule) => rule.fields),
    ...needs.map(({ field }) => field),
  ];
  for (const field of all) mustBeDefined(dialect, field, ['match'], report);
  const conditions = [...rules.map(({ when }) => when), ...needs.map(({ unless }) => unless)];
  for (const when of conditions) {
    if (when !== undefined) checkCondition(dialect, when, ['match'], report);
  }
}

/**
 * To look into a field its variants must be judged; when their conditions look into it again, or
 * into another that looks back, nobody could read either.
 */
function checkVariantCycles(dialect: Dialect, report: Report): void {
  const looksInto = new Map<number, readonly number[]>();
  for (const [key, { variants }] of Object.entries(dialect.fields)) {
    const paths = Object.values(variants ?? {}).flatMap(({ when }) => pathsOf(when));
    const inside = paths.filter((path) => path.includes('.'));
    looksInto.set(
      Number(key),
      inside.map((path) => Number(path.split('.')[0])),
    );
  }
  const reaches = (from: number, goal: number, seen: Set<number>): boolean =>
    (looksInto.get(from) ?? []).some((next) => {
      if (next === goal) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, goal, seen);
    });
  for (const field of looksInto.keys()) {
    if (!reaches(field, field, new Set())) continue;
    const text = `what field ${field} is depends on what is inside of it`;
    report(['fields', String(field), 'variants'], text, 'look at whole fields, or at other ones');
  }
}
