import { describe, expect, it } from 'vitest';
import { frame, HostDesk, saleFields, settlementFields, TID, totals } from './host-desk.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import {
  earlierAnswer,
  forgetAnswer,
  keepAnswer,
  type AnswerForm,
  type OtherAnswers,
} from '../../../emulator/host/answers.ts';

const SALE = { 15: '0115', 37: '093000000001', 38: '123456', 39: '00', 44: '1', 63: 'CUP' };

interface Own {
  readonly rrn: string;
  readonly authCode: string;
  fingerprint: string | undefined;
  answerForm: AnswerForm | undefined;
}

function own({ 37: rrn = '093000000001', 38: authCode = '' }: FieldValues): Own {
  return { rrn, authCode, fingerprint: undefined, answerForm: undefined };
}

function none(): OtherAnswers {
  return { otherAnswers: undefined };
}

describe('answers of an open batch', () => {
  const GIVEN: FieldValues[] = [
    SALE,
    // Reference number and code of another one.
    { ...SALE, 37: '093000000007', 38: '654321' },
    { 39: '51', 15: '0115', 37: '093000000002' },
    { 39: '00' },
    {},
    // As many fields as the first one, and another one among them.
    { 15: '0115', 37: '093000000001', 38: '123456', 39: '00', 44: '1', 55: '91' },
    // The same fields, and another value in the first, in the middle and behind.
    { ...SALE, 15: '0116' },
    { ...SALE, 39: '51' },
    { ...SALE, 63: 'VIS' },
    { ...SALE, 128: '00' },
    SALE,
  ];

  it.each([
    ['transactions that they belong to', own],
    ['nobody', () => undefined],
    ['transactions of other numbers', () => own({ 37: '999999999999', 38: '999999' })],
    [
      'transactions of another code',
      ({ 37: rrn }: FieldValues) => own({ ...SALE, 37: rrn!, 38: '9' }),
    ],
  ])(
    'are found again as they were given, with %s',
    (_, ownOf: (of: FieldValues) => Own | undefined) => {
      const answers = none();
      const owners = GIVEN.map(ownOf);
      for (const [at, answer] of GIVEN.entries()) {
        keepAnswer(answers, String(at), { fingerprint: `f${at}`, answer }, owners[at]);
      }
      for (const [at, answer] of GIVEN.entries()) {
        expect(earlierAnswer(answers, String(at), owners[at])).toEqual({
          fingerprint: `f${at}`,
          answer,
        });
      }
      expect(earlierAnswer(answers, '99', own({}))).toBeUndefined();
      expect(earlierAnswer(answers, '99', undefined)).toBeUndefined();
      // Given again, each has the answer of the one behind it, which is another transaction's.
      for (const at of GIVEN.keys()) {
        const answer = GIVEN[(at + 1) % GIVEN.length]!;
        keepAnswer(answers, String(at), { fingerprint: 'again', answer }, owners[at]);
      }
      for (const at of GIVEN.keys()) {
        const answer = GIVEN[(at + 1) % GIVEN.length];
        expect(earlierAnswer(answers, String(at), owners[at])).toEqual({
          fingerprint: 'again',
          answer,
        });
      }
    },
  );

  it('are held by their transactions, which share what is the same, until they are forgotten', () => {
    const answers = none();
    const owners = GIVEN.map(own);
    for (const [at, answer] of GIVEN.entries()) {
      keepAnswer(answers, String(at), { fingerprint: `f${at}`, answer }, owners[at]);
    }
    expect(answers.otherAnswers).toBeUndefined();
    expect(owners[1]!.answerForm).toBe(owners[0]!.answerForm);
    forgetAnswer(owners[0]!);
    expect(earlierAnswer(answers, '0', owners[0])).toBeUndefined();
    expect(earlierAnswer(answers, '1', owners[1])?.answer).toEqual(GIVEN[1]);
  });

  it('do not change when who gave one, or asked for one, changes it', () => {
    for (const owner of [own(SALE), undefined]) {
      const answers = none();
      const given: FieldValues = { ...SALE };
      keepAnswer(answers, '000001', { fingerprint: 'f', answer: given }, owner);
      given[39] = '05';
      const { answer } = earlierAnswer(answers, '000001', owner)!;
      answer[39] = '96';
      delete answer[37];
      expect(earlierAnswer(answers, '000001', owner)!.answer).toEqual(SALE);
    }
  });

  it('are told apart by the whole of their trace number', () => {
    const answers = none();
    const stans = ['000003', '000010', '999998', '1', '00000A', '0000001', '', '000001', '000007'];
    for (const stan of stans)
      keepAnswer(answers, stan, { fingerprint: 'first', answer: {} }, undefined);
    // The last one counts.
    for (const stan of stans)
      keepAnswer(answers, stan, { fingerprint: stan, answer: {} }, undefined);
    expect([...answers.otherAnswers!.keys()]).toEqual(stans);
    for (const stan of stans)
      expect(earlierAnswer(answers, stan, undefined)?.fingerprint).toBe(stan);
    for (const stan of ['000000', '000002', '10', '00000a', '01', ' 00003']) {
      expect(earlierAnswer(answers, stan, undefined)).toBeUndefined();
    }
  });
});

describe('an answer in a journal whose transaction is not there', () => {
  const ANSWERED = {
    kind: 'exchange-answered',
    tid: TID,
    batchNo: '000001',
    stan: '000777',
    fingerprint: 'f',
    answer: { 39: '05' },
  } as const;

  it('is kept until its batch is closed, and takes no other one’s place', () => {
    const before = new HostDesk();
    const sale = frame('0200', saleFields());
    const answer = before.ask(sale);
    const desk = new HostDesk([...before.journal, ANSWERED]);
    const session = desk.state.terminals.get(TID)!;
    expect([...session.otherAnswers!.keys()]).toEqual(['000777']);
    expect(desk.ask(sale).fields).toEqual(answer.fields);
    // Its number is taken.
    expect(desk.rc('0200', saleFields({ 11: '000777' }))).toBe('94');
    desk.ask(frame('0500', settlementFields(totals([10_000, 1], [0, 0])), 'none'));
    expect(session.batchNo).toBe('000002');
    expect(session.otherAnswers).toBeUndefined();
    const next = saleFields({ 11: '000777', 60: '2200000200060' });
    expect(desk.rc('0200', next)).toBe('00');
  });
});
