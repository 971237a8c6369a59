import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';

/** Transactions without which terminal and host have nothing to say to each other. */
const NEEDED = ['sign-in', 'sale', 'void', 'refund', 'reversal', 'settlement'];

/** @throws E_DIALECT when terminal and host cannot trade in a dialect */
export function playable(dialect: Dialect): Dialect {
  const missing = NEEDED.filter((name) => !Object.hasOwn(dialect.transactions, name));
  if (missing.length === 0) return dialect;
  throw new CountersignError('E_DIALECT', {
    text: `${dialect.id} has no transaction ${missing.join(', ')}: terminal and host cannot trade in it`,
    hint: 'unionpay-pos, or a dialect that extends it',
  });
}
