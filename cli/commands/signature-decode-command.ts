import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { writePortableBitmap } from '../../protocol/jbig/portable-bitmap.ts';
import { judgeStream, readBytes, writeBytes } from './signature-files.ts';

/** A JBIG stream as a PBM image; exit 1 when it is refused, and then nothing is written. */
export async function decodeSignature(input: string, out: string): Promise<number> {
  const bytes = await readBytes(input);
  return judgeStream(() => writeBytes(out, writePortableBitmap(decodeJbig(bytes).bitmap)), {});
}
