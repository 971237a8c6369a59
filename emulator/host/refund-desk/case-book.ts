import type { HostEvent } from '../host-event.ts';
import { unknownInJournal } from '../transaction-book.ts';
import type {
  CaseRecord,
  CaseSide,
  CaseState,
  ComplaintRecord,
  RefusalReason,
  SalesChannel,
} from './case-events.ts';
import type { DeviceOrderRecord } from './device-events.ts';
import type { RefundPolicyVersion } from './refund-policy.ts';

/** A refund from its application to the money's arrival. */
export interface RefundCase extends CaseRecord {
  state: CaseState;
  /** The business date on which it last came into each state. */
  readonly dates: { [State in CaseState]?: string };
  refusal: { readonly reason: RefusalReason; readonly why: string } | undefined;
  /** When the review has to be over, or the money has arrived. */
  dueOn: string | undefined;
  /** The transaction that brings the money back. */
  refundId: string | undefined;
  /** Who has agreed to what it costs. */
  readonly consents: Set<CaseSide>;
  /** The agreement, as far as it is signed: JBIG as hex. */
  readonly signatures: { [Side in CaseSide]?: string };
  /** Number of its last complaint. */
  complaintId: string | undefined;
}

export interface DeviceOrder extends DeviceOrderRecord {
  shippedOn: string | undefined;
  /** The case that has brought the money back. */
  refundedBy: string | undefined;
}

export interface Complaint extends ComplaintRecord {
  closed: { readonly on: string; readonly by: string; readonly isUpheld: boolean } | undefined;
}

/** Every refund case, complaint and policy; what the refund desk knows. */
export interface RefundBook {
  readonly refundCases: Map<string, RefundCase>;
  /** Case by the applicant's number, and the open case of a sale or an order. */
  readonly caseByRequest: Map<string, string>;
  readonly openCases: Map<string, string>;
  readonly complaints: Map<string, Complaint>;
  /** Entered since the institution began, the earliest first. */
  readonly refundPolicies: RefundPolicyVersion[];
  /** Sales of other channels by their reference number. */
  readonly otherSales: Map<string, { readonly mid: string; readonly channel: SalesChannel }>;
  readonly deviceOrders: Map<string, DeviceOrder>;
  isRefundMaintenance: boolean;
}

export function emptyRefunds(): RefundBook {
  return {
    refundCases: new Map(),
    caseByRequest: new Map(),
    openCases: new Map(),
    complaints: new Map(),
    refundPolicies: [],
    otherSales: new Map(),
    deviceOrders: new Map(),
    isRefundMaintenance: false,
  };
}

/** What an event of the journal does to the refund cases; most do nothing. */
export function applyToRefunds(book: RefundBook, event: HostEvent): void {
  switch (event.kind) {
    case 'refund-applied':
      openCase(book, event.case);
      return;
    case 'refund-moved': {
      const found = findCase(book, event.caseId);
      found.refusal =
        event.reason === undefined ? undefined : { reason: event.reason, why: event.why ?? '' };
      moveCase(book, found, event.to, event.on);
      found.dueOn = event.dueOn;
      return;
    }
    case 'refund-approved': {
      const { id, date, refund } = event.transaction;
      if (refund?.caseId === undefined) return;
      const found = findCase(book, refund.caseId);
      found.refundId = id;
      moveCase(book, found, 'sent', date);
      found.dueOn = refund.arrivesOn;
      return;
    }
    case 'device-ordered':
      book.deviceOrders.set(event.order.id, {
        ...event.order,
        shippedOn: undefined,
        refundedBy: undefined,
      });
      return;
    case 'device-shipped':
      findOrder(book, event.orderId).shippedOn = event.on;
      return;
    case 'device-refunded': {
      const found = findCase(book, event.caseId);
      findOrder(book, event.orderId).refundedBy = event.caseId;
      moveCase(book, found, 'sent', event.on);
      found.dueOn = event.arrivesOn;
      return;
    }
    case 'refund-consented':
      findCase(book, event.caseId).consents.add(event.side);
      return;
    case 'refund-signed':
      findCase(book, event.caseId).signatures[event.side] = event.picture;
      return;
    case 'complaint-opened':
      book.complaints.set(event.complaint.id, { ...event.complaint, closed: undefined });
      findCase(book, event.complaint.caseId).complaintId = event.complaint.id;
      return;
    case 'complaint-closed': {
      const { id, on, by, isUpheld } = event;
      const found = book.complaints.get(id);
      if (found === undefined) throw unknownInJournal(`complaint ${id}`);
      found.closed = { on, by, isUpheld };
      return;
    }
    case 'refund-policy-entered':
      book.refundPolicies.push(event.version);
      return;
    case 'refund-maintenance-set':
      book.isRefundMaintenance = event.isOn;
      return;
    case 'other-sale-noted':
      book.otherSales.set(event.rrn, event);
      return;
    default:
      return;
  }
}

/** @throws E_JOURNAL when an event names one that is not there */
export function findCase(book: RefundBook, id: string): RefundCase {
  const found = book.refundCases.get(id);
  if (found === undefined) throw unknownInJournal(`refund case ${id}`);
  return found;
}

function findOrder(book: RefundBook, id: string): DeviceOrder {
  const found = book.deviceOrders.get(id);
  if (found === undefined) throw unknownInJournal(`device order ${id}`);
  return found;
}

/** The case of a sale or of a device's order that is still undecided or not yet executed. */
export function openCaseOf(book: RefundBook, subject: string | undefined): RefundCase | undefined {
  return book.refundCases.get(book.openCases.get(subject ?? '') ?? '');
}

/** What a case is about: the id of a sale, or the number of an order. */
export function subjectOf({ saleId, orderId }: CaseRecord): string | undefined {
  return saleId ?? orderId;
}

function openCase(book: RefundBook, record: CaseRecord): void {
  if (book.refundCases.has(record.id)) throw unknownInJournal(`a second case ${record.id}`);
  const opened: RefundCase = {
    ...record,
    state: 'applied',
    dates: {},
    refusal: undefined,
    dueOn: undefined,
    refundId: undefined,
    consents: new Set(),
    signatures: {},
    complaintId: undefined,
  };
  book.refundCases.set(record.id, opened);
  // A refund at the terminal has no applicant, and its number could be that of one.
  if (record.way !== 'terminal') {
    book.caseByRequest.set(requestKey(record.mid, record.requestNo), record.id);
  }
  moveCase(book, opened, 'applied', record.appliedOn);
}

/** A number is an applicant's own: two merchants may use the same one. */
export function requestKey(mid: string, requestNo: string): string {
  return `${mid} ${requestNo}`;
}

const OPEN: readonly CaseState[] = ['applied', 'under-review', 'agreed'];

function moveCase(book: RefundBook, moved: RefundCase, to: CaseState, on: string): void {
  moved.state = to;
  moved.dates[to] = on;
  const subject = subjectOf(moved);
  if (subject === undefined) return;
  if (OPEN.includes(to)) book.openCases.set(subject, moved.id);
  else if (book.openCases.get(subject) === moved.id) book.openCases.delete(subject);
}
