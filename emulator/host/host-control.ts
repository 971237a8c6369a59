import type { StoredSignature } from './archive/stored-signature.ts';
import type { HostEvent, IssuerSetting } from './host-event.ts';
import { balance } from './books/ledger.ts';
import { enquire, type ArrivalAnswer } from './enquiry/enquire.ts';
import { transactionId, type HostState } from './host-state.ts';
import {
  beginStep,
  commit,
  endStep,
  type HostEffect,
  type HostEnv,
  type HostStep,
} from './host-step.ts';
import {
  freeze,
  release,
  type FreezeOrder,
  type FreezeOutcome,
  type ReleaseOutcome,
} from './risk/freeze.ts';
import { payOut, type PayoutLine } from './settlement/pay-out.ts';

export interface CardView {
  readonly availableFen: number;
  readonly spentTodayFen: number;
}

export interface MerchantView {
  readonly unsettledFen: number;
  readonly payableFen: number;
  readonly heldFen: number;
  readonly paidFen: number;
}

export interface TransactionKeys {
  readonly tid: string;
  readonly batchNo: string;
  readonly stan: string;
}

/**
 * The back office of the host: what people do there and what they can see. Each call is one step
 * of the host, journalled like the ones on the line.
 */
export interface HostControl {
  freeze(order: FreezeOrder): FreezeOutcome;
  release(holdId: string, by: string): ReleaseOutcome;
  payOut(): PayoutLine[];
  setChannel(isOpen: boolean): void;
  setIssuer(setting: IssuerSetting): void;
  card(cardId: string, isoDate: string): CardView | undefined;
  merchant(mid: string): MerchantView;
  feesFen(): number;
  /** The signature of a transaction, as it is stored. */
  signature(keys: TransactionKeys): StoredSignature | undefined;
  enquire(by: { readonly rrn: string } | TransactionKeys): ArrivalAnswer;
}

export function hostControl(
  state: HostState,
  env: HostEnv,
  run: (effects: readonly HostEffect[]) => void,
): HostControl {
  const act = <Result>(decide: (step: HostStep) => Result): Result => {
    const step = beginStep(state, env);
    const result = decide(step);
    publishEvents(step);
    run(endStep(step));
    return result;
  };
  return {
    freeze: (order) => act((step) => freeze(step, order)),
    release: (holdId, by) => act((step) => release(step, holdId, by)),
    payOut: () => act(payOut),
    setChannel: (isOpen) => act((step) => commit(step, { kind: 'channel-set', isOpen })),
    setIssuer: (setting) => act((step) => commit(step, { kind: 'issuer-set', ...setting })),
    card(cardId, isoDate) {
      const card = state.cards.get(cardId);
      if (card === undefined) return undefined;
      return {
        availableFen: balance(state.ledger, 'card', { card: cardId }),
        spentTodayFen: card.spentFen.get(isoDate) ?? 0,
      };
    },
    merchant: (mid) => ({
      unsettledFen: balance(state.ledger, 'unsettled', { mid }),
      payableFen: balance(state.ledger, 'payable', { mid }),
      heldFen: balance(state.ledger, 'held', { mid }),
      paidFen: balance(state.ledger, 'bank', { mid }),
    }),
    feesFen: () => balance(state.ledger, 'fees', {}),
    signature: (keys) => state.signatures.get(idOf(keys)),
    enquire: (by) => enquire(state, 'rrn' in by ? state.byRrn.get(by.rrn) : idOf(by)),
  };
}

function idOf({ tid, batchNo, stan }: TransactionKeys): string {
  return transactionId(tid, batchNo, stan);
}

function publishEvents(step: HostStep): void {
  if (!step.env.isTraced) return;
  for (const event of step.events) {
    const text = textOf(event);
    step.effects.push({ kind: 'publish', event: { kind: 'host-event', name: event.kind, text } });
  }
}

function textOf(event: HostEvent): string {
  switch (event.kind) {
    case 'hold-placed':
      return `${event.hold.id} on ${event.hold.scope}, by ${event.hold.by}: ${event.hold.reason}`;
    case 'hold-released':
      return `${event.holdId}, by ${event.by}`;
    case 'paid-out':
      return `${event.payout.id} to ${event.payout.mid}`;
    case 'channel-set':
      return event.isOpen ? 'issuer channel open' : 'issuer channel closed';
    case 'issuer-set':
      return JSON.stringify(event);
    default:
      return '';
  }
}
