import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { encodeJbig } from '../../protocol/jbig/encode-jbig.ts';
import { writePortableBitmap } from '../../protocol/jbig/portable-bitmap.ts';
import { blackCount, type Bitmap } from '../../protocol/jbig/bitmap.ts';
import { stampFeature } from '../../protocol/signature/feature-stamp.ts';
import { rasterise, type RasterOptions } from '../../protocol/signature/rasterise.ts';
import { readStrokes } from '../../protocol/signature/strokes.ts';
import { sampleStrokes } from '../../emulator/signature/sample-strokes.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { slipPng } from '../../reports/slip/slip-png.ts';
import { pictureSvg } from '../../reports/slip/slip-svg.ts';
import { EXIT } from '../exit-codes.ts';
import { endingOf, readBytes, writeBytes } from './signature-files.ts';

export interface SignatureDrawOptions {
  readonly out: string;
  readonly raster: RasterOptions;
  /** Eight hex digits to burn in; none when absent. */
  readonly feature: string | undefined;
}

export interface SignatureSampleOptions {
  readonly out: string;
  readonly script: 'chinese' | 'latin';
  readonly seed: number;
}

/** A picture as the bytes of a file, by its ending. */
export const PICTURES: Readonly<
  Record<string, (bitmap: Bitmap) => Promise<Uint8Array> | Uint8Array>
> = {
  pbm: writePortableBitmap,
  jbg: (bitmap) => encodeJbig(bitmap),
  png: (bitmap) => slipPng(pictureSvg(bitmap)),
  svg: (bitmap) => new TextEncoder().encode(pictureSvg(bitmap)),
};

/** Strokes as a picture, in the size of a terminal. */
export async function drawSignature(
  input: string,
  { out, raster, feature }: SignatureDrawOptions,
): Promise<number> {
  const write = PICTURES[endingOf(out, Object.keys(PICTURES))]!;
  const bitmap = rasterise(readStrokes(parse(input, await readBytes(input))), raster);
  if (blackCount(bitmap) === 0) throw new CountersignError('E_SIGNATURE_EMPTY');
  if (feature !== undefined && !stampFeature(bitmap, feature)) {
    const hint = 'a picture of at least 47 by 7 pixels';
    throw new CountersignError('E_USAGE', { text: '--feature does not fit into --size', hint });
  }
  writeBytes(out, await write(bitmap));
  return EXIT.asExpected;
}

function parse(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw new CountersignError('E_STROKES', { path: name.slice(0, 120), text: 'no JSON', cause });
  }
}

/** An invented signature as strokes. */
export function writeSample({ out, script, seed }: SignatureSampleOptions): number {
  const strokes = sampleStrokes(seededRandom(seed), { script });
  writeBytes(out, new TextEncoder().encode(`${JSON.stringify(strokes)}\n`));
  return EXIT.asExpected;
}
