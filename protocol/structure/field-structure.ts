import { encodingOf } from '../codec/compile-field.ts';
import { holds } from '../dialect/condition.ts';
import type { Dialect, FieldSpec } from '../dialect/dialect.ts';
import type { StructureSpec } from '../dialect/structure-spec.ts';
import type { Message } from '../message/message.ts';
import { contentOf, textOf, type Content } from './content.ts';
import { readLevel } from './read-level.ts';
import { readStructure, type StructureReading } from './read-structure.ts';

/** What a field is in one message: its variant there, or itself. */
export interface FieldMeaning {
  readonly name: string;
  readonly zh: string;
  readonly structure?: StructureSpec;
}

/** The variant of a field that fits the message, or its own name and structure. */
export function meaningOf(dialect: Dialect, message: Message, field: number): FieldMeaning {
  const spec = dialect.fields[field];
  if (spec === undefined) return { name: 'undefined', zh: '未定义' };
  if (spec.variants !== undefined) {
    const read = (path: string): string | undefined => readPath(dialect, message, path);
    for (const variant of Object.values(spec.variants)) {
      if (holds(variant.when, read)) return variant;
    }
  }
  return spec;
}

export function fieldContent(dialect: Dialect, spec: FieldSpec, value: string): Content {
  return contentOf(spec, encodingOf(spec, dialect.defaults), value);
}

/** What is inside a field of a message; nothing for a field without structure. */
export function readField(dialect: Dialect, message: Message, field: number): StructureReading {
  const value = message.fields[field];
  const spec = dialect.fields[field];
  if (value === undefined || spec === undefined) return { items: [] };
  const { structure } = meaningOf(dialect, message, field);
  if (structure === undefined) return { items: [] };
  const content = fieldContent(dialect, spec, value);
  return readStructure(structure, content, spec.class, String(field));
}

/**
 * The value at a path: `mti`, a field (`41`), or what is inside of one (`60.2`, `55.9F26`); of a tag
 * that comes twice the first. Undefined when it is not there.
 */
export function readPath(dialect: Dialect, message: Message, path: string): string | undefined {
  if (path === 'mti') return message.mti;
  const { field, keys } = parsePath(path);
  const value = message.fields[field];
  if (keys.length === 0 || value === undefined) return value;
  const spec = dialect.fields[field];
  if (spec === undefined) return undefined;
  const { structure } = meaningOf(dialect, message, field);
  if (
    structure?.kind === 'positions' &&
    keys.length === 1 &&
    spec.class !== 'b' &&
    isNumber(keys[0])
  ) {
    const quick = positionOf(structure.parts, Number(keys[0]), value);
    const isPlain = encodingOf(spec, dialect.defaults) !== 'gbk';
    if (isPlain) return quick;
  }
  return descend(structure, fieldContent(dialect, spec, value), spec, keys);
}

interface Path {
  /** 0, which no message has, for what is no field. */
  readonly field: number;
  readonly keys: readonly string[];
}

/** Rules ask for the same few paths again and again. */
const parsed = new Map<string, Path>();
const MOST_PATHS = 1000;

function parsePath(path: string): Path {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const [head = '', ...keys] = path.split('.');
  const found = { field: isNumber(head) ? Number(head) : 0, keys };
  if (parsed.size >= MOST_PATHS) parsed.clear();
  parsed.set(path, found);
  return found;
}

/** A part has one name: `60.1`, not `60.01`. */
function isNumber(key: string | undefined): boolean {
  return key !== undefined && /^[1-9]\d*$/.test(key);
}

function positionOf(
  parts: readonly { readonly size: number | 'rest' }[],
  number: number,
  value: string,
): string | undefined {
  let at = 0;
  for (const [index, { size }] of parts.entries()) {
    const end = size === 'rest' ? value.length : at + size;
    if (index + 1 === number) {
      const isThere = at < value.length && end <= value.length;
      return isThere ? value.slice(at, end) : undefined;
    }
    at = end;
  }
  return undefined;
}

function descend(
  outermost: StructureSpec | undefined,
  whole: Content,
  spec: FieldSpec,
  keys: readonly string[],
): string | undefined {
  let structure = outermost;
  let content = whole;
  let fieldClass = spec.class;
  for (const key of keys) {
    if (structure === undefined) return undefined;
    if (structure.kind === 'ber-tlv' && structure.maxDepth === 0) return undefined;
    const item = readLevel(structure, content, fieldClass).items.find((each) => each.key === key);
    if (item === undefined) return undefined;
    structure = item.structure;
    content = item.content;
    fieldClass = item.class;
  }
  return textOf(content, fieldClass);
}
