import { expect, it } from 'vitest';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { parseCivilTime, toEpochMs } from '../../../emulator/world/civil-time.ts';
import { accountOf, MID, TID } from './host-desk.ts';

const DAY_MS = 86_400_000;
const INSTANT = { device: 'e-signature', term: { kind: 'D', days: 0 } } as const;

/** Day and due day of a sale on each of three days under D+0. */
function dueDays(newMerchantDays: number): (string | undefined)[][] {
  const policy = { ...TEST_INSTITUTION.policy, newMerchantDays };
  const { host, cards, perform, world } = simulatedBench({
    seed: 1,
    startMs: toEpochMs(parseCivilTime('2026-01-14 10:00')!),
    institution: { ...TEST_INSTITUTION, policy },
  });
  expect(host.control.setContract(MID, INSTANT, 'li')).toBeUndefined();
  const card = cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  return [0, 1, 2].map(() => {
    perform(TID, { verb: 'sale', amountFen: 10_000, card });
    const { date, dueOn } = [...host.state.transactions.values()].at(-1)!;
    world.advance(DAY_MS);
    return [date, dueOn];
  });
}

it('pays a new merchant at T+1 for as many days as the policy says, D+0 or not (spec 8.1)', () => {
  expect(dueDays(2)).toEqual([
    ['2026-01-14', '2026-01-15'],
    ['2026-01-15', '2026-01-16'],
    ['2026-01-16', '2026-01-16'],
  ]);
  expect(dueDays(0).map(([date, dueOn]) => date === dueOn)).toEqual([true, true, true]);
});
