import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawBitmap, type Motif } from '../../bench/draw-bitmap.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { sameBitmap } from '../../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { encodeJbig } from '../../protocol/jbig/encode-jbig.ts';
import { encodeLine } from '../../protocol/jbig/encode-line.ts';
import { inspectJbig } from '../../protocol/jbig/inspect-jbig.ts';
import { planeOf } from '../../protocol/jbig/plane.ts';
import { readPortableBitmap, writePortableBitmap } from '../../protocol/jbig/portable-bitmap.ts';
import { QmDecoder } from '../../protocol/jbig/qm-decoder.ts';
import { QmEncoder } from '../../protocol/jbig/qm-encoder.ts';
import { AFTER_LPS, AFTER_MPS, CONTEXTS, QE } from '../../protocol/jbig/qm-states.ts';
import { makeLine, placeLine } from '../../protocol/jbig/template.ts';
import { messageVector } from '../vectors.ts';
import { encodedLike, jbigVectors } from './jbig-vectors.ts';

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex').toUpperCase();
}

/** The vectors count the data without the zeros behind FF. */
function isNotStuffed(byte: number, at: number, bytes: Uint8Array): boolean {
  return byte !== 0 || bytes[at - 1] !== 0xff;
}

describe('a stream of JBIG-KIT or of a terminal', () => {
  it('is there in all its kinds', () => {
    expect(jbigVectors.jbig).toHaveLength(22);
    expect(jbigVectors.qmCoder).toHaveLength(5);
    expect(jbigVectors.digests).toHaveLength(10);
  });

  it.each(jbigVectors.jbig)('is decoded: $name', ({ bieHex, pbmP4Hex, header }) => {
    const { bitmap, header: ours, consumedBytes } = decodeJbig(fromHex(bieHex));
    expect(toHex(writePortableBitmap(bitmap))).toBe(pbmP4Hex);
    expect(consumedBytes).toBe(bieHex.length / 2);
    const { xd, yd, l0, mx, my, order, options } = header;
    expect(ours).toEqual({ width: xd, height: yd, linesPerStripe: l0, mx, my, order, options });
  });

  it.each(jbigVectors.jbig)('is encoded to the same bytes: $name', ({ bieHex, pbmP4Hex }) => {
    const image = readPortableBitmap(fromHex(pbmP4Hex));
    expect(toHex(encodedLike(fromHex(bieHex), image))).toBe(bieHex);
  });

  it.each(jbigVectors.jbig)('is inspected: $name', ({ bieHex, segments, width, height }) => {
    const bytes = fromHex(bieHex);
    const inspection = inspectJbig(bytes);
    const withLines = inspection.stripes.filter(({ lines }) => lines > 0);
    const stripes = segments.filter(([kind]) => kind === 'SDE');
    expect(
      withLines.map(({ dataOffset, dataBytes, end, line, lines }) => [
        'SDE',
        bytes.subarray(dataOffset, dataOffset + dataBytes).filter(isNotStuffed).length,
        end === 'SDRST' ? 3 : 2,
        line,
        line + lines,
      ]),
    ).toEqual(stripes);
    expect(inspection).toMatchObject({ height, header: { width }, isReproduced: true });
  });

  it.each(jbigVectors.digests)('is encoded to the same bytes: $motif $width×$height', (each) => {
    const { motif, seed, width, height, options, bytes, sha256: due } = each;
    const image = drawBitmap(seededRandom(seed), motif as Motif, width, height);
    const stream = encodeJbig(image, options);
    expect([stream.length, sha256(stream)]).toEqual([bytes, due]);
    expect(sameBitmap(decodeJbig(stream).bitmap, image)).toBe(true);
  });

  it.each(['observed-esign-upload-0920-private', 'esign-upload-request'])(
    'stands in field 62 of %s',
    (name) => {
      const field = messageVector(name).fields['62'] as string | { hex: string };
      const stream = fromHex(typeof field === 'string' ? field : field.hex);
      const { bitmap } = decodeJbig(stream);
      expect(toHex(encodedLike(stream, bitmap))).toBe(toHex(stream));
    },
  );
});

