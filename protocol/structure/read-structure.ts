import type { FieldClass, Secret } from '../dialect/dialect.ts';
import type { StructureSpec } from '../dialect/structure-spec.ts';
import type { ErrorCode } from '../errors/error-table.ts';
import { textOf, type Content } from './content.ts';
import type { LevelItem, StructureProblem, Writable } from './level.ts';
import { readLevel } from './read-level.ts';

/** A part, tag or sub-field with everything inside of it. */
export interface StructureItem {
  /** `60.2`, `55.9F26`, `48.1.3`. */
  readonly path: string;
  readonly name: string;
  readonly zh: string;
  /** Text, or upper-case hex for bytes. */
  readonly value: string;
  /** Characters or bytes from the beginning of the field's value. */
  readonly at: number;
  readonly class: FieldClass;
  readonly secret?: Secret;
  readonly meaning?: string;
  readonly items: readonly StructureItem[];
}

export interface StructureReading {
  readonly items: readonly StructureItem[];
  /** The first place that does not follow the structure. */
  readonly problem?: {
    readonly code: ErrorCode;
    readonly path: string;
    readonly at: number;
    readonly text: string;
  };
}

/** Everything inside a content, as far as it follows its structure. */
export function readStructure(
  structure: StructureSpec,
  content: Content,
  fieldClass: FieldClass,
  path: string,
  base = 0,
  isInTemplate = false,
): StructureReading {
  const isTooDeep = structure.kind === 'ber-tlv' && structure.maxDepth === 0;
  if (isTooDeep) {
    const text = 'more levels than the dialect allows';
    return { items: [], problem: { code: 'E_TLV_DEPTH', path, at: base, text } };
  }
  const level = readLevel(structure, content, fieldClass);
  const items: StructureItem[] = [];
  for (const item of level.items) {
    const own = itemOf(item, path, base);
    if (item.structure === undefined) {
      items.push(own);
      continue;
    }
    const isNested = structure.kind === 'ber-tlv' && item.structure.kind === 'ber-tlv';
    const { content: inner, class: innerClass } = item;
    const inside = readStructure(item.structure, inner, innerClass, own.path, own.at, isNested);
    items.push({ ...own, items: inside.items });
    if (inside.problem === undefined) continue;
    return { items, problem: inside.problem };
  }
  if (level.problem === undefined) return { items };
  const problem = placed(level.problem, path, base);
  return { items, problem: isInTemplate ? overrun(problem) : problem };
}

function itemOf(item: LevelItem, path: string, base: number): StructureItem {
  const own: Writable<StructureItem> = {
    path: `${path}.${item.key}`,
    name: item.name,
    zh: item.zh,
    value: textOf(item.content, item.class),
    at: base + item.at,
    class: item.class,
    items: [],
  };
  if (item.secret !== undefined) own.secret = item.secret;
  if (item.meaning !== undefined) own.meaning = item.meaning;
  return own;
}

type PlacedProblem = NonNullable<StructureReading['problem']>;

function placed(problem: StructureProblem, path: string, base: number): PlacedProblem {
  const { code, keys, at, text } = problem;
  return { code, path: [path, ...keys].join('.'), at: base + at, text };
}

/** What is cut short inside a template is longer than the template, which was whole itself. */
function overrun(problem: PlacedProblem): PlacedProblem {
  return problem.code === 'E_TLV_TRUNCATED' ? { ...problem, code: 'E_TLV_OVERRUN' } : problem;
}

/** All items, outer ones before what is inside of them. */
export function flatItems(items: readonly StructureItem[]): StructureItem[] {
  return items.flatMap((item) => [item, ...flatItems(item.items)]);
}
