import { encodingOf } from '../codec/compile-field.ts';
import type { Dialect, FieldClass } from '../dialect/dialect.ts';
import type { StructureSpec, TagSpec } from '../dialect/structure-spec.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { Message } from '../message/message.ts';
import { encodeGbk } from '../bytes/gbk.ts';
import { fromHex } from '../bytes/hex.ts';
import { isTemplate, scanTlv, tlvHead } from './ber-tlv.ts';
import { contentFrom, join, slice, textOf, type Content } from './content.ts';
import { fieldContent, meaningOf } from './field-structure.ts';
import { bytesOf, insideOf, readLevel } from './read-level.ts';
import { recordSize } from './positions.ts';
import { joinTextTlv, tagOf } from './text-tlv.ts';
import { writeSubMessage } from './sub-message.ts';

/** The step that is being written: where it is, what is in it, and what it holds afterwards. */
interface Step {
  readonly path: string;
  readonly key: string;
  /** The steps below, for what is inside. */
  readonly below: readonly string[];
  readonly value: string;
}

/**
 * A message with one value written: a field, or what is inside of one. A tag that is not there yet is
 * added at the end, a part right behind the last one.
 * @throws E_PATH where the path leads nowhere, E_FIELD_VALUE where the value does not fit
 */
export function writePath(
  dialect: Dialect,
  message: Message,
  path: string,
  value: string,
): Message {
  const [head = '', ...keys] = path.split('.');
  if (head === 'mti' && keys.length === 0) return { ...message, mti: value };
  const field = Number(head);
  const spec = dialect.fields[field];
  if (!/^[1-9]\d*$/.test(head) || spec === undefined) {
    throw new CountersignError('E_UNDEFINED_FIELD', { path: head });
  }
  if (keys.length === 0) {
    return { ...message, fields: { ...message.fields, [field]: value } };
  }
  const { structure } = meaningOf(dialect, message, field);
  const old = message.fields[field] ?? '';
  if (encodingOf(spec, dialect.defaults) === 'gbk' && encodeGbk(old) === undefined) {
    const text = 'a character has no GBK form';
    throw new CountersignError('E_FIELD_VALUE', { path: head, text });
  }
  const content = fieldContent(dialect, spec, old);
  const written = writeInside(structure, content, spec.class, head, keys, value);
  const isGbk = encodingOf(spec, dialect.defaults) === 'gbk';
  const text = textOf(written, isGbk ? 'ans' : spec.class);
  return { ...message, fields: { ...message.fields, [field]: text } };
}

function writeInside(
  structure: StructureSpec | undefined,
  content: Content,
  fieldClass: FieldClass,
  path: string,
  keys: readonly string[],
  value: string,
): Content {
  const [key = '', ...below] = keys;
  if (structure === undefined) {
    throw new CountersignError('E_PATH', { path: `${path}.${key}`, text: 'nothing is inside' });
  }
  if (structure.kind === 'ber-tlv' && structure.maxDepth === 0) {
    const text = 'more levels than the dialect allows';
    throw new CountersignError('E_TLV_DEPTH', { path, text });
  }
  const level = readLevel(structure, content, fieldClass);
  // Nothing there yet is where something begins.
  if (level.problem !== undefined && content.length > 0) {
    const { code, at, text } = level.problem;
    throw new CountersignError(code, { path, offset: at, text });
  }
  const step: Step = { path: `${path}.${key}`, key, below, value };
  switch (structure.kind) {
    case 'positions':
      return writePosition(structure.parts, content, fieldClass, step);
    case 'records':
      return writeRecord(structure, content, fieldClass, step);
    case 'text-tlv':
    case 'fixed-tags':
      return writeTag(structure, content, fieldClass, step);
    case 'ber-tlv':
      return writeBerTag(structure, bytesOf(content), step);
    case 'sub-message':
      return writeSubField(structure, bytesOf(content), step);
  }
}

/** What a step holds afterwards: the value, or its content with the value written further inside. */
function innerContent(
  step: Step,
  structure: StructureSpec | undefined,
  old: Content,
  itemClass: FieldClass,
  isText: boolean,
): Content {
  if (step.below.length > 0) {
    return writeInside(structure, old, itemClass, step.path, step.below, step.value);
  }
  const content = contentFrom(step.value, itemClass, isText);
  if (content !== undefined) return content;
  const text = itemClass === 'b' ? 'not upper-case hex' : 'a character has no GBK form';
  throw new CountersignError('E_FIELD_VALUE', { path: step.path, text });
}

