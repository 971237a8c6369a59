import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { PartyEvent } from '../../emulator/events/party-event.ts';
import type { CardPresented } from '../../emulator/terminal/card-presented.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import { parseCivilTime, toEpochMs } from '../../emulator/world/civil-time.ts';
import { decodeTags } from '../../protocol/structure/ber-tlv.ts';
import { checkLaws, LAW_TABLE } from '../../scenarios/laws/law-table.ts';

const TID = '10000001';
const START_MS = toEpochMs(parseCivilTime('2026-01-15 09:30')!);

interface Day extends SimulatedBench {
  readonly events: PartyEvent[];
  sale(
    card: string,
    entry: CardPresented['entry'],
    amountFen: number,
    pin?: string,
  ): OperationResult;
  /** Fields of the messages of this type that the terminal has sent. */
  sent(mti: string): Readonly<Record<number, string>>[];
  completion(stan: string | undefined): string | undefined;
}

function day(institution = TEST_INSTITUTION): Day {
  const events: PartyEvent[] = [];
  const bench = simulatedBench({
    seed: 1,
    startMs: START_MS,
    institution,
    publish: (event) => events.push(event),
  });
  return {
    ...bench,
    events,
    sale(id, entry, amountFen, pin = '123456') {
      const account = institution.cards.find((each) => each.id === id)!;
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
  return Object.fromEntries(decodeTags(hex ?? ''));
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
    bench.host.control.setIssuer({ isArpcRight: false });
    const refused = bench.sale('debit', 'chip', 20_000);
    expect(refused).toMatchObject({ outcome: 'unknown', rc: '00', reversalPending: true });
    bench.host.control.setIssuer({ isArpcRight: true });
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
    bench.host.control.setIssuer({ isArpcRight: false });
    bench.sale('debit', 'chip', 20_000);
    bench.terminals.powerCut(TID);
    bench.host.control.setIssuer({ isArpcRight: true });
    expect(bench.perform(TID, { verb: 'settle' })).toMatchObject({ outcome: 'balanced' });
    expect(bench.sent('0400')[0]).toMatchObject({ 39: '06' });
    expect(bench.host.control.card('debit', '2026-01-15')?.spentTodayFen).toBe(0);
  });

  it('does not matter contactless, where the card is gone', () => {
    const bench = day();
    bench.host.control.setIssuer({ isArpcRight: false });
    expect(bench.sale('debit', 'contactless', 1000)).toMatchObject({ outcome: 'approved' });
  });
});

describe('what a terminal keeps of a chip sale under SM4', () => {
  it('has neither track nor PIN block, in no entry of its store', () => {
    const kept: unknown[] = [];
    const bench = day();
    bench.terminals.setUp(TID, { keyForm: '006', encryptsTracks: true });
    bench.sale('debit', 'chip', 1000);
    bench.terminals.faults.order({ fault: 'answer-lost', mti: '0200', times: 1 });
    bench.sale('debit', 'chip', 1000);
    const { log, reversal } = bench.terminals.running().get(TID)!.record;
    kept.push(log, reversal);
    expect(log).toHaveLength(1);
    expect(reversal).toBeDefined();
    const text = JSON.stringify(kept);
    // SM016 in hex, in front of the block; field 52 and the track of the card.
    expect(text).not.toContain('534D303136');
    expect(text).not.toMatch(/"(52|35|36|62)":/);
    expect(text).not.toContain(TEST_INSTITUTION.cards[0]!.track2);
  });
});

describe('the upload of a chip that the host refuses', () => {
  it('goes on without it after three refusals', () => {
    const bench = day();
    bench.sale('debit', 'chip', 1000);
    const { stan } = bench.sale('debit', 'chip', 1000);
    // The host knows nothing of the batch that it has closed.
    bench.terminals.faults.order({ fault: 'answer-lost', mti: '0320', times: 1 });
    expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('unknown');
    bench.host.state.terminals.get(TID)!.closed = undefined;
    const outcomes = Array.from({ length: 12 }, () => {
      const { record } = bench.terminals.running().get(TID)!;
      return record.settlement === undefined
        ? 'over'
        : bench.perform(TID, { verb: 'settle' }).outcome;
    });
    expect(outcomes).toContain('over');
    expect(outcomes.filter((each) => each === 'declined').length).toBeGreaterThan(2);
    expect(bench.completion(stan)).toBeUndefined();
    expect(bench.sale('debit', 'swipe', 1000).outcome).not.toBe('refused');
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
    // Both results, the older one first.
    const { wire } = bench.sale('debit', 'swipe', 1000);
    expect(wire.join(' ')).toBe('0620 0630 0620 0630 0200 0210');
    const told = bench.sent('0620').map((fields) => fields[61]);
    expect(told).toEqual([told[0], told[0], told[2]]);
    expect(told[2]).not.toBe(told[0]);
    expect(bench.sale('scripted', 'chip', 1000).wire.join(' ')).toBe('0200 0210');
    const results = bench.sent('0620').map((fields) => tags(fields[55])['DF31']);
    expect(new Set(results)).toEqual(new Set(['2000000001']));
    expect(bench.host.state.cards.get('scripted')?.isScriptDone).toBe(true);
    expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
    expect(lawsOf(bench)).toEqual([]);
  });

  it('is told of before a settlement, however often it takes', () => {
    const bench = day();
    bench.sale('scripted', 'chip', 1000);
    bench.terminals.faults.order({ fault: 'request-lost', mti: '0620', times: 2 });
    const { outcome, wire } = bench.perform(TID, { verb: 'settle' });
    expect(outcome).toBe('balanced');
    expect(wire.slice(0, 5)).toEqual(['0620', '0620', '0620', '0630', '0500']);
  });

  it('is told of under new keys when the host has forgotten the old ones', () => {
    const bench = day();
    bench.sale('scripted', 'chip', 1000);
    bench.host.state.terminals.get(TID)!.isSignedIn = false;
    const { wire } = bench.sale('debit', 'swipe', 1000);
    expect(wire.join(' ')).toBe('0620 0630 0800 0810 0620 0630 0200 0210');
  });

  it('that fails behind the last cryptogram leaves that one genuine', () => {
    // The second command is none that a chip knows.
    const script = '9F180400000002860404DA0000860200B4';
    const cards = TEST_INSTITUTION.cards.map((card) =>
      card.id === 'scripted' ? { ...card, script } : card,
    );
    const bench = day({ ...TEST_INSTITUTION, cards });
    const { stan } = bench.sale('scripted', 'chip', 1000);
    expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
    expect(bench.completion(stan)).toBe('tc');
    const [told] = bench.sent('0620').map((fields) => tags(fields[55]));
    expect(told).toMatchObject({ DF31: '1200000002', 95: '0000040010' });
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
