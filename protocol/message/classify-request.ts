import type { Dialect, TransactionSpec } from '../dialect/dialect.ts';
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

const byMti = new WeakMap<Dialect, ReadonlyMap<string, readonly NamedTransaction[]>>();

function transactionsOf(dialect: Dialect, mti: string): readonly NamedTransaction[] {
  let known = byMti.get(dialect);
  if (known === undefined) {
    const lists = new Map<string, NamedTransaction[]>();
    for (const [name, spec] of Object.entries(dialect.transactions)) {
      const list = lists.get(spec.mti) ?? [];
      list.push({ name, ...spec });
      lists.set(spec.mti, list);
    }
    known = lists;
    byMti.set(dialect, known);
  }
  return known.get(mti) ?? [];
}

/**
 * What a request is: message type + 60.3 for management messages, message type + processing code +
 * condition + 60.1 for the others (spec 2.1).
 */
export function classifyRequest(dialect: Dialect, message: Message): Classification {
  const sameMti = transactionsOf(dialect, message.mti);
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
