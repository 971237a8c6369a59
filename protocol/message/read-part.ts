import type { Dialect, FieldPart } from '../dialect/dialect.ts';
import type { Message } from './message.ts';

export interface PartValue {
  /** `60.2` for the second part of field 60. */
  readonly path: string;
  readonly part: FieldPart;
  readonly value: string;
}

/** The positional sub-fields of a field that are there; a short field simply has fewer. */
export function partsOf(dialect: Dialect, message: Message, field: number): PartValue[] {
  const value = message.fields[field];
  const parts = dialect.fields[field]?.parts;
  if (value === undefined || parts === undefined) return [];
  const found: PartValue[] = [];
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const end = part.size === 'rest' ? value.length : at + part.size;
    if (at >= value.length) break;
    found.push({ path: `${field}.${index + 1}`, part, value: value.slice(at, end) });
    at = end;
  }
  return found;
}

/** A field (`41`) or a positional part (`60.2`); undefined when it is not there. */
export function readPath(dialect: Dialect, message: Message, path: string): string | undefined {
  const [field, part] = path.split('.');
  if (part === undefined) return message.fields[Number(field)];
  return partsOf(dialect, message, Number(field)).find((each) => each.path === path)?.value;
}
