import { describe, expect, it } from 'vitest';
import { messageVectors } from '../vectors.ts';
import { asciiBytes } from '../../protocol/bytes/ascii.ts';
import { toHex } from '../../protocol/bytes/hex.ts';
import { withRoom } from '../../protocol/codec/field-text.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { shippedDialect } from '../../protocol/dialects/shipped.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { diffMessages } from '../../protocol/message/diff-messages.ts';
import { messageFromJson, type WrittenMessage } from '../../protocol/message/message-json.ts';
import { fieldNumbers, type Message } from '../../protocol/message/message.ts';
import { decoded, secretsOf } from './vector-secrets.ts';

const PAN = '6225881234567898';
const HIDDEN = '(8 bytes, hidden)';

function sale(fields: Message['fields']): Message {
  return { mti: '0200', fields };
}

function written(json: unknown, dialect: Dialect = UNIONPAY_POS): WrittenMessage {
  return messageFromJson(dialect, json);
}

/** What becomes of the fields of a sale. */
function fieldsOf(fields: unknown, mti = '0200'): Message['fields'] {
  return written({ mti, fields }).message.fields;
}

function refusal(json: unknown, dialect?: Dialect): CountersignError {
  try {
    written(json, dialect);
  } catch (error) {
    if (error instanceof CountersignError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the fields of a message', () => {
  it('are all found, each alone and all together', () => {
    const all = Array.from({ length: 192 }, (_, at) => at + 1);
    for (const field of all) expect(fieldNumbers({ fields: { [field]: '0' } })).toEqual([field]);
    const fields = Object.fromEntries(all.map((field) => [field, '0']));
    expect(fieldNumbers({ fields })).toEqual(all);
    expect(
      fieldNumbers({ fields: { 0: '0', 193: '0', 7: undefined as unknown as string } }),
    ).toEqual([]);
    const copy = withRoom(fields);
    expect(copy).toEqual(fields);
    copy[2] = '1';
    expect(fields[2]).toBe('0');
    expect(withRoom({ 128: 'x', 3: 'y' })).toEqual({ 3: 'y', 128: 'x' });
  });
});

describe('a message in JSON', () => {
  it('has fields by number, and what is inside of them by path', () => {
    expect(fieldsOf({ '3': '000000', '60': '22000001000' })).toEqual({
      3: '000000',
      60: '22000001000',
    });
    expect(fieldsOf({ '60.1': '22', '60.2': '000001', '60.3': '000' })).toEqual({
      60: '22000001000',
    });
    expect(fieldsOf({ '55.9F26': '0102030405060708', '55.9A': '260101' })).toEqual({
      55: '9F260801020304050607089A03260101',
    });
    expect(fieldsOf({ '48.1': '000000000100' }, '0500')).toEqual({ 48: '000000000100' });
    expect(fieldsOf({ '59.A3': '123' })).toEqual({ 59: toHex(asciiBytes('A3003123')) });
  });

  it('may say in a path what its field says, and keeps the field as it is', () => {
    const fields = {
      '55': '9A8103260101',
      '55.9A': '260101',
      '60': '22000001000',
      '60.2': '000001',
    };
    expect(fieldsOf(fields)).toEqual({ 55: '9A8103260101', 60: '22000001000' });
    const second = { '60': '22000001000', '60.1': '22', '60.2': '000002' };
    expect(refusal({ mti: '0200', fields: second }).path).toBe('60.2');
  });

  it('takes paths in any order, as JSON has none', () => {
    const parts = { '60.3': '003', '60.2': '000001', '60.1': '00' };
    expect(fieldsOf(parts)).toEqual({ 60: '00000001003' });
    // What 62.1 is depends on 60.3.
    expect(fieldsOf({ '62.1': 'Sequence No', ...parts }, '0800')).toEqual({
      60: '00000001003',
      62: toHex(asciiBytes('Sequence No')),
    });
  });

  it('may have members for readers, and no fields at all', () => {
    const json = { mti: '0820', title: { en: 'x' }, details: {}, warnings: [], toString: 1 };
    expect(written(json)).toEqual({ message: { mti: '0820', fields: {} }, isFramed: false });
  });

  it.each([
    ['a text', 'x', 'E_JSON', undefined, 'a message is an object'],
    ['null', null, 'E_JSON', undefined, 'a message is an object'],
    ['an array', [], 'E_JSON', undefined, 'a message is an object'],
    ['no message type', {}, 'E_JSON', 'mti', 'missing, or no text'],
    ['a message type that is a number', { mti: 200 }, 'E_JSON', 'mti', 'missing, or no text'],
    ['fields in an array', { mti: '0200', fields: [] }, 'E_JSON', undefined, 'fields is an object'],
    ['fields in a text', { mti: '0200', fields: '3' }, 'E_JSON', undefined, 'fields is an object'],
  ])('is refused when it is or has %s', (_what, json, code, path, text) => {
    const error = refusal(json);
    expect(error).toMatchObject({ code, path });
    expect(error.message).toContain(text);
    expect(error.hint).toContain('"fields"');
  });

  it.each([
    ['a number', { '3': 0 }, 'E_JSON', '3', 'no text'],
    ['null', { '3': null }, 'E_JSON', '3', 'no text'],
    ['an object', { '60': { '1': '22' } }, 'E_JSON', '60', 'no text'],
    ['an array', { '60': ['22'] }, 'E_JSON', '60', 'no text'],
    ['a number inside', { '60.1': 22 }, 'E_JSON', '60.1', 'no text'],
    ['field 0', { '0': '1' }, 'E_UNDEFINED_FIELD', '0', 'does not define'],
    ['field 1', { '1': '1' }, 'E_UNDEFINED_FIELD', '1', 'does not define'],
    ['an undefined field', { '5': '1' }, 'E_UNDEFINED_FIELD', '5', 'does not define'],
    ['the inside of one', { '5.1': '1' }, 'E_UNDEFINED_FIELD', '5', 'does not define'],
    ['a field behind the bitmap', { '65': '1' }, 'E_UNDEFINED_FIELD', '65', 'does not define'],
    ['a name', { stan: '000001' }, 'E_UNDEFINED_FIELD', 'stan', 'does not define'],
    ['an exponent', { '1e1': '1' }, 'E_UNDEFINED_FIELD', '1e1', 'does not define'],
    ['a sign', { '-3': '1' }, 'E_UNDEFINED_FIELD', '-3', 'does not define'],
    ['constructor', { constructor: 'x' }, 'E_UNDEFINED_FIELD', 'constructor', 'does not define'],
    ['constructor.x', { 'constructor.x': '1' }, 'E_UNDEFINED_FIELD', 'constructor', 'not define'],
    ['a path of nothing', { '60.': '2' }, 'E_PATH', '60.', '8 parts are known'],
    ['a part 0', { '60.0': '2' }, 'E_PATH', '60.0', '8 parts are known'],
    ['a part too many', { '60.9': '2' }, 'E_PATH', '60.9', '8 parts are known'],
    ['a part of a plain field', { '41.1': '2' }, 'E_PATH', '41.1', 'nothing is inside'],
    ['a part behind a missing one', { '60.2': '000001' }, 'E_PATH', '60.2', 'before it is missing'],
    ['a tag in lower case', { '55.9f26': '00' }, 'E_PATH', '55.9f26', 'no BER tag'],
    ['half a tag', { '55.9F': '00' }, 'E_PATH', '55.9F', 'no BER tag'],
    ['a text tag too long', { '59.A33': '00' }, 'E_PATH', '59.A33', 'has 2 characters'],
    ['a part too short', { '60.1': '2' }, 'E_FIELD_VALUE', '60.1', 'length 1 where 2 is due'],
    [
      'bytes that are no hex',
      { '55.9F26': 'XY' },
      'E_FIELD_VALUE',
      '55.9F26',
      'not upper-case hex',
    ],
    [
      'two parts in one',
      { '60': '22000001', '60.2': '000002' },
      'E_FIELD_VALUE',
      '60.2',
      'says another',
    ],
    [
      'two tags in one',
      { '55': '9C0100', '55.9C': '01' },
      'E_FIELD_VALUE',
      '55.9C',
      'says another',
    ],
    ['a tag too many', { '55': '9C0100', '55.9A': '26' }, 'E_FIELD_VALUE', '55.9A', 'says another'],
    [
      'a path into broken hex',
      { '62': '(60 bytes, hidden)', '62.1': 'x' },
      'E_FIELD_VALUE',
      '62',
      '',
    ],
  ])('is refused with the path when its fields hold %s', (_what, fields, code, path, text) => {
    const error = refusal({ mti: '0200', fields });
    expect({ code: error.code, path: error.path }).toEqual({ code, path });
    expect(error.message).toContain(text);
    expect(error.hint).not.toBe('');
  });

  it.each([
    ['two message types', { mti: '0800', 3: '000000' }],
    ['one field twice', { '011': '000001', '11': '000002' }],
    ['one part twice', { '60.1': '22', '60.01': '23' }],
  ])('is refused when it says %s', (_what, fields) => {
    expect(refusal({ mti: '0200', fields }).code).toMatch(/^E_/);
  });

  it.each([
    '{"mti":"0200","fields":{"__proto__":"x"}}',
    '{"mti":"0200","fields":{"__proto__":{"3":"000000"}}}',
    '{"mti":"0200","fields":{"__proto__.3":"x"}}',
    '{"mti":"0200","fields":{"55.__proto__":"x"}}',
    '{"__proto__":{"mti":"0200"},"fields":{}}',
  ])('gives no object a prototype: %s', (json) => {
    expect(refusal(JSON.parse(json)).code).toMatch(/^E_(?:JSON|UNDEFINED_FIELD|FIELD_VALUE|PATH)$/);
    expect({}).not.toHaveProperty('3');
  });
});

describe('the envelope of a message in JSON', () => {
  const { tpdu, header } = UNIONPAY_POS.framing;

  it('is there when TPDU, header or length are asked for, as the dialect has it', () => {
    const json = { mti: '0800', fields: {} };
    expect(written(json)).not.toHaveProperty('envelope');
    const usual = { tpdu, header };
    expect(written({ ...json, length: 1 })).toMatchObject({ envelope: usual, isFramed: true });
    const own = { tpdu: '60AABBCCDD', header: '010203040506' };
    expect(written({ ...json, ...own })).toMatchObject({ envelope: own, isFramed: false });
    expect(written({ ...json, tpdu: own.tpdu })).toMatchObject({ envelope: { ...own, header } });
    expect(written({ ...json, header: own.header })).toMatchObject({ envelope: { ...own, tpdu } });
  });

  it.each([
    ['tpdu', '60', '10 upper-case hex digits'],
    ['tpdu', '60000300aa', '10 upper-case hex digits'],
    ['tpdu', 6_000_030_000, '10 upper-case hex digits'],
    ['tpdu', '60000300001', '10 upper-case hex digits'],
    ['header', '6031003100', '12 upper-case hex digits'],
  ])('is refused when %s is %j', (name, value, text) => {
    const error = refusal({ mti: '0800', fields: {}, [name]: value });
    expect(error).toMatchObject({ code: 'E_JSON', path: name });
    expect(error.message).toContain(text);
  });

  it('is empty in a dialect without one', () => {
    const dialect = shippedDialect('iso87-ascii')!;
    const json = { mti: '0800', fields: {}, length: 10 };
    expect(written(json, dialect)).toMatchObject({ envelope: { tpdu: '', header: '' } });
    expect(refusal({ ...json, tpdu: '6000030000' }, dialect).path).toBe('tpdu');
  });
});

describe('the difference of two messages', () => {
  const diff = (left: Message['fields'], right: Message['fields'], isUnmasked = false): unknown =>
    diffMessages(UNIONPAY_POS, sale(left), sale(right), isUnmasked);

  it.each(messageVectors.messages)('is nothing between $name and itself', (vector) => {
    const message = decoded(vector);
    const twin = { mti: message.mti, fields: { ...message.fields } };
    expect(diffMessages(UNIONPAY_POS, message, twin)).toEqual([]);
  });

  it('names message type and fields in their order, a missing side left out', () => {
    const left = { mti: '0200', fields: { 11: '000001', 38: 'ABC123', 3: '000000' } };
    const right = { mti: '0210', fields: { 39: '00', 11: '000002', 3: '000000' } };
    expect(diffMessages(UNIONPAY_POS, left, right)).toEqual([
      { path: 'mti', name: 'message type', left: '0200', right: '0210' },
      { path: '11', name: 'STAN', left: '000001', right: '000002' },
      { path: '38', name: 'Auth code', left: 'ABC123' },
      { path: '39', name: 'Response code', right: '00' },
    ]);
  });

  it('looks into a field, whose parts one side may lack', () => {
    expect(diff({ 60: '22000001000' }, { 60: '2200000200060' })).toEqual([
      { path: '60.2', name: 'batch', left: '000001', right: '000002' },
      { path: '60.4', name: 'read capability', right: '6' },
      { path: '60.5', name: 'IC condition', right: '0' },
    ]);
    expect(diff({ 55: '9C01009A03260101' }, { 55: '9C01019A03260101' })).toEqual([
      { path: '55.9C', name: 'transaction type', left: '00', right: '01' },
    ]);
    expect(diff({ 55: '9A030102039A03040506' }, { 55: '9A030102039A03040507' })).toEqual([
      { path: '55.9A (2)', name: 'transaction date', left: '040506', right: '040507' },
    ]);
    const template = (kind: string, type: string): Message['fields'] => ({
      55: `70049F2701${kind}9C01${type}`,
    });
    expect(diff(template('80', '00'), template('40', '01'))).toEqual([
      { path: '55.70.9F27', name: 'cryptogram information', left: '80', right: '40' },
      { path: '55.9C', name: 'transaction type', left: '00', right: '01' },
    ]);
    const totals = (first: string): Message => ({
      mti: '0500',
      fields: { 48: first.padEnd(62, '0') },
    });
    expect(diffMessages(UNIONPAY_POS, totals('0'), totals('1'))).toMatchObject([{ path: '48.1' }]);
  });

  it('shows a field whole that differs in no part, that is broken, or has none', () => {
    const order = diff({ 55: '9C01009A03260101' }, { 55: '9A032601019C0100' });
    expect(order).toMatchObject([{ path: '55', left: '9C01009A03260101' }]);
    const broken = diff({ 55: '9C0100' }, { 55: '9C01' });
    expect(broken).toEqual([
      { path: '55', name: 'IC data', left: '9C0100', right: expect.stringContaining('hidden') },
    ]);
    const cut = diff({ 55: '9C01009A03260101' }, { 55: '9C01009A0326' });
    expect(cut).toMatchObject([{ path: '55', left: '9C01009A03260101' }]);
    expect(diff({ 55: '' }, { 55: '9C0100' })).toMatchObject([{ path: '55', right: '9C0100' }]);
    // Nobody knows what is in a field that the dialect does not define.
    expect(diff({ 5: '1' }, {})).toEqual([
      { path: '5', name: 'undefined', left: expect.stringContaining('hidden') },
    ]);
    expect(diff({ 5: '1' }, {}, true)).toEqual([{ path: '5', name: 'undefined', left: '1' }]);
  });

  it('hides what must not be seen, and says when the difference is hidden', () => {
    const pin = diff({ 52: '1122334455667788' }, { 52: '1122334455667789' });
    expect(pin).toEqual([
      { path: '52', name: 'PIN block', left: HIDDEN, right: HIDDEN, isHidden: true },
    ]);
    const other = '6225889999997898';
    expect(diff({ 2: PAN }, { 2: other })).toMatchObject([
      { left: '622588******7898', right: '622588******7898', isHidden: true },
    ]);
    expect(diff({ 2: PAN }, { 2: '6225881234567890' })).not.toHaveProperty('0.isHidden');
    const tag = diff({ 55: `5A08${PAN}9C0100` }, { 55: `5A08${other}9C0100` });
    expect(tag).toMatchObject([{ isHidden: true }]);
    expect(JSON.stringify([pin, tag])).not.toMatch(/112233|123456|999999/);
    expect(diff({ 2: PAN }, { 2: other }, true)).toEqual([
      { path: '2', name: 'PAN', left: PAN, right: other },
    ]);
  });

  it('shows no secret of any pair of vectors', () => {
    const messages = messageVectors.messages.map(decoded);
    for (const [at, left] of messages.entries()) {
      const right = messages[(at + 1) % messages.length]!;
      const shown = JSON.stringify(diffMessages(UNIONPAY_POS, left, right));
      for (const secret of [...secretsOf(left), ...secretsOf(right)]) {
        expect(shown.includes(secret)).toBe(false);
      }
    }
  });
});
