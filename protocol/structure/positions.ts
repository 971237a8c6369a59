import type { FieldClass } from '../dialect/dialect.ts';
import type { FieldPart, PositionsSpec, RecordsSpec } from '../dialect/structure-spec.ts';
import { isOfClass, slice, textOf, type Content } from './content.ts';
import type { Level, LevelItem, StructureProblem, Writable } from './level.ts';

/** Parts by position; a short content has fewer parts, but no half ones. */
export function readPositions(
  { parts }: PositionsSpec,
  content: Content,
  fieldClass: FieldClass,
): Level {
  const items: LevelItem[] = [];
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (at >= content.length) break;
    const key = String(index + 1);
    const end = part.size === 'rest' ? content.length : at + part.size;
    if (end > content.length) {
      const text = `"${part.name}" has ${content.length - at} of ${part.size}`;
      return { items, problem: { code: 'E_STRUCTURE', keys: [key], at, text } };
    }
    const item = partItem(part, key, slice(content, at, end), at, fieldClass);
    const problem = judgePart(part, item);
    if (problem !== undefined) return { items, problem };
    items.push(item);
    at = end;
  }
  if (at < content.length) {
    const text = `${content.length - at} more than its parts have`;
    return { items, problem: { code: 'E_STRUCTURE', keys: [], at, text } };
  }
  return { items };
}

/** Whether a text is whole parts of their classes and values; false as well where parts have parts. */
export function fitsPositions(
  { parts }: PositionsSpec,
  content: Content,
  fieldClass: FieldClass,
): boolean {
  if (typeof content !== 'string') return false;
  let at = 0;
  for (const { size, class: ownClass = fieldClass, values, structure } of parts) {
    if (at >= content.length) return true;
    const end = size === 'rest' ? content.length : at + size;
    if (end > content.length || structure !== undefined) return false;
    const text = content.slice(at, end);
    if (!isOfClass(text, ownClass)) return false;
    if (values !== undefined && !Object.hasOwn(values, text)) return false;
    at = end;
  }
  return at >= content.length;
}

function partItem(
  part: FieldPart,
  key: string,
  content: Content,
  at: number,
  fieldClass: FieldClass,
): LevelItem {
  const { name, zh, secret, structure } = part;
  const ownClass = part.class ?? fieldClass;
  const text = textOf(content, ownClass);
  const values = part.values ?? {};
  const meaning = Object.hasOwn(values, text) ? values[text] : undefined;
  const item: Writable<LevelItem> = { key, name, zh, content, at, class: ownClass };
  if (secret !== undefined) item.secret = secret;
  if (structure !== undefined) item.structure = structure;
  if (meaning !== undefined) item.meaning = meaning;
  return item;
}

function judgePart(part: FieldPart, item: LevelItem): StructureProblem | undefined {
  const text = textOf(item.content, item.class);
  const refuse = (why: string): StructureProblem => ({
    code: 'E_STRUCTURE',
    keys: [item.key],
    at: item.at,
    text: `"${part.name}" ${why}`,
  });
  if (!isOfClass(text, item.class)) return refuse(`is not of class ${item.class}`);
  if (part.values === undefined || Object.hasOwn(part.values, text)) return undefined;
  const known = Object.keys(part.values).join(', ');
  const shown = part.secret === undefined && text.length <= 12 ? `is ${text}, ` : 'is ';
  return refuse(`${shown}none of ${known}`);
}

/** Records one after another; the count in front must be their number. */
export function readRecords(spec: RecordsSpec, content: Content, fieldClass: FieldClass): Level {
  const { countDigits, parts, max } = spec;
  const size = recordSize(spec);
  const items: LevelItem[] = [];
  const refuse = (at: number, text: string): Level => ({
    items,
    problem: { code: 'E_STRUCTURE', keys: [], at, text },
  });
  const counted = textOf(slice(content, 0, countDigits), 'n');
  if (counted.length < countDigits || !/^\d*$/.test(counted)) {
    return refuse(0, `the number of records has not ${countDigits} digits`);
  }
  for (let at = countDigits; at < content.length; at += size) {
    if (at + size > content.length) {
      return refuse(at, `record ${items.length + 1} has ${content.length - at} of ${size}`);
    }
    items.push({
      key: String(items.length + 1),
      name: 'record',
      zh: '记录',
      content: slice(content, at, at + size),
      at,
      class: fieldClass,
      structure: { kind: 'positions', parts },
    });
  }
  if (countDigits > 0 && Number(counted) !== items.length) {
    return refuse(0, `${Number(counted)} records are announced, ${items.length} are there`);
  }
  if (max !== undefined && items.length > max) {
    return refuse(0, `${items.length} records where ${max} is the most`);
  }
  return { items };
}

/** Characters or bytes of one record. */
export function recordSize({ parts }: RecordsSpec): number {
  return parts.reduce((sum, part) => sum + (part.size === 'rest' ? 0 : part.size), 0);
}
