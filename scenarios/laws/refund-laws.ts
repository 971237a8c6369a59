import { formatYuan } from '../../protocol/message/amount.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import type { RefundCase } from '../../emulator/host/refund-desk/case-book.ts';
import type { RefundPolicyVersion } from '../../emulator/host/refund-desk/refund-policy.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import type { Law } from './law.ts';

/** What refunds have moved beside their amounts. */
export interface RefundExtras {
  /** Taken from the merchant for his refunds. */
  readonly costFen: number;
  /** Of fees and surcharges of sales, what came back to him. */
  readonly feeBackFen: number;
  readonly surchargeBackFen: number;
}

const NONE: RefundExtras = { costFen: 0, feeBackFen: 0, surchargeBackFen: 0 };

function refundsOf(host: HostState, saleId: string): Transaction[] {
  return [...host.transactions.values()].filter(
    ({ kind, status, originalId }) =>
      kind === 'refund' && status === 'active' && originalId === saleId,
  );
}

function daysAfter(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** The policy of a refund: that of its application where it has a case. */
function policyOf(host: HostState, refund: Transaction): RefundPolicyVersion | undefined {
  const from = host.refundCases.get(refund.refund?.caseId ?? '')?.policyFrom;
  const wanted = from ?? refund.refund?.policyFrom;
  const versions = [...host.institution.refundPolicies, ...host.refundPolicies];
  return versions.find((each) => each.from === wanted);
}

/** The law's own price of a refund, rounded half up once. */
function costByLaw(host: HostState, sale: Transaction, refund: Transaction): number {
  const policy = policyOf(host, refund);
  const found = host.refundCases.get(refund.refund?.caseId ?? '');
  if (policy === undefined || found === undefined) return 0;
  const isFree = found.isFailure || daysAfter(sale.date, found.appliedOn) <= policy.fee.freeDays;
  if (isFree) return 0;
  return Number((2n * BigInt(found.amountFen) * BigInt(policy.fee.ppm) + 1_000_000n) / 2_000_000n);
}

/** What the refunds of one sale should have moved, from its cases and their policies alone. */
function extrasByLaw(host: HostState, sale: Transaction): RefundExtras {
  const { amountFen, feeFen, surchargeFen = 0 } = sale;
  let claimedFen = 0;
  let extras = NONE;
  for (const refund of refundsOf(host, sale.id)) {
    const policy = policyOf(host, refund);
    const isFailure = host.refundCases.get(refund.refund?.caseId ?? '')?.isFailure === true;
    const costFen = costByLaw(host, sale, refund);
    claimedFen += refund.amountFen;
    if (policy?.fee.payer === 'holder') claimedFen += costFen;
    const share = (fen: number, before: number): number => {
      if (isFailure) return fen;
      if (policy?.saleFee !== 'returned') return before;
      // Taken back by hand and refunded again, it brings its fee no second time.
      const due = Number((BigInt(fen) * BigInt(claimedFen)) / BigInt(amountFen));
      return Math.min(fen, Math.max(before, due));
    };
    extras = {
      costFen: extras.costFen + costFen,
      feeBackFen: share(feeFen, extras.feeBackFen),
      surchargeBackFen: share(surchargeFen, extras.surchargeBackFen),
    };
  }
  return extras;
}

/** Summed over the sales of a merchant, or of all of them. */
export function refundExtras(
  host: HostState,
  fits: (sale: Transaction) => boolean = () => true,
): RefundExtras {
  // By its refunds, not by what is left of them: an adjustment can have taken that back (A14).
  const refunded = new Set(
    [...host.transactions.values()].map(({ kind, originalId }) =>
      kind === 'refund' ? originalId : undefined,
    ),
  );
  return [...host.transactions.values()]
    .filter((sale) => sale.kind === 'sale' && refunded.has(sale.id) && fits(sale))
    .map((sale) => extrasByLaw(host, sale))
    .reduce(
      (sum, each) => ({
        costFen: sum.costFen + each.costFen,
        feeBackFen: sum.feeBackFen + each.feeBackFen,
        surchargeBackFen: sum.surchargeBackFen + each.surchargeBackFen,
      }),
      NONE,
    );
}

/** What the accounts of devices must show, from the orders and their cases alone (B22). */
export function deviceAccounts(host: HostState): Map<string, number> {
  const due = new Map<string, number>();
  const add = (account: string, fen: number): void =>
    void due.set(account, (due.get(account) ?? 0) + fen);
  for (const { mid, priceFen, depositFen, refundedBy, shippedOn } of host.deviceOrders.values()) {
    const found = host.refundCases.get(refundedBy ?? '');
    const penaltyFen = found === undefined ? 0 : penaltyByLaw(host, found, priceFen, shippedOn);
    add(`device/${mid}/paid`, found === undefined ? -priceFen - depositFen : -penaltyFen);
    add(`device/${mid}/deposit`, found === undefined ? depositFen : 0);
    add('acquirer/devices', found === undefined ? priceFen : penaltyFen);
  }
  return due;
}

function penaltyByLaw(
  host: HostState,
  { isFaulty, policyFrom, appliedOn }: RefundCase,
  priceFen: number,
  shippedOn: string | undefined,
): number {
  if (isFaulty || shippedOn === undefined || shippedOn > appliedOn) return 0;
  const versions = [...host.institution.refundPolicies, ...host.refundPolicies];
  const ppm = versions.find(({ from }) => from === policyFrom)?.device.penaltyPpm ?? 0;
  return Number((2n * BigInt(priceFen) * BigInt(ppm) + 1_000_000n) / 2_000_000n);
}

export const refundWindow: Law = {
  id: 'I-11',
  title: {
    zh: '退货在期限内申请',
    en: 'a refund is applied for within the window of its policy',
  },
  violations({ host }) {
    return [...host.transactions.values()].flatMap((refund) => {
      if (refund.kind !== 'refund' || refund.status !== 'active') return [];
      const policy = policyOf(host, refund);
      const found = host.refundCases.get(refund.refund?.caseId ?? '');
      const sale = host.transactions.get(refund.originalId ?? '');
      // What a review returns has no window.
      if (policy === undefined || found === undefined || sale === undefined) return [];
      const days = daysAfter(sale.date, found.appliedOn);
      const { windowDays } = policy;
      return days >= 0 && days <= windowDays
        ? []
        : [`${refund.id} on day ${days}, at most ${windowDays}`];
    });
  },
};

export const feesComeBack: Law = {
  id: 'I-20',
  title: {
    zh: '退货手续费与退还的消费手续费符合受理时的政策，拆分退货结果不变',
    en: 'what a refund costs and what it gives back of the sale’s fee is what its policy says, however it is cut',
  },
  violations({ host }) {
    return [...host.transactions.values()].flatMap((sale) => {
      if (sale.kind !== 'sale') return [];
      const { id, feeFen, surchargeFen = 0 } = sale;
      const refunds = refundsOf(host, id).map(({ refund }) => refund);
      const sum = (of: 'feeFen' | 'feeBackFen' | 'surchargeBackFen'): number =>
        refunds.reduce((total, refund) => total + (refund?.[of] ?? 0), 0);
      const due = extrasByLaw(host, sale);
      const compared: [string, number, number][] = [
        ['its refunds cost', sum('feeFen'), due.costFen],
        ['fee returned', sum('feeBackFen'), due.feeBackFen],
        ['surcharge returned', sum('surchargeBackFen'), due.surchargeBackFen],
      ];
      const found = compared.flatMap(([what, was, should]) =>
        was === should ? [] : [`${id}: ${what} ${formatYuan(was)}, due ${formatYuan(should)}`],
      );
      const isTooMuch = sum('feeBackFen') > feeFen || sum('surchargeBackFen') > surchargeFen;
      return isTooMuch ? [...found, `${id}: more of its fee came back than it paid`] : found;
    });
  },
};
