import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { adjustmentDesk, type AdjustmentDesk } from './adjustments/adjustment-desk.ts';
import {
  exempt,
  fileAgreement,
  type AgreementOrder,
  type ArchiveOutcome,
  type ExemptionOrder,
} from './archive/archive-desk.ts';
import { archived, type ArchiveView } from './archive/archive-view.ts';
import { openItems, type OpenItem } from './archive/open-items.ts';
import { monthOf } from './risk/limit-book.ts';
import { riskDesk, type RiskDesk } from './risk/risk-desk.ts';
import { goOn, refundDesk, type RefundDesk } from './refund-desk/refund-desk.ts';
import { returnHold } from './risk/return-hold.ts';
import { spentInMonth } from './issuer/authorise.ts';
import type { HostPolicy } from './host-config.ts';
import { eventText } from './event-text.ts';
import type { HostEvent, IssuerSetting } from './host-event.ts';
import { balance } from './books/ledger.ts';
import { evidenceDesk, type EvidenceDesk } from './evidence/evidence-desk.ts';
import { enquire, type ArrivalAnswer } from './enquiry/enquire.ts';
import { findAsked, type Asked, type TransactionKeys } from './enquiry/find-asked.ts';
import type { HostState } from './host-state.ts';
import type { Transaction } from './transaction-book.ts';
import { transactionId } from './transaction-index.ts';
import {
  beginStep,
  businessDate,
  commit,
  endStep,
  hostMoment,
  type Act,
  type HostEffect,
  type HostEnv,
  type HostStep,
} from './host-step.ts';
import {
  freeze,
  release,
  take,
  type FreezeOrder,
  type FreezeOutcome,
  type ReleaseOutcome,
} from './risk/freeze.ts';
import type { IssuerLine } from './upstream/upstream-events.ts';
import { enterContract } from './tariff/enter-contract.ts';
import {
  quoteOf,
  USUAL_CONTRACT,
  type MerchantContract,
  type PricedSale,
  type Quote,
} from './tariff/tariff.ts';
import { armAlarms, closeDays } from './settlement/close-day.ts';
import { isWindowOver } from './settlement/instant.ts';
import { settlementDesk, type SettlementDesk } from './settlement/settlement-desk.ts';
import { runPayouts, type PayoutTools } from './settlement/payout-run.ts';
import type { PayoutLine } from './settlement/payouts.ts';

export type { TransactionKeys };

export interface CardView {
  readonly availableFen: number;
  readonly spentTodayFen: number;
  readonly spentThisMonthFen: number;
}

export interface MerchantView {
  readonly unsettledFen: number;
  readonly payableFen: number;
  readonly heldFen: number;
  readonly depositFen: number;
  /** What he owes. */
  readonly owedFen: number;
  /** On its way to his bank. */
  readonly transitFen: number;
  readonly paidFen: number;
}

export interface Found {
  readonly transaction: Transaction;
  readonly answer: ArrivalAnswer;
}

/**
 * The back office of the host: what people do there and what they can see. Each call is one step
 * of the host, journalled like the ones on the line.
 */
