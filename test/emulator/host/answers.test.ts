import { describe, expect, it } from 'vitest';
import type { FieldValues } from '../../../protocol/message/message.ts';
import { Answers } from '../../../emulator/host/answers.ts';

const SALE = { 15: '0115', 37: '093000000001', 38: '123456', 39: '00', 44: '1', 63: 'CUP' };

describe.each([
  ['six digits', (at: number) => String(at).padStart(6, '0')],
  ['another form', String],
])('the answers of an open batch whose trace numbers have %s', (_, stanOf) => {
  const GIVEN = [
    SALE,
    { ...SALE, 38: '654321' },
    { 39: '51', 15: '0115', 37: '093000000002' },
    { 39: '00' },
    {},
    // As many fields as the first one, and another one among them.
    { 15: '0115', 37: '093000000001', 38: '123456', 39: '00', 44: '1', 55: '91' },
    SALE,
  ];

  it('are found again as they were given, whichever fields they have', () => {
    const answers = new Answers();
    for (const [at, answer] of GIVEN.entries()) {
      answers.set(stanOf(at), { fingerprint: `f${at}`, answer });
    }
    expect(answers.stans()).toEqual(GIVEN.map((_answer, at) => stanOf(at)));
    for (const [at, answer] of GIVEN.entries()) {
      expect(answers.has(stanOf(at))).toBe(true);
      expect(answers.get(stanOf(at))).toEqual({ fingerprint: `f${at}`, answer });
    }
    expect(answers.has(stanOf(7))).toBe(false);
    expect(answers.get(stanOf(7))).toBeUndefined();
    // Given again, each has the answer of the one behind it.
    for (const at of GIVEN.keys()) {
      answers.set(stanOf(at), { fingerprint: 'again', answer: GIVEN[(at + 1) % GIVEN.length]! });
    }
    for (const at of GIVEN.keys()) {
      const answer = GIVEN[(at + 1) % GIVEN.length];
      expect(answers.get(stanOf(at))).toEqual({ fingerprint: 'again', answer });
    }
  });

  it('do not change when who gave one, or asked for one, changes it', () => {
    const answers = new Answers();
    const given: FieldValues = { ...SALE };
    answers.set(stanOf(1), { fingerprint: 'f', answer: given });
    given[39] = '05';
    const { answer } = answers.get(stanOf(1))!;
    answer[39] = '96';
    delete answer[37];
    expect(answers.get(stanOf(1))!.answer).toEqual(SALE);
  });
});

describe('the answers of an open batch', () => {
  it('are found by the whole of their trace number, in whatever order they came', () => {
    const answers = new Answers();
    const stans = ['000003', '000010', '999998', '1', '00000A', '0000001', '', '000001', '000007'];
    for (const stan of stans) answers.set(stan, { fingerprint: 'first', answer: {} });
    expect(answers.stans()).toEqual(stans);
    // The last one counts.
    for (const stan of stans) answers.set(stan, { fingerprint: stan, answer: {} });
    expect(answers.stans()).toEqual(stans);
    for (const stan of stans) {
      expect([stan, answers.has(stan), answers.get(stan)?.fingerprint]).toEqual([stan, true, stan]);
    }
    const absent = ['000000', '000002', '000004', '000009', '000011', '999997', '999999'];
    for (const stan of [...absent, '10', '00000a', '00000:', '00000/', '01', ' 00003']) {
      expect([stan, answers.has(stan), answers.get(stan)]).toEqual([stan, false, undefined]);
    }
  });
});
