import { toHex } from '../../protocol/bytes/hex.ts';
import {
  inspectJbig,
  type InspectedStripe,
  type JbigInspection,
} from '../../protocol/jbig/inspect-jbig.ts';
import type { JbigSegment } from '../../protocol/jbig/scan-jbig.ts';
import { judgeStream, readBytes } from './signature-files.ts';

/** What is inside a JBIG stream, as lines or one JSON object; exit 1 when it is refused. */
export async function inspectSignature(input: string, isJson: boolean): Promise<number> {
  const bytes = await readBytes(input);
  const show = (): void => {
    const inspection = inspectJbig(bytes);
    process.stdout.write(isJson ? `${JSON.stringify(jsonOf(inspection))}\n` : textOf(inspection));
  };
  return judgeStream(show, { isJson, stream: process.stdout });
}

function jsonOf({ segments, ...inspection }: JbigInspection): unknown {
  return {
    ...inspection,
    segments: segments.map((segment) =>
      segment.kind === 'comment' ? { ...segment, bytes: toHex(segment.bytes) } : segment,
    ),
  };
}

function textOf(inspection: JbigInspection): string {
  const { header, height, template, stripes, segments, coder } = inspection;
  const options = toHex(Uint8Array.of(header.options));
  const typical = inspection.hasTypicalPrediction ? 'typical prediction' : 'no typical prediction';
  const stripe = stripes.length === 1 ? 'stripe' : 'stripes';
  const declared = header.height === height ? '' : `, ${header.height} lines declared`;
  const rows: readonly (readonly [string, string])[] = [
    ['image', `${header.width}×${height}${declared}, ${inspection.blackPixels} black pixels`],
    ['bytes', `${inspection.totalBytes}`],
    ['template', `${template} lines, ${typical}`],
    ['header', `options ${options}, order ${header.order}, MX ${header.mx}, MY ${header.my}`],
    ['stripes', `${stripes.length} ${stripe} of ${header.linesPerStripe} lines`],
    ['coder', `${coder.decisions} decisions, ${coder.lpsCount} less probable`],
    ['contexts', `${coder.contextsUsed} of 1024`],
    ['encoder', inspection.isReproduced ? 'ours makes the same bytes' : 'ours makes other bytes'],
  ];
  const lines = rows.map(([label, text]) => `${label.padEnd(10)} ${text}`);
  return [...lines, ' byte  what', ...placesOf(stripes, segments), ''].join('\n');
}

/** Stripes and marker segments in the order in which they stand. */
function placesOf(
  stripes: readonly InspectedStripe[],
  segments: readonly JbigSegment[],
): readonly string[] {
  const places = [
    ...stripes.map((stripe) => ({ offset: stripe.dataOffset, text: stripeText(stripe) })),
    ...segments.map((segment) => ({ offset: segment.offset, text: segmentText(segment) })),
  ];
  return places
    .toSorted((left, right) => left.offset - right.offset)
    .map(({ offset, text }) => `${String(offset).padStart(5)}  ${text}`);
}

function stripeText({ line, lines, dataBytes, end, typicalLines }: InspectedStripe): string {
  const which = lines === 0 ? 'no line' : `lines ${line} to ${line + lines - 1}`;
  return `${which}, ${typicalLines} typical, ${bytesText(dataBytes)} of data, ${end}`;
}

function bytesText(count: number): string {
  return `${count} ${count === 1 ? 'byte' : 'bytes'}`;
}

function segmentText(segment: JbigSegment): string {
  switch (segment.kind) {
    case 'comment':
      return `COMMENT of ${bytesText(segment.bytes.length)}`;
    case 'new-length':
      return `NEWLEN ${segment.height}`;
    case 'adaptive-move':
      return `ATMOVE from line ${segment.line} on, ${segment.tx} to the left`;
  }
}