describe('the QM coder', () => {
  it.each(jbigVectors.qmCoder)('codes $name', ({ bits, context, bytesHex }) => {
    const encoder = new QmEncoder();
    for (const bit of bits) encoder.encode(context, Number(bit));
    encoder.flush();
    const bytes = encoder.finish();
    expect(toHex(bytes)).toBe(bytesHex);
    const decoder = new QmDecoder(bytes);
    decoder.start(0, bytes.length);
    const again = Array.from(bits, () => decoder.decode(context)).join('');
    expect(again).toBe(bits);
    expect(decoder.contexts).toEqual(encoder.contexts);
  });

  it('has the states of the standard, each for either symbol', () => {
    let table = '';
    for (let state = 0; state < 113; state++) {
      const [zero, one] = [state * 2, state * 2 + 1];
      const swap = AFTER_LPS[zero]! & 1;
      expect([QE[one], AFTER_MPS[one], AFTER_LPS[one]]).toEqual([
        QE[zero],
        AFTER_MPS[zero]! + 1,
        AFTER_LPS[zero]! ^ 1,
      ]);
      table += `${state} ${QE[zero]} ${AFTER_LPS[zero]! >> 1} ${AFTER_MPS[zero]! >> 1} ${swap}\n`;
    }
    expect(QE).toHaveLength(226);
    // Of the table in the specification, written the same way.
    expect(sha256(table)).toBe('42189434684DC59934B627A40FB640259E07785F5DCBF37E047CACC116245B89');
  });

  it('is in every state at some point of the images above', () => {
    const seen = new Set<number>();
    class WatchedEncoder extends QmEncoder {
      override encode(context: number, bit: number): void {
        seen.add(this.contexts[context]! >> 1);
        super.encode(context, bit);
      }
    }
    for (const { motif, seed, width, height, options } of jbigVectors.digests) {
      const plane = planeOf(drawBitmap(seededRandom(seed), motif as Motif, width, height));
      const encoder = new WatchedEncoder();
      const line = makeLine();
      for (let y = 0; y < height; y++) {
        placeLine(line, plane, y, 0, 0);
        encodeLine(encoder, options.template ?? 3, plane, line);
      }
    }
    expect(seen.size).toBe(113);
  });

  it('decodes what it has encoded, through every transition, stripe after stripe', () => {
    const random = seededRandom(11);
    const encoder = new QmEncoder();
    const decisions: number[] = [];
    const ends: number[] = [];
    for (let stripe = 0; stripe < 60; stripe++) {
      const rare = random.below(1000);
      for (let each = 0; each < 3000; each++) {
        const context = random.below(CONTEXTS >> random.below(11));
        const bit = random.below(1000) < rare ? 1 : 0;
        decisions.push(context * 2 + bit);
        encoder.encode(context, bit);
      }
      encoder.flush();
      ends.push(encoder.finish().length);
    }
    const bytes = encoder.finish();
    const decoder = new QmDecoder(bytes);
    const wrong = decisions.filter((decision, index) => {
      if (index % 3000 === 0) decoder.start(ends[index / 3000 - 1] ?? 0, ends[index / 3000]!);
      return decoder.decode(decision >> 1) !== (decision & 1);
    });
    expect(wrong).toEqual([]);
  });

  it('never writes a marker into its data', () => {
    const random = seededRandom(12);
    for (let round = 0; round < 300; round++) {
      const encoder = new QmEncoder();
      for (let each = 0; each < 400; each++) encoder.encode(random.below(4), random.below(2));
      encoder.flush();
      const bytes = encoder.finish();
      for (const [at, byte] of bytes.entries()) if (byte === 0xff) expect(bytes[at + 1]).toBe(0);
      if (bytes.at(-1) === 0) expect(bytes.at(-2)).toBe(0xff);
    }
  });
});
