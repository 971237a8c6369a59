import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

export const README_PAGES = ['README.md', 'README.zh-CN.md'];

/**
 * Puts a table between the markers of every page. No page is written when one of them lacks them,
 * so that the two languages never say different things.
 * @returns what is missing, nothing when all pages are written
 */
export function writeTable(table: string, pages: readonly string[]): string[] {
  const missing: string[] = [];
  const written = new Map<string, string>();
  for (const page of pages) {
    const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
    const replaced = replaceBetweenMarkers(text, table);
    if (replaced === undefined) missing.push(`${page} has no line ${BEGIN} with ${END} below it`);
    else written.set(page, replaced);
  }
  if (missing.length > 0) return missing;
  for (const [page, text] of written) writeFileSync(page, text);
  return [];
}

/** The text with a new table; undefined when it lacks a marker. */
export function replaceBetweenMarkers(text: string, table: string): string | undefined {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END, from);
  if (from < 0 || to < 0) return undefined;
  return `${text.slice(0, from + BEGIN.length)}\n\n${table}\n\n${text.slice(to)}`;
}
