import type { Dialect } from '../dialect/dialect.ts';
import type { Message } from './message.ts';
import { TAG_NAMES } from '../dialects/tag-names.ts';
import { formatYuan } from './amount.ts';
import { classifyRequest } from './classify-request.ts';
import type { FieldPlace } from './decode-message.ts';
import { maskField } from './mask.ts';
import { partsOf } from './read-part.ts';
import { decodeTlv, type TlvItem } from './ber-tlv.ts';
import { isRequestMti } from './message.ts';

export interface FieldDescription {
  readonly field: number;
  readonly name: string;
  readonly zh: string;
  /** Masked. */
  readonly value: string;
  /** What the value means, or its sub-fields; masked as well. */
  readonly details: readonly string[];
  readonly offset?: number;
  readonly lengthBytes?: number;
}

export interface MessageDescription {
  readonly mti: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly fields: readonly FieldDescription[];
}

/** A message as a person reads it, masked. */
export function describeMessage(
  dialect: Dialect,
  message: Message,
  places: readonly FieldPlace[] = [],
): MessageDescription {
  const placeOf = new Map(places.map((place) => [place.field, place]));
  const fields = Object.keys(message.fields).map((key): FieldDescription => {
    const field = Number(key);
    const spec = dialect.fields[field];
    const place = placeOf.get(field);
    return {
      field,
      name: spec?.name ?? 'undefined',
      zh: spec?.zh ?? '未定义',
      value: maskField(dialect, message, field),
      details: detailsOf(dialect, message, field),
      ...(place === undefined ? {} : { offset: place.offset, lengthBytes: place.lengthBytes }),
    };
  });
  return { mti: message.mti, title: titleOf(dialect, message), fields };
}

/** Name of the transaction, for requests and for their answers. */
export function titleOf(dialect: Dialect, message: Message): { en: string; zh: string } {
  const isRequest = isRequestMti(message.mti);
  const mti = isRequest
    ? message.mti
    : String(Number(message.mti) - 10).padStart(message.mti.length, '0');
  const found = classifyRequest(dialect, { ...message, mti });
  if (found.kind !== 'known') {
    return isRequest
      ? { en: 'unknown request', zh: '未知请求' }
      : { en: 'unknown answer', zh: '未知应答' };
  }
  const { name, zh } = found.transaction;
  return isRequest
    ? { en: `${name} request`, zh: `${zh}请求` }
    : { en: `${name} answer`, zh: `${zh}应答` };
}

function detailsOf(dialect: Dialect, message: Message, field: number): string[] {
  const value = message.fields[field] ?? '';
  const spec = dialect.fields[field];
  if (field === 4 && /^\d{12}$/.test(value)) return [formatYuan(Number(value))];
  if (field === 39) {
    const code = dialect.responseCodes[value];
    const isReason = message.mti === '0400';
    return code === undefined || isReason ? [] : [`${code.en} ${code.zh}`];
  }
  if (field === 22 && value.length === 3) return [entryText(dialect, value)];
  if (field === 64) return [macText(value)];
  if (spec?.parts !== undefined && !value.startsWith('SM016')) {
    return partsOf(dialect, message, field)
      .filter((each) => each.value !== value)
      .map((each) => `${each.path} ${each.part.name} ${each.value.trim()}`);
  }
  if (spec?.tlv === 'ber') return tlvDetails(maskField(dialect, message, field));
  return [];
}

const ENTRY_TEXTS: Readonly<Record<string, string>> = {
  swipe: 'magnetic stripe',
  chip: 'chip, contact',
  contactless: 'contactless',
  keyed: 'keyed by hand',
};

function entryText(dialect: Dialect, value: string): string {
  const mode = Object.entries(dialect.entryModes).find(([, digits]) => value.startsWith(digits));
  const entry =
    mode === undefined ? `entry ${value.slice(0, 2)}` : (ENTRY_TEXTS[mode[0]] ?? mode[0]);
  const pin =
    value[2] === dialect.pinDigits.entered
      ? 'PIN entered'
      : value[2] === dialect.pinDigits.none
        ? 'no PIN'
        : 'PIN unspecified';
  return `${entry}, ${pin}`;
}

function macText(hex: string): string {
  const characters = hex
    .match(/../g)
    ?.map((pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  const text = characters?.join('') ?? '';
  return /^[\x20-\x7E]{8}$/.test(text) ? `"${text}"` : 'binary';
}

function tlvDetails(maskedHex: string): string[] {
  if (!/^([0-9A-F]{2})+$/.test(maskedHex)) return [];
  let items: TlvItem[];
  try {
    items = decodeTlv(maskedHex);
  } catch {
    return ['no BER-TLV'];
  }
  return items.map(({ tag, value }) => {
    const name = TAG_NAMES[tag];
    return name === undefined ? `${tag} ${value}` : `${tag} ${name} ${value}`;
  });
}
