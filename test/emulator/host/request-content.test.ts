import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { UNIONPAY_POS } from '../../../protocol/dialects/unionpay-pos.ts';
import { locateFields } from '../../../protocol/message/decode-message.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import { desCipher } from '../../../protocol/security/block-cipher.ts';
import { sealMac } from '../../../protocol/security/mac.ts';
import { ENVELOPE_BYTES } from '../../vectors.ts';
import { VECTOR_KEYS } from '../terminal/terminal-desk.ts';
import { accountOf, frame, HostDesk, keyedSale, refundFields, saleFields } from './host-desk.ts';

const SALE = keyedSale('debit', '000000010000');

/** What hosts kept of a content before: SHA-256 of the texts of its fields. */
function digestOf(mti: string, card: string, fields: FieldValues): string {
  const texts = Object.entries(fields)
    .filter(([field]) => !['2', '35', '36', '64'].includes(field))
    .map(([field, value]) => ` ${field}=${value}`);
  return createHash('sha256')
    .update(`${mti} ${card}${texts.join('')}`)
    .digest('hex');
}

function withDigest(journal: readonly HostEvent[], fingerprint: string): HostEvent[] {
  return journal.map((event) =>
    event.kind === 'exchange-answered' ? { ...event, fingerprint } : event,
  );
}

/** The same with another pad behind the three digits of field 22, and sealed again. */
function withPad(bytes: Uint8Array, pad: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const body = changed.subarray(2 + ENVELOPE_BYTES);
  const place = locateFields(UNIONPAY_POS, body).find(({ field }) => field === 22)!;
  body[place.valueOffset + 1]! |= pad;
  sealMac(desCipher(VECTOR_KEYS.mak), body);
  return changed;
}

/** A refund of a sale that was settled before, asked for by track. */
function refund(): { readonly desk: HostDesk; readonly fields: FieldValues } {
  const desk = new HostDesk();
  const sale = desk.ask(frame('0200', saleFields()));
  const fields = refundFields(sale, { 11: '000003' });
  return { desk, fields };
}

describe('a request under a number that was used', () => {
  it.each([
    ['another card', { 2: accountOf('credit').pan }],
    ['another security field', { 53: '0600000000000001' }],
    ['one field less', { 14: undefined }],
    ['one field more', { 12: '093000' }],
  ])('with %s is another one', (_, changes: { [field: number]: string | undefined }) => {
    const desk = new HostDesk();
    expect(desk.rc('0200', SALE)).toBe('00');
    const before = desk.view();
    expect(desk.rc('0200', keyedSale('debit', '000000010000', changes))).toBe('94');
    expect(desk.view()).toEqual(before);
    expect(desk.rc('0200', SALE)).toBe('00');
  });

  it('is the same advice with another security field, and no other with another amount', () => {
    const { desk, fields } = refund();
    const first = desk.ask(frame('0220', fields));
    const before = desk.view();
    const again = desk.ask(frame('0220', { ...fields, 53: '0600000000000001' }));
    expect([again.fields[37], again.fields[39]]).toEqual([first.fields[37], first.fields[39]]);
    expect(desk.rc('0220', { ...fields, 4: '000000000077' })).toBe('94');
    expect(desk.view()).toEqual(before);
  });

  it.each([
    ['with a pad that is let pass', 0, 15],
    ['without it', 15, 0],
    ['with another such pad', 7, 15],
  ])('is the same %s', (_, first, second) => {
    const desk = new HostDesk();
    const bytes = frame('0200', SALE);
    const answers = [first, second].map((pad) => desk.ask(withPad(bytes, pad)));
    expect(answers.map(({ fields }) => fields[39])).toEqual(['00', '00']);
    expect(answers[1]!.fields[37]).toBe(answers[0]!.fields[37]);
    const other = keyedSale('debit', '000000010001');
    expect(desk.ask(withPad(frame('0200', other), 15)).fields[39]).toBe('94');
  });

  it('is compared as before with what an older journal has kept', () => {
    const first = new HostDesk();
    const answer = first.ask(frame('0200', SALE));
    const kept = first.journal.find(({ kind }) => kind === 'exchange-answered');
    expect(kept).toMatchObject({ fingerprint: expect.stringMatching(/^[\w-]{10}$/) });
    const journal = withDigest(first.journal, digestOf('0200', 'debit', SALE));
    const desk = new HostDesk(journal);
    expect(desk.ask(frame('0200', SALE)).fields[37]).toBe(answer.fields[37]);
    expect(desk.rc('0200', { ...SALE, 4: '000000010001' })).toBe('94');
    expect(desk.rc('0200', { ...SALE, 53: '0600000000000001' })).toBe('94');
    expect(desk.rc('0200', SALE)).toBe('00');
  });

  it('counts the number of an unknown card as it is shown, so that it cannot be searched for', () => {
    const kept = ['1111111', '2222222'].map((middle) => {
      const desk = new HostDesk();
      const fields = keyedSale('debit', '000000010000', { 2: `622588${middle}0128` });
      expect(desk.rc('0200', fields)).toBe('14');
      return desk.journal.find(({ kind }) => kind === 'exchange-answered');
    });
    expect(kept[0]).toMatchObject({ fingerprint: expect.stringMatching(/^[\w-]{10}$/) });
    expect(kept[1]).toEqual(kept[0]);
  });
});
