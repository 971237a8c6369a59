import { CountersignError } from '../errors/countersign-error.ts';
import type { Bitmap } from './bitmap.ts';
import { decodeLine } from './decode-line.ts';
import { OPTION, type JbigHeader } from './jbig-header.ts';
import { JBIG_LIMITS, type JbigLimits } from './jbig-limits.ts';
import { bitmapOf, makePlane, type Plane } from './plane.ts';
import { QmDecoder } from './qm-decoder.ts';
import { scanJbig, type JbigLayout, type JbigStripe } from './scan-jbig.ts';
import { TYPICAL_CONTEXT, makeLine, placeLine, templateOf } from './template.ts';

export interface DecodeJbigOptions extends Partial<JbigLimits> {
  /** Bytes behind the image are left alone instead of refused. */
  readonly allowTrailing?: boolean;
}

export interface DecodedJbig {
  readonly bitmap: Bitmap;
  readonly header: JbigHeader;
  readonly consumedBytes: number;
}

/**
 * Decodes a black-and-white image of one plane and one layer (ITU-T T.82; spec/10-jbig.md).
 * @throws E_JBIG_HEADER, E_JBIG_LIMIT, E_JBIG_MARKER and E_JBIG_TRUNCATED before anything is
 * allocated for the image; E_JBIG_TRAILING
 */
export function decodeJbig(bytes: Uint8Array, options: DecodeJbigOptions = {}): DecodedJbig {
  const layout = layoutOf(bytes, options);
  const { plane } = decodeStripes(bytes, layout);
  const { header, consumedBytes } = layout;
  return { bitmap: bitmapOf(plane), header, consumedBytes };
}

/** Scans a stream and judges what is left behind it. */
export function layoutOf(bytes: Uint8Array, options: DecodeJbigOptions): JbigLayout {
  const layout = scanJbig(bytes, { ...JBIG_LIMITS, ...options });
  const left = bytes.length - layout.consumedBytes;
  if (left === 0 || options.allowTrailing === true) return layout;
  const offset = layout.consumedBytes;
  throw new CountersignError('E_JBIG_TRAILING', { text: `${left} left`, offset });
}

/** An encoder may end its data less tightly than it could, by half a register. */
const MOST_UNREAD = 2;

/** Data for more lines than the stripe has belongs to another image, or was damaged. */
function checkAllRead({ unreadBytes }: QmDecoder, { line, lines, dataEnd }: JbigStripe): void {
  if (unreadBytes <= MOST_UNREAD) return;
  const text = `lines ${line} to ${line + lines - 1} leave ${unreadBytes} of their bytes unread`;
  throw new CountersignError('E_JBIG_TRAILING', { text, offset: dataEnd - unreadBytes });
}

/** What happens on the way, for whoever wants to know more than the image. */
export interface LineObserver {
  /** A line is decoded, or was copied from the one above; above `first` nothing is known to it. */
  onLine(y: number, isTypical: boolean, first: number, tx: number): void;
}

export function decodeStripes(
  bytes: Uint8Array,
  { header, height, stripes }: JbigLayout,
  observer?: LineObserver,
): { readonly plane: Plane; readonly decoder: QmDecoder } {
  const template = templateOf(header);
  const mayBeTypical = (header.options & OPTION.tpbon) !== 0;
  const plane = makePlane(header.width, height);
  const decoder = new QmDecoder(bytes);
  const line = makeLine();
  let first = 0;
  let isTypical = false;
  let tx = 0;
  for (const stripe of stripes) {
    const end = stripe.line + stripe.lines;
    decoder.start(stripe.dataOffset, stripe.dataEnd);
    let moves = 0;
    for (let y = stripe.line; y < end; y++) {
      while (stripe.moves[moves]?.line === y) tx = stripe.moves[moves++]!.tx;
      placeLine(line, plane, y, first, tx);
      // The decision is whether this has stayed as it was.
      if (mayBeTypical && decoder.decode(TYPICAL_CONTEXT[template]) === 0) isTypical = !isTypical;
      if (isTypical) plane.cells.copyWithin(line.at, line.above, line.above + plane.rowBytes);
      else decodeLine(decoder, template, plane, line);
      observer?.onLine(y, isTypical, first, tx);
    }
    if (!stripe.isCut) checkAllRead(decoder, stripe);
    if (!stripe.isReset) continue;
    decoder.contexts.fill(0);
    first = end;
    isTypical = false;
    tx = 0;
  }
  return { plane, decoder };
}
