import { daysBetween } from '../../world/civil-time.ts';
import { postingsOf } from '../books/ledger.ts';
import type { HostState } from '../host-state.ts';
import { businessDate, commit, type HostStep } from '../host-step.ts';
import type { DeviceKind } from '../tariff/tariff.ts';
import { feeOf } from '../tariff/rate.ts';
import { repeatedCase, type CaseOutcome } from './apply-refund.ts';
import { arrivalOf } from './arrival.ts';
import { openCaseOf, type DeviceOrder, type RefundCase } from './case-book.ts';
import type { CaseRecord } from './case-events.ts';
import type { Refusal } from './judge-case.ts';
import { missingPapers } from './papers.ts';
import type { RefundPolicy } from './refund-policy.ts';
import { policyNow, policyOf } from './refund-terms.ts';

export interface DevicePurchase {
  readonly mid: string;
  readonly device: DeviceKind;
  readonly priceFen: number;
  readonly depositFen: number;
}

export type DeviceOutcome =
  | { readonly outcome: 'done'; readonly orderId: string }
  | { readonly outcome: 'refused'; readonly why: string };

/** A merchant pays for a device, and a deposit where one is due. */
export function orderDevice(step: HostStep, purchase: DevicePurchase): DeviceOutcome {
  const { state } = step;
  const { mid, priceFen, depositFen } = purchase;
  if (!state.merchants.has(mid)) return { outcome: 'refused', why: 'the merchant is unknown' };
  const isPaid = [priceFen, depositFen].every((fen) => Number.isSafeInteger(fen) && fen >= 0);
  if (!isPaid || priceFen + depositFen === 0) {
    return { outcome: 'refused', why: 'price and deposit are whole fen, and not nothing together' };
  }
  const id = `D${String(state.deviceOrders.size + 1).padStart(6, '0')}`;
  commit(step, {
    kind: 'device-ordered',
    order: { ...purchase, id, orderedOn: businessDate(step) },
    postings: postingsOf(
      state.institution.postings,
      'device-ordered',
      { mid },
      { amount: priceFen + depositFen, net: priceFen, held: depositFen },
    ),
  });
  return { outcome: 'done', orderId: id };
}

/** It leaves; one whose money is asked back does not. */
export function shipDevice(step: HostStep, orderId: string): DeviceOutcome {
  const { state } = step;
  const order = state.deviceOrders.get(orderId);
  if (order === undefined) return { outcome: 'refused', why: `there is no order ${orderId}` };
  const open = openCaseOf(state, orderId);
  if (open !== undefined) return { outcome: 'refused', why: `${open.id} is open on it` };
  if (order.refundedBy !== undefined) return { outcome: 'refused', why: 'it was refunded' };
  if (order.shippedOn !== undefined) return { outcome: 'refused', why: 'it was shipped already' };
  commit(step, { kind: 'device-shipped', orderId, on: businessDate(step) });
  return { outcome: 'done', orderId };
}

export type DeviceApplication = Pick<
  CaseRecord,
  'requestNo' | 'mid' | 'papers' | 'contact' | 'isFaulty'
> & { readonly orderId: string };

/** The record of a device's case, or why there is none. */
export function deviceCase(
  step: HostStep,
  asked: DeviceApplication,
): Omit<CaseRecord, 'id'> | CaseOutcome {
  const { state } = step;
  const { orderId, mid, requestNo } = asked;
  const order = state.deviceOrders.get(orderId);
  if (order?.mid !== mid) return { kind: 'refused', why: 'this merchant has no such order' };
  const repeated = repeatedCase(state, mid, requestNo, (each) => each.orderId === orderId);
  if (repeated !== undefined) return repeated;
  const open = openCaseOf(state, orderId);
  if (open !== undefined) {
    return { kind: 'refused', why: `${open.id} is open on this order`, openId: open.id };
  }
  const policy = policyNow(step);
  const { isFaulty, papers, contact } = asked;
  return {
    requestNo,
    mid,
    orderId,
    isFaulty,
    papers,
    contact,
    amountFen: givenBack(policy, order, isFaulty),
    category: 'device',
    isFailure: false,
    goods: 'none',
    way: 'self-service',
    route: 'host',
    appliedOn: businessDate(step),
    policyFrom: policy.from,
    feeFen: 0,
    payer: policy.fee.payer,
  };
}

/** Everything, or less a penalty once a sound device was shipped; the deposit always. */
function givenBack({ device }: RefundPolicy, order: DeviceOrder, isFaulty: boolean): number {
  const { priceFen, depositFen, shippedOn } = order;
  const isWhole = shippedOn === undefined || isFaulty;
  return priceFen + depositFen - (isWhole ? 0 : feeOf({ ppm: device.penaltyPpm }, priceFen));
}

/** Its money has gone back by another case: a complaint can open one again that came before. */
export function whyDeviceGone(state: HostState, { orderId = '' }: RefundCase): Refusal | undefined {
  const order = state.deviceOrders.get(orderId);
  return order === undefined || order.refundedBy !== undefined
    ? { reason: 'nothing-left', why: 'the device was refunded' }
    : undefined;
}

export function whyNotDevice(state: HostState, asked: RefundCase): Refusal | undefined {
  const policy = policyOf(state, asked);
  const gone = whyDeviceGone(state, asked);
  if (gone !== undefined) return gone;
  const missing = missingPapers(policy, asked);
  if (missing.length > 0) return { reason: 'incomplete', why: `missing: ${missing.join(', ')}` };
  const shippedOn = state.deviceOrders.get(asked.orderId ?? '')?.shippedOn;
  if (shippedOn === undefined || asked.isFaulty) return undefined;
  const days = daysBetween(shippedOn, asked.appliedOn);
  return days <= policy.device.days
    ? undefined
    : {
        reason: 'too-late',
        why: `day ${days} after it was shipped; ${policy.device.days} are allowed`,
      };
}

/** The money goes back to where it was paid from, deposit and price apart. */
export function refundDevice(step: HostStep, sent: RefundCase): void {
  const { state } = step;
  const order = state.deviceOrders.get(sent.orderId ?? '');
  if (order === undefined) return;
  const { id: orderId, mid, depositFen } = order;
  const { amountFen } = sent;
  const on = businessDate(step);
  commit(step, {
    kind: 'device-refunded',
    caseId: sent.id,
    orderId,
    on,
    arrivesOn: arrivalOf(policyOf(state, sent), on).usual,
    postings: postingsOf(
      state.institution.postings,
      'device-refunded',
      { mid },
      { amount: amountFen, net: amountFen - depositFen, held: depositFen },
    ),
  });
}
