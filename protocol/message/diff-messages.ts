import type { Dialect } from '../dialect/dialect.ts';
import { readField } from '../structure/field-structure.ts';
import { flatItems } from '../structure/read-structure.ts';
import { maskedItems, maskField } from './mask.ts';
import type { Message } from './message.ts';

/** One difference; a side without a value does not have the field. Values are masked. */
export interface Difference {
  /** `mti`, a field, or what is inside of one. */
  readonly path: string;
  readonly name: string;
  readonly left?: string;
  readonly right?: string;
  /** Both sides read the same because what differs is hidden. */
  readonly isHidden?: boolean;
}

/**
 * Where two messages differ, in the order of their fields. A field with an inside is compared by
 * what is in it, so that one wrong digit of field 60 reads as 60.2.
 */
export function diffMessages(
  dialect: Dialect,
  left: Message,
  right: Message,
  isUnmasked = false,
): Difference[] {
  const differences: Difference[] = [];
  if (left.mti !== right.mti) {
    differences.push({ path: 'mti', name: 'message type', left: left.mti, right: right.mti });
  }
  const fields = new Set([...Object.keys(left.fields), ...Object.keys(right.fields)].map(Number));
  for (const field of [...fields].sort((one, other) => one - other)) {
    if (left.fields[field] === right.fields[field]) continue;
    const inside = insideDifferences(dialect, left, right, field, isUnmasked);
    differences.push(...(inside ?? [wholeDifference(dialect, left, right, field, isUnmasked)]));
  }
  return differences;
}

function wholeDifference(
  dialect: Dialect,
  left: Message,
  right: Message,
  field: number,
  isUnmasked: boolean,
): Difference {
  const name = dialect.fields[field]?.name ?? 'undefined';
  const show = (message: Message): string =>
    isUnmasked ? message.fields[field]! : maskField(dialect, message, field);
  return difference(
    String(field),
    name,
    left.fields[field] === undefined ? undefined : show(left),
    right.fields[field] === undefined ? undefined : show(right),
  );
}

function difference(
  path: string,
  name: string,
  left: string | undefined,
  right: string | undefined,
): Difference {
  return {
    path,
    name,
    ...(left === undefined ? {} : { left }),
    ...(right === undefined ? {} : { right }),
    ...(left === right ? { isHidden: true } : {}),
  };
}

/** Undefined when the inside does not tell all: no structure, or one that is broken. */
function insideDifferences(
  dialect: Dialect,
  left: Message,
  right: Message,
  field: number,
  isUnmasked: boolean,
): Difference[] | undefined {
  if (left.fields[field] === undefined || right.fields[field] === undefined) return undefined;
  const [one, other] = [readField(dialect, left, field), readField(dialect, right, field)];
  const isBroken = one.problem !== undefined || other.problem !== undefined;
  if (isBroken || one.items.length === 0 || other.items.length === 0) return undefined;
  const clear = [leavesOf(flatItems(one.items)), leavesOf(flatItems(other.items))] as const;
  const shown = isUnmasked
    ? clear
    : ([
        leavesOf(maskedItems(dialect, left, field)),
        leavesOf(maskedItems(dialect, right, field)),
      ] as const);
  const paths = new Set([...clear[0].keys(), ...clear[1].keys()]);
  const differences: Difference[] = [];
  for (const path of paths) {
    if (clear[0].get(path)?.value === clear[1].get(path)?.value) continue;
    const name = clear[0].get(path)?.name ?? clear[1].get(path)?.name ?? '';
    differences.push(difference(path, name, shown[0].get(path)?.value, shown[1].get(path)?.value));
  }
  return differences.length === 0 ? undefined : differences;
}

type Leaf = { readonly name: string; readonly value: string };

/** By path; of a tag that comes twice, the second one as `55.9F26 (2)`. */
function leavesOf(
  items: readonly { path: string; name: string; value: string; items: readonly unknown[] }[],
): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const times = new Map<string, number>();
  for (const { path, name, value, items: inner } of items) {
    if (inner.length > 0) continue;
    const again = (times.get(path) ?? 0) + 1;
    times.set(path, again);
    const key = again === 1 ? path : `${path} (${again})`;
    leaves.set(key, { name, value });
  }
  return leaves;
}
