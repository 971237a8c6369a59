import type { Posting } from '../books/ledger.ts';
import type { DeviceKind } from '../tariff/tariff.ts';

/** A device that a merchant has ordered and paid for, from his own pocket (B22). */
export interface DeviceOrderRecord {
  /** `D000001` */
  readonly id: string;
  readonly mid: string;
  readonly device: DeviceKind;
  readonly priceFen: number;
  readonly depositFen: number;
  readonly orderedOn: string;
}

export type DeviceEvent =
  | {
      readonly kind: 'device-ordered';
      readonly order: DeviceOrderRecord;
      readonly postings: readonly Posting[];
    }
  | { readonly kind: 'device-shipped'; readonly orderId: string; readonly on: string }
  | {
      /** The refund of a device: no card, no sale and no 0220 has a part in it. */
      readonly kind: 'device-refunded';
      readonly caseId: string;
      readonly orderId: string;
      readonly on: string;
      /** ISO date on which he has the money. */
      readonly arrivesOn: string;
      readonly postings: readonly Posting[];
    };
