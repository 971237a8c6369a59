import { describe, expect, it } from 'vitest';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { auditTrail } from '../../../emulator/host/evidence/audit-trail.ts';
import { caseExport, verifyCaseExport } from '../../../emulator/host/evidence/case-export.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { sampleStrokes } from '../../../emulator/signature/sample-strokes.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { accountOf, START_MS, TID } from './host-desk.ts';

const PHONE = '13800138000';

/** A signed sale that was frozen, released and paid. */
function journalled(): HostEvent[] {
  const hostStore = memoryStore<HostEvent>();
  const bench = simulatedBench({ seed: 1, startMs: START_MS, hostStore });
  bench.terminals.setUp(TID, { signs: true });
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const { stan = '', rrn = '' } = bench.perform(TID, { verb: 'sale', amountFen: 10_000, card });
  const strokes = sampleStrokes(seededRandom(4), { script: 'latin' });
  bench.perform(TID, { verb: 'sign', stan, strokes, phone: PHONE });
  bench.perform(TID, { verb: 'settle' });
  const { control } = bench.host;
  control.freeze({ scope: 'transaction', rrn, reason: 'complaint', by: 'li' });
  control.release('H000001', 'wang');
  bench.world.advance(86_400_000);
  control.payOut();
  return hostStore.replay();
}

const MADE = '2026-01-17 10:00:00';

describe('an exported case', () => {
  const journal = journalled();
  const text = caseExport(journal, 'H000001', MADE);

  it('holds every event of the trail, in order and with its place', () => {
    const { records } = JSON.parse(text) as { records: { place: number; event: HostEvent }[] };
    const trail = auditTrail(journal, 'H000001');
    expect(records.map(({ place, event }) => [place, event.kind])).toEqual(
      trail.map(({ place, event }) => [place, event.kind]),
    );
    expect(verifyCaseExport(text)).toMatchObject({ isWhole: true, records: records.length });
  });

  it('is found changed whichever byte of it is', () => {
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === '0' ? '1' : '0';
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      expect([at, verifyCaseExport(changed).isWhole]).toEqual([at, false]);
      expect([at, verifyCaseExport(text.slice(0, at)).isWhole]).toEqual([at, false]);
    }
    expect(verifyCaseExport(`${text} `).isWhole).toBe(false);
  });

  it('is found out when a record is left out, moved or repeated', () => {
    const [head = '', ...lines] = text.split('\n');
    const records = lines.slice(0, -2);
    const tail = lines.slice(-2);
    const changes = [
      records.slice(1),
      records.slice(0, -1),
      [records[1]!, records[0]!, ...records.slice(2)],
      [records[0]!, ...records],
    ];
    for (const each of changes) {
      const body = each.map((line) => line.replace(/,$/, '')).join(',\n');
      expect(verifyCaseExport([head, body, ...tail].join('\n')).isWhole).toBe(false);
    }
    expect(verifyCaseExport([head, ...lines].join('\n')).isWhole).toBe(true);
  });

  it('shows no card, telephone, picture or whole account', () => {
    for (const { pan, track2 } of TEST_INSTITUTION.cards) {
      expect(text).not.toContain(pan);
      expect(text).not.toContain(track2);
    }
    const received = journal.find((event) => event.kind === 'signature-received');
    expect(received?.slip).toContain(PHONE);
    for (const secret of [PHONE, received?.piece ?? '', received?.slip ?? '', 'bank-a/0001']) {
      expect(secret).not.toBe('');
      expect(text).not.toContain(secret);
    }
    expect(text).toContain('bank-a/**01');
  });

  it.each(['', '[]', 'null', '{}', '{"format":"countersign-case-1"}', '{"records":[null]}'])(
    'is not what %j is',
    (other) => {
      expect(verifyCaseExport(other).isWhole).toBe(false);
    },
  );

  it('of something unknown is empty, and says so', () => {
    expect(verifyCaseExport(caseExport(journal, 'H000009', MADE))).toMatchObject({
      isWhole: true,
      records: 0,
    });
  });
});
