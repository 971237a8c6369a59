import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { DOCUMENTED_REFUND_POLICY } from '../../../emulator/host/refund-desk/refund-policy.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import { TEST_PAYERS } from '../../../emulator/wallet/test-payers.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import { MID, START_MS, TID } from './host-desk.ts';

const DAY_MS = 86_400_000;
const ASKED = {
  requestNo: 'q-1',
  mid: MID,
  category: 'transaction',
  isFailure: false,
  goods: 'none',
  way: 'self-service',
  route: 'host',
  papers: ['slip'],
  contact: 'sms',
} as const;
const PAYER = TEST_PAYERS.find(({ name }) => name === 'alipay')!;

function scan(bench: SimulatedBench, tid = TID): OperationResult {
  return bench.perform(tid, { verb: 'scan', amountFen: 10_000, code: PAYER.code });
}

function spentFen({ host }: SimulatedBench): number {
  return PAYER.openingFen - host.wallet.balanceFen(PAYER.name);
}

function lawful({ host }: SimulatedBench): void {
  const view = { host: host.state, terminals: new Map(), wallet: host.wallet };
  expect(checkLaws([...LAW_TABLE.keys()], view)).toEqual([]);
}

describe('the refund of a payment by code', () => {
  it('has not arrived before its wallet has given it, whatever day it is', () => {
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    const { host, world } = bench;
    const { refunds } = host.control;
    const { rrn = '' } = scan(bench);
    bench.perform(TID, { verb: 'settle' });
    host.web.order({
      fault: 'unavailable',
      fits: ({ url }) => url.endsWith('/refunds'),
      times: 10_000,
    });
    const asked = refunds.apply({ ...ASKED, of: { rrn } });
    expect(asked).toMatchObject({ view: { state: 'sent', earliest: '2026-01-20' } });
    world.advance(10 * DAY_MS);
    expect(refunds.dayPasses().arrived).toEqual([]);
    expect(spentFen(bench)).toBe(10_000);
    lawful(bench);
    host.web.clear();
    world.advance(DAY_MS);
    expect(spentFen(bench)).toBe(0);
    expect(refunds.dayPasses().arrived).toEqual(['R000001']);
    lawful(bench);
  });

  it('leaves at the wallet what it costs, where the payer bears that', () => {
    const fee = { ppm: 20_000, freeDays: 0, payer: 'holder' } as const;
    const refundPolicies = [{ ...DOCUMENTED_REFUND_POLICY, fee }];
    const institution = { ...TEST_INSTITUTION, refundPolicies };
    const bench = simulatedBench({ seed: 1, startMs: START_MS, institution });
    const { refunds } = bench.host.control;
    const { rrn = '' } = scan(bench);
    bench.world.advance(DAY_MS);
    refunds.apply({ ...ASKED, of: { rrn } });
    refunds.consent('R000001', 'holder', 200);
    expect(refunds.consent('R000001', 'merchant', 200)).toMatchObject({ view: { state: 'sent' } });
    bench.world.advance(DAY_MS);
    expect(spentFen(bench)).toBe(200);
    lawful(bench);
  });

  it('is what a review returns, and is no adjustment', () => {
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    const { control } = bench.host;
    const { rrn = '' } = scan(bench);
    bench.perform(TID, { verb: 'settle' });
    const byHand = { rrn, to: 'holder', amountFen: 1, reason: 'r', by: 'li' } as const;
    expect(control.adjustments.propose(byHand)).toEqual({
      outcome: 'refused',
      why: 'it was paid by code: its wallet gives it back',
    });
    control.freeze({ scope: 'transaction', rrn, reason: 'review', by: 'li' });
    expect(control.returnHold('H000001', 'wang')).toMatchObject({ returnedFen: 10_000 });
    bench.world.advance(DAY_MS);
    expect(spentFen(bench)).toBe(0);
    lawful(bench);
  });
});

describe('a payment by code', () => {
  it('is not made where its merchant may not trade, and its wallet hears nothing', () => {
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    bench.perform(TID, { verb: 'sign-in' });
    bench.host.control.setStanding(MID, true, 'complaint', 'li');
    expect(scan(bench).rc).toBe('03');
    expect(bench.host.wallet.payments().size).toBe(0);
  });
});

describe('the close of a payment by code that was voided', () => {
  function voided(hostStore = memoryStore<HostEvent>()): SimulatedBench {
    const bench = simulatedBench({ seed: 1, startMs: START_MS, hostStore });
    const { stan = '' } = scan(bench);
    const command = { verb: 'void', stan, card: undefined, password: '123456' } as const;
    expect(bench.perform(TID, command).rc).toBe('00');
    expect(spentFen(bench)).toBe(10_000);
    return bench;
  }

  it('does not wait for another terminal', () => {
    const bench = voided();
    expect(scan(bench, '10000002').rc).toBe('00');
    expect([...bench.host.state.walletOrders.values()]).toMatchObject([{ state: 'held' }]);
    bench.world.advance(DAY_MS);
    expect(spentFen(bench)).toBe(10_000);
    expect(bench.host.state.walletOrders.size).toBe(0);
    lawful(bench);
  });

  it('becomes due by itself also after a restart', () => {
    const bench = voided();
    bench.world.tasks.restart('host');
    expect([...bench.host.state.walletOrders.values()]).toMatchObject([{ state: 'held' }]);
    bench.world.advance(DAY_MS);
    expect(bench.host.state.walletOrders.size).toBe(0);
    expect(spentFen(bench)).toBe(0);
    lawful(bench);
  });
});