export interface HostControl {
  freeze(order: FreezeOrder): FreezeOutcome;
  release(holdId: string, by: string, amountFen?: number): ReleaseOutcome;
  /** What is left of a frozen sale goes back to the card. */
  returnHold(holdId: string, by: string): ReleaseOutcome;
  /** A hold, or part of it, is lost to the merchant. */
  take(holdId: string, by: string, amountFen?: number): ReleaseOutcome;
  /** A payout run; undefined when the host lost its power in the middle. */
  payOut(): PayoutLine[] | undefined;
  /** Registers where a merchant is paid; undefined when it is, else why it is not. */
  setAccount(mid: string, account: string, holder: string, by: string): string | undefined;
  setChannel(isOpen: boolean): void;
  /** How the line to the issuers behaves: how long answers take, or that they are lost. */
  setIssuerLine(line: IssuerLine): void;
  /** The next answers to financial requests leave this late. */
  slowAnswers(delayMs: number, times: number): void;
  setIssuer(setting: IssuerSetting): void;
  /** Suspends a merchant or a terminal, or lets it trade again; why not, when neither is known. */
  setStanding(who: string, isSuspended: boolean, reason: string, by: string): string | undefined;
  /** Enters a contract; undefined when it is in force, else why it is not. */
  setContract(mid: string, contract: MerchantContract, by: string): string | undefined;
  /** What a sale would cost this merchant now; undefined when no line of the tariff fits. */
  quote(mid: string, sale: Omit<PricedSale, 'at'>): Quote | undefined;
  setArchive(signatureFeature: HostPolicy['signatureFeature']): void;
  card(cardId: string, isoDate: string): CardView | undefined;
  merchant(mid: string): MerchantView;
  feesFen(): number;
  surchargesFen(): number;
  /** What the archive holds of a transaction; undefined for one that the host does not know. */
  archived(keys: TransactionKeys): ArchiveView | undefined;
  exempt(keys: TransactionKeys, order: Omit<ExemptionOrder, 'id'>): ArchiveOutcome;
  fileAgreement(keys: TransactionKeys, order: Omit<AgreementOrder, 'id'>): ArchiveOutcome;
  /** Transactions that still miss their signature. */
  openItems(): OpenItem[];
  enquire(by: { readonly rrn: string } | TransactionKeys): ArrivalAnswer;
  /** Of every transaction that is asked for: none, one, or those of a card on a day. */
  enquireAll(asked: Asked): Found[];
  readonly risk: RiskDesk;
  readonly evidence: EvidenceDesk;
  readonly adjustments: AdjustmentDesk;
  readonly refunds: RefundDesk;
  readonly settlement: SettlementDesk;
}

/** What the back office works with beside the state. */
export interface ControlTools extends PayoutTools {
  /** Decides what has come in before. */
  readonly catchUp: () => void;
  readonly run: (effects: readonly HostEffect[]) => void;
  readonly isDown: () => boolean;
  /** Everything that was ever decided. */
  readonly journal: () => readonly HostEvent[];
}

