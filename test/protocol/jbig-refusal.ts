import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { decodeJbig, type DecodeJbigOptions } from '../../protocol/jbig/decode-jbig.ts';

export interface Refusal {
  readonly code: string;
  readonly offset: number | undefined;
  readonly message: string;
  readonly hint: string;
}

/** What bytes are refused for. @throws when they are accepted */
export function refusal(bytes: Uint8Array, options: DecodeJbigOptions = {}): Refusal {
  try {
    decodeJbig(bytes, options);
  } catch (error) {
    if (error instanceof CountersignError) return error;
    throw error;
  }
  throw new Error(`${toHex(bytes)} is accepted`);
}

/** Code and byte of what hex is refused for. */
export function place(hex: string, options: DecodeJbigOptions = {}): string {
  const { code, offset } = refusal(fromHex(hex), options);
  return `${code} ${offset}`;
}

/** A header of 8×8, three lines, typical prediction, with some of its parts changed. */
export function header(changes: Partial<Record<'w' | 'h' | 'l0' | 'rest', string>> = {}): string {
  const { w = '00000008', h = '00000008', l0 = '00000080', rest = '00000008' } = changes;
  return `00000100${w}${h}${l0}${rest}`;
}

/** The letter of 8×8 that the vectors have, behind {@link header}. */
export const LETTER = '69837015D3A3FF02';
