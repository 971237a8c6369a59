import { expect } from 'vitest';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { cardBox } from '../../../emulator/bench/card-box.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import {
  DOCUMENTED_REFUND_POLICY,
  type RefundPolicy,
} from '../../../emulator/host/refund-desk/refund-policy.ts';
import { parseCivilTime, toEpochMs } from '../../../emulator/world/civil-time.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import { MID, TID } from './host-desk.ts';

const DAY_MS = 86_400_000;
export const BY_LI = { reason: 'review', by: 'li' } as const;

/** A merchant whose sales of 100.00 bring him 99.50, and all that is done with his money. */
export function shop(policy: Partial<RefundPolicy> = {}, start = '2026-01-13 10:30') {
  const refundPolicies = [{ ...DOCUMENTED_REFUND_POLICY, ...policy }];
  const bench = simulatedBench({
    seed: 1,
    startMs: toEpochMs(parseCivilTime(start)!),
    institution: { ...TEST_INSTITUTION, refundPolicies },
  });
  const { control, state, bank } = bench.host;
  const card = bench.cards.present(TEST_INSTITUTION.cards[0]!, { entry: 'swipe', pin: '123456' });
  const dates = new Map<string, string>();
  const sell = (amountFen = 10_000, tid = TID): string => {
    const r = bench.perform(tid, { verb: 'sale', amountFen, card });
    dates.set(r.rrn!, r.date!);
    return r.rrn!;
  };
  const settle = (tid = TID) =>
    expect(bench.perform(tid, { verb: 'settle' }).outcome).toBe('balanced');
  const voided = (): void => {
    const { stan } = bench.perform(TID, { verb: 'sale', amountFen: 10_000, card });
    const r = bench.perform(TID, { verb: 'void', stan: stan!, card, password: '123456' });
    expect(r.outcome).toBe('approved');
  };
  /** A sale in a settled batch. */
  const sold = (amountFen?: number): string => {
    const rrn = sell(amountFen);
    settle();
    return rrn;
  };
  const nextDay = (days = 1) => bench.world.advance(days * DAY_MS);
  const paidToday = () => control.payOut()?.find(({ mid }) => mid === MID)?.paidFen;
  /** A sale that was settled, and paid on the next day. */
  const paid = (amountFen?: number): string => {
    const rrn = sold(amountFen);
    nextDay();
    paidToday();
    return rrn;
  };
  return {
    bench,
    control,
    bank,
    state,
    sell,
    settle,
    voided,
    sold,
    paid,
    nextDay,
    paidToday,
    refund: (rrn: string, amountFen: number) => {
      const c = cardBox([]).present(TEST_INSTITUTION.cards[0]!, { entry: 'swipe' });
      return bench.perform(TID, {
        verb: 'refund',
        amountFen,
        rrn,
        date: dates.get(rrn)!,
        card: c,
        password: '123456',
      }).outcome;
    },
    freeze: (rrn: string) => control.freeze({ scope: 'transaction', rrn, ...BY_LI }),
    freezeAmount: (amountFen: number) =>
      control.freeze({ scope: 'amount', mid: MID, amountFen, ...BY_LI }),
    why: (rrn: string) => {
      const { cause, evidence } = control.enquire({ rrn });
      return `${cause}: ${evidence}`;
    },
    merchant: () => control.merchant(MID),
    broken: () => checkLaws([...LAW_TABLE.keys()], { host: state, terminals: new Map() }),
  };
}
