import type { HostEvent, TransactionRecord } from '../host-event.ts';
import { unknownInJournal } from '../transaction-book.ts';
import type { IssuerLine, WalletOrderRecord } from './upstream-events.ts';

/** A transaction whose answer waits for another party's. */
export interface Pending {
  readonly transaction: TransactionRecord;
  readonly fingerprint: string;
  readonly issuer?: { readonly rc: string; readonly chip?: string };
}

export interface WalletOrder extends WalletOrderRecord {
  state: 'held' | 'due';
  attempts: number;
  /** Why the wallet has not done it yet. */
  problem: string | undefined;
}

/** What other parties were asked. */
export interface UpstreamBook {
  readonly pending: Map<string, Pending>;
  /** Orders that are not done, by key. */
  readonly walletOrders: Map<string, WalletOrder>;
  issuerLine: IssuerLine;
  slowAnswers: { delayMs: number; times: number };
}

export function emptyUpstream(): UpstreamBook {
  return {
    pending: new Map(),
    walletOrders: new Map(),
    issuerLine: { delayMs: 0, losesAnswers: false },
    slowAnswers: { delayMs: 0, times: 0 },
  };
}

export function applyToUpstream(book: UpstreamBook, event: HostEvent): void {
  switch (event.kind) {
    case 'transaction-pending':
      book.pending.set(event.transaction.id, event);
      return;
    case 'pending-approved':
    case 'pending-refused':
    case 'transaction-reversed':
      book.pending.delete(event.id);
      return;
    case 'wallet-order-made': {
      const state = event.order.heldFor === undefined ? 'due' : 'held';
      const order = { ...event.order, state, attempts: 0, problem: undefined } as const;
      book.walletOrders.set(event.order.key, order);
      return;
    }
    case 'wallet-order-freed':
      findOrder(book, event.key).state = 'due';
      return;
    case 'wallet-order-failed': {
      const order = findOrder(book, event.key);
      order.attempts++;
      order.problem = event.reason;
      return;
    }
    // What is over need not be remembered: the wallet remembers it.
    case 'wallet-order-dropped':
    case 'wallet-order-done':
      findOrder(book, event.key);
      book.walletOrders.delete(event.key);
      return;
    case 'issuer-line-set':
      book.issuerLine = { delayMs: event.delayMs, losesAnswers: event.losesAnswers };
      return;
    case 'answers-slowed':
      book.slowAnswers = { delayMs: event.delayMs, times: event.times };
      return;
    case 'answer-slow':
      book.slowAnswers.times--;
      return;
    default:
      return;
  }
}

function findOrder(book: UpstreamBook, key: string): WalletOrder {
  const found = book.walletOrders.get(key);
  if (found === undefined) throw unknownInJournal(`wallet order ${key}`);
  return found;
}
