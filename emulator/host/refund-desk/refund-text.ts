import type { RefundCaseEvent } from './case-events.ts';

/** An event of the refund desk in a line, for a log. */
export function refundText(event: RefundCaseEvent): string {
  switch (event.kind) {
    case 'refund-applied':
      return `${event.case.id}, ${event.case.way}, request ${event.case.requestNo}`;
    case 'refund-moved': {
      const because = event.reason === undefined ? '' : ` (${event.reason}: ${event.why ?? ''})`;
      return `${event.caseId} ${event.to}, by ${event.by}${because}`;
    }
    case 'refund-consented':
      return `${event.caseId}, by the ${event.side}`;
    case 'refund-signed':
      return `${event.caseId}, by the ${event.side}`;
    case 'complaint-opened':
      return `${event.complaint.id} on ${event.complaint.caseId}, by ${event.complaint.by}`;
    case 'complaint-closed':
      return `${event.id} ${event.isUpheld ? 'upheld' : 'rejected'}, by ${event.by}`;
    case 'refund-policy-entered':
      return `from ${event.version.from}, by ${event.by}`;
    case 'refund-maintenance-set':
      return `${event.isOn ? 'on' : 'off'}, by ${event.by}`;
    case 'other-sale-noted':
      return `${event.rrn}: ${event.channel}`;
    default:
      return event satisfies never;
  }
}
