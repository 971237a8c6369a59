/** Columns of a 58 mm printer: a Chinese character takes two. */
export const SLIP_COLUMNS = 32;

/** Columns of a value on lines of its own: a line of wide letters stays on the paper. */
const VALUE_COLUMNS = 28;

/** Columns that a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += isWide(character) ? 2 : 1;
  return columns;
}

/** Whether a character is as wide as it is high. */
function isWide(character: string): boolean {
  return /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]/u.test(
    character,
  );
}

/** A text in lines of so many columns, broken at spaces where there are some. */
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const character of text) {
    line += character;
    if (columnsOf(line.trimEnd()) <= most) continue;
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
  if (columnsOf(label) + 1 + columnsOf(value) <= SLIP_COLUMNS) {
    return [{ left: label, right: value }];
  }
  const below = wrapped(value, VALUE_COLUMNS).map((right) => ({ left: '', right }));
  return [{ left: label, right: '' }, ...below];
}
