import { isMap, isScalar, LineCounter, parseDocument, type Node, type Pair } from 'yaml';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { Place } from '../plan/plan.ts';

/** A parsed JSON file whose values know where they stand. */
export interface JsonFile {
  readonly value: unknown;
  /** Where the member at a path stands; the nearest one above it when it is not there. */
  placeOf(path: readonly string[]): Place;
  /** How many steps of the path are there. */
  depthOf(path: readonly string[]): number;
}

const MOST_CHARACTERS = 4 * 1024 * 1024;

/**
 * Reads JSON and keeps the places of its members.
 * @throws E_JSON with the line, and the column where it is known
 */
export function readJsonFile(file: string, content: string): JsonFile {
  // Some editors put a byte order mark in front.
  const text = content.replace(/^\uFEFF/, '');
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refuse = (what: string, place: string): CountersignError =>
    new CountersignError('E_JSON', {
      text: `${what} at ${file}:${place}`,
      hint: 'the file must be JSON: no comments, no comma behind the last member, double quotes',
    });
  if (text.length > MOST_CHARACTERS) {
    throw refuse(`${text.length} characters, at most ${MOST_CHARACTERS},`, '1:1');
  }
  if (/(?:[[{][^[\]{}]*){65}/.test(text)) throw refuse('more than 64 levels', '1:1');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it is no JSON';
    const said = reason.replace(/,? *(?:\.\.\.)?".*$| in JSON at position.*/s, '');
    throw refuse(said, positionOf(reason, text) ?? `${brokenLine(text)}:1`);
  }
  // JSON is YAML; the second reading is for places, and for keys that stand there twice.
  const parsed = parseDocument(text, { lineCounter: lines });
  const [twice] = parsed.errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  if (twice !== undefined) {
    const { line, column } = at(twice.pos[0]);
    throw refuse('a member stands there twice', `${line}:${column}`);
  }
  const walk = (path: readonly string[]): { start: number; depth: number } => {
    let node: Node | null | undefined = parsed.contents as Node | null;
    let start = node?.range?.[0] ?? 0;
    let depth = 0;
    for (const key of path) {
      const pair = pairOf(node, key);
      const inside: Node | null | undefined =
        pair === undefined ? itemOf(node, key) : (pair.value as Node | null);
      if (inside === undefined) break;
      start = (pair === undefined ? inside : (pair.key as Node))?.range?.[0] ?? start;
      node = inside;
      depth++;
    }
    return { start, depth };
  };
  return {
    value,
    placeOf: (path) => at(walk(path).start),
    depthOf: (path) => walk(path).depth,
  };
}

/** Line and column, where the reason of the parser has a position. */
function positionOf(reason: string, text: string): string | undefined {
  const position = / at position (\d+)/.exec(reason)?.[1];
  if (position === undefined) return undefined;
  const before = text.slice(0, Number(position)).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

/** The first line that no JSON goes on with: the text up to the line before is the beginning of some. */
function brokenLine(text: string): number {
  const lines = text.split('\n');
  let good = 0;
  let bad = lines.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isBeginning(lines.slice(0, middle).join('\n'))) good = middle;
    else bad = middle;
  }
  return bad;
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    const position = Number(/ at position (\d+)/.exec(reason)?.[1] ?? -1);
    return position >= text.length || /end of JSON input/.test(reason);
  }
}

function pairOf(node: Node | null | undefined, key: string): Pair | undefined {
  if (!isMap(node)) return undefined;
  return (node.items as Pair[]).find(
    (each) => isScalar(each.key) && String(each.key.value) === key,
  );
}

function itemOf(node: Node | null | undefined, key: string): Node | undefined {
  const items = (node as { items?: readonly unknown[] } | null | undefined)?.items;
  return /^\d+$/.test(key) ? (items?.[Number(key)] as Node | undefined) : undefined;
}
