import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import type { PartyEvent } from '../../../emulator/events/party-event.ts';
import { KEYS, type Key } from '../../../emulator/terminal/keypad/keypad.ts';
import { accountOf, START_MS, TID } from '../host/host-desk.ts';

const DIGITS: Key[] = ['0', '1', '2', '5', '9'];

/** A bench with one sale, STAN 000002, and what has crossed the line since. */
function soldBench(): {
  bench: ReturnType<typeof simulatedBench>;
  card: ReturnType<ReturnType<typeof simulatedBench>['cards']['present']>;
  messages: () => number;
} {
  const events: PartyEvent[] = [];
  const bench = simulatedBench({
    seed: 1,
    startMs: START_MS,
    publish: (event) => events.push(event),
  });
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  bench.perform(TID, { verb: 'sale', amountFen: 1000, card });
  events.length = 0;
  return {
    bench,
    card,
    messages: () => events.filter(({ kind }) => kind === 'message' || kind === 'link').length,
  };
}

describe('any keys', () => {
  it('send nothing, take no trace number, and are idle again after cancel', () => {
    const { bench, card, messages } = soldBench();
    const record = bench.terminals.running().get(TID)!.record;
    const before = structuredClone(record);
    const key = fc.constantFrom<Key>(...KEYS, ...DIGITS);
    fc.assert(
      fc.property(fc.array(key, { maxLength: 20 }), (keys) => {
        const pressed = bench.terminals.press(TID, keys, card);
        bench.world.advance(1000);
        expect(messages()).toBe(0);
        expect(record).toEqual(before);
        if (pressed.command !== undefined) expect(pressed.state.at).toBe('idle');
        expect(bench.terminals.press(TID, ['cancel'], card).state.at).toBe('idle');
      }),
      { numRuns: 2000 },
    );
  });

  it('make a command only in the order of its function', () => {
    const { bench, card } = soldBench();
    const press = (text: string): unknown =>
      bench.terminals.press(TID, text.split(' ') as Key[], card).command;
    expect(press('sale 1 0 0 enter card')).toEqual({ verb: 'sale', amountFen: 100, card });
    expect(press('void 1 2 3 4 5 6 enter 0 0 0 0 0 2 enter enter card')).toEqual({
      verb: 'void',
      stan: '000002',
      card,
      password: '123456',
    });
    expect(
      press('refund 9 enter 0 9 3 0 0 0 0 0 0 0 0 2 enter 0 1 1 5 enter 7 enter card'),
    ).toEqual({
      verb: 'refund',
      amountFen: 7,
      card,
      password: '9',
      rrn: '093000000002',
      date: '0115',
    });
    expect(press('settle enter')).toEqual({ verb: 'settle' });
    // Thirteen digits are no amount: the last is not taken.
    expect(press('sale 9 9 9 9 9 9 9 9 9 9 9 9 9 enter card')).toMatchObject({
      amountFen: 999_999_999_999,
    });
  });

  it('wait for a settlement that has not ended', () => {
    const { bench, card } = soldBench();
    bench.terminals.faults.order({ fault: 'answer-lost', mti: '0500', times: 1 });
    bench.perform(TID, { verb: 'settle' });
    const pressed = bench.terminals.press(TID, ['sale'], card);
    expect(pressed).toMatchObject({
      state: { at: 'idle' },
      screen: { zh: '批结算未完成，请先结算' },
    });
    expect(bench.terminals.press(TID, ['settle', 'enter'], card).command).toEqual({
      verb: 'settle',
    });
  });
});
