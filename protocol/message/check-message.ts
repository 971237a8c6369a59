import { MOST_FIELDS } from '../codec/slots.ts';
import { conditionText, holds } from '../dialect/condition.ts';
import type { Dialect, LeniencySpec, RuleSet } from '../dialect/dialect.ts';
import { perDialect } from '../dialect/per-dialect.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { ErrorCode } from '../errors/error-table.ts';
import { fieldProblem, readPath } from '../structure/field-structure.ts';
import { classifyRequest, type NamedTransaction } from './classify-request.ts';
import { isClean, MOST_KEPT, noteClean, readyRules } from './ready-rules.ts';
import { secretOf } from './secret-spans.ts';
import { fieldNumbers, requestMti, isRequestMti, type Message } from './message.ts';

/** Something in a message that its dialect does not allow. */
export interface Finding {
  readonly code: ErrorCode;
  readonly path: string;
  readonly text: string;
  /** Characters or bytes from the beginning of the field's value, where it has a place. */
  readonly at?: number;
  /** The leniency that lets it pass. */
  readonly leniency?: string;
}

/**
 * Everything that the rules and structures of a dialect say against a message that could be decoded.
 * Findings that a leniency lets pass carry its name.
 */
export function checkMessage(dialect: Dialect, message: Message): Finding[] {
  return [...checkStructures(dialect, message), ...checkRules(dialect, message)];
}

/** Fields whose inside does not follow their structure. */
export function checkStructures(
  dialect: Dialect,
  message: Message,
  numbers: readonly number[] = fieldNumbers(message),
): Finding[] {
  const findings: Finding[] = [];
  const { hasInside, sound } = insides(dialect, dialect.fields);
  for (const field of numbers) {
    if (hasInside[field] !== 1) continue;
    const value = message.fields[field]!;
    if (value === sound[field]) continue;
    const problem = fieldProblem(dialect, message, field);
    if (problem === undefined) {
      if (value.length <= MOST_KEPT && isJudgedAlone(dialect, field)) sound[field] = value;
      continue;
    }
    const { code, path, at, text } = problem;
    findings.push(judged(dialect, message, field, { code, path, text, at }));
  }
  return findings;
}

/** What is known of the insides of fields before a message is looked at. */
interface Insides {
  /** 1 for a field that has something inside, by its number. */
  readonly hasInside: Uint8Array;
  /** What was found sound in it last: security fields and the like are mostly the same. */
  readonly sound: (string | undefined)[];
}

const insides = perDialect((_, fields: Dialect['fields']): Insides => {
  const hasInside = new Uint8Array(MOST_FIELDS + 1);
  for (const [field, { structure, variants }] of Object.entries(fields)) {
    if (structure !== undefined || variants !== undefined) hasInside[Number(field)] = 1;
  }
  return { hasInside, sound: Object.keys(fields).map(() => undefined) };
});

/** Whether nothing else of a message says what is inside a field, and it may be kept. */
function isJudgedAlone(dialect: Dialect, field: number): boolean {
  const spec = dialect.fields[field];
  const isSecret = secretOf(dialect, field) !== undefined;
  return spec?.structure !== undefined && spec.variants === undefined && !isSecret;
}

/** Fields that are missing, forbidden, or of a length that this message does not use. */
export function checkRules(dialect: Dialect, message: Message): Finding[] {
  if (Object.keys(dialect.transactions).length === 0) return [];
  const found = transactionOf(dialect, message);
  if (found === undefined) {
    const text = `${message.mti} with ${codesText(dialect, message)}`;
    return [{ code: 'E_UNKNOWN_MESSAGE', path: 'mti', text }];
  }
  const isRequest = isRequestMti(message.mti);
  const rules = dialect.rules[isRequest ? found.request : found.answer];
  if (rules === undefined) return [];
  const title = `${found.name} ${isRequest ? 'request' : 'answer'}`;
  return applyRules(dialect, message, rules, title);
}

