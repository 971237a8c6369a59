import { describe, expect, it } from 'vitest';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { auditTrail, peopleOf } from '../../../emulator/host/evidence/audit-trail.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { accountOf, START_MS, TID } from './host-desk.ts';

/** Two sales, one of them frozen, released, paid out and partly refunded; the other paid with it. */
function journalled(): HostEvent[] {
  const hostStore = memoryStore<HostEvent>();
  const bench = simulatedBench({ seed: 1, startMs: START_MS, hostStore });
  const { control } = bench.host;
  const present = (): ReturnType<typeof bench.cards.present> =>
    bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const first = bench.perform(TID, { verb: 'sale', amountFen: 10_000, card: present() });
  bench.perform(TID, { verb: 'sale', amountFen: 5000, card: present() });
  bench.perform(TID, { verb: 'settle' });
  const order = { scope: 'transaction', rrn: first.rrn!, reason: 'review', by: 'li' } as const;
  control.freeze(order);
  control.release('H000001', 'wang');
  bench.world.advance(86_400_000);
  control.payOut();
  bench.perform(TID, {
    verb: 'refund',
    amountFen: 1000,
    rrn: first.rrn!,
    date: first.date!,
    card: present(),
    password: '123456',
  });
  control.setContract('898110000000001', { device: 'mpos' }, 'zhao');
  return hostStore.replay();
}

const FIRST = `${TID}-000001-000002`;
const OTHER = `${TID}-000001-000003`;
const ALL_OF_FIRST = [
  'sale-approved',
  'exchange-answered',
  'batch-closed',
  'hold-placed',
  'hold-released',
  'payout-ordered',
  'paid-out',
  // The terminal's refund is a case of its own.
  'refund-applied',
  'refund-moved',
  'refund-approved',
  'exchange-answered',
];

describe('the audit trail', () => {
  const journal = journalled();
  const kinds = (subject: string): string[] =>
    auditTrail(journal, subject).map(({ event }) => event.kind);

  it('of a sale is everything about it and nothing about another', () => {
    expect(kinds(FIRST)).toEqual(ALL_OF_FIRST);
    expect(kinds(OTHER)).toEqual([
      'sale-approved',
      'exchange-answered',
      'batch-closed',
      'payout-ordered',
      'paid-out',
    ]);
  });

  it('is the same by reference number, hold and refund', () => {
    const [sale] = auditTrail(journal, FIRST);
    const rrn = sale?.event.kind === 'sale-approved' ? sale.event.transaction.rrn : '';
    for (const subject of [rrn, 'H000001', `${TID}-000002-000005`]) {
      expect([subject, kinds(subject)]).toEqual([subject, ALL_OF_FIRST]);
    }
  });

  it('names people in the order in which they acted, and the places of the entries', () => {
    const trail = auditTrail(journal, FIRST);
    expect(peopleOf(trail)).toEqual(['li', 'wang', 'rule']);
    expect(trail.every(({ place, event }) => journal[place - 1] === event)).toBe(true);
  });

  it('of something unknown is empty, and no card is a subject', () => {
    for (const subject of ['H000002', '', 'debit', '898110000000001', TID]) {
      expect([subject, kinds(subject)]).toEqual([subject, []]);
    }
    expect(kinds('P000001')).toEqual(['payout-ordered', 'paid-out']);
  });
});
