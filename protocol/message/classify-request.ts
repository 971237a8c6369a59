import type { Dialect, TransactionSpec } from '../dialect/dialect.ts';
import { perDialect } from '../dialect/per-dialect.ts';
import { readPath } from '../structure/field-structure.ts';
import type { Message } from './message.ts';

/** A transaction with the name that its dialect gives it. */
export type NamedTransaction = TransactionSpec & { readonly name: string };

export type Classification =
  | { readonly kind: 'known'; readonly transaction: NamedTransaction }
  /** The message type exists, but not with these codes. */
  | { readonly kind: 'unsupported' }
  /** Processing code, condition code and 60.1 contradict each other (F059). */
  | { readonly kind: 'contradictory' }
  | { readonly kind: 'unknown-mti' };

type Known = Extract<Classification, { readonly kind: 'known' }>;

/** By message type, each transaction as what is said of a request that it fits. */
const byMti = perDialect((_, transactions: Dialect['transactions']) => {
  const lists = new Map<string, Known[]>();
  for (const [name, spec] of Object.entries(transactions)) {
    const list = lists.get(spec.mti) ?? [];
    list.push({ kind: 'known', transaction: { name, ...spec } });
    lists.set(spec.mti, list);
  }
  return lists;
});

/**
 * What a request is: message type + 60.3 for management messages, message type + processing code +
 * condition + 60.1 for the others (spec 2.1).
 */
export function classifyRequest(dialect: Dialect, message: Message): Classification {
  const sameMti = byMti(dialect, dialect.transactions).get(message.mti);
  if (sameMti === undefined) return { kind: 'unknown-mti' };
  const type = readPath(dialect, message, '60.1');
  const network = readPath(dialect, message, '60.3');
  const processing = message.fields[3]?.slice(0, 2);
  const condition = message.fields[25];
  for (const known of sameMti) {
    const { transaction } = known;
    const fits =
      (transaction.type === undefined || transaction.type === type) &&
      (transaction.network === undefined || transaction.network.includes(network ?? '')) &&
      (transaction.processing === undefined || transaction.processing === processing) &&
      (transaction.condition === undefined || transaction.condition === condition);
    if (fits) return known;
  }
  const sameProcessing = sameMti.some(({ transaction }) => transaction.processing === processing);
  const isFinancial = processing !== undefined && type !== undefined && condition !== undefined;
  return { kind: sameProcessing && isFinancial ? 'contradictory' : 'unsupported' };
}
