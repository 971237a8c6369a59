import { encodingOf } from '../codec/compile-field.ts';
import { conditionTest } from '../dialect/condition.ts';
import type { Dialect, FieldSpec } from '../dialect/dialect.ts';
import { perDialect } from '../dialect/per-dialect.ts';
import type { StructureSpec } from '../dialect/structure-spec.ts';
import type { Message } from '../message/message.ts';
import { contentOf, textOf, type Content } from './content.ts';
import { fitsPositions } from './positions.ts';
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
  if (spec.variants === undefined) return spec;
  for (const { variant, isMet } of readyVariants(dialect, spec.variants)) {
    if (isMet(message)) return variant;
  }
  return spec;
}

/** The variants of a field, each with the question whether it fits a message. */
const readyVariants = perDialect((dialect, variants: NonNullable<FieldSpec['variants']>) =>
  Object.values(variants).map((variant) => {
    return { variant, isMet: conditionTest(variant.when, (path) => readerOf(dialect, path)) };
  }),
);

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

/** What is wrong inside a field, as {@link readField} finds it, without keeping what is right. */
export function fieldProblem(
  dialect: Dialect,
  message: Message,
  field: number,
): StructureReading['problem'] {
  const value = message.fields[field];
  const spec = dialect.fields[field];
  if (value === undefined || spec === undefined) return undefined;
  if (spec.structure === undefined && spec.variants === undefined) return undefined;
  const { structure } = meaningOf(dialect, message, field);
  if (structure === undefined) return undefined;
  const content = fieldContent(dialect, spec, value);
  if (structure.kind === 'positions' && fitsPositions(structure, content, spec.class)) {
    return undefined;
  }
  return readStructure(structure, content, spec.class, String(field)).problem;
}

/**
 * The value at a path: `mti`, a field (`41`), or what is inside of one (`60.2`, `55.9F26`); of a tag
 * that comes twice the first. Undefined when it is not there.
 */
export function readPath(dialect: Dialect, message: Message, path: string): string | undefined {
  return readerOf(dialect, path)(message);
}

type PathReader = (message: Message) => string | undefined;

/** Rules ask for the same few paths again and again. */
const readers = new WeakMap<Dialect, Map<string, PathReader>>();
const MOST_PATHS = 1000;
let lastDialect: Dialect | undefined;
let lastReaders = new Map<string, PathReader>();

/** Reads the value at one path out of many messages. */
export function readerOf(dialect: Dialect, path: string): PathReader {
  if (dialect !== lastDialect) {
    lastReaders = readers.get(dialect) ?? new Map();
    readers.set(dialect, lastReaders);
    lastDialect = dialect;
  }
  const known = lastReaders.get(path);
  if (known !== undefined) return known;
  const made = makeReader(dialect, path);
  if (lastReaders.size >= MOST_PATHS) lastReaders.clear();
  lastReaders.set(path, made);
  return made;
}

function makeReader(dialect: Dialect, path: string): PathReader {
  if (path === 'mti') return ({ mti }) => mti;
  const [head = '', ...keys] = path.split('.');
  // 0 for what is no field: no message has it.
  const field = isNumber(head) ? Number(head) : 0;
  if (keys.length === 0) return ({ fields }) => fields[field];
  const spec = dialect.fields[field];
  if (spec === undefined) return () => undefined;
  const place =
    spec.variants === undefined ? placeOf(dialect, spec, spec.structure, keys) : undefined;
  if (place !== undefined) return ({ fields }) => sliceAt(fields[field], place);
  return (message) => {
    const value = message.fields[field];
    if (value === undefined) return undefined;
    const { structure } = meaningOf(dialect, message, field);
    const here = placeOf(dialect, spec, structure, keys);
    if (here !== undefined) return sliceAt(value, here);
    return descend(structure, fieldContent(dialect, spec, value), spec, keys);
  };
}

/** Characters of a value from the first to before the last; `to` is undefined for all that are left. */
interface Place {
  readonly from: number;
  readonly to: number | undefined;
}

const NOWHERE: Place = { from: Infinity, to: undefined };

/** Where a part stands in the text of its field; undefined where that takes more than counting. */
function placeOf(
  { defaults }: Dialect,
  spec: FieldSpec,
  structure: StructureSpec | undefined,
  keys: readonly string[],
): Place | undefined {
  const isCounted = structure?.kind === 'positions' && keys.length === 1 && isNumber(keys[0]);
  if (!isCounted || spec.class === 'b' || encodingOf(spec, defaults) === 'gbk') return undefined;
  const wanted = Number(keys[0]);
  let from = 0;
  for (const [index, { size }] of structure.parts.entries()) {
    const to = size === 'rest' ? undefined : from + size;
    if (index + 1 === wanted) return { from, to };
    if (to === undefined) break;
    from = to;
  }
  return NOWHERE;
}

function sliceAt(value: string | undefined, { from, to }: Place): string | undefined {
  if (value === undefined || from >= value.length) return undefined;
  if (to === undefined) return value.slice(from);
  return to <= value.length ? value.slice(from, to) : undefined;
}

/** A part has one name: `60.1`, not `60.01`. */
function isNumber(key: string | undefined): boolean {
  return key !== undefined && /^[1-9]\d*$/.test(key);
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
