import type { Plane } from './plane.ts';
import type { QmEncoder } from './qm-encoder.ts';
import {
  firstContext,
  movedContext,
  nextContext,
  rowPixel,
  type LinePlace,
  type Template,
} from './template.ts';

/**
 * Encodes the pixels of one line; contexts go on as in decode-line.ts.
 */
export function encodeLine(
  encoder: QmEncoder,
  template: Template,
  plane: Plane,
  line: LinePlace,
): void {
  if (line.tx !== 0) encodeMoved(encoder, template, plane, line);
  else if (template === 3) encodeThreeLines(encoder, plane, line);
  else encodeTwoLines(encoder, plane, line);
}

function encodeThreeLines(encoder: QmEncoder, plane: Plane, line: LinePlace): void {
  const { cells, width } = plane;
  let context = firstContext(3, plane, line);
  for (let x = 0, byte = 0; x < width; x += 8, byte++) {
    const count = Math.min(8, width - x);
    let further = (cells[line.further + byte]! << 8) | cells[line.further + byte + 1]!;
    let above = (cells[line.above + byte]! << 8) | cells[line.above + byte + 1]!;
    let pixels = cells[line.at + byte]!;
    for (let each = 0; each < count; each++) {
      const pixel = (pixels >> 7) & 1;
      encoder.encode(context, pixel);
      pixels <<= 1;
      context = ((context << 1) & 0x37a) | ((further >> 6) & 0x80) | ((above >> 10) & 0x04) | pixel;
      further <<= 1;
      above <<= 1;
    }
  }
}

function encodeTwoLines(encoder: QmEncoder, plane: Plane, line: LinePlace): void {
  const { cells, width } = plane;
  let context = firstContext(2, plane, line);
  for (let x = 0, byte = 0; x < width; x += 8, byte++) {
    const count = Math.min(8, width - x);
    let above = (cells[line.above + byte]! << 8) | cells[line.above + byte + 1]!;
    let pixels = cells[line.at + byte]!;
    for (let each = 0; each < count; each++) {
      const pixel = (pixels >> 7) & 1;
      encoder.encode(context, pixel);
      pixels <<= 1;
      context = ((context << 1) & 0x3ee) | ((above >> 8) & 0x10) | pixel;
      above <<= 1;
    }
  }
}

/** With the adaptive pixel elsewhere: pixel by pixel. */
function encodeMoved(encoder: QmEncoder, template: Template, plane: Plane, line: LinePlace): void {
  const { width } = plane;
  let usual = firstContext(template, plane, line);
  for (let x = 0; x < width; x++) {
    const pixel = rowPixel(plane, line.at, x);
    encoder.encode(movedContext(template, plane, line, usual, x), pixel);
    usual = nextContext(template, plane, line, usual, x, pixel);
  }
}
