import { readFileSync } from 'node:fs';
import { encodeJbig, type EncodeJbigOptions } from '../../protocol/jbig/encode-jbig.ts';
import type { Bitmap } from '../../protocol/jbig/bitmap.ts';
import { layoutOf } from '../../protocol/jbig/decode-jbig.ts';
import { reencodeOptions } from '../../protocol/jbig/inspect-jbig.ts';

/** Streams of JBIG-KIT and of a terminal, with their provenance inside; see the file. */
interface JbigVectors {
  readonly jbig: readonly {
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly pbmP4Hex: string;
    readonly bieHex: string;
    readonly header: Readonly<Record<string, number>>;
    /** SDE: data bytes, marker, first line, line behind the last. */
    readonly segments: readonly (readonly [string, ...unknown[]])[];
  }[];
  readonly qmCoder: readonly {
    readonly name: string;
    readonly bits: string;
    readonly context: number;
    readonly bytesHex: string;
  }[];
  readonly digests: readonly {
    readonly motif: string;
    readonly seed: number;
    readonly width: number;
    readonly height: number;
    readonly options: EncodeJbigOptions;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}

export const jbigVectors = JSON.parse(
  readFileSync(new URL('../vectors/jbig.json', import.meta.url), 'utf8'),
) as JbigVectors;

/** The image encoded with whatever a stream of it shows. */
export function encodedLike(stream: Uint8Array, bitmap: Bitmap): Uint8Array {
  return encodeJbig(bitmap, reencodeOptions(layoutOf(stream, {})));
}
