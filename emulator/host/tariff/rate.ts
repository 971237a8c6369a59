import { CountersignError } from '../../../protocol/errors/countersign-error.ts';

/** Where a fee of half a fen goes: away from nothing, to the even fen, always up, always down. */
export type Rounding = 'half-up' | 'half-even' | 'up' | 'down';

/** What a sale costs: parts per million of its amount and a fixed part, within bounds. */
export interface Rate {
  readonly ppm: number;
  readonly fixedFen?: number;
  readonly minFen?: number;
  readonly capFen?: number;
  /** half-up when absent (spec 8.2). */
  readonly rounding?: Rounding;
}

const MILLION = 1_000_000n;

/**
 * The fee of one amount (I-18): the exact product rounded once, the fixed part added, not below the
 * minimum, not above the cap.
 *
 * @param amountFen whole fen, not negative
 * @throws E_BOOKS for anything else, or a fee that is no safe integer
 */
export function feeOf(rate: Rate, amountFen: number): number {
  const { ppm, fixedFen = 0, minFen = 0, capFen, rounding = 'half-up' } = rate;
  if (!Number.isSafeInteger(amountFen) || amountFen < 0) {
    throw new CountersignError('E_BOOKS', { text: `a fee on ${amountFen} fen` });
  }
  const product = amountFen * ppm;
  const part = Number.isSafeInteger(product)
    ? dividedSmall(product, rounding)
    : Number(divided(BigInt(amountFen) * BigInt(ppm), rounding));
  const plain = part + fixedFen;
  const atLeast = Math.max(minFen, plain);
  const fee = capFen === undefined ? atLeast : Math.min(capFen, atLeast);
  if (!Number.isSafeInteger(fee)) throw new CountersignError('E_BOOKS', { text: `${fee} fen` });
  return fee;
}

/** The same for what a number holds exactly, as the fee of nearly every sale: far quicker. */
function dividedSmall(millionths: number, rounding: Rounding): number {
  const rest = millionths % 1_000_000;
  const whole = (millionths - rest) / 1_000_000;
  if (rest === 0) return whole;
  switch (rounding) {
    case 'half-up':
      return rest >= 500_000 ? whole + 1 : whole;
    case 'half-even':
      return rest > 500_000 || (rest === 500_000 && whole % 2 === 1) ? whole + 1 : whole;
    case 'up':
      return whole + 1;
    case 'down':
      return whole;
    default:
      return rounding satisfies never;
  }
}

/** Millionths to whole, rounded as told. */
function divided(millionths: bigint, rounding: Rounding): bigint {
  const [whole, rest] = [millionths / MILLION, millionths % MILLION];
  switch (rounding) {
    case 'half-up':
      return rest * 2n >= MILLION ? whole + 1n : whole;
    case 'half-even': {
      const isHalf = rest * 2n === MILLION;
      const isUp = isHalf ? whole % 2n === 1n : rest * 2n > MILLION;
      return isUp ? whole + 1n : whole;
    }
    case 'up':
      return rest > 0n ? whole + 1n : whole;
    case 'down':
      return whole;
    default:
      return rounding satisfies never;
  }
}

/** `0.60 %`, exact: four decimals where two are not enough. */
export function percentText(ppm: number): string {
  const digits = String(ppm).padStart(5, '0');
  const [whole, part] = [digits.slice(0, -4), digits.slice(-4)];
  return `${whole}.${part.replace(/00$/, '')} %`;
}
