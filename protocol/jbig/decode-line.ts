import type { Plane } from './plane.ts';
import type { QmDecoder } from './qm-decoder.ts';
import {
  firstContext,
  movedContext,
  nextContext,
  type LinePlace,
  type Template,
} from './template.ts';

/**
 * Decodes the pixels of one line into its plane. A context becomes that of the next pixel by a shift:
 * the leftmost pixel of each line leaves, one enters on the right.
 */
export function decodeLine(
  decoder: QmDecoder,
  template: Template,
  plane: Plane,
  line: LinePlace,
): void {
  if (line.tx !== 0) decodeMoved(decoder, template, plane, line);
  else if (template === 3) decodeThreeLines(decoder, plane, line);
  else decodeTwoLines(decoder, plane, line);
}

function decodeThreeLines(decoder: QmDecoder, plane: Plane, line: LinePlace): void {
  const { cells, width } = plane;
  let context = firstContext(3, plane, line);
  for (let x = 0, byte = 0; x < width; x += 8, byte++) {
    const count = Math.min(8, width - x);
    let further = (cells[line.further + byte]! << 8) | cells[line.further + byte + 1]!;
    let above = (cells[line.above + byte]! << 8) | cells[line.above + byte + 1]!;
    let pixels = 0;
    for (let each = 0; each < count; each++) {
      const pixel = decoder.decode(context);
      pixels = (pixels << 1) | pixel;
      context = ((context << 1) & 0x37a) | ((further >> 6) & 0x80) | ((above >> 10) & 0x04) | pixel;
      further <<= 1;
      above <<= 1;
    }
    cells[line.at + byte] = pixels << (8 - count);
  }
}

function decodeTwoLines(decoder: QmDecoder, plane: Plane, line: LinePlace): void {
  const { cells, width } = plane;
  let context = firstContext(2, plane, line);
  for (let x = 0, byte = 0; x < width; x += 8, byte++) {
    const count = Math.min(8, width - x);
    let above = (cells[line.above + byte]! << 8) | cells[line.above + byte + 1]!;
    let pixels = 0;
    for (let each = 0; each < count; each++) {
      const pixel = decoder.decode(context);
      pixels = (pixels << 1) | pixel;
      context = ((context << 1) & 0x3ee) | ((above >> 8) & 0x10) | pixel;
      above <<= 1;
    }
    cells[line.at + byte] = pixels << (8 - count);
  }
}

/** With the adaptive pixel elsewhere, in the very line: pixel by pixel. */
function decodeMoved(decoder: QmDecoder, template: Template, plane: Plane, line: LinePlace): void {
  const { cells, width } = plane;
  let usual = firstContext(template, plane, line);
  cells.fill(0, line.at, line.at + plane.rowBytes);
  for (let x = 0; x < width; x++) {
    const pixel = decoder.decode(movedContext(template, plane, line, usual, x));
    cells[line.at + (x >> 3)]! |= pixel << (7 - (x & 7));
    usual = nextContext(template, plane, line, usual, x, pixel);
  }
}
