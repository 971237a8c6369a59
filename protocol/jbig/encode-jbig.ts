import { CountersignError } from '../errors/countersign-error.ts';
import { mistakeInMove, type AdaptiveMove } from './adaptive-move.ts';
import { checkBitmap, type Bitmap } from './bitmap.ts';
import { encodeLine } from './encode-line.ts';
import { OPTION, writeJbigHeader, writeNumber, type JbigHeader } from './jbig-header.ts';
import { ESCAPE, MARKER } from './marker.ts';
import { planeOf, sameRow } from './plane.ts';
import { QmEncoder } from './qm-encoder.ts';
import { TYPICAL_CONTEXT, makeLine, placeLine, templateOf, type Template } from './template.ts';

/** How an image is encoded; every decoder reads all of it, and the defaults suit terminals. */
export interface EncodeJbigOptions {
  /** Lines that a context looks at, 3 when absent; 2 is quicker, 3 mostly shorter. */
  readonly template?: Template;
  /** A line like the one above is one decision, true when absent. */
  readonly typicalPrediction?: boolean;
  /** 128 when absent; more than the height is one stripe. */
  readonly linesPerStripe?: number;
  /** Every stripe begins anew, so that it is read without those before it (SDRST). */
  readonly resetEachStripe?: boolean;
  readonly order?: number;
  /** The largest move of the adaptive pixel; it is only moved where `moves` says so. */
  readonly mx?: number;
  readonly moves?: readonly AdaptiveMove[];
  /** Stands in front of the first stripe. */
  readonly comment?: Uint8Array;
  /** The header says this height, and the true one comes at the end (VLENGTH, NEWLEN). */
  readonly declaredHeight?: number;
  /** Bits of the options byte without effect on the image: 20, 10 and 04 of a stream read before. */
  readonly keptOptions?: number;
}

const KEPT = OPTION.vlength | OPTION.tpdon | OPTION.dpon;

/**
 * Encodes a bitmap as a stream of one plane and one layer (ITU-T T.82; spec/10-jbig.md).
 * @throws E_BITMAP, E_JBIG_HEADER when the options are impossible
 */
export function encodeJbig(bitmap: Bitmap, options: EncodeJbigOptions = {}): Uint8Array {
  checkBitmap(bitmap);
  const header = headerOf(bitmap, options);
  const moves = sortedMoves(options.moves ?? [], header, bitmap.height);
  const encoder = new QmEncoder();
  encoder.writeAll(writeJbigHeader(header));
  if (options.comment !== undefined) {
    writeSegment(encoder, MARKER.comment, options.comment.length);
    encoder.writeAll(options.comment);
  }
  const end = options.resetEachStripe === true ? MARKER.sdrst : MARKER.sdnorm;
  encodeStripes(encoder, bitmap, header, moves, end);
  if (options.declaredHeight !== undefined) {
    writeSegment(encoder, MARKER.newlen, bitmap.height);
    // A marker segment belongs to a stripe, even if that has no line and so nothing to forget.
    writeMarker(encoder, MARKER.sdnorm);
  }
  return encoder.finish();
}

function headerOf({ width, height }: Bitmap, options: EncodeJbigOptions): JbigHeader {
  const { template = 3, typicalPrediction = true, linesPerStripe = 128 } = options;
  const { order = 0, mx = 0, keptOptions = 0, declaredHeight } = options;
  if ((keptOptions & ~KEPT) !== 0) throw impossible(`kept options ${keptOptions}`);
  if (declaredHeight !== undefined && declaredHeight < height) {
    throw impossible(`declared height ${declaredHeight} of an image of ${height}`);
  }
  return {
    width,
    height: declaredHeight ?? height,
    linesPerStripe,
    mx,
    my: 0,
    order,
    options:
      keptOptions |
      (template === 2 ? OPTION.lrltwo : 0) |
      (typicalPrediction ? OPTION.tpbon : 0) |
      (declaredHeight === undefined ? 0 : OPTION.vlength),
  };
}

function sortedMoves(
  moves: readonly AdaptiveMove[],
  header: JbigHeader,
  height: number,
): AdaptiveMove[] {
  for (const move of moves) {
    const mistake =
      Number.isInteger(move.line) && move.line >= 0 && move.line < height
        ? mistakeInMove(move.tx, header)
        : `at line ${move.line}`;
    if (mistake !== undefined) throw impossible(`a move of the adaptive pixel ${mistake}`);
  }
  return moves.toSorted((left, right) => left.line - right.line);
}

function encodeStripes(
  encoder: QmEncoder,
  bitmap: Bitmap,
  header: JbigHeader,
  moves: readonly AdaptiveMove[],
  endMarker: number,
): void {
  const { height } = bitmap;
  const template = templateOf(header);
  const mayBeTypical = (header.options & OPTION.tpbon) !== 0;
  const plane = planeOf(bitmap);
  const line = makeLine();
  let first = 0;
  let wasTypical = false;
  let tx = 0;
  let announced = 0;
  let moved = 0;
  for (let start = 0; start < height; start += header.linesPerStripe) {
    const end = Math.min(height, start + header.linesPerStripe);
    while (announced < moves.length && moves[announced]!.line < end) {
      writeMove(encoder, moves[announced++]!, start);
    }
    for (let y = start; y < end; y++) {
      while (moves[moved]?.line === y) tx = moves[moved++]!.tx;
      placeLine(line, plane, y, first, tx);
      const isTypical = mayBeTypical && sameRow(plane, line.at, line.above);
      if (mayBeTypical) encoder.encode(TYPICAL_CONTEXT[template], isTypical === wasTypical ? 1 : 0);
      if (!isTypical) encodeLine(encoder, template, plane, line);
      wasTypical = isTypical;
    }
    encoder.flush();
    writeMarker(encoder, endMarker);
    if (endMarker !== MARKER.sdrst) continue;
    encoder.contexts.fill(0);
    first = end;
    wasTypical = false;
    tx = 0;
  }
}

function writeMarker(encoder: QmEncoder, code: number): void {
  encoder.write(ESCAPE);
  encoder.write(code);
}

function writeSegment(encoder: QmEncoder, code: number, value: number): void {
  writeMarker(encoder, code);
  const bytes = new Uint8Array(4);
  writeNumber(bytes, 0, value);
  encoder.writeAll(bytes);
}

function writeMove(encoder: QmEncoder, { line, tx }: AdaptiveMove, start: number): void {
  writeSegment(encoder, MARKER.atmove, line - start);
  encoder.write(tx);
  encoder.write(0);
}

function impossible(text: string): CountersignError {
  return new CountersignError('E_JBIG_HEADER', { text });
}
