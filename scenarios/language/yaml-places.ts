import {
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { Place } from '../plan/plan.ts';

/** A scenario is a page of text; what is larger is no scenario (F144). */
const MOST_CHARACTERS = 32 * 1024;
const MOST_NESTING = 64;

/** A parsed file whose values know where they stand. */
export interface YamlFile {
  readonly value: unknown;
  /** Where the value at a path begins; of the nearest one above it when it is not there. */
  placeOf(path: readonly (string | number)[]): Place;
  /** Where the key of an entry stands. */
  placeOfKey(path: readonly (string | number)[], key: string): Place;
}

/**
 * Reads YAML with the failsafe schema: every scalar stays text, `000123` and long numbers included.
 * Anchors and aliases are refused: a scenario needs none, and they are how a small file becomes a
 * large one.
 * @throws E_YAML with line and column
 */
export function readYaml(file: string, text: string): YamlFile {
  const refuse = (what: string, place: Place): CountersignError =>
    new CountersignError('E_YAML', { text: `${what} at ${placeText(place)}` });
  const start: Place = { file, line: 1, column: 1 };
  if (nestingOf(text) > MOST_NESTING)
    throw refuse(`more than ${MOST_NESTING} brackets deep`, start);
  if (text.length > MOST_CHARACTERS) {
    throw refuse(`${text.length} characters, at most ${MOST_CHARACTERS}`, start);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, strict: true });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const [first = ''] = error.message.slice(0, 200).split('\n');
    throw refuse(first.replace(/ at line \d+, column \d+:?$/, ''), at(error.pos[0]));
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    throw refuse('an alias (*name)', start);
  }
  return {
    value,
    placeOf: (path) => at(startOf(nodeAt(document, path))),
    placeOfKey(path, key) {
      const map = nodeAt(document, path);
      const pair = isMap(map)
        ? (map.items as Pair[]).find((each) => keyOf(each) === key)
        : undefined;
      return at(startOf((pair?.key as Node | undefined) ?? map));
    },
  };
}

export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

function nodeAt(document: Document, path: readonly (string | number)[]): Node | null {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range !== undefined && node.range !== null) return node;
  }
  return document.contents as Node | null;
}

/** Deepest flow nesting, counted without parsing: a parser may not survive 200 000 brackets. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}
