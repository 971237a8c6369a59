import { describe, expect, it } from 'vitest';
import { messageVectors } from '../vectors.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { transactionOf } from '../../protocol/message/check-message.ts';
import { deriveAnswer, whyNotAnswer } from '../../protocol/message/derive-answer.ts';
import type { FieldValues, Message } from '../../protocol/message/message.ts';

function message(name: string, changes: FieldValues = {}): Message {
  const { mti, fields } = messageVectors.messages.find((each) => each.name === name)!;
  const texts: FieldValues = {};
  for (const [field, value] of Object.entries(fields)) {
    texts[Number(field)] = typeof value === 'string' ? value : value.hex;
  }
  return { mti, fields: { ...texts, ...changes } };
}

const PAIRS: readonly (readonly [string, string])[] = [
  ['sale-mag-pin-request', 'sale-mag-pin-response'],
  ['sale-ic-request', 'sale-ic-response'],
  ['void-request', 'void-response'],
  ['refund-request', 'refund-response'],
  ['preauth-request', 'preauth-response'],
  ['balance-request', 'balance-response'],
  ['qr-sale-request', 'qr-sale-response'],
  ['reversal-sale-request', 'reversal-sale-response'],
  ['signin-004-request', 'signin-004-response'],
  ['signoff-request', 'signoff-response'],
  ['echo-request', 'echo-response'],
  ['settle-request', 'settle-response-balanced'],
  ['batch-upload-request', 'batch-upload-response'],
  ['esign-upload-request', 'esign-upload-response'],
];

describe('the answer derived from a request', () => {
  it.each(PAIRS)('%s repeats what %s repeats', (asked, answered) => {
    const request = message(asked);
    const answer = message(answered);
    const derived = deriveAnswer(UNIONPAY_POS, request, transactionOf(UNIONPAY_POS, request));
    expect(derived.mti).toBe(answer.mti);
    for (const [field, value] of Object.entries(derived.fields)) {
      expect(request.fields[Number(field)]).toBe(value);
      const inVector = answer.fields[Number(field)];
      // Sign-in gets the batch of the host; some fields are for the host to repeat or not.
      if (inVector === undefined || (asked.startsWith('signin') && field === '60')) continue;
      expect(inVector).toBe(value);
    }
  });

  it('to a request of no transaction repeats what tells whose it is', () => {
    const request: Message = { mti: '0600', fields: { 11: '000001', 41: '10000001', 52: 'FF' } };
    expect(deriveAnswer(UNIONPAY_POS, request, undefined)).toEqual({
      mti: '0610',
      fields: { 11: '000001', 41: '10000001' },
    });
  });
});

describe('the match key', () => {
  it.each(PAIRS)('matches %s and %s', (asked, answered) => {
    expect(whyNotAnswer(UNIONPAY_POS, message(asked), message(answered))).toEqual([]);
  });

  it.each<[string, Message, string[]]>([
    ['another STAN', message('sale-mag-pin-response', { 11: '000003' }), ['DE11 000003 ≠ 000002']],
    [
      'another amount',
      message('sale-mag-pin-response', { 4: '000000000001' }),
      ['DE4 000000000001 ≠ 000000010000'],
    ],
    [
      'another terminal',
      message('sale-mag-pin-response', { 41: '10000002' }),
      ['DE41 10000002 ≠ 10000001'],
    ],
    [
      'another message type',
      { ...message('sale-mag-pin-response'), mti: '0230' },
      ['MTI 0230 ≠ 0210'],
    ],
    [
      'the answer to a balance enquiry',
      message('balance-response', { 11: '000002' }),
      ['DE3 310000 ≠ 000000', 'DE4 missing ≠ 000000010000'],
    ],
  ])('says why %s is no answer', (_, answer, why) => {
    expect(whyNotAnswer(UNIONPAY_POS, message('sale-mag-pin-request'), answer)).toEqual(why);
  });

  it('lets a partial approval name another amount', () => {
    const partial = message('sale-mag-pin-response', { 4: '000000000001', 39: '10' });
    expect(whyNotAnswer(UNIONPAY_POS, message('sale-mag-pin-request'), partial)).toEqual([]);
  });

  it('asks for a response code everywhere but in a settlement', () => {
    const { 39: _code, ...fields } = message('void-response').fields;
    const answer = { mti: '0210', fields };
    expect(whyNotAnswer(UNIONPAY_POS, message('void-request'), answer)).toEqual(['DE39 missing']);
  });
});
