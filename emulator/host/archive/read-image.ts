import { fromHex } from '../../../protocol/bytes/hex.ts';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { blackCount } from '../../../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../../../protocol/jbig/decode-jbig.ts';
import { carriesFeature } from '../../../protocol/signature/feature-stamp.ts';
import { SIGNATURE_LIMITS } from '../../../protocol/signature/signature-limits.ts';
import type { SignatureImage } from './archive-state.ts';

/**
 * Looks at the picture of a signature, JBIG as hex.
 *
 * @param feature the code of its transaction, which should be burnt in
 * @throws E_JBIG_* for a stream that is refused, E_SIGNATURE_EMPTY for a white one
 */
export function readImage(hex: string, feature: string): SignatureImage {
  const { bitmap } = decodeJbig(fromHex(hex), SIGNATURE_LIMITS);
  if (blackCount(bitmap) === 0) throw new CountersignError('E_SIGNATURE_EMPTY');
  const { width, height } = bitmap;
  return { width, height, bytes: hex.length / 2, hasFeature: carriesFeature(bitmap, feature) };
}
