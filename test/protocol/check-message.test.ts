import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES, messageVectors, vectorBodyHex, type MessageVector } from '../vectors.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { shippedDialect } from '../../protocol/dialects/shipped.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { checkMessage, transactionOf } from '../../protocol/message/check-message.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { fieldNumbers, isRequestMti, type Message } from '../../protocol/message/message.ts';

const computed = messageVectors.messages.filter(({ origin }) => origin === 'computed here');
const observed = messageVectors.messages.filter(({ origin }) => origin !== 'computed here');

function decoded(vector: MessageVector): Message {
  const body = fromHex(vectorBodyHex(vector));
  const options = { isLenient: true };
  const result = decodeMessage(UNIONPAY_POS, body, ENVELOPE_BYTES, body.length, options);
  if (!result.ok) throw result.error;
  return result.message;
}

/** `code path`, with the leniency that lets it pass in front. */
function findings(message: Message, dialect = UNIONPAY_POS): string[] {
  return checkMessage(dialect, message).map(({ code, path, leniency }) =>
    [...(leniency === undefined ? [] : [`(${leniency})`]), code, path].join(' '),
  );
}

function vectorMessage(name: string): Message {
  return decoded(messageVectors.messages.find((each) => each.name === name)!);
}

function changed(name: string, changes: Readonly<Record<number, string | undefined>>): Message {
  const { mti, fields } = vectorMessage(name);
  const result = { ...fields };
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete result[Number(key)];
    else result[Number(key)] = value;
  }
  return { mti, fields: result };
}

describe('the rules of spec 2.3 and 2.4', () => {
  it.each(computed)('have nothing against $name', (vector) => {
    expect(findings(decoded(vector))).toEqual([]);
  });

  // What real terminals and hosts do differently (spec 2, the private variants).
  const deviations: Readonly<Record<string, readonly string[]>> = {
    'observed-sale-qpboc-request': [
      '(free-text) E_TLV_TRUNCATED 59.12',
      'E_FIELD_FORBIDDEN 48',
      '(f60-length) E_FIELD_LENGTH 60',
    ],
    'observed-signin-request-sm4-005': ['E_UNKNOWN_MESSAGE mti'],
    'observed-signin-response-sm4-005': ['E_UNKNOWN_MESSAGE mti'],
    'observed-sale-contactless-sm4-request': ['E_FIELD_FORBIDDEN 46'],
    'observed-esign-upload-0920-private': ['E_UNKNOWN_MESSAGE mti'],
    'observed-esign-upload-0930-private': ['E_UNKNOWN_MESSAGE mti'],
    'observed-sale-ic-response': ['E_FIELD_MISSING 38'],
    'observed-signin-request-minimal': ['E_FIELD_FORBIDDEN 12', 'E_FIELD_FORBIDDEN 13'],
    'observed-private-0800-196-request': ['E_UNKNOWN_MESSAGE mti'],
    'observed-qr-sale-request-with-mac': ['E_UNKNOWN_MESSAGE mti'],
  };

  it.each(observed)('find in $name what is private about it', (vector) => {
    expect(findings(decoded(vector))).toEqual(deviations[vector.name] ?? []);
  });

  it.each([
    ['unionpay-pos-esign-0920', 'observed-esign-upload-0920-private'],
    ['unionpay-pos-esign-0920', 'observed-esign-upload-0930-private'],
    ['unionpay-pos-qr-a', 'observed-qr-sale-request-with-mac'],
  ])('of the patch %s have nothing against %s', (id, name) => {
    const dialect = shippedDialect(id)!;
    expect(findings(vectorMessage(name), dialect)).toEqual([]);
    expect(transactionOf(dialect, vectorMessage(name))).toBeDefined();
  });

  it.each(computed.filter(({ mti }) => isRequestMti(mti)))(
    'miss every mandatory field of $name, and no other',
    (vector) => {
      const message = decoded(vector);
      const transaction = transactionOf(UNIONPAY_POS, message)!;
      const { mandatory } = UNIONPAY_POS.rules[transaction.request]!;
      for (const field of fieldNumbers(message)) {
        const without = changed(vector.name, { [field]: undefined });
        if (transactionOf(UNIONPAY_POS, without)?.name !== transaction.name) continue;
        const missed = findings(without).filter((each) =>
          each.endsWith(`E_FIELD_MISSING ${field}`),
        );
        if (mandatory.includes(field)) expect(missed).toEqual([`E_FIELD_MISSING ${field}`]);
      }
    },
  );

  it.each(computed)('allow no field in $name that its table does not name', (vector) => {
    const message = decoded(vector);
    const transaction = transactionOf(UNIONPAY_POS, message)!;
    const rules =
      UNIONPAY_POS.rules[isRequestMti(message.mti) ? transaction.request : transaction.answer]!;
    const named = new Set([
      ...rules.mandatory,
      ...(rules.optional ?? []),
      ...(rules.conditional ?? []).map(({ field }) => field),
    ]);
    for (const field of Object.keys(UNIONPAY_POS.fields).map(Number)) {
      if (named.has(field)) continue;
      const found = findings({ mti: message.mti, fields: { ...message.fields, [field]: '00' } });
      expect(found).toContain(`E_FIELD_FORBIDDEN ${field}`);
    }
  });
});

