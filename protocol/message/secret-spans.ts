import { cardNumbersIn } from '../bytes/card-number.ts';
import type { Dialect, Secret } from '../dialect/dialect.ts';
import type { FieldPart, StructureSpec, TagSpec } from '../dialect/structure-spec.ts';
import { contentSize } from '../structure/content.ts';
import { meaningOf, readField } from '../structure/field-structure.ts';
import { flatItems, type StructureItem } from '../structure/read-structure.ts';
import type { Message } from './message.ts';

/** What the fields of ISO 8583 hide, in a dialect that does not say so. */
const USUAL_SECRETS: Readonly<Record<number, Secret>> = {
  2: 'pan',
  34: 'pan',
  35: 'track',
  36: 'track',
  45: 'track',
  52: 'pin',
  55: 'emv',
};

/** Why a field is not shown: what its dialect says, or what ISO 8583 has in it. */
export function secretOf(dialect: Dialect, field: number): Secret | undefined {
  return dialect.fields[field]?.secret ?? USUAL_SECRETS[field];
}

/** A stretch of a field's content that must not be seen, in characters or bytes of it. */
export interface SecretSpan {
  readonly at: number;
  readonly size: number;
  readonly secret: Secret;
}

/**
 * What must not be seen of a field, by its structure: the parts that are called secret, card numbers
 * in free text, and bytes of a payload that nobody explains. `all` where the structure knows secrets
 * and the value does not follow it: then nobody can say where they are.
 */
export function secretSpans(
  dialect: Dialect,
  message: Message,
  field: number,
): readonly SecretSpan[] | 'all' {
  const spec = dialect.fields[field];
  const value = message.fields[field] ?? '';
  if (spec === undefined) return 'all';
  const { structure } = meaningOf(dialect, message, field);
  const secret = secretOf(dialect, field);
  if (structure === undefined) {
    if (secret !== undefined) return 'all';
    if (spec.class === 'b' || IDENTITY_FIELDS.includes(field)) return [];
    return typeof spec.length === 'number' ? numberSpans(value, 0) : longNumberSpans(value);
  }
  const { items, problem } = readField(dialect, message, field);
  if (problem !== undefined) {
    if (secret !== undefined || hasSecrets(structure)) return 'all';
    return spec.class === 'b' ? [] : numberSpans(value, 0);
  }
  return flatItems(items)
    .filter((item) => item.items.length === 0)
    .flatMap((item) => itemSpans(item, secret));
}

function itemSpans(item: StructureItem, fieldSecret: Secret | undefined): readonly SecretSpan[] {
  const { at, value } = item;
  const size = contentSize(value, item.class);
  if (item.secret !== undefined) return [{ at, size, secret: item.secret }];
  // Bytes of a private payload may be anything: keys, a signature.
  if (item.class === 'b') return fieldSecret === 'payload' ? [{ at, size, secret: 'payload' }] : [];
  const isFreeText = item.class === 'ans' || item.class === 'an' || item.class === 'anp';
  return isFreeText ? numberSpans(value, at) : [];
}

/** Card numbers in a text; escapes and Chinese before them count as the bytes that they are. */
function numberSpans(text: string, base: number): SecretSpan[] {
  return cardNumbersIn(text).map(({ at, digits }) => ({
    at: base + contentSize(text.slice(0, at), 'ans'),
    size: digits.length,
    secret: 'pan',
  }));
}

/** Numbers of terminals and merchants have the length of card numbers and are none. */
const IDENTITY_FIELDS: readonly number[] = [37, 41, 42];

/**
 * Whatever is as long as a card number in a private field, spaced, glued to other digits or with track
 * data behind it: nobody says what stands there.
 */
function longNumberSpans(text: string): SecretSpan[] {
  return [...text.matchAll(/\d(?:[ -]?\d){12,}(?:[=D^]\d*)?/g)].map(({ 0: number, index }) => ({
    at: contentSize(text.slice(0, index), 'ans'),
    size: number.length,
    secret: /[=D^]/.test(number) ? 'track' : 'pan',
  }));
}

const known = new WeakMap<StructureSpec, boolean>();

/** Whether a structure calls anything in it secret. */
export function hasSecrets(structure: StructureSpec): boolean {
  const answer = known.get(structure) ?? findsSecrets(structure);
  known.set(structure, answer);
  return answer;
}

function findsSecrets(structure: StructureSpec): boolean {
  const inPart = (part: FieldPart | TagSpec): boolean =>
    part.secret !== undefined || (part.structure !== undefined && hasSecrets(part.structure));
  switch (structure.kind) {
    case 'positions':
    case 'records':
      return structure.parts.some(inPart);
    case 'sub-message':
      return Object.values(structure.fields).some(
        (spec) =>
          spec.secret !== undefined || (spec.structure !== undefined && hasSecrets(spec.structure)),
      );
    default:
      return Object.values(structure.tags ?? {}).some(inPart);
  }
}
