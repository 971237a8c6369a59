import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { PartyEvent } from '../../emulator/events/party-event.ts';
import type { EntryMode } from '../../emulator/terminal/card-presented.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import { parseCivilTime, toEpochMs } from '../../emulator/world/civil-time.ts';
import { decodeTlv } from '../../protocol/structure/ber-tlv.ts';
import { checkLaws, LAW_TABLE } from '../../scenarios/laws/law-table.ts';

const TID = '10000001';
const START_MS = toEpochMs(parseCivilTime('2026-01-15 09:30')!);

interface Day extends SimulatedBench {
  readonly events: PartyEvent[];
  sale(card: string, entry: EntryMode, amountFen: number, pin?: string): OperationResult;
  /** Fields of the messages of this type that the terminal has sent. */
  sent(mti: string): Readonly<Record<number, string>>[];
  completion(stan: string | undefined): string | undefined;
}

function day(): Day {
  const events: PartyEvent[] = [];
  const bench = simulatedBench({
    seed: 1,
    startMs: START_MS,
    publish: (event) => events.push(event),
  });
  return {
    ...bench,
    events,
    sale(id, entry, amountFen, pin = '123456') {
      const account = TEST_INSTITUTION.cards.find((each) => each.id === id)!;
      const card = bench.cards.present(account, { entry, pin });
      return bench.perform(TID, { verb: 'sale', amountFen, card });
    },
    sent: (mti) =>
      events.flatMap((event) =>
        event.kind === 'message' && event.party === 'terminal' && event.direction === 'sent'
          ? event.mti === mti
            ? [event.fields]
            : []
          : [],
      ),
    completion: (stan) =>
      [...bench.host.state.transactions.values()].find((each) => each.stan === stan)?.completion,
  };
}

function tags(hex: string | undefined): Record<string, string> {
  return Object.fromEntries(decodeTlv(hex ?? '').map(({ tag, value }) => [tag, value]));
}

function lawsOf(bench: SimulatedBench): string[] {
  const terminals = new Map(
    [...bench.terminals.running()].map(([tid, { record }]) => [tid, record] as const),
  );
  return checkLaws([...LAW_TABLE.keys()], { host: bench.host.state, terminals });
}

describe('a chip sale from the first cryptogram to the settlement', () => {
  it('ends in a TC that the issuer computes again', () => {
    const bench = day();
    const chip = bench.sale('debit', 'chip', 10_000);
    const tapped = bench.sale('debit', 'contactless', 2000, '');
    expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
    const details = bench.sent('0320').map((fields) => tags(fields[55]));
    expect(details[0]).toMatchObject({ '9F27': '40', '9F36': '0157' });
    expect(details[1]).toMatchObject({ '9F27': '80', '9F36': '0158' });
    const asked = tags(bench.sent('0200')[0]![55]);
    expect(details[0]!['9F26']).not.toBe(asked['9F26']);
    expect(bench.completion(chip.stan)).toBe('tc');
    expect(bench.completion(tapped.stan)).toBe('arqc');
    expect(lawsOf(bench)).toEqual([]);
  });

  it('shows on its slip what the chip said last', () => {
    const bench = day();
    bench.sale('debit', 'chip', 10_000);
    bench.sale('debit', 'contactless', 1000);
    bench.sale('debit', 'swipe', 1000);
    const slips = bench.events.flatMap((event) => (event.kind === 'slip' ? [event.lines] : []));
    const [inserted, tapped, swiped] = slips.map((lines) => lines.join('\n'));
    expect(inserted).toMatch(/TC [0-9A-F]{16} {2}ATC 0157/);
    expect(inserted).toMatch(/AID A000000333010101 {2}TVR 0000040000 {2}TSI 7800/);
    expect(tapped).toMatch(/ARQC [0-9A-F]{16} {2}ATC 0158/);
    expect(tapped).not.toContain('TSI');
    expect(swiped).not.toMatch(/ATC|TVR/);
  });

  it('says with and without PIN how the holder was verified', () => {
    const bench = day();
    bench.sale('debit', 'chip', 10_000);
    bench.sale('debit', 'chip', 10_000, '');
    const [withPin, without] = bench.sent('0200').map((fields) => tags(fields[55]));
    expect(withPin).toMatchObject({ 95: '0000040000', '9F34': '420300' });
    expect(without).toMatchObject({ 95: '0000000000', '9F34': '1F0302' });
  });

  it('asks for no PIN contactless up to the limit, though the holder would enter one', () => {
    const bench = day();
    expect(bench.sale('debit', 'contactless', 100_000).outcome).toBe('approved');
    expect(bench.sale('debit', 'contactless', 100_001).outcome).toBe('approved');
    const [small, large] = bench.sent('0200');
    expect([small![22], small![26], small![52]]).toEqual(['072', undefined, undefined]);
    expect([large![22], large![26]]).toEqual(['071', '12']);
  });

  it('uploads what is left of a balanced batch after a power cut in the middle', () => {
    const bench = day();
    const stans = [1, 2, 3].map(() => bench.sale('debit', 'chip', 1000).stan);
    bench.terminals.faults.order({ fault: 'answer-lost', mti: '0320', times: 1 });
    expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('unknown');
    bench.terminals.powerCut(TID);
    expect(bench.sale('debit', 'chip', 1000).outcome).toBe('refused');
    const { outcome, wire } = bench.perform(TID, { verb: 'settle' });
    expect([outcome, wire.filter((mti) => mti === '0320').length]).toEqual(['balanced', 4]);
    expect(stans.map(bench.completion)).toEqual(['tc', 'tc', 'tc']);
    expect(bench.sale('debit', 'chip', 1000).outcome).toBe('approved');
    expect(lawsOf(bench)).toEqual([]);
  });
});

