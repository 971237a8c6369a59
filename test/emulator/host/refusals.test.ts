import { describe, expect, it } from 'vitest';
import type { FieldValues } from '../../../protocol/message/message.ts';
import { UNIONPAY_POS } from '../../../protocol/dialects/unionpay-pos.ts';
import {
  frame,
  HostDesk,
  refundFields,
  reversalOf,
  saleFields,
  saleFrame,
  voidFields,
} from './host-desk.ts';
import { ENVELOPE_BYTES } from '../../vectors.ts';
import { VECTOR_KEYS } from '../terminal/terminal-desk.ts';
import { desCipher } from '../../../protocol/security/block-cipher.ts';
import { macKey } from '../../../protocol/security/mac-key.ts';
import { sealMac } from '../../../protocol/security/mac.ts';
import { expectAlive, expectMaskedRefusal } from './line-refusals.ts';

/** A desk with one approved sale (STAN 000002), and requests that would move its money. */
function traded(): {
  desk: HostDesk;
  requests: { mti: string; name: string; fields: FieldValues }[];
} {
  const desk = new HostDesk();
  const sale = desk.ask(saleFrame());
  if (sale.fields[39] !== '00') throw new Error('the sale was not approved');
  return {
    desk,
    requests: [
      { name: 'sale', mti: '0200', fields: saleFields({ 11: '000009' }) },
      { name: 'void', mti: '0200', fields: voidFields(sale, { 11: '000009' }) },
      { name: 'refund', mti: '0220', fields: refundFields(sale, { 11: '000009' }) },
      { name: 'reversal', mti: '0400', fields: reversalOf(saleFields()) },
    ],
  };
}

