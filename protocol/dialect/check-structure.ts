import type { Report } from './check-dialect.ts';
import { checkField } from './check-field.ts';
import type { Dialect, FieldClass } from './dialect.ts';
import type { FieldPart, StructureSpec, TagSpec } from './structure-spec.ts';

/** What a structure stands in. */
interface Inside {
  /** Characters rather than bytes. */
  readonly isText: boolean;
  /** Characters or bytes at most. */
  readonly max: number;
  readonly fieldClass: FieldClass;
}

const MOST_DEPTH = 12;

/** What is wrong in the description of a field's inside. */
export function checkStructure(
  structure: StructureSpec,
  inside: Inside,
  defaults: Dialect['defaults'],
  path: readonly string[],
  report: Report,
): void {
  switch (structure.kind) {
    case 'positions':
      checkParts(structure.parts, inside, defaults, path, report, 0);
      return;
    case 'records': {
      const size = checkParts(structure.parts, inside, defaults, path, report, 0);
      const rest = structure.parts.findIndex((part) => part.size === 'rest');
      if (rest >= 0) {
        const at = [...path, 'parts', String(rest), 'size'];
        report(at, 'a record has no rest', 'give the size of every part');
      } else if (structure.countDigits + size > inside.max) {
        report(path, `one record of ${size} does not fit into ${inside.max}`, 'see length');
      }
      return;
    }
    case 'text-tlv':
    case 'fixed-tags':
      checkTags(structure, inside, defaults, path, report);
      return;
    case 'ber-tlv':
      if (inside.isText) report(path, 'BER-TLV is made of bytes', 'the field must be of class b');
      if ((structure.maxDepth ?? 1) > MOST_DEPTH || (structure.maxDepth ?? 1) < 1) {
        report([...path, 'maxDepth'], 'an impossible depth', `1 to ${MOST_DEPTH} levels`);
      }
      checkTags(structure, inside, defaults, path, report);
      return;
    case 'sub-message':
      if (inside.isText) report(path, 'a sub-message is made of bytes', 'class b, please');
      checkSubMessage(structure, path, report);
  }
}

/** Parts follow each other without gap or overlap; returns where the last one ends. */
function checkParts(
  parts: readonly FieldPart[],
  inside: Inside,
  defaults: Dialect['defaults'],
  path: readonly string[],
  report: Report,
  start: number,
): number {
  let end = start;
  for (const [index, part] of parts.entries()) {
    const at = [...path, 'parts', String(index)];
    const from = part.from === undefined ? end : part.from - 1;
    if (from < end) {
      const text = `"${part.name}" begins at ${from + 1}, inside the part before it`;
      report([...at, 'from'], text, `the part before it ends at ${end}`);
    } else if (from > end) {
      const text = `nothing covers ${end + 1} to ${from}`;
      report([...at, 'from'], text, 'name a reserved part for it');
    }
    if (part.size === 'rest') {
      if (index < parts.length - 1) {
        report([...at, 'size'], 'only the last part takes the rest', 'give its size');
      }
      end = Math.max(end, from);
    } else {
      end = from + part.size;
    }
    if (end > inside.max) {
      const text = `"${part.name}" ends at ${end}, behind the end of the field`;
      report([...at, 'size'], text, `the field has ${inside.max} at most`);
    }
    checkPart(part, inside, defaults, at, report);
  }
  return end;
}

function checkPart(
  part: FieldPart,
  inside: Inside,
  defaults: Dialect['defaults'],
  path: readonly string[],
  report: Report,
): void {
  if (inside.isText && part.class === 'b') {
    report([...path, 'class'], 'a part of a text holds no bytes', 'leave the class out');
  }
  for (const value of Object.keys(part.values ?? {})) {
    if (part.size === 'rest' || isOfSize(value, part.size, part.class ?? inside.fieldClass))
      continue;
    const text = `"${value}" has not the size of its part`;
    report([...path, 'values'], text, `${part.size} characters are due`);
  }
  if (part.structure === undefined) return;
  const isText = inside.isText || (part.class !== undefined && part.class !== 'b');
  const fieldClass = part.class ?? inside.fieldClass;
  const max = part.size === 'rest' ? inside.max : part.size;
  checkStructure(
    part.structure,
    { isText, max, fieldClass },
    defaults,
    [...path, 'structure'],
    report,
  );
}

/** Bytes are written as hex; of a Chinese text the schema cannot know the bytes. */
function isOfSize(value: string, size: number, fieldClass: FieldClass): boolean {
  if (fieldClass === 'b') return /^([0-9A-F]{2})*$/.test(value) && value.length === size * 2;
  return value.length === size || /[^\x20-\x7E]/.test(value);
}

function checkTags(
  structure: Extract<StructureSpec, { kind: 'text-tlv' | 'fixed-tags' | 'ber-tlv' }>,
  inside: Inside,
  defaults: Dialect['defaults'],
  path: readonly string[],
  report: Report,
): void {
  const tags: readonly [string, TagSpec][] = Object.entries(structure.tags ?? {});
  for (const [tag, spec] of tags) {
    const at = [...path, 'tags', tag];
    if (structure.kind === 'ber-tlv') {
      if (!/^([0-9A-F]{2}){1,4}$/.test(tag)) {
        report(at, `"${tag}" is no BER tag`, 'upper-case hex of one to four bytes, such as 9F26');
      }
    } else if (tag.length !== structure.tagCharacters) {
      report(at, `"${tag}" has not ${structure.tagCharacters} characters`, 'see tagCharacters');
    }
    if (spec.structure !== undefined) {
      const max = spec.size ?? inside.max;
      checkStructure(spec.structure, { ...inside, max }, defaults, [...at, 'structure'], report);
    }
  }
}

function checkSubMessage(
  structure: Extract<StructureSpec, { kind: 'sub-message' }>,
  path: readonly string[],
  report: Report,
): void {
  const bits = structure.bitmap === undefined ? 192 : structure.bitmap.bytes * 8;
  for (const [key, spec] of Object.entries(structure.fields)) {
    const at = [...path, 'fields', key];
    const field = Number(key);
    if (field < 1 || field > bits) {
      report(at, `sub-field ${key} has no bit`, `there are ${bits}`);
    }
    if (spec.variants !== undefined) {
      report([...at, 'variants'], 'a sub-field has no variants', 'give its structure');
    }
    checkField(spec, {}, at, report);
  }
}
