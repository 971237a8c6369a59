import type { StrokePoint, Strokes } from '../../protocol/signature/strokes.ts';
import type { Random } from '../world/random.ts';

/** How a sample signature is drawn. */
export interface SampleOptions {
  readonly script: 'chinese' | 'latin';
  /** Size of the pad in pixels. */
  readonly width?: number;
  readonly height?: number;
}

/** A pen stroke in a unit square: a start, an end, and how far it bends to the side. */
interface Primitive {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly bend: number;
}

/** Strokes that Chinese characters are made of: across, down, falling left and right, a dot, a turn. */
const PRIMITIVES: readonly Primitive[] = [
  { from: [0.1, 0.2], to: [0.9, 0.16], bend: 0.02 },
  { from: [0.15, 0.5], to: [0.88, 0.46], bend: -0.02 },
  { from: [0.2, 0.82], to: [0.85, 0.8], bend: 0.03 },
  { from: [0.5, 0.05], to: [0.5, 0.95], bend: 0.02 },
  { from: [0.22, 0.2], to: [0.2, 0.85], bend: -0.02 },
  { from: [0.8, 0.18], to: [0.78, 0.85], bend: 0.03 },
  { from: [0.52, 0.15], to: [0.1, 0.9], bend: -0.15 },
  { from: [0.5, 0.3], to: [0.95, 0.92], bend: 0.14 },
  { from: [0.45, 0.02], to: [0.56, 0.13], bend: 0.01 },
  { from: [0.3, 0.6], to: [0.4, 0.74], bend: 0.02 },
  { from: [0.85, 0.3], to: [0.6, 0.62], bend: -0.1 },
];

const POINTS_A_STROKE = 14;
const MS_A_POINT = 9;
const MS_BETWEEN = 120;

/**
 * An invented signature: the same random source gives the same one, another an other one. It is
 * nobody's: the strokes of no name.
 */
export function sampleStrokes(random: Random, options: SampleOptions): Strokes {
  const { script, width = 320, height = 138 } = options;
  const pen = new Pen(random);
  if (script === 'chinese') drawCharacters(pen, random, width, height);
  else drawCursive(pen, random, width, height);
  return { width, height, strokes: pen.strokes };
}

/** Two or three characters side by side, each in a box of its own. */
function drawCharacters(pen: Pen, random: Random, width: number, height: number): void {
  const count = 2 + random.below(2);
  const size = Math.min(height * 0.8, (width * 0.9) / count);
  for (let each = 0; each < count; each++) {
    const left = (width - size * count) / 2 + each * size + jitter(random, size * 0.05);
    const top = (height - size) / 2 + jitter(random, size * 0.08);
    const scale = size * (0.75 + random.below(20) / 100);
    const chosen = new Set<number>();
    const wanted = 4 + random.below(5);
    while (chosen.size < wanted) chosen.add(random.below(PRIMITIVES.length));
    for (const index of [...chosen].sort((one, other) => one - other)) {
      const { from, to, bend } = PRIMITIVES[index]!;
      pen.draw(
        [left + from[0] * scale, top + from[1] * scale],
        [left + to[0] * scale, top + to[1] * scale],
        bend * scale + jitter(random, scale * 0.04),
      );
    }
  }
}

/** One long line of loops, some of them tall, and a flourish under it. */
function drawCursive(pen: Pen, random: Random, width: number, height: number): void {
  const baseline = height * 0.6;
  const loops = 5 + random.below(6);
  const step = (width * 0.8) / loops;
  const points: [number, number][] = [];
  for (let loop = 0; loop < loops; loop++) {
    const rise =
      height * (loop === 0 || random.below(4) === 0 ? 0.42 : 0.14 + random.below(10) / 100);
    const wide = step * (0.55 + random.below(40) / 100);
    for (let part = 0; part < POINTS_A_STROKE; part++) {
      const turn = (part / POINTS_A_STROKE) * 2 * Math.PI;
      points.push([
        width * 0.1 + (loop + part / POINTS_A_STROKE) * step + Math.sin(turn) * wide * 0.4,
        baseline - ((1 - Math.cos(turn)) / 2) * rise,
      ]);
    }
  }
  pen.follow(points);
  if (random.below(2) === 0) {
    const under = baseline + height * 0.16;
    pen.draw([width * 0.15, under], [width * 0.85, under + jitter(random, 8)], height * 0.1);
  }
}

function jitter(random: Random, most: number): number {
  return ((random.below(2001) - 1000) / 1000) * most;
}

/** A hand: it trembles, presses harder in the middle of a stroke, and takes its time. */
class Pen {
  readonly strokes: StrokePoint[][] = [];
  readonly #random: Random;
  #timeMs = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A bent line. */
  draw(from: readonly [number, number], to: readonly [number, number], bend: number): void {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy) || 1;
    const points = Array.from({ length: POINTS_A_STROKE }, (_, at): [number, number] => {
      const part = at / (POINTS_A_STROKE - 1);
      const aside = Math.sin(part * Math.PI) * bend;
      return [
        from[0] + dx * part - (dy / length) * aside,
        from[1] + dy * part + (dx / length) * aside,
      ];
    });
    this.follow(points);
  }

  follow(points: readonly (readonly [number, number])[]): void {
    const random = this.#random;
    const stroke = points.map(([x, y], at): StrokePoint => {
      this.#timeMs += MS_A_POINT;
      const part = points.length === 1 ? 0.5 : at / (points.length - 1);
      return {
        x: rounded(x + jitter(random, 0.6)),
        y: rounded(y + jitter(random, 0.6)),
        timeMs: this.#timeMs,
        pressure: rounded(0.35 + 0.5 * Math.sin(part * Math.PI)),
      };
    });
    this.strokes.push(stroke);
    this.#timeMs += MS_BETWEEN;
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