describe.each(['sale', 'void', 'refund', 'reversal'])('a %s', (name) => {
  const prepared = () => {
    const { desk, requests } = traded();
    const { mti, fields } = requests.find((each) => each.name === name)!;
    return { desk, mti, fields };
  };

  it('as it is meant is approved', () => {
    const { desk, mti, fields } = prepared();
    const before = desk.books;
    expect(desk.rc(mti, fields)).toBe('00');
    expect(desk.books).not.toEqual(before);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('with character %i of its MAC wrong gets A0', (at) => {
    const { desk, mti, fields } = prepared();
    const before = desk.view();
    const answer = desk.ask(
      frame(mti, fields, (f64) => {
        f64[at] = f64[at] === 0x30 ? 0x31 : 0x30;
      }),
    );
    expect(answer.fields[39]).toBe('A0');
    expect(answer.fields[64]).toBeUndefined();
    expect(desk.view()).toEqual(before);
    expectMaskedRefusal(desk);
    expectAlive(desk);
  });

  it('without MAC gets A0', () => {
    const { desk, mti, fields } = prepared();
    const before = desk.view();
    expect(desk.ask(frame(mti, fields, 'none')).fields[39]).toBe('A0');
    expect(desk.view()).toEqual(before);
    expectMaskedRefusal(desk);
  });

  it('with a MAC of zeros gets A0', () => {
    const { desk, mti, fields } = prepared();
    const before = desk.view();
    const zeros = frame(mti, fields, (f64) => f64.fill(0x30));
    expect(desk.ask(zeros).fields[39]).toBe('A0');
    expect(desk.view()).toEqual(before);
    expect(desk.refusals.at(-1)?.text).toContain('never written');
  });

  it.each([
    ['single length', () => desCipher(VECTOR_KEYS.mak.subarray(0, 8)), /left half/],
    ['the PIN key', () => desCipher(VECTOR_KEYS.pik), /PIN key in force/],
  ])('sealed under %s gets A0, and the report says so', (_, cipher, why) => {
    const { desk, mti, fields } = prepared();
    const before = desk.view();
    const bytes = frame(mti, fields);
    sealMac(cipher(), bytes.subarray(2 + ENVELOPE_BYTES));
    expect(desk.ask(bytes).fields[39]).toBe('A0');
    expect(desk.view()).toEqual(before);
    expect(desk.refusals.at(-1)?.text).toMatch(why);
  });

  it('sealed with X9.19 instead gets A0, and the report names it', () => {
    const { desk, mti, fields } = prepared();
    const bytes = frame(mti, fields);
    const other = macKey({ algorithm: 'x9.19' }, 'des', VECTOR_KEYS.mak);
    sealMac(other, bytes.subarray(2 + ENVELOPE_BYTES));
    expect(desk.ask(bytes).fields[39]).toBe('A0');
    expect(desk.refusals.at(-1)?.text).toMatch(/x9\.19/i);
  });

  it('with its MAC in lower case gets A0', () => {
    const { desk, mti, fields } = prepared();
    const before = desk.view();
    // A MAC without a letter has no lower case: the STAN-independent amount decides which it is.
    let isChanged = false;
    const bytes = frame(mti, fields, (f64) => {
      for (const [at, byte] of f64.entries()) {
        if (byte < 0x41) continue;
        f64[at] = byte + 0x20;
        isChanged = true;
      }
    });
    expect(isChanged).toBe(true);
    expect(desk.ask(bytes).fields[39]).toBe('A0');
    expect(desk.view()).toEqual(before);
  });

  it('under the keys of an earlier sign-in gets A0', () => {
    const { desk, mti, fields } = prepared();
    const signIn = { 11: '000100', 41: '10000001', 42: '898110000000001', 60: '00000001004' };
    expect(
      desk.ask(
        frame(
          '0800',
          { ...signIn, 62: '53657175656E6365204E6F31343330363031323334353637383930', 63: '01 ' },
          'none',
        ),
      ).fields[39],
    ).toBe('00');
    const before = desk.books;
    expect(desk.rc(mti, fields)).toBe('A0');
    expect(desk.books).toEqual(before);
    expect(desk.refusals.at(-1)?.text).toContain('of the sign-in before');
  });

  it('from an unknown terminal gets 97', () => {
    const { desk, mti, fields } = prepared();
    const before = desk.view();
    expect(desk.rc(mti, { ...fields, 41: '99999999' })).toBe('97');
    expect(desk.view()).toEqual(before);
    expectMaskedRefusal(desk);
  });

  it.each([
    ['898110000000002', '97'],
    ['000000000000000', '03'],
  ])('under merchant %s gets %s', (mid, rc) => {
    const { desk, mti, fields } = prepared();
    const before = desk.view();
    expect(desk.rc(mti, { ...fields, 42: mid })).toBe(rc);
    expect(desk.view()).toEqual(before);
    expectMaskedRefusal(desk);
  });

  it('from a terminal that is not signed in gets 77, unsealed', () => {
    const { desk, mti, fields } = prepared();
    const signOff = { 11: '000100', 41: '10000001', 42: '898110000000001', 60: '00000001002' };
    expect(desk.ask(frame('0820', signOff, 'none')).fields[39]).toBe('00');
    const before = desk.view();
    const answer = desk.ask(frame(mti, fields));
    expect(answer.fields).toMatchObject({ 39: '77' });
    expect(answer.fields[64]).toBeUndefined();
    expect(desk.view()).toEqual(before);
    expectMaskedRefusal(desk);
  });

  it('with amount zero, or in dollars, gets 13', () => {
    for (const changes of [{ 4: '000000000000' }, { 49: '840' }]) {
      const { desk, mti, fields } = prepared();
      const before = desk.view();
      expect(desk.rc(mti, { ...fields, ...changes })).toBe('13');
      expect(desk.view()).toEqual(before);
      expectMaskedRefusal(desk);
    }
  });

  const mandatory = UNIONPAY_POS.rules[UNIONPAY_POS.transactions[name]!.request]!.mandatory;
  it.each(mandatory.filter((field) => field !== 64 && field !== 3 && field !== 60))(
    'without field %i is refused before anything is booked',
    (field) => {
      const { desk, mti, fields } = prepared();
      const before = desk.books;
      const cut = { ...fields };
      delete cut[field];
      const rc = desk.rc(mti, cut);
      expect(rc).toBe('30');
      expect(desk.books).toEqual(before);
      expectMaskedRefusal(desk);
      expectAlive(desk);
    },
  );

  it.each([3, 60])('without field %i is not known or not in form, and books nothing', (field) => {
    const { desk, mti, fields } = prepared();
    const before = desk.books;
    const cut = { ...fields };
    delete cut[field];
    expect(desk.rc(mti, cut)).toBe('30');
    expect(desk.books).toEqual(before);
    expectMaskedRefusal(desk);
  });
});

describe.each(['sale', 'void', 'refund'])('a %s of another batch', (name) => {
  it('gets 77, and books nothing', () => {
    const { desk, requests } = traded();
    const { mti, fields } = requests.find((each) => each.name === name)!;
    const before = desk.view();
    const f60 = fields[60]!;
    expect(desk.rc(mti, { ...fields, 60: `${f60.slice(0, 2)}000002${f60.slice(8)}` })).toBe('77');
    expect(desk.view()).toEqual(before);
    expectMaskedRefusal(desk);
  });

  it('with codes that contradict each other gets 12 (F059)', () => {
    for (const type of ['10', '25', '22', '23']) {
      const { desk, requests } = traded();
      const { mti, fields } = requests.find((each) => each.name === name)!;
      if (fields[60]!.startsWith(type)) continue;
      const before = desk.view();
      expect(desk.rc(mti, { ...fields, 60: type + fields[60]!.slice(2) })).toBe('12');
      expect(desk.view()).toEqual(before);
      expectMaskedRefusal(desk);
    }
  });

  it('with a STAN of 000000 gets 30', () => {
    const { desk, requests } = traded();
    const { mti, fields } = requests.find((each) => each.name === name)!;
    const before = desk.view();
    expect(desk.rc(mti, { ...fields, 11: '000000' })).toBe('30');
    expect(desk.view()).toEqual(before);
  });

  it('sent three times has one effect and one answer (I-03)', () => {
    const { desk, requests } = traded();
    const { mti, fields } = requests.find((each) => each.name === name)!;
    const first = desk.ask(frame(mti, fields));
    const after = desk.books;
    for (let repeat = 0; repeat < 2; repeat++) {
      const again = desk.ask(frame(mti, fields));
      for (const field of [37, 38, 39]) expect(again.fields[field]).toBe(first.fields[field]);
    }
    expect(desk.books).toEqual(after);
  });

  it('with a used STAN and other content gets 94, and the first answer stays', () => {
    const { desk, requests } = traded();
    const { mti, fields } = requests.find((each) => each.name === name)!;
    const first = desk.ask(frame(mti, fields));
    const before = desk.view();
    for (const changes of [{ 4: '000000000001' }, { 14: '3101' }, { 22: `80${fields[22]![2]!}` }]) {
      expect(desk.rc(mti, { ...fields, ...changes })).toBe('94');
    }
    expect(desk.view()).toEqual(before);
    expectMaskedRefusal(desk, 3);
    expect(desk.ask(frame(mti, fields)).fields[37]).toBe(first.fields[37]);
  });
});
