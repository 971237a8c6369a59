import { describe, expect, it } from 'vitest';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { checkLaws, LAW_TABLE } from '../../../scenarios/laws/law-table.ts';
import { MID, START_MS } from './host-desk.ts';

const PURCHASE = { mid: MID, device: 'big-pos', priceFen: 9900, depositFen: 20_000 } as const;
const ASKED = {
  requestNo: 'q-1',
  mid: MID,
  orderId: 'D000001',
  isFaulty: false,
  papers: ['contract'],
  contact: 'mail',
} as const;

describe('a device', () => {
  it('is refunded once, also when a complaint opens an earlier case of it again', () => {
    const { host } = simulatedBench({ seed: 1, startMs: START_MS });
    const { refunds } = host.control;
    refunds.orderDevice(PURCHASE);
    const bare = refunds.applyForDevice({ ...ASKED, papers: [] });
    expect(bare).toMatchObject({ view: { state: 'refused', reason: 'incomplete' } });
    const whole = refunds.applyForDevice({ ...ASKED, requestNo: 'q-2' });
    expect(whole).toMatchObject({ view: { state: 'sent' } });
    refunds.complain('R000001', { by: 'buyer', text: 'the contract was there' });
    refunds.closeComplaint('C000001', { by: 'wang', isUpheld: true });
    expect(refunds.review('R000001', { agrees: true, by: 'li' })).toMatchObject({
      view: { state: 'refused', reason: 'nothing-left', why: 'the device was refunded' },
    });
    const view = { host: host.state, terminals: new Map() };
    expect(checkLaws([...LAW_TABLE.keys()], view)).toEqual([]);
  });

  it.each([
    [{ priceFen: -1 }],
    [{ priceFen: 0.5 }],
    [{ depositFen: -1 }],
    [{ depositFen: Number.NaN }],
    [{ priceFen: 0, depositFen: 0 }],
    [{ mid: '000000000000000' }],
  ])('is not ordered with %j', (changes) => {
    const journal = memoryStore<HostEvent>();
    const { host } = simulatedBench({ seed: 1, startMs: START_MS, hostStore: journal });
    const before = journal.replay().length;
    const ordered = host.control.refunds.orderDevice({ ...PURCHASE, ...changes });
    expect(ordered).toMatchObject({ outcome: 'refused' });
    expect(journal.replay()).toHaveLength(before);
  });

  it('is not shipped while its money is asked back, and both are in the journal', () => {
    const journal = memoryStore<HostEvent>();
    const bench = simulatedBench({ seed: 1, startMs: START_MS, hostStore: journal });
    const { refunds } = bench.host.control;
    refunds.orderDevice(PURCHASE);
    refunds.setMaintenance(true, 'li');
    expect(refunds.applyForDevice(ASKED)).toMatchObject({ view: { state: 'applied' } });
    expect(refunds.shipDevice('D000001')).toEqual({
      outcome: 'refused',
      why: 'R000001 is open on it',
    });
    expect(refunds.applyForDevice({ ...ASKED, requestNo: 'q-2' })).toMatchObject({
      kind: 'refused',
      openId: 'R000001',
    });
    // The issuers have no part in it.
    bench.host.control.setChannel(false);
    refunds.setMaintenance(false, 'li');
    expect(refunds.progress({ caseId: 'R000001' })).toMatchObject({ state: 'sent' });
    const { state } = bench.host;
    const { deviceOrders, ledger } = bootHost(state.institution, journal.replay()).state;
    expect([...deviceOrders]).toEqual([...state.deviceOrders]);
    expect([...ledger.balances]).toEqual([...state.ledger.balances]);
    const view = { host: state, terminals: new Map() };
    expect(checkLaws([...LAW_TABLE.keys()], view)).toEqual([]);
  });
});
