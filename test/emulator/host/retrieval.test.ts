import { describe, expect, it } from 'vitest';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { sampleStrokes } from '../../../emulator/signature/sample-strokes.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { accountOf, START_MS, TID } from './host-desk.ts';

const ID = `${TID}-000001-000002`;
const ORDER = { id: ID, reason: 'the issuer asks', by: 'li' };

function signedJournal(): HostEvent[] {
  const hostStore = memoryStore<HostEvent>();
  const bench = simulatedBench({ seed: 1, startMs: START_MS, hostStore });
  bench.terminals.setUp(TID, { signs: true });
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const { stan = '' } = bench.perform(TID, { verb: 'sale', amountFen: 10_000, card });
  const strokes = sampleStrokes(seededRandom(4), { script: 'latin' });
  bench.perform(TID, { verb: 'sign', stan, strokes });
  bench.perform(TID, { verb: 'settle' });
  return hostStore.replay();
}

function hostOf(journal: readonly HostEvent[]): ReturnType<typeof simulatedBench>['host'] {
  const hostStore = memoryStore<HostEvent>();
  hostStore.append(journal);
  return simulatedBench({ seed: 1, startMs: START_MS, hostStore }).host;
}

describe('a slip that is asked for', () => {
  const journal = signedJournal();

  it('comes with its elements, picture and seal', () => {
    const { control, state } = hostOf(journal);
    const found = control.evidence.retrieve(ORDER);
    const stored = state.archive.signatures.get(ID);
    expect(found).toMatchObject({
      outcome: 'answered',
      retrieval: { id: 'Q000001', evidence: 'image', detail: stored?.whole?.seal.hash },
      slip: {
        picture: stored?.pieces.join(''),
        seal: stored?.whole?.seal,
        elements: { merchantName: '测试商户一' },
      },
    });
    expect(found).not.toHaveProperty('slip.broken');
  });

  it('tells when the archive is not as it was sealed', () => {
    const changed = journal.map((event) =>
      event.kind === 'sale-approved'
        ? { ...event, transaction: { ...event.transaction, authCode: '000000' } }
        : event,
    );
    expect(hostOf(changed).control.evidence.retrieve(ORDER)).toMatchObject({
      outcome: 'answered',
      slip: { broken: 'its hash is not that of its content' },
    });
  });

  it('is an open item until paper has come, and one request until then', () => {
    const unsigned = journal.filter(({ kind }) => kind !== 'signature-received');
    const { control } = hostOf(unsigned);
    const { evidence } = control;
    const open = { outcome: 'open', missing: 'nothing came', retrieval: { id: 'Q000001' } };
    expect(evidence.retrieve(ORDER)).toMatchObject(open);
    expect(evidence.retrieve(ORDER)).toMatchObject(open);
    expect(evidence.openRetrievals('2026-01-22')).toMatchObject([{ isOverdue: false }]);
    expect(evidence.openRetrievals('2026-01-23')).toMatchObject([{ isOverdue: true }]);
    expect(evidence.supply('Q000001', ' ', 'li')).toMatchObject({ outcome: 'refused' });
    expect(evidence.supply('Q000001', 'signed slip', 'li')).toMatchObject({ outcome: 'answered' });
    expect(evidence.supply('Q000001', 'signed slip', 'li')).toMatchObject({
      why: 'Q000001 is answered',
    });
    expect(evidence.supply('Q000002', 'signed slip', 'li')).toMatchObject({ outcome: 'refused' });
    expect(evidence.openRetrievals('2026-01-23')).toEqual([]);
  });

  it.each([
    [{ id: 'x' }, 'no such transaction'],
    [{ reason: ' ' }, 'a reason is missing'],
  ])('is refused for %j: %s', (change, why) => {
    const { control, state } = hostOf(journal);
    expect(control.evidence.retrieve({ ...ORDER, ...change })).toEqual({ outcome: 'refused', why });
    expect(state.retrievals.size).toBe(0);
  });
});
