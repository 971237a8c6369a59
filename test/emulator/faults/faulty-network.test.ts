import { describe, expect, it } from 'vitest';
import type { PartyEvent } from '../../../emulator/events/party-event.ts';
import { faultyNetwork, type LinkFault } from '../../../emulator/faults/faulty-network.ts';
import { simulatedWorld } from '../../../emulator/world/simulated/simulated-world.ts';
import { cardBox } from '../../../emulator/bench/card-box.ts';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import { accountOf, frame, saleFrame, START_MS, TID } from '../host/host-desk.ts';

const ANSWER = Uint8Array.from({ length: 21 }, (_, index) => index);

/** One request over a harmed line to a peer that answers each request once. */
function exchange(faults: readonly [LinkFault, string?][], request = saleFrame()) {
  const world = simulatedWorld({ seed: 3, startMs: 0 });
  const events: PartyEvent[] = [];
  const { networkOf, desk } = faultyNetwork(world.network, (event) => events.push(event));
  let powerCuts = 0;
  let closedAtHost = 0;
  const network = networkOf(() => powerCuts++);
  let atHost = 0;
  network.listen('host:1', {
    listening: () => undefined,
    failed: () => undefined,
    accepted: (link) => ({
      opened: () => undefined,
      received(bytes) {
        const before = atHost;
        atHost += bytes.length;
        if (before < request.length && atHost >= request.length) link.send(ANSWER);
      },
      closed: () => void closedAtHost++,
    }),
  });
  for (const [fault, mti] of faults) {
    desk.order({ fault, times: 1, ...(mti === undefined ? {} : { mti }) });
  }
  const seen: string[] = [];
  let received = 0;
  const link = network.connect('host:1', {
    opened() {
      seen.push('opened');
      link.send(request);
    },
    received: (bytes) => void (received += bytes.length),
    closed: (reason) => seen.push(`closed: ${reason}`),
  });
  world.advance(120_000);
  return { seen, received, atHost, pending: desk.pending, events, powerCuts, closedAtHost };
}

describe('a harmed line', () => {
  it('without an order carries everything', () => {
    const { seen, received, atHost, events } = exchange([]);
    expect({ seen, received, atHost }).toEqual({
      seen: ['opened'],
      received: ANSWER.length,
      atHost: saleFrame().length,
    });
    expect(events).toEqual([]);
  });

  it.each([
    ['request-lost', ['opened'], 0, false],
    ['answer-lost', ['opened'], 0, true],
    ['answer-cut', ['opened', 'closed: reset'], 0, true],
    ['answer-half', ['opened', 'closed: ended'], 11, true],
    ['refused', ['closed: refused'], 0, false],
  ] as [LinkFault, string[], number, boolean][])(
    'with %s shows %j',
    (fault, seen, received, reachesHost) => {
      const result = exchange([[fault]]);
      expect(result.seen).toEqual(seen);
      // The answer may come in two pieces, and half of the first is less.
      if (fault === 'answer-half') expect(result.received).toBeLessThanOrEqual(received);
      else expect(result.received).toBe(received);
      if (fault === 'answer-half') expect(result.received).toBeGreaterThan(0);
      expect(result.atHost > 0).toBe(reachesHost);
      expect(result.pending).toBe(0);
      expect(result.events).toEqual([expect.objectContaining({ kind: 'fault' })]);
    },
  );

  it('with request-altered turns the last bit in front of the MAC, and nothing else', () => {
    const bench = simulatedBench({ seed: 1, startMs: START_MS, publish: () => undefined });
    const sale = (): OperationResult => {
      const card = cardBox([]).present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
      return bench.perform(TID, { verb: 'sale', amountFen: 10_000, card });
    };
    bench.perform(TID, { verb: 'sign-in' });
    bench.terminals.faults.order({ fault: 'request-altered', mti: '0200', times: 1 });
    expect(sale()).toMatchObject({ outcome: 'declined', rc: 'A0', reversalPending: false });
    expect(bench.host.state.transactions.size).toBe(0);
    expect(sale()).toMatchObject({ outcome: 'approved', wire: ['0800', '0810', '0200', '0210'] });
    const { atHost, received, powerCuts } = exchange([['request-altered']]);
    expect({ atHost, received, powerCuts }).toEqual({
      atHost: saleFrame().length,
      received: ANSWER.length,
      powerCuts: 0,
    });
  });

  it('with power-cut has the host answer, and nobody hear it', () => {
    expect(exchange([['power-cut']])).toMatchObject({
      seen: ['opened'],
      received: 0,
      atHost: saleFrame().length,
      powerCuts: 1,
      // A line that stayed open would keep the program from ending.
      closedAtHost: 1,
    });
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    const card = cardBox([]).present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
    bench.perform(TID, { verb: 'sign-in' });
    bench.terminals.faults.order({ fault: 'power-cut', mti: '0200', times: 1 });
    const lost = bench.perform(TID, { verb: 'sale', amountFen: 10_000, card });
    expect(lost).toMatchObject({ verb: 'sale', outcome: 'power-lost', reversalPending: true });
    expect(bench.host.state.transactions.size).toBe(1);
    const next = bench.perform(TID, { verb: 'sale', amountFen: 10_000, card });
    expect(next).toMatchObject({ outcome: 'approved', reversal: 'done' });
    expect(bench.host.control.card('debit', '2026-01-15')?.availableFen).toBe(990_000);
  });

  it('with request-late holds the request back, and lets it go behind a later exchange', () => {
    const alone = exchange([['request-late']]);
    expect(alone).toMatchObject({ received: 0, atHost: 0, pending: 1 });
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    const sale = (): OperationResult => {
      const card = cardBox([]).present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
      return bench.perform(TID, { verb: 'sale', amountFen: 10_000, card });
    };
    expect(bench.perform(TID, { verb: 'sign-in' }).outcome).toBe('approved');
    bench.terminals.faults.order({ fault: 'request-late', mti: '0200', times: 1 });
    const late = sale();
    expect(late).toMatchObject({ outcome: 'unknown', reversalPending: true });
    expect(sale()).toMatchObject({ outcome: 'approved', reversal: 'done' });
    bench.world.advance(60_000);
    // The late original met the reversal that was noted for it (I-06).
    const original = bench.host.state.transactions.get(`${TID}-000001-${late.stan!}`);
    expect(original?.status).toBe('declined');
    expect(bench.host.control.card('debit', '2026-01-15')?.availableFen).toBe(990_000);
  });

  it('waits for the message type it was ordered for', () => {
    const result = exchange([['request-lost', '0400']]);
    expect(result).toMatchObject({ received: ANSWER.length, pending: 1 });
    const reversal = frame('0400', { 11: '000002', 41: '10000001' }, 'none');
    expect(exchange([['request-lost', '0400']], reversal)).toMatchObject({
      received: 0,
      pending: 0,
    });
  });

  it('strikes once an order, in the order of asking', () => {
    const result = exchange([['answer-cut'], ['request-lost']]);
    expect(result.seen).toEqual(['opened', 'closed: reset']);
    expect(result.pending).toBe(1);
  });

  it('strikes as often as it was told, and forgets when cleared', () => {
    const { desk } = faultyNetwork(simulatedWorld({ seed: 1, startMs: 0 }).network);
    desk.order({ fault: 'answer-lost', times: 3 });
    desk.order({ fault: 'refused', times: 2 });
    expect(desk.pending).toBe(5);
    desk.clear();
    expect(desk.pending).toBe(0);
  });
});
