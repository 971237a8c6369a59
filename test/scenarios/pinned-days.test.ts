import { describe, expect, it } from 'vitest';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { Action, Loss, PayerName } from '../../scenarios/proof/action.ts';
import { playDay } from '../../scenarios/proof/play-day.ts';

const GIVEN_UP = ['request-lost', 'request-lost', 'request-lost'] as const;

function sale(
  amountFen: number,
  card: PayerName,
  loss: Loss = 'none',
  more: Partial<Extract<Action, { do: 'sale' }>> = {},
): Action {
  return { do: 'sale', amountFen, card, entry: 'swipe', loss, reversalLosses: [], ...more };
}

function undo(pick: number, loss: Loss): Action {
  return { do: 'void', pick, isForced: false, loss, reversalLosses: [] };
}

const SETTLE: Action = { do: 'settle', loss: 'none', reversalLosses: [] };

/** Days on which a campaign has found the host, or the auditor, to be wrong; kept as they were shrunk. */
const DAYS: Readonly<Record<string, readonly Action[]>> = {
  'a payment by code that comes with the settlement': [
    sale(100, 'alipay', 'request-late'),
    sale(100, 'debit', 'request-lost', { reversalLosses: GIVEN_UP }),
    SETTLE,
  ],
  'the same with a refund in between': [
    sale(600_000, 'debit'),
    { do: 'refund', pick: 0, share: 1001, loss: 'none', reversalLosses: [] },
    sale(1, 'alipay', 'request-late'),
    { do: 'refund', pick: 3, share: 1, loss: 'request-late', reversalLosses: GIVEN_UP },
    SETTLE,
  ],
  'a sale by chip that a later one with the same chip has overtaken': [
    sale(100, 'credit', 'request-late', { entry: 'chip' }),
    sale(1, 'credit', 'answer-lost', { entry: 'chip', reversalLosses: GIVEN_UP }),
  ],
  'a void that comes late, after the void of a payment by code that is reversed': [
    sale(100, 'debit'),
    sale(1, 'debit', 'answer-lost'),
    sale(1, 'debit', 'request-late'),
    sale(100, 'alipay'),
    undo(0, 'request-late'),
    undo(15, 'answer-lost'),
    sale(100, 'debit'),
  ],
};

describe('a day that was wrong once', () => {
  it.each(Object.entries(DAYS))('%s breaks no law, whatever comes first', (_name, actions) => {
    for (let seed = 1; seed <= 60; seed++) {
      const { violation } = playDay(actions, TEST_INSTITUTION, seed);
      expect(violation, `seed ${seed}`).toBeUndefined();
    }
  });
});
