import { getPixel, type Bitmap } from '../../protocol/jbig/bitmap.ts';
import { xmlText } from '../printable.ts';
import { pairLines, SLIP_COLUMNS, wrapped } from './slip-columns.ts';
import type { SlipRecord } from './slip-record.ts';
import { slipRows, type SlipLang, type SlipRow } from './slip-rows.ts';

/** The font of a slip: made of pixels, as a printer's is; sizes are multiples of 12. */
export const SLIP_FONT = 'Fusion Pixel 12px Proportional SC';

const FONT_PX = 24;
const LINE_PX = 32;
const MARGIN_PX = 16;
const WIDTH_PX = (SLIP_COLUMNS * FONT_PX) / 2 + 2 * MARGIN_PX;
const INNER_PX = WIDTH_PX - 2 * MARGIN_PX;

/** Drawn pieces and the height that they take. */
interface Drawn {
  readonly svg: string;
  readonly heightPx: number;
}

/** A slip as a picture, 416 pixels wide, white paper; every pixel of the signature is a square. */
export function slipSvg(record: SlipRecord, lang: SlipLang): string {
  const pieces: string[] = [];
  let y = MARGIN_PX;
  for (const row of slipRows(record, lang)) {
    const { svg, heightPx } = drawRow(row, record.signature, y);
    pieces.push(svg);
    y += heightPx;
  }
  const heightPx = y + MARGIN_PX;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH_PX}" height="${heightPx}" ` +
      `viewBox="0 0 ${WIDTH_PX} ${heightPx}" font-family="'${SLIP_FONT}', monospace" ` +
      `font-size="${FONT_PX}" fill="#000">`,
    `<rect width="${WIDTH_PX}" height="${heightPx}" fill="#fff"/>`,
    ...pieces,
    '</svg>',
    '',
  ].join('\n');
}

/** A picture alone, black on white, every pixel a square of `scale`. */
export function pictureSvg(bitmap: Bitmap, scale = 1): string {
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<path transform="scale(${scale})" shape-rendering="crispEdges" d="${pathOf(bitmap)}"/>`,
    '</svg>',
    '',
  ].join('\n');
}

function drawRow(row: SlipRow, signature: Bitmap, y: number): Drawn {
  switch (row.kind) {
    case 'title':
      return drawn([text(row.text, WIDTH_PX / 2, y, 'middle')]);
    case 'rule':
      return {
        svg: `<path d="M${MARGIN_PX} ${y + 8}h${INNER_PX}" stroke="#000" stroke-dasharray="8 4"/>`,
        heightPx: 16,
      };
    case 'pair':
      return drawn(
        pairLines(row.label, row.value).map(
          ({ left, right }, index) =>
            text(left, MARGIN_PX, y + index * LINE_PX, 'start') +
            text(right, WIDTH_PX - MARGIN_PX, y + index * LINE_PX, 'end'),
        ),
      );
    case 'signature':
      return drawSignature(row.label, signature, y);
    case 'note':
      return drawn(
        wrapped(row.text, SLIP_COLUMNS).map((line, index) =>
          text(line, MARGIN_PX, y + index * LINE_PX, 'start'),
        ),
      );
  }
}

function drawn(lines: readonly string[]): Drawn {
  return { svg: lines.join(''), heightPx: lines.length * LINE_PX };
}

function text(content: string, x: number, y: number, anchor: 'start' | 'middle' | 'end'): string {
  if (content === '') return '';
  return `<text x="${x}" y="${y + FONT_PX}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

/** The picture below its label, as wide as the paper lets it be. */
function drawSignature(label: string, signature: Bitmap, y: number): Drawn {
  const scale = INNER_PX / signature.width;
  const top = y + LINE_PX + 8;
  return {
    svg:
      text(label, MARGIN_PX, y, 'start') +
      `<path transform="translate(${MARGIN_PX} ${top}) scale(${scale})" ` +
      `shape-rendering="crispEdges" d="${pathOf(signature)}"/>`,
    heightPx: LINE_PX + 16 + Math.ceil(signature.height * scale),
  };
}

/** A rectangle for every run of black pixels. */
function pathOf(bitmap: Bitmap): string {
  const { width, height } = bitmap;
  const runs: string[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!getPixel(bitmap, x, y)) continue;
      const from = x;
      while (x < width && getPixel(bitmap, x, y)) x++;
      runs.push(`M${from} ${y}h${x - from}v1h${from - x}z`);
    }
  }
  return runs.join('');
}

/** Characters that XML forbids are shown as one that it has. */
function escaped(content: string): string {
  return xmlText([...content].map((each) => (isXmlCharacter(each) ? each : '\uFFFD')).join(''));
}

/** XML has no control characters, halves of pairs or non-characters. */
function isXmlCharacter(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  return code >= 0x20 && code !== 0x7f && !isHalf && code !== 0xfffe && code !== 0xffff;
}