/** The transaction that a message belongs to, whether it asks or answers. */
export function transactionOf(dialect: Dialect, message: Message): NamedTransaction | undefined {
  const mti = isRequestMti(message.mti) ? message.mti : requestMti(message.mti);
  const found = classifyRequest(dialect, { ...message, mti });
  return found.kind === 'known' ? found.transaction : undefined;
}

function codesText(dialect: Dialect, message: Message): string {
  const codes = ['3', '25', '60.1', '60.3'].map((path) => {
    const value = readPath(dialect, message, path);
    return value === undefined ? undefined : `${path} ${value}`;
  });
  return codes.filter((each) => each !== undefined).join(', ') || 'no codes';
}

/** What one set of rules says against a message. */
export function applyRules(
  dialect: Dialect,
  message: Message,
  rules: RuleSet,
  title: string,
  numbers: readonly number[] = fieldNumbers(message),
): Finding[] {
  const { fields } = message;
  const ready = readyRules(dialect, rules);
  if (isClean(ready, message, numbers)) return [];
  const { allowed, conditional, forbidden, lengths } = ready;
  const findings: Finding[] = [];
  const add = (field: number, code: ErrorCode, text: string): void => {
    findings.push(judged(dialect, message, field, { code, path: String(field), text }));
  };
  for (const field of rules.mandatory) {
    if (fields[field] === undefined) {
      add(field, 'E_FIELD_MISSING', `${withArticle(title)} has it`);
    }
  }
  const due: number[] = [];
  for (const { field, when, isMet, isFree } of conditional) {
    const isDue = isMet(message);
    if (isDue && fields[field] === undefined) {
      add(field, 'E_FIELD_MISSING', `${withArticle(title)} has it when ${conditionText(when)}`);
    }
    if (isDue || isFree) due.push(field);
  }
  const met = forbidden.filter(({ isMet }) => isMet(message));
  for (const field of numbers) {
    const why = met.findLast(({ fields: barred }) => barred.includes(field))?.when;
    if (why !== undefined) {
      const text = `${withArticle(title)} must not have it when ${conditionText(why)}`;
      add(field, 'E_FIELD_FORBIDDEN', text);
    } else if (allowed[field] !== 1 && !due.includes(field)) {
      add(field, 'E_FIELD_FORBIDDEN', `${withArticle(title)} must not have it`);
    }
  }
  for (const [field, fitting] of lengths) {
    const value = fields[field];
    if (value === undefined || fitting.includes(value.length)) continue;
    const text = `length ${value.length}, ${withArticle(title)} has ${fitting.join(' or ')}`;
    add(field, 'E_FIELD_LENGTH', text);
  }
  if (findings.length === 0) noteClean(ready, message, numbers);
  return findings;
}

function withArticle(title: string): string {
  return `${/^[aeiou]/.test(title) ? 'an' : 'a'} ${title}`;
}

const ACCEPTED_AS: Partial<Readonly<Record<ErrorCode, LeniencySpec['accepts']>>> = {
  E_FIELD_MISSING: 'missing',
  E_FIELD_FORBIDDEN: 'unexpected',
  E_FIELD_LENGTH: 'length',
};

function judged(dialect: Dialect, message: Message, field: number, finding: Finding): Finding {
  const accepts = ACCEPTED_AS[finding.code] ?? 'structure';
  const read = (path: string): string | undefined => readPath(dialect, message, path);
  const found = Object.entries(dialect.leniencies).find(
    ([, each]) =>
      each.accepts === accepts &&
      (each.fields?.includes(field) ?? true) &&
      (each.when === undefined || holds(each.when, read)) &&
      (each.lengths?.includes(message.fields[field]?.length ?? 0) ?? true),
  );
  return found === undefined ? finding : { ...finding, leniency: found[0] };
}

/** A finding as an error, with the byte that it is at. */
export function findingError(finding: Finding, offset: number | undefined): CountersignError {
  const { code, path, text } = finding;
  return new CountersignError(code, { path, text, ...(offset === undefined ? {} : { offset }) });
}
