import type { Dialect, TransactionSpec } from '../dialect/dialect.ts';
import type { Message } from './message.ts';
import { readPath } from './read-part.ts';

export type Classification =
  | { readonly kind: 'known'; readonly transaction: TransactionSpec }
  /** The message type exists, but not with these codes. */
  | { readonly kind: 'unsupported' }
  /** Processing code, condition code and 60.1 contradict each other (F059). */
  | { readonly kind: 'contradictory' }
  | { readonly kind: 'unknown-mti' };

/**
 * What a request is: message type + 60.3 for management messages, message type + processing code +
 * condition + 60.1 for the others (spec 2.1).
 */
export function classifyRequest(dialect: Dialect, message: Message): Classification {
  const sameMti = dialect.transactions.filter((each) => each.mti === message.mti);
  if (sameMti.length === 0) return { kind: 'unknown-mti' };
  const type = readPath(dialect, message, '60.1');
  const network = readPath(dialect, message, '60.3');
  const processing = message.fields[3]?.slice(0, 2);
  const condition = message.fields[25];
  const fits = (transaction: TransactionSpec): boolean =>
    (transaction.type === undefined || transaction.type === type) &&
    (transaction.network === undefined || transaction.network.includes(network ?? '')) &&
    (transaction.processing === undefined || transaction.processing === processing) &&
    (transaction.condition === undefined || transaction.condition === condition);
  const transaction = sameMti.find(fits);
  if (transaction !== undefined) return { kind: 'known', transaction };
  const sameProcessing = sameMti.some((each) => each.processing === processing);
  const isFinancial = processing !== undefined && type !== undefined && condition !== undefined;
  return { kind: sameProcessing && isFinancial ? 'contradictory' : 'unsupported' };
}

/** Fields that the request must carry and does not; groups of alternatives read `2|35`. */
export function missingFields(transaction: TransactionSpec, message: Message): string[] {
  const has = (field: number): boolean => message.fields[field] !== undefined;
  const missing = transaction.mandatory.filter((field) => !has(field)).map(String);
  for (const group of transaction.oneOf ?? []) {
    if (group.length > 0 && !group.some(has)) missing.push(group.join('|'));
  }
  return missing;
}
