import { CountersignError } from '../errors/countersign-error.ts';

/** A point of a pen: pixels of the pad, milliseconds, pressure from 0 to 1. */
export interface StrokePoint {
  readonly x: number;
  readonly y: number;
  readonly timeMs: number;
  readonly pressure: number;
}

/** What a pad has caught: its size in pixels, and the strokes in the order in which they were drawn. */
export interface Strokes {
  readonly width: number;
  readonly height: number;
  readonly strokes: readonly (readonly StrokePoint[])[];
}

/** More than a person draws, and little enough to hold. */
const MOST_STROKES = 500;
const MOST_POINTS = 20_000;
const MOST_PIXELS = 10_000;

/** Pressure of a pad that cannot feel any. */
const USUAL_PRESSURE = 0.5;

/**
 * Reads strokes: our own form, or the list of point groups that the signature_pad library emits,
 * which does not know the size of its pad.
 *
 * @param found parsed JSON
 * @param pad size of the pad, for a list that does not say it
 * @throws E_STROKES with the place
 */
export function readStrokes(
  found: unknown,
  pad: { readonly width: number; readonly height: number } = { width: 320, height: 138 },
): Strokes {
  if (Array.isArray(found)) return { ...pad, strokes: readList(found, '') };
  if (!isRecord(found)) throw wrong('', 'neither an object with "strokes" nor a list');
  const { width = pad.width, height = pad.height, strokes } = found;
  if (!Array.isArray(strokes)) throw wrong('strokes', 'no list');
  return {
    width: sizeOf(width, 'width'),
    height: sizeOf(height, 'height'),
    strokes: readList(strokes, 'strokes'),
  };
}

function readList(list: readonly unknown[], path: string): StrokePoint[][] {
  if (list.length > MOST_STROKES) {
    throw wrong(path, `${list.length} strokes where ${MOST_STROKES} are the most`);
  }
  let points = 0;
  return list.map((group, index) => {
    const place = `${path}[${index}]`;
    // A group of signature_pad holds its points beside its colours.
    const found = isRecord(group) ? group['points'] : group;
    if (!Array.isArray(found)) throw wrong(place, 'no list of points');
    points += found.length;
    if (points > MOST_POINTS) throw wrong(place, `more than ${MOST_POINTS} points`);
    return found.map((point, at) => readPoint(point, `${place}[${at}]`));
  });
}

function readPoint(found: unknown, path: string): StrokePoint {
  if (!isRecord(found)) throw wrong(path, 'no point');
  const pressure = numberOf(found['pressure'] ?? USUAL_PRESSURE, `${path}.pressure`);
  return {
    x: numberOf(found['x'], `${path}.x`),
    y: numberOf(found['y'], `${path}.y`),
    timeMs: numberOf(found['timeMs'] ?? found['time'] ?? 0, `${path}.time`),
    // signature_pad says 0 where the pad feels nothing.
    pressure: pressure === 0 ? USUAL_PRESSURE : Math.min(1, Math.max(0, pressure)),
  };
}

function sizeOf(found: unknown, path: string): number {
  const size = numberOf(found, path);
  if (Number.isInteger(size) && size >= 1 && size <= MOST_PIXELS) return size;
  throw wrong(path, `no size from 1 to ${MOST_PIXELS}`);
}

function numberOf(found: unknown, path: string): number {
  if (typeof found === 'number' && Number.isFinite(found)) return found;
  throw wrong(path, 'no number');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(path: string, text: string): CountersignError {
  return new CountersignError('E_STROKES', { path: path === '' ? 'strokes' : path, text });
}