export function hostControl(state: HostState, env: HostEnv, tools: ControlTools): HostControl {
  const { run } = tools;
  const act: Act = (decide) => {
    tools.catchUp();
    const step = beginStep(state, env);
    closeDays(step);
    const result = decide(step);
    armAlarms(step);
    publishEvents(step);
    run(endStep(step));
    // What is not in the journal has not happened, whatever was decided.
    if (tools.isDown()) throw new CountersignError('E_HOST_DOWN');
    return result;
  };
  const payOut = (isAsked = true): PayoutLine[] | undefined => {
    try {
      return runPayouts(state, act, tools, isAsked);
    } catch (error) {
      if (error instanceof CountersignError && error.code === 'E_HOST_DOWN') return undefined;
      throw error;
    }
  };
  return {
    freeze: (order) => act((step) => freeze(step, order)),
    release: (holdId, by, amountFen) => act((step) => release(step, holdId, by, amountFen)),
    returnHold: (holdId, by) => act((step) => returnHold(step, holdId, by)),
    take: (holdId, by, amountFen) => act((step) => take(step, holdId, by, amountFen)),
    payOut: () => payOut(),
    setAccount: (mid, account, holder, by) =>
      act((step) => registerAccount(step, { mid, account, holder, by })),
    setChannel: (isOpen) =>
      act((step) => {
        commit(step, { kind: 'channel-set', isOpen });
        if (isOpen) goOn(step);
      }),
    refunds: refundDesk(state, act),
    setIssuerLine: ({ delayMs, losesAnswers }) =>
      act((step) => commit(step, { kind: 'issuer-line-set', delayMs, losesAnswers })),
    slowAnswers: (delayMs, times) =>
      act((step) => commit(step, { kind: 'answers-slowed', delayMs, times })),
    setIssuer: (setting) => act((step) => commit(step, { kind: 'issuer-set', ...setting })),
    setStanding(who, isSuspended, reason, by) {
      if (!state.merchants.has(who) && !state.terminals.has(who)) return `${who} is unknown`;
      act((step) => commit(step, { kind: 'standing-set', who, isSuspended, reason, by }));
      return undefined;
    },
    setContract: (mid, contract, by) => act((step) => enterContract(step, mid, contract, by)),
    quote(mid, sale) {
      const at = hostMoment(beginStep(state, env)).dateTime;
      const contract = state.contracts.get(mid) ?? USUAL_CONTRACT;
      return quoteOf(state.institution.tariff, contract, { ...sale, at });
    },
    setArchive: (signatureFeature) =>
      act((step) => commit(step, { kind: 'archive-set', signatureFeature })),
    card(cardId, isoDate) {
      const card = state.cards.get(cardId);
      if (card === undefined) return undefined;
      return {
        availableFen: balance(state.ledger, 'card', { card: cardId }),
        spentTodayFen: card.spentFen.get(isoDate) ?? 0,
        spentThisMonthFen: spentInMonth(card, monthOf(isoDate)),
      };
    },
    merchant: (mid) => ({
      unsettledFen: balance(state.ledger, 'unsettled', { mid }),
      payableFen: balance(state.ledger, 'payable', { mid }),
      heldFen: balance(state.ledger, 'held', { mid }),
      depositFen: balance(state.ledger, 'deposit', { mid }),
      owedFen: Math.max(0, -balance(state.ledger, 'receivable', { mid })),
      transitFen: balance(state.ledger, 'transit', { mid }),
      paidFen: balance(state.ledger, 'bank', { mid }),
    }),
    feesFen: () => balance(state.ledger, 'fees', {}),
    surchargesFen: () => balance(state.ledger, 'surcharges', {}),
    archived: (keys) => archived(state, idOf(keys)),
    exempt: (keys, order) => act((step) => exempt(step, { id: idOf(keys), ...order })),
    fileAgreement: (keys, order) =>
      act((step) => fileAgreement(step, { id: idOf(keys), ...order })),
    openItems: () => openItems(state.transactions.values(), state.archive),
    risk: riskDesk(state, act),
    evidence: evidenceDesk(state, act, tools.journal),
    adjustments: adjustmentDesk(act),
    settlement: settlementDesk(state, act, payOut, tools.journal),
    enquire(by) {
      const [found] = findAsked(state, by);
      const step = beginStep(state, env);
      return enquire(state, found?.id, businessDate(step), isWindowOver(step));
    },
    enquireAll(asked) {
      const step = beginStep(state, env);
      const now = [businessDate(step), isWindowOver(step)] as const;
      return findAsked(state, asked).map((transaction) => {
        return { transaction, answer: enquire(state, transaction.id, ...now) };
      });
    },
  };
}

/** Money goes to the merchant's own account, never to that of an agent (A19). */
function registerAccount(
  step: HostStep,
  order: {
    readonly mid: string;
    readonly account: string;
    readonly holder: string;
    readonly by: string;
  },
): string | undefined {
  const { mid, account, holder, by } = order;
  if (!step.state.merchants.has(mid)) return 'the merchant is unknown';
  if (holder !== mid) return 'the account belongs to another: a merchant is paid on his own';
  if (account.trim() === '') return 'the account is missing';
  commit(step, { kind: 'account-set', mid, account, by });
  return undefined;
}

function idOf({ tid, batchNo, stan }: TransactionKeys): string {
  return transactionId(tid, batchNo, stan);
}

function publishEvents(step: HostStep): void {
  if (!step.env.isTraced) return;
  for (const event of step.events) {
    const text = eventText(event);
    step.effects.push({ kind: 'publish', event: { kind: 'host-event', name: event.kind, text } });
  }
}
