import { isMap, isScalar, LineCounter, parseDocument, type Node, type Pair } from 'yaml';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { Place } from '../plan/plan.ts';

/** A parsed JSON file whose values know where they stand. */
export interface JsonFile {
  readonly value: unknown;
  /** Where the member at a path stands; the nearest one above it when it is not there. */
  placeOf(path: readonly string[]): Place;
}

const MOST_CHARACTERS = 4 * 1024 * 1024;

/**
 * Reads JSON and keeps the places of its members.
 * @throws E_JSON with line and column
 */
export function readJsonFile(file: string, text: string): JsonFile {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refuse = (what: string, place: Place): CountersignError =>
    new CountersignError('E_JSON', {
      text: `${what} at ${file}:${place.line}:${place.column}`,
      hint: 'the file must be JSON; an editor that knows JSON shows the place',
    });
  if (text.length > MOST_CHARACTERS) {
    throw refuse(`${text.length} characters, at most ${MOST_CHARACTERS}`, at(0));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no JSON';
    const position = Number(/position (\d+)/.exec(reason)?.[1] ?? 0);
    const before = text.slice(0, position).split('\n');
    const place = { file, line: before.length, column: before.at(-1)!.length + 1 };
    throw refuse(reason.replace(/ in JSON at position.*/s, ''), place);
  }
  let parsed: ReturnType<typeof parseDocument> | undefined;
  return {
    value,
    placeOf(path) {
      // JSON is YAML; the second reading is for the places of a mistake only.
      parsed ??= parseDocument(text, { lineCounter: lines });
      let node: Node | null | undefined = parsed.contents as Node | null;
      let start = 0;
      for (const key of path) {
        const pair: Pair | undefined = isMap(node)
          ? (node.items as Pair[]).find(
              (each) => isScalar(each.key) && String(each.key.value) === key,
            )
          : undefined;
        const inside: Node | null | undefined =
          pair === undefined ? itemOf(node, key) : (pair.value as Node | null);
        if (inside === undefined) break;
        start = (pair === undefined ? inside : (pair.key as Node))?.range?.[0] ?? start;
        node = inside;
      }
      return at(start);
    },
  };
}

function itemOf(node: Node | null | undefined, key: string): Node | undefined {
  const items = (node as { items?: readonly unknown[] } | null | undefined)?.items;
  return /^\d+$/.test(key) ? (items?.[Number(key)] as Node | undefined) : undefined;
}