function writePosition(
  parts: Extract<StructureSpec, { kind: 'positions' }>['parts'],
  content: Content,
  fieldClass: FieldClass,
  step: Step,
): Content {
  const part = parts[Number(step.key) - 1];
  if (part === undefined || !/^[1-9]\d*$/.test(step.key)) {
    throw new CountersignError('E_PATH', {
      path: step.path,
      text: `${parts.length} parts are known`,
    });
  }
  let at = 0;
  for (const each of parts.slice(0, Number(step.key) - 1))
    at += each.size === 'rest' ? 0 : each.size;
  if (at > content.length) {
    throw new CountersignError('E_PATH', {
      path: step.path,
      text: 'the part before it is missing',
    });
  }
  const end = part.size === 'rest' ? content.length : Math.min(at + part.size, content.length);
  const isText = typeof content === 'string';
  const old = slice(content, at, end);
  const inner = innerContent(step, part.structure, old, part.class ?? fieldClass, isText);
  if (part.size !== 'rest' && inner.length !== part.size) {
    const text = `length ${inner.length} where ${part.size} is due`;
    throw new CountersignError('E_FIELD_VALUE', { path: step.path, text });
  }
  return join([slice(content, 0, at), inner, slice(content, end, content.length)]);
}

function writeRecord(
  spec: Extract<StructureSpec, { kind: 'records' }>,
  content: Content,
  fieldClass: FieldClass,
  step: Step,
): Content {
  const size = recordSize(spec);
  const count = Math.floor(Math.max(0, content.length - spec.countDigits) / size);
  const number = Number(step.key);
  const most = Math.min(
    spec.max ?? Number.POSITIVE_INFINITY,
    spec.countDigits === 0 ? Number.POSITIVE_INFINITY : 10 ** spec.countDigits - 1,
  );
  if (!/^[1-9]\d*$/.test(step.key) || number > count + 1 || number > most) {
    const text = `there are ${count} of ${most} at most, and the next is ${count + 1}`;
    throw new CountersignError('E_PATH', { path: step.path, text });
  }
  const at = spec.countDigits + (number - 1) * size;
  const old = slice(content, at, at + size);
  const isText = typeof content === 'string';
  const inside: StructureSpec = { kind: 'positions', parts: spec.parts };
  const inner = innerContent(step, inside, old, fieldClass, isText);
  if (inner.length !== size) {
    const text = `length ${inner.length} where ${size} is due`;
    throw new CountersignError('E_FIELD_VALUE', { path: step.path, text });
  }
  const digits = String(Math.max(count, number)).padStart(spec.countDigits, '0');
  const counter = spec.countDigits === 0 ? '' : digits;
  const head = contentFrom(counter, 'ans', isText) ?? counter;
  const before = slice(content, Math.min(spec.countDigits, content.length), at);
  return join([head, before, inner, slice(content, at + size, content.length)]);
}

function writeTag(
  structure: Extract<StructureSpec, { kind: 'text-tlv' | 'fixed-tags' }>,
  content: Content,
  fieldClass: FieldClass,
  step: Step,
): Content {
  const { items } = readLevel(structure, content, fieldClass);
  if (step.key.length !== structure.tagCharacters || !/^[0-9A-Za-z]+$/.test(step.key)) {
    const text = `a tag has ${structure.tagCharacters} characters`;
    throw new CountersignError('E_PATH', { path: step.path, text });
  }
  const known = tagOf(structure.tags, step.key);
  const old = onlyOne(items, step);
  const isText = typeof content === 'string';
  const itemClass = fieldClass === 'b' ? 'ans' : fieldClass;
  const empty = isText ? '' : new Uint8Array(0);
  const inner = innerContent(step, known?.structure, old?.content ?? empty, itemClass, isText);
  if (structure.kind === 'fixed-tags' && known === undefined) {
    throw new CountersignError('E_PATH', { path: step.path, text: 'no such tag is known' });
  }
  judgeSize(known, inner, step);
  const most = structure.kind === 'fixed-tags' ? known?.size : 10 ** structure.lengthDigits - 1;
  const isWrong = structure.kind === 'fixed-tags' ? inner.length !== most : inner.length > most!;
  if (isWrong) {
    const text = `length ${inner.length}, ${most ?? 'unknown tag'}`;
    throw new CountersignError('E_FIELD_VALUE', { path: step.path, text });
  }
  const written = { key: step.key, content: inner };
  const all =
    old === undefined ? [...items, written] : items.map((each) => (each === old ? written : each));
  const joined = joinTextTlv(structure, all);
  return isText || typeof joined !== 'string' ? joined : bytesOf(joined);
}

