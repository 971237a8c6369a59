import { asciiText } from '../bytes/ascii.ts';
import { fromHex } from '../bytes/hex.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { holds } from '../dialect/condition.ts';
import { meaningOf, readField, readPath } from '../structure/field-structure.ts';
import { flatItems, type StructureItem } from '../structure/read-structure.ts';
import { formatYuan } from './amount.ts';
import { transactionOf } from './check-message.ts';
import type { FieldPlace } from './decode-message.ts';
import { maskedItems, maskField } from './mask.ts';
import { isRequestMti, type Message } from './message.ts';

export interface FieldDescription {
  readonly field: number;
  readonly name: string;
  readonly zh: string;
  /** Masked, unless everything is to be seen. */
  readonly value: string;
  /** What the value means, or its sub-fields; masked as well. */
  readonly details: readonly string[];
  /** What is inside by path, masked as well; without what comes twice. */
  readonly parts: Readonly<Record<string, string>>;
  readonly offset?: number;
  readonly lengthBytes?: number;
}

export interface MessageDescription {
  readonly mti: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly fields: readonly FieldDescription[];
}

/** A message as a person reads it, masked unless `isUnmasked`. */
export function describeMessage(
  dialect: Dialect,
  message: Message,
  places: readonly FieldPlace[] = [],
  isUnmasked = false,
): MessageDescription {
  const placeOf = new Map(places.map((place) => [place.field, place]));
  const fields = Object.keys(message.fields).map((key): FieldDescription => {
    const field = Number(key);
    const place = placeOf.get(field);
    const { name, zh } = meaningOf(dialect, message, field);
    const items = isUnmasked
      ? flatItems(readField(dialect, message, field).items)
      : maskedItems(dialect, message, field);
    const leaves = items.filter((item) => item.items.length === 0);
    return {
      field,
      name,
      zh,
      value: isUnmasked ? (message.fields[field] ?? '') : maskField(dialect, message, field),
      details: detailsOf(dialect, message, field, leaves),
      parts: Object.fromEntries(unique(leaves).map(({ path, value }) => [path, value])),
      ...(place === undefined ? {} : { offset: place.offset, lengthBytes: place.lengthBytes }),
    };
  });
  return { mti: message.mti, title: titleOf(dialect, message), fields };
}

/** Items that their path names alone: of a tag that comes twice no path says which one is meant. */
function unique(items: readonly StructureItem[]): readonly StructureItem[] {
  const times = new Map<string, number>();
  for (const { path } of items) times.set(path, (times.get(path) ?? 0) + 1);
  return items.filter(({ path }) => times.get(path) === 1);
}

/** Name of the transaction, for requests and for their answers; what is assumed of them is said. */
export function titleOf(dialect: Dialect, message: Message): Title {
  const { en, zh } = plainTitle(dialect, message);
  const assumed = assumedOf(dialect, message);
  return assumed === undefined
    ? { en, zh }
    : { en: `${en} (${assumed.en})`, zh: `${zh}（${assumed.zh}）` };
}

/** What this message rests on that no source states for certain. */
export function assumedOf(dialect: Dialect, message: Message): Title | undefined {
  const read = (path: string): string | undefined => readPath(dialect, message, path);
  const found = dialect.assumed.find(({ when }) => holds(when, read));
  return found === undefined ? undefined : { en: found.en, zh: found.zh };
}

interface Title {
  readonly en: string;
  readonly zh: string;
}

function plainTitle(dialect: Dialect, message: Message): Title {
  const isRequest = isRequestMti(message.mti);
  const transaction = transactionOf(dialect, message);
  if (transaction === undefined) {
    return isRequest
      ? { en: 'unknown request', zh: '未知请求' }
      : { en: 'unknown answer', zh: '未知应答' };
  }
  const { name, zh } = transaction;
  return isRequest
    ? { en: `${name} request`, zh: `${zh}请求` }
    : { en: `${name} answer`, zh: `${zh}应答` };
}

function detailsOf(
  dialect: Dialect,
  message: Message,
  field: number,
  leaves: readonly StructureItem[],
): string[] {
  const value = message.fields[field] ?? '';
  if (field === 4 && /^\d{12}$/.test(value)) return [formatYuan(Number(value))];
  if (field === 39) {
    const code = dialect.responseCodes[value];
    const isReason = message.mti === '0400';
    return code === undefined || isReason ? [] : [`${code.en} ${code.zh}`];
  }
  if (field === dialect.macField && dialect.fields[field]?.class === 'b') return [macText(value)];
  return leaves.map(({ path, name, value: part, meaning }) => {
    const words = [path, name, part.trim(), meaning === undefined ? '' : `(${meaning})`];
    return words.filter((word) => word !== '').join(' ');
  });
}

function macText(hex: string): string {
  const text = asciiText(fromHex(hex));
  return /^[\x20-\x7E]{8}$/.test(text) ? `"${text}"` : 'binary';
}
