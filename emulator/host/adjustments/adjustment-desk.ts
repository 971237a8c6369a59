import type { Act } from '../host-step.ts';
import {
  book,
  propose,
  proposeCorrection,
  reject,
  type AdjustmentOrder,
  type AdjustmentOutcome,
} from './adjust.ts';

/** Where people move money by hand, always two of them. */
export interface AdjustmentDesk {
  propose(order: AdjustmentOrder): AdjustmentOutcome;
  /** Takes back a booked adjustment by an entry of its own. */
  proposeCorrection(
    id: string,
    order: { readonly reason: string; readonly by: string },
  ): AdjustmentOutcome;
  /** By another person than the one who proposed it. */
  book(id: string, by: string): AdjustmentOutcome;
  reject(id: string, order: { readonly reason: string; readonly by: string }): AdjustmentOutcome;
}

export function adjustmentDesk(act: Act): AdjustmentDesk {
  return {
    propose: (order) => act((step) => propose(step, order)),
    proposeCorrection: (id, order) => act((step) => proposeCorrection(step, id, order)),
    book: (id, by) => act((step) => book(step, id, by)),
    reject: (id, order) => act((step) => reject(step, id, order)),
  };
}
