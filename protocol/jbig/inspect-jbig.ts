import { blackCount } from './bitmap.ts';
import { decodeStripes, layoutOf, type DecodeJbigOptions } from './decode-jbig.ts';
import { encodeJbig, type EncodeJbigOptions } from './encode-jbig.ts';
import { OPTION, type JbigHeader } from './jbig-header.ts';
import { bitmapOf, type Plane } from './plane.ts';
import { CONTEXTS } from './qm-states.ts';
import type { JbigLayout, JbigSegment } from './scan-jbig.ts';
import {
  TYPICAL_CONTEXT,
  firstContext,
  makeLine,
  movedContext,
  nextContext,
  placeLine,
  rowPixel,
  templateOf,
  type Template,
} from './template.ts';

export interface InspectedStripe {
  /** First line in the image, counted from 0. */
  readonly line: number;
  readonly lines: number;
  /** Where its coded data begins, how long it is, and the marker that ends it. */
  readonly dataOffset: number;
  readonly dataBytes: number;
  readonly end: 'SDNORM' | 'SDRST';
  /** Lines that were like the one above and cost one decision. */
  readonly typicalLines: number;
}

/** What is inside a stream, as plain values; none of them is the image. */
export interface JbigInspection {
  readonly totalBytes: number;
  readonly consumedBytes: number;
  readonly header: JbigHeader;
  /** The true height, which may be less than the header says. */
  readonly height: number;
  readonly template: Template;
  readonly hasTypicalPrediction: boolean;
  readonly stripes: readonly InspectedStripe[];
  readonly segments: readonly JbigSegment[];
  readonly coder: {
    readonly decisions: number;
    /** Decisions that went against what their context expected. */
    readonly lpsCount: number;
    readonly contextsUsed: number;
  };
  readonly blackPixels: number;
  /** Whether our encoder makes the very same bytes of the image. */
  readonly isReproduced: boolean;
}

/** @throws what {@link decodeJbig} does */
export function inspectJbig(bytes: Uint8Array, options: DecodeJbigOptions = {}): JbigInspection {
  const layout = layoutOf(bytes, options);
  const { header, height, segments, consumedBytes } = layout;
  const hasTypicalPrediction = (header.options & OPTION.tpbon) !== 0;
  const template = templateOf(header);
  const notes: (LineNote | undefined)[] = [];
  const { plane, decoder } = decodeStripes(bytes, layout, {
    onLine: (_y, isTypical, first, tx) => {
      notes.push(isTypical ? undefined : { first, tx });
    },
  });
  const bitmap = bitmapOf(plane);
  const coded = notes.filter((each) => each !== undefined).length;
  const again = encodeJbig(bitmap, reencodeOptions(layout));
  return {
    totalBytes: bytes.length,
    consumedBytes,
    header,
    height,
    template,
    hasTypicalPrediction,
    stripes: layout.stripes.map(({ line, lines, dataOffset, dataEnd, isReset }) => ({
      line,
      lines,
      dataOffset,
      dataBytes: dataEnd - dataOffset,
      end: isReset ? 'SDRST' : 'SDNORM',
      typicalLines: notes.slice(line, line + lines).filter((each) => each === undefined).length,
    })),
    segments,
    coder: {
      decisions: coded * header.width + (hasTypicalPrediction ? height : 0),
      lpsCount: decoder.lpsCount,
      contextsUsed: countContexts(plane, template, hasTypicalPrediction, notes),
    },
    blackPixels: blackCount(bitmap),
    isReproduced: again.length === consumedBytes && again.every((byte, at) => byte === bytes[at]),
  };
}

interface LineNote {
  readonly first: number;
  readonly tx: number;
}

/** Walks over the decoded image, pixel by pixel: the decoder has no time to note its contexts. */
function countContexts(
  plane: Plane,
  template: Template,
  hasTypicalPrediction: boolean,
  notes: readonly (LineNote | undefined)[],
): number {
  const seen = new Uint8Array(CONTEXTS);
  const line = makeLine();
  if (hasTypicalPrediction) seen[TYPICAL_CONTEXT[template]] = 1;
  for (const [y, note] of notes.entries()) {
    if (note === undefined) continue;
    placeLine(line, plane, y, note.first, note.tx);
    const isMoved = note.tx !== 0;
    let context = firstContext(template, plane, line);
    for (let x = 0; x < plane.width; x++) {
      seen[isMoved ? movedContext(template, plane, line, context, x) : context] = 1;
      context = nextContext(template, plane, line, context, x, rowPixel(plane, line.at, x));
    }
  }
  return seen.reduce((sum, each) => sum + each, 0);
}

/**
 * With which options our encoder makes the bytes of a stream, if it can: not with more than one
 * comment, stripes that end differently, or a table of deterministic prediction.
 */
export function reencodeOptions({ header, stripes, segments }: JbigLayout): EncodeJbigOptions {
  const comment = segments.find((segment) => segment.kind === 'comment')?.bytes;
  const hasNewLength = segments.some(({ kind }) => kind === 'new-length');
  return {
    template: templateOf(header),
    typicalPrediction: (header.options & OPTION.tpbon) !== 0,
    linesPerStripe: header.linesPerStripe,
    resetEachStripe: stripes[0]?.isReset === true,
    order: header.order,
    mx: header.mx,
    moves: stripes.flatMap(({ moves }) => moves),
    keptOptions: header.options & (OPTION.vlength | OPTION.tpdon | OPTION.dpon),
    ...(comment === undefined ? {} : { comment }),
    ...(hasNewLength ? { declaredHeight: header.height } : {}),
  };
}
