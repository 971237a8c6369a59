import { CountersignError } from '../errors/countersign-error.ts';
import { makeBitmap, setPixel, type Bitmap } from '../jbig/bitmap.ts';
import type { StrokePoint, Strokes } from './strokes.ts';

/** A picture of a signature: its size in pixels, and a pen whose width follows the pressure. */
export interface RasterOptions {
  readonly width: number;
  readonly height: number;
  /** White around the pad, in pixels. */
  readonly margin: number;
  /** Pixels of the picture at no and at full pressure. */
  readonly thinnestPen: number;
  readonly thickestPen: number;
}

/** The size that one observed terminal uses (spec 10.6). */
export const USUAL_RASTER: RasterOptions = {
  width: 320,
  height: 138,
  margin: 2,
  thinnestPen: 1,
  thickestPen: 3,
};

/** How far the pen moves between two dots, in pixels. */
const STEP = 0.5;
/** Pixels that all dots together may touch: a long signature takes a hundredth of it. */
const MOST_TOUCHED = 30_000_000;

/**
 * Draws strokes in black on white. The whole pad is brought to the size of the picture, as large as
 * fits without changing its proportions, in the middle. What lies outside the pad is not drawn.
 *
 * @throws E_STROKES when the pen travels further than any hand does
 */
export function rasterise(drawn: Strokes, options: RasterOptions = USUAL_RASTER): Bitmap {
  const { width, height, margin } = options;
  const bitmap = makeBitmap(width, height);
  const room = [Math.max(1, width - 2 * margin), Math.max(1, height - 2 * margin)] as const;
  const scale = Math.min(room[0] / drawn.width, room[1] / drawn.height);
  const left = (width - drawn.width * scale) / 2;
  const top = (height - drawn.height * scale) / 2;
  let touched = 0;
  const widest = 2 * Math.ceil(Math.max(options.thinnestPen, options.thickestPen) / 2) + 1;
  const dotAt = ({ x, y, pressure }: StrokePoint): void => {
    touched += widest * widest;
    if (touched > MOST_TOUCHED) {
      throw new CountersignError('E_STROKES', { path: 'strokes', text: 'the pen travels too far' });
    }
    if (x < 0 || y < 0 || x > drawn.width || y > drawn.height) return;
    const { thinnestPen, thickestPen } = options;
    const penWidth = thinnestPen + (thickestPen - thinnestPen) * pressure;
    drawDot(bitmap, left + x * scale, top + y * scale, penWidth / 2);
  };
  for (const stroke of drawn.strokes) {
    for (const [at, point] of stroke.entries()) {
      const next = stroke[at + 1];
      dotAt(point);
      if (next === undefined) continue;
      const distance = Math.hypot(next.x - point.x, next.y - point.y) * scale;
      // A jump across the pad is not longer than its diagonal, whatever the points say.
      const steps = Math.min(Math.ceil(distance / STEP), (width + height) / STEP);
      for (let step = 1; step < steps; step++) dotAt(between(point, next, step / steps));
    }
  }
  return bitmap;
}

function between(from: StrokePoint, to: StrokePoint, part: number): StrokePoint {
  const mix = (one: number, other: number): number => one + (other - one) * part;
  return {
    x: mix(from.x, to.x),
    y: mix(from.y, to.y),
    timeMs: mix(from.timeMs, to.timeMs),
    pressure: mix(from.pressure, to.pressure),
  };
}

/** A round dot; one pixel at least. */
function drawDot(bitmap: Bitmap, x: number, y: number, radius: number): void {
  const reach = Math.ceil(radius);
  const [column, row] = [Math.floor(x), Math.floor(y)];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const isCentre = dx === 0 && dy === 0;
      const distance = Math.hypot(column + dx + 0.5 - x, row + dy + 0.5 - y);
      if (isCentre || distance <= radius) setPixel(bitmap, column + dx, row + dy);
    }
  }
}
