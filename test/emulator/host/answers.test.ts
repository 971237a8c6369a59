import { describe, expect, it } from 'vitest';
import { Answers } from '../../../emulator/host/answers.ts';

const SALE = { 15: '0115', 37: '093000000001', 38: '123456', 39: '00', 44: '1', 63: 'CUP' };

describe('the answers of an open batch', () => {
  it('are found again as they were given, whichever fields they have', () => {
    const answers = new Answers();
    const given = [
      SALE,
      { ...SALE, 38: '654321' },
      { 39: '51', 15: '0115', 37: '093000000002' },
      { 39: '00' },
      {},
      // As many fields as the first one, and another one among them.
      { 15: '0115', 37: '093000000001', 38: '123456', 39: '00', 44: '1', 55: '91' },
      SALE,
    ];
    for (const [at, answer] of given.entries()) {
      answers.set(String(at), { fingerprint: `f${at}`, answer });
    }
    expect(answers.stans()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    for (const [at, answer] of given.entries()) {
      expect(answers.has(String(at))).toBe(true);
      expect(answers.get(String(at))).toEqual({ fingerprint: `f${at}`, answer });
    }
    expect(answers.has('7')).toBe(false);
    expect(answers.get('7')).toBeUndefined();
  });

  it('do not change when who asked for one changes it', () => {
    const answers = new Answers();
    answers.set('1', { fingerprint: 'f', answer: SALE });
    const { answer } = answers.get('1')!;
    answer[39] = '96';
    delete answer[37];
    expect(answers.get('1')!.answer).toEqual(SALE);
  });

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