describe('an ARPC with one bit wrong', () => {
  it('makes the card refuse and the terminal undo the sale with reason 06', () => {
    const bench = day();
    bench.host.control.setArpc(false);
    const refused = bench.sale('debit', 'chip', 20_000);
    expect(refused).toMatchObject({ outcome: 'unknown', rc: '00', reversalPending: true });
    bench.host.control.setArpc(true);
    expect(bench.sale('debit', 'chip', 1000)).toMatchObject({
      outcome: 'approved',
      reversal: 'done',
    });
    const [reversal] = bench.sent('0400');
    expect(reversal).toMatchObject({ 11: refused.stan, 39: '06' });
    expect(tags(reversal![55])).toEqual({
      95: '0000040040',
      '9F1E': '3132333435363738',
      '9F10': '07010103280000010A010000000000ED538FE4',
      '9F36': '0157',
    });
    expect(bench.host.control.card('debit', '2026-01-15')?.spentTodayFen).toBe(1000);
    expect(lawsOf(bench)).toEqual([]);
  });

  it('is undone with 06 also after a power cut', () => {
    const bench = day();
    bench.host.control.setArpc(false);
    bench.sale('debit', 'chip', 20_000);
    bench.terminals.powerCut(TID);
    bench.host.control.setArpc(true);
    expect(bench.perform(TID, { verb: 'settle' })).toMatchObject({ outcome: 'balanced' });
    expect(bench.sent('0400')[0]).toMatchObject({ 39: '06' });
    expect(bench.host.control.card('debit', '2026-01-15')?.spentTodayFen).toBe(0);
  });

  it('does not matter contactless, where the card is gone', () => {
    const bench = day();
    bench.host.control.setArpc(false);
    expect(bench.sale('debit', 'contactless', 1000)).toMatchObject({ outcome: 'approved' });
  });
});

describe('a sale whose answer is lost', () => {
  it('is undone without the counter of its chip (spec 9.3)', () => {
    const bench = day();
    bench.terminals.faults.order({ fault: 'answer-lost', mti: '0200', times: 1 });
    expect(bench.sale('debit', 'chip', 1000).outcome).toBe('unknown');
    bench.sale('debit', 'chip', 1000);
    const [reversal] = bench.sent('0400');
    expect(reversal).toMatchObject({ 39: '98' });
    expect(Object.keys(tags(reversal![55])).sort()).toEqual(['95', '9F10', '9F1E']);
  });
});

describe('an issuer script', () => {
  it('comes until its result has arrived, which goes before the next transaction', () => {
    const bench = day();
    bench.sale('scripted', 'chip', 1000);
    // Lost on the way: told again, and the script is sent again meanwhile.
    bench.terminals.faults.order({ fault: 'request-lost', mti: '0620', times: 1 });
    expect(bench.sale('scripted', 'chip', 1000).outcome).toBe('approved');
    expect(bench.sale('debit', 'swipe', 1000).wire.join(' ')).toBe('0620 0630 0200 0210');
    expect(bench.sale('scripted', 'chip', 1000).wire.join(' ')).toBe('0200 0210');
    const results = bench.sent('0620').map((fields) => tags(fields[55])['DF31']);
    expect(new Set(results)).toEqual(new Set(['2000000001']));
    expect(bench.host.state.cards.get('scripted')?.isScriptDone).toBe(true);
    expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
    expect(lawsOf(bench)).toEqual([]);
  });

  it('whose result nobody takes is given up after the allowed sends', () => {
    const bench = day();
    bench.sale('scripted', 'chip', 1000);
    bench.terminals.faults.order({ fault: 'answer-lost', mti: '0620', times: 9 });
    for (let each = 0; each < 5; each++) {
      expect(bench.sale('debit', 'swipe', 1000).outcome).toBe('approved');
    }
    expect(bench.sent('0620')).toHaveLength(3);
  });
});
