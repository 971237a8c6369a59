import { describe, expect, it } from 'vitest';
import { messageVectors } from '../vectors.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { classifyRequest } from '../../protocol/message/classify-request.ts';
import { assumedOf, titleOf } from '../../protocol/message/describe-message.ts';
import type { FieldValues, Message } from '../../protocol/message/message.ts';
import { isRequestMti } from '../../protocol/message/message.ts';

/** Every computed request, and the transaction that the specification calls it. */
const EXPECTED: Record<string, string> = {
  'signin-003-request': 'sign-in',
  'signin-004-request': 'sign-in',
  'sale-mag-pin-request': 'sale',
  'sale-mag-encrypted-track-request': 'sale',
  'sale-ic-request': 'sale',
  'sale-contactless-nopin-request': 'sale',
  'sale-mag-nopin-single-mak-request': 'sale',
  'sale-sm4-request': 'sale',
  'qr-sale-request': 'sale',
  'reversal-sale-request': 'reversal',
  'reversal-sale-ic-request': 'reversal',
  'reversal-void-request': 'reversal',
  'void-request': 'void',
  'qr-void-request': 'void',
  'refund-request': 'refund',
  'qr-refund-request': 'refund',
  'preauth-request': 'pre-auth',
  'preauth-void-request': 'pre-auth-void',
  'preauth-completion-request': 'completion',
  'preauth-completion-void-request': 'completion-void',
  'preauth-completion-notice': 'completion-advice',
  'balance-request': 'balance',
  'script-result-notice': 'script-result',
  'esign-upload-request': 'signature-upload',
  'esign-upload-part1-request': 'signature-upload',
  'esign-upload-part2-request': 'signature-upload',
  'settle-request': 'settlement',
  'batch-upload-request': 'upload',
  'batch-upload-end-balanced-request': 'upload-end',
  'batch-upload-end-unbalanced-request': 'upload-end',
  'ic-batch-upload-request': 'upload-chip',
  'signoff-request': 'sign-off',
  'echo-request': 'echo',
  'params-request': 'download',
  'capk-query-request': 'download-query',
};

const computed = messageVectors.messages.filter(({ origin }) => origin === 'computed here');

/** Fields of a vector, as far as classification reads them: all of those are digits. */
function messageOf(name: string): Message {
  const { mti, fields } = computed.find((each) => each.name === name)!;
  const texts: FieldValues = {};
  for (const [field, value] of Object.entries(fields)) {
    texts[Number(field)] = typeof value === 'string' ? value : value.hex;
  }
  return { mti, fields: texts };
}

function nameOf(message: Message): string {
  const found = classifyRequest(UNIONPAY_POS, message);
  return found.kind === 'known' ? found.transaction.name : found.kind;
}

/** The title without what is assumed of the message. */
function titled(message: Message): string {
  return titleOf(UNIONPAY_POS, message).en.replace(' (SM4, assumed profile)', '');
}

describe('a request', () => {
  it('of every computed vector is listed here', () => {
    const requests = computed.filter(({ mti }) => isRequestMti(mti)).map(({ name }) => name);
    expect(Object.keys(EXPECTED).toSorted()).toEqual(requests.toSorted());
  });

  it.each(Object.entries(EXPECTED))('%s is known as %s', (name, expected) => {
    const message = messageOf(name);
    const found = classifyRequest(UNIONPAY_POS, message);
    expect(found).toMatchObject({ kind: 'known', transaction: { name: expected } });
    expect(titled(message)).toBe(`${expected} request`);
  });

  it.each(Object.entries(EXPECTED))('%s names its answer %s', (name, expected) => {
    const request = messageOf(name);
    const mti = `${request.mti.slice(0, 2)}${Number(request.mti[2]) + 1}${request.mti[3]}`;
    expect(titled({ ...request, mti })).toBe(`${expected} answer`);
  });

  // A reversal takes over fields 3, 25 and 60.1 of its original (spec 2.1).
  it.each([
    'sale-mag-pin-request',
    'void-request',
    'preauth-request',
    'preauth-void-request',
    'preauth-completion-request',
    'preauth-completion-void-request',
  ])('of type 0400 with the codes of %s is a reversal', (name) => {
    const original = messageOf(name);
    const message = { mti: '0400', fields: { ...original.fields, 39: '98' } };
    expect(nameOf(message)).toBe('reversal');
  });

  it.each<[string, string, FieldValues, string]>([
    ['60.1 of a void', '0200', { 3: '000000', 25: '00', 60: '23000001000' }, 'contradictory'],
    [
      'the condition of a pre-auth',
      '0200',
      { 3: '000000', 25: '06', 60: '22000001000' },
      'contradictory',
    ],
    [
      'another processing code',
      '0200',
      { 3: '200000', 25: '00', 60: '22000001000' },
      'contradictory',
    ],
    [
      'a processing code nobody has',
      '0200',
      { 3: '990000', 25: '00', 60: '22000001000' },
      'unsupported',
    ],
    ['another message type', '0100', { 3: '000000', 25: '00', 60: '22000001000' }, 'unsupported'],
    [
      'a message type nobody has',
      '0600',
      { 3: '000000', 25: '00', 60: '22000001000' },
      'unknown-mti',
    ],
    [
      'the message type of its answer',
      '0210',
      { 3: '000000', 25: '00', 60: '22000001000' },
      'unknown-mti',
    ],
    ['a network code nobody has', '0800', { 60: '00000001999' }, 'unsupported'],
    ['the network code of another type', '0820', { 60: '00000001001' }, 'unsupported'],
    ['no network code', '0800', { 60: '00000001' }, 'unsupported'],
    ['no field 60', '0800', {}, 'unsupported'],
  ])('with %s is not taken for another', (_, mti, fields, expected) => {
    expect(nameOf({ mti, fields })).toBe(expected);
  });
});

describe('what is assumed', () => {
  it('is said of the messages under SM4, and of no others', () => {
    const marked = messageVectors.messages.filter(({ mti, fields }) => {
      const texts = Object.entries(fields).map(([field, value]) => [
        field,
        typeof value === 'string' ? value : value.hex,
      ]);
      return assumedOf(UNIONPAY_POS, { mti, fields: Object.fromEntries(texts) }) !== undefined;
    });
    expect(marked.map(({ name }) => name)).toEqual([
      'observed-signin-request-sm4-005',
      'observed-sale-contactless-sm4-request',
      'observed-esign-upload-0920-private',
      'sale-sm4-request',
    ]);
    const signIn: Message = { mti: '0800', fields: { 60: '00000001006' } };
    expect(titleOf(UNIONPAY_POS, signIn)).toEqual({
      en: 'sign-in request (SM4, assumed profile)',
      zh: '签到请求（SM4，假定规范）',
    });
  });
});