function writeBerTag(
  structure: Extract<StructureSpec, { kind: 'ber-tlv' }>,
  bytes: Uint8Array,
  step: Step,
): Content {
  const probe = scanTlv(fromHex(/^([0-9A-F]{2})+$/.test(step.key) ? `${step.key}00` : '00'));
  if (probe.problem !== undefined || probe.places[0]?.tag !== step.key) {
    throw new CountersignError('E_PATH', { path: step.path, text: 'this is no BER tag' });
  }
  const { items } = readLevel(structure, bytes, 'b');
  const old = onlyOne(items, step);
  const { places } = scanTlv(bytes);
  const known = tagOf(structure.tags, step.key);
  const deeper = isTemplate(step.key, structure.primitive) ? insideOf(structure) : undefined;
  const inside = known?.structure ?? deeper;
  const inner = bytesOf(innerContent(step, inside, old?.content ?? new Uint8Array(0), 'b', false));
  judgeSize(known, inner, step);
  const pieces: Content[] = [];
  let from = 0;
  for (const place of places) {
    const isOld = old !== undefined && place.tag === step.key;
    if (isOld) pieces.push(fromHex(tlvHead(step.key, inner.length, place.lengthBytes)), inner);
    else pieces.push(bytes.subarray(from, place.to));
    from = place.to;
  }
  if (old === undefined) pieces.push(fromHex(tlvHead(step.key, inner.length)), inner);
  return join(pieces);
}

function judgeSize(known: TagSpec | undefined, inner: Content, step: Step): void {
  if (known?.size === undefined || inner.length === known.size) return;
  const text = `length ${inner.length} where ${known.size} is due`;
  throw new CountersignError('E_FIELD_VALUE', { path: step.path, text });
}

function onlyOne<T extends { readonly key: string }>(
  items: readonly T[],
  step: Step,
): T | undefined {
  const [first, second] = items.filter(({ key }) => key === step.key);
  if (second === undefined) return first;
  throw new CountersignError('E_PATH', { path: step.path, text: 'the tag comes twice' });
}

function writeSubField(
  structure: Extract<StructureSpec, { kind: 'sub-message' }>,
  bytes: Uint8Array,
  step: Step,
): Content {
  const spec = /^[1-9]\d*$/.test(step.key) ? structure.fields[Number(step.key)] : undefined;
  if (spec === undefined) throw new CountersignError('E_UNDEFINED_FIELD', { path: step.path });
  const level = bytes.length === 0 ? [] : readLevel(structure, bytes, 'b').items;
  refuseGap(structure, level.length, step);
  const fields = new Map(level.map((item) => [Number(item.key), textOf(item.content, item.class)]));
  const isText = spec.class !== 'b' && encodingOf(spec, {}) !== 'gbk';
  const old =
    level.find(({ key }) => key === step.key)?.content ?? (isText ? '' : new Uint8Array(0));
  const inner = innerContent(step, spec.structure, old, spec.class, isText);
  fields.set(Number(step.key), textOf(inner, spec.class));
  const parent = step.path.slice(0, step.path.lastIndexOf('.'));
  return writeSubMessage(structure, fields, parent);
}

/** Without a bitmap only order tells which field is which: nothing may be left out in between. */
function refuseGap(
  structure: Extract<StructureSpec, { kind: 'sub-message' }>,
  present: number,
  step: Step,
): void {
  if (structure.bitmap !== undefined) return;
  const place = Object.keys(structure.fields).indexOf(step.key);
  if (place <= present) return;
  throw new CountersignError('E_PATH', { path: step.path, text: 'the one before it is missing' });
}
