import type { HostEvent } from './host-event.ts';
import { isOfficeEvent, officeText } from './office-books.ts';
import { refundText } from './refund-desk/refund-text.ts';

/** What people of the back office have done, in a line for a log; empty for what needs no words. */
export function eventText(event: HostEvent): string {
  if (isOfficeEvent(event)) return officeText(event);
  switch (event.kind) {
    case 'hold-placed':
      return `${event.hold.id} on ${event.hold.scope}, by ${event.hold.by}: ${event.hold.reason}`;
    case 'receivable-recovered':
      return event.mid;
    case 'hold-released':
    case 'hold-returned':
    case 'hold-taken':
      return `${event.holdId}, by ${event.by}`;
    case 'payout-ordered':
      return `${event.payout.id} to ${event.payout.mid}`;
    case 'paid-out':
      return event.id;
    case 'payout-returned':
    case 'payout-failed':
      return `${event.id}: ${event.reason}`;
    case 'account-set':
      return `${event.mid}, by ${event.by}`;
    case 'channel-set':
      return event.isOpen ? 'issuer channel open' : 'issuer channel closed';
    case 'signature-exempted':
      return `${event.id}, by ${event.by}: ${event.reason}`;
    case 'agreement-filed':
      return `${event.id}, by ${event.by}`;
    case 'standing-set':
      return `${event.who} ${event.isSuspended ? 'suspended' : 'restored'}, by ${event.by}: ${event.reason}`;
    case 'contract-set':
      return `${event.mid}, ${event.contract.device}, by ${event.by}`;
    case 'refund-applied':
    case 'refund-moved':
    case 'refund-consented':
    case 'refund-signed':
    case 'complaint-opened':
    case 'complaint-closed':
    case 'refund-policy-entered':
    case 'refund-maintenance-set':
    case 'other-sale-noted':
      return refundText(event);
    case 'archive-set':
      return `feature code ${event.signatureFeature}`;
    case 'issuer-set':
      return JSON.stringify(event);
    default:
      return '';
  }
}
