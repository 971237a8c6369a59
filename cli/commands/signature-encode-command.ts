import { encodeJbig, type EncodeJbigOptions } from '../../protocol/jbig/encode-jbig.ts';
import { readPortableBitmap } from '../../protocol/jbig/portable-bitmap.ts';
import { EXIT } from '../exit-codes.ts';
import { readBytes, writeBytes } from './signature-files.ts';

export interface SignatureEncodeOptions extends EncodeJbigOptions {
  readonly out: string;
}

/** A PBM image as a JBIG stream. */
export async function encodeSignature(
  input: string,
  { out, ...options }: SignatureEncodeOptions,
): Promise<number> {
  const bitmap = readPortableBitmap(await readBytes(input));
  writeBytes(out, encodeJbig(bitmap, options));
  return EXIT.asExpected;
}
