import { OPTION, type JbigHeader } from './jbig-header.ts';
import { rowAt, type Plane } from './plane.ts';

/** How many lines a template looks at, the coded one among them (spec/10-jbig.md 10.3). */
export type Template = 2 | 3;

/** The context of the pseudo-pixel that says whether a line is typical. */
export const TYPICAL_CONTEXT: Readonly<Record<Template, number>> = { 2: 0x195, 3: 0x0e5 };

/** The bit of a context that is the adaptive pixel. */
export const ADAPTIVE_BIT: Readonly<Record<Template, number>> = { 2: 1 << 4, 3: 1 << 2 };

/** A line to be coded, and the lines above it, as offsets into the cells of a plane. */
export interface LinePlace {
  at: number;
  above: number;
  further: number;
  /** How far to the left the adaptive pixel is in the line itself; 0 where it was not moved. */
  tx: number;
}

/**
 * Context of the first pixel of a line, whose left neighbours are white.
 *
 * Three lines: x-1 x x+1 of the line further up (bits 9-7), x-2 … x+2 above (6-2), x-2 x-1 (1-0).
 * Two lines: x-3 … x+2 above (9-4), x-4 … x-1 (3-0).
 */
export function firstContext(template: Template, { cells }: Plane, line: LinePlace): number {
  const above = cells[line.above]! >> 5;
  return template === 3 ? ((cells[line.further]! >> 6) << 7) | (above << 2) : above << 4;
}

/** A pixel of a row; outside it is white. */
export function rowPixel({ cells, width }: Plane, row: number, x: number): number {
  return x < 0 || x >= width ? 0 : (cells[row + (x >> 3)]! >> (7 - (x & 7))) & 1;
}

/** Context of the next pixel, x + 1, when the pixel x is known. */
export function nextContext(
  template: Template,
  plane: Plane,
  line: LinePlace,
  context: number,
  x: number,
  pixel: number,
): number {
  const above = rowPixel(plane, line.above, x + 3);
  if (template === 2) return ((context << 1) & 0x3ee) | (above << 4) | pixel;
  const further = rowPixel(plane, line.further, x + 2);
  return ((context << 1) & 0x37a) | (further << 7) | (above << 2) | pixel;
}

/** The context with the adaptive pixel taken from where it has been moved to. */
export function movedContext(
  template: Template,
  plane: Plane,
  line: LinePlace,
  context: number,
  x: number,
): number {
  const bit = ADAPTIVE_BIT[template];
  const pixel = rowPixel(plane, line.at, x - line.tx);
  return pixel === 0 ? context & ~bit : context | bit;
}

/** A line of no image yet, to be moved by {@link placeLine}. */
export function makeLine(): LinePlace {
  return { at: 0, above: 0, further: 0, tx: 0 };
}

/** Puts `line` at y of an image of which nothing above `first` is known. */
export function placeLine(
  line: LinePlace,
  plane: Plane,
  y: number,
  first: number,
  tx: number,
): void {
  line.at = rowAt(plane, y, 0);
  line.above = rowAt(plane, y - 1, first);
  line.further = rowAt(plane, y - 2, first);
  line.tx = tx;
}

export function templateOf({ options }: JbigHeader): Template {
  return (options & OPTION.lrltwo) === 0 ? 3 : 2;
}