describe('a field that depends on others', () => {
  it.each<[string, string, Readonly<Record<number, string | undefined>>, string[]]>([
    [
      'PIN block and capture code go with a PIN',
      'sale-mag-pin-request',
      { 52: undefined },
      ['E_FIELD_MISSING 52'],
    ],
    [
      'the capture code goes with a PIN',
      'sale-mag-pin-request',
      { 26: undefined },
      ['E_FIELD_MISSING 26'],
    ],
    [
      'the security control describes a PIN',
      'sale-mag-pin-request',
      { 53: undefined },
      ['E_FIELD_MISSING 53'],
    ],
    [
      'a PIN block is wrong without PIN',
      'sale-contactless-nopin-request',
      { 52: '00'.repeat(8) },
      ['E_FIELD_FORBIDDEN 52'],
    ],
    [
      'a swipe has a track',
      'sale-mag-pin-request',
      { 35: undefined },
      ['E_FIELD_MISSING 2', 'E_FIELD_MISSING 35'],
    ],
    ['a chip has chip data', 'sale-ic-request', { 55: undefined }, ['E_FIELD_MISSING 55']],
    [
      'a chip has the card number',
      'sale-ic-request',
      { 2: undefined },
      ['(pan-from-track) E_FIELD_MISSING 2'],
    ],
    [
      'a chip has the expiry',
      'sale-ic-request',
      { 14: undefined },
      ['(expiry-absent) E_FIELD_MISSING 14'],
    ],
    [
      'a code has no card number',
      'qr-sale-request',
      { 2: '6225881234567898' },
      ['E_FIELD_FORBIDDEN 2'],
    ],
    [
      'a code has field 59',
      'qr-sale-request',
      { 59: undefined },
      ['E_FIELD_MISSING 2', 'E_FIELD_MISSING 59'],
    ],
    [
      'the reversal of a void names it',
      'reversal-void-request',
      { 61: undefined },
      ['E_FIELD_MISSING 61'],
    ],
    [
      'the reversal of a sale does not',
      'reversal-sale-request',
      { 61: '000001000002' },
      ['(reversal-original) E_FIELD_FORBIDDEN 61'],
    ],
    ['a refused answer has no keys', 'signin-003-response', { 39: '97' }, ['E_FIELD_FORBIDDEN 62']],
    [
      'an approved answer has an authorisation code',
      'sale-mag-pin-response',
      { 38: undefined },
      ['E_FIELD_MISSING 38'],
    ],
    ['a declined answer has none', 'sale-mag-pin-response', { 38: undefined, 39: '51' }, []],
    [
      'an approved answer is sealed',
      'sale-mag-pin-response',
      { 64: undefined },
      ['E_FIELD_MISSING 64'],
    ],
    [
      'a settlement answers without a code',
      'settle-response-balanced',
      { 48: undefined },
      ['E_FIELD_MISSING 48'],
    ],
    [
      'or with one, when it is refused',
      'settle-response-balanced',
      { 48: undefined, 39: '97' },
      [],
    ],
    [
      'field 60 has 13 digits',
      'sale-mag-pin-request',
      { 60: '22000001000600' },
      ['(f60-length) E_FIELD_LENGTH 60'],
    ],
    [
      'field 48 has inside what its message says',
      'settle-response-balanced',
      { 48: '123' },
      ['E_STRUCTURE 48.1'],
    ],
    [
      'field 60 has one of the usual lengths',
      'sale-mag-pin-request',
      { 60: '2200000100060000' },
      ['E_STRUCTURE 60.7', 'E_FIELD_LENGTH 60'],
    ],
  ])('%s', (_, name, changes, expected) => {
    expect(findings(changed(name, changes))).toEqual(expected);
  });

  it('59 with text of an acquirer passes leniently only', () => {
    const message = changed('sale-mag-pin-request', { 59: '3132333435' });
    expect(findings(message)).toEqual(
      ['(free-text) E_TLV_TAG 59'].map((each) => each.replace('TAG 59', 'TRUNCATED 59.12')),
    );
  });
});
