import { displayWidth } from '../printable.ts';

/** Columns of a 58 mm printer: a Chinese character takes two. */
export const SLIP_COLUMNS = 32;

/** Columns of a value on lines of its own: a line of wide letters stays on the paper. */
const VALUE_COLUMNS = 28;

/** A text in lines of so many columns, broken at spaces where there are some. */
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const character of text) {
    line += character;
    if (displayWidth(line.trimEnd()) <= most) continue;
    const space = line.lastIndexOf(' ');
    const end = space > 0 ? space : line.length - character.length;
    lines.push(line.slice(0, end));
    line = line.slice(end).trimStart();
  }
  return [...lines, line.trimEnd()];
}

/** Label on the left and value on the right; a value that is too long stands below its label. */
export function pairLines(
  label: string,
  value: string,
): readonly { readonly left: string; readonly right: string }[] {
  if (displayWidth(label) + 1 + displayWidth(value) <= SLIP_COLUMNS) {
    return [{ left: label, right: value }];
  }
  const below = wrapped(value, VALUE_COLUMNS).map((right) => ({ left: '', right }));
  return [{ left: label, right: '' }, ...below];
}
