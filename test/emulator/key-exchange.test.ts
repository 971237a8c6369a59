import { describe, expect, it } from 'vitest';
import { messageVector } from '../vectors.ts';
import { simulatedBench } from '../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { PartyEvent } from '../../emulator/events/party-event.ts';
import { parseCivilTime, toEpochMs } from '../../emulator/world/civil-time.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { desCipher } from '../../protocol/security/block-cipher.ts';
import type { MacSpec } from '../../protocol/security/mac-key.ts';
import { encryptPin } from '../../protocol/security/pin-block.ts';
import { wrapWorkingKeys, type KeyForm } from '../../protocol/security/working-keys.ts';
import { frame, HostDesk, saleFields } from './host/host-desk.ts';
import { signedIn, TerminalDesk, VECTOR_KEYS } from './terminal/terminal-desk.ts';

const START_MS = toEpochMs(parseCivilTime('2026-01-15 09:30')!);
const TMK = fromHex(TEST_INSTITUTION.terminals[0]!.tmk);
const FRESH = {
  pik: fromHex('5D3D2A1A4F6E708092A2B5C4D6E6F809'),
  mak: fromHex('2A7F151629AED3A7ABF7158908CE4F3E'),
  tdk: fromHex('8F1C3B5B79C7E6042568ADE013579BDE'),
};

/** A terminal in session that has asked for new keys and gets these. */
function given(keyBlob: string): TerminalDesk {
  const desk = new TerminalDesk(signedIn(2)).operate({ verb: 'sign-in' }).open();
  return desk.answer({ fields: { 60: '00000009004', 62: keyBlob } });
}

describe('the keys of a sign-in', () => {
  const blob = wrapWorkingKeys('004', TMK, FRESH);

  it('are installed together, with the host’s batch number', () => {
    const desk = given(blob);
    expect(desk.result).toMatchObject({ outcome: 'approved', batchNo: '000009' });
    expect(toHex(desk.state.record.keys!.pik)).toBe(toHex(FRESH.pik));
    expect(toHex(desk.state.record.keys!.tdk!)).toBe(toHex(FRESH.tdk));
  });

  const slots = [
    ['PIN key', 0],
    ['MAC key', 20],
    ['track key', 40],
  ] as const;
  it.each(slots)(
    'are all refused when the %s or its check value is wrong by a bit, and the old ones stay',
    (_, at) => {
      // The key's two halves and its check value, a bit of each byte.
      for (let byte = at; byte < at + 20; byte++) {
        const wrong = fromHex(blob);
        wrong[byte]! ^= 0x10;
        const desk = given(toHex(wrong));
        expect(desk.result).toMatchObject({ outcome: 'refused' });
        expect(desk.result.screen.zh).toContain('密钥校验失败');
        const { keys, batchNo, isSignedIn } = desk.state.record;
        expect(toHex(keys!.pik) + toHex(keys!.mak) + toHex(keys!.tdk!)).toBe(
          toHex(VECTOR_KEYS.pik) + toHex(VECTOR_KEYS.mak) + toHex(VECTOR_KEYS.tdk!),
        );
        expect([batchNo, isSignedIn]).toEqual(['000001', true]);
        const shown = JSON.stringify(desk.events);
        expect(shown).not.toContain(toHex(FRESH.pik));
        expect(shown).not.toContain(toHex(wrong).slice(0, 32));
      }
    },
  );

  it('are refused when the block is cut anywhere, or missing', () => {
    for (let bytes = 0; bytes < 60; bytes++) {
      const desk = given(blob.slice(0, bytes * 2));
      expect([bytes, desk.result.outcome]).toEqual([bytes, 'refused']);
      expect(toHex(desk.state.record.keys!.pik)).toBe(toHex(VECTOR_KEYS.pik));
    }
    const without = new TerminalDesk(signedIn(2)).operate({ verb: 'sign-in' }).open();
    expect(without.answer({ fields: { 62: undefined } }).result.outcome).toBe('refused');
  });

  it('may hold a single-length MAC key in its double slot, and no other key like that', () => {
    const single = wrapWorkingKeys('004', TMK, { ...FRESH, mak: FRESH.mak.slice(0, 8) });
    const desk = given(single);
    expect(desk.result.outcome).toBe('approved');
    expect(desk.state.record.keys!.mak).toHaveLength(8);
    const zeroed = fromHex(blob);
    zeroed.fill(0, 8, 16);
    expect(given(toHex(zeroed)).result.outcome).toBe('refused');
  });

  it('survive a power cut, and are others after the next sign-in', () => {
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    const keysOf = (tid: string) => bench.terminals.running().get(tid)!.record.keys!;
    bench.perform('10000001', { verb: 'sign-in' });
    bench.perform('20000001', { verb: 'sign-in' });
    const first = toHex(keysOf('10000001').mak);
    expect(toHex(keysOf('20000001').mak)).not.toBe(first);
    bench.terminals.powerCut('10000001');
    expect(toHex(keysOf('10000001').mak)).toBe(first);
    bench.perform('10000001', { verb: 'sign-in' });
    expect(toHex(keysOf('10000001').mak)).not.toBe(first);
  });
});

const MACS: readonly [string, MacSpec, readonly KeyForm[]][] = [
  ['UnionPay ECB', { algorithm: 'unionpay-ecb' }, ['001', '003', '004', '006']],
  ['X9.9', { algorithm: 'x9.9' }, ['001', '003', '004']],
  ['X9.9 in binary', { algorithm: 'x9.9', output: 'binary' }, ['001', '003', '004']],
  ['X9.19', { algorithm: 'x9.19' }, ['003', '004']],
  [
    'ISO 9797-1 algorithm 1, padding 2',
    { algorithm: 'iso9797-1', padding: 2 },
    ['001', '003', '004'],
  ],
  ['ISO 9797-1 algorithm 3, padding 2', { algorithm: 'iso9797-3', padding: 2 }, ['003', '004']],
  ['AES-CMAC', { algorithm: 'aes-cmac', output: 'binary' }, ['003', '004']],
];

describe.each(MACS)('a dialect whose MAC is %s', (_, mac, forms) => {
  const institution = { ...TEST_INSTITUTION, dialect: { ...UNIONPAY_POS, mac } };
  const [account] = institution.cards;

  it.each(['001', '003', '004', '006'] as const)('under keys of form %s', (keyForm) => {
    const bench = simulatedBench({
      seed: 1,
      startMs: START_MS,
      institution,
      terminal: { keyForm },
    });
    const signIn = bench.perform('10000001', { verb: 'sign-in' });
    if (!forms.includes(keyForm)) {
      // Said at sign-in, not at the first sale.
      expect(signIn).toMatchObject({ outcome: 'declined', rc: '40' });
      return;
    }
    expect(signIn.outcome).toBe('approved');
    const card = bench.cards.present(account!, { entry: 'chip', pin: '123456' });
    const sale = { verb: 'sale', amountFen: 1000, card } as const;
    expect(bench.perform('10000001', sale).outcome).toBe('approved');
    bench.terminals.faults.order({ fault: 'answer-lost', mti: '0200', times: 1 });
    expect(bench.perform('10000001', sale).outcome).toBe('unknown');
    expect(bench.perform('10000001', { verb: 'settle' })).toMatchObject({
      outcome: 'balanced',
      reversal: 'done',
    });
  });
});

describe('two sides with different MACs', () => {
  it('do not understand each other, and the host says which variant would have matched', () => {
    const events: PartyEvent[] = [];
    const bench = simulatedBench({
      seed: 1,
      startMs: START_MS,
      terminal: { dialect: { ...UNIONPAY_POS, mac: { algorithm: 'x9.19' } } },
      publish: (event) => events.push(event),
    });
    const card = bench.cards.present(TEST_INSTITUTION.cards[0]!, { entry: 'swipe' });
    const sale = { verb: 'sale', amountFen: 1000, card } as const;
    expect(bench.perform('10000001', sale)).toMatchObject({ outcome: 'declined', rc: 'A0' });
    const refused = events.find((event) => event.kind === 'refused');
    expect(JSON.stringify(refused)).toMatch(/x9\.19/i);
  });
});

describe('the PIN on its way to the issuer', () => {
  const pik = desCipher(VECTOR_KEYS.pik);
  const pan = TEST_INSTITUTION.cards[0]!.pan;
  const ask = (changes: Record<number, string | undefined>): string =>
    new HostDesk().ask(frame('0200', saleFields(changes))).fields[39] ?? '';

  it('is taken with and without card number, as field 53 says', () => {
    const block = encryptPin(pik, { format: 'x9.8-no-pan' }, '123456');
    expect(ask({ 52: block, 53: '1600000000000000' })).toBe('00');
    expect(ask({ 52: block })).toBe('99');
    expect(ask({ 53: '1600000000000000' })).toBe('99');
    const wrong = encryptPin(pik, { format: 'x9.8-no-pan' }, '654321');
    expect(ask({ 52: wrong, 53: '1600000000000000' })).toBe('55');
  });

  it.each(['iso-1', 'iso-2', 'iso-3'] as const)('is refused as %s: 99, not 55', (format) => {
    const random = (lengthBytes: number): Uint8Array => new Uint8Array(lengthBytes).fill(0xab);
    expect(ask({ 52: encryptPin(pik, { format, pan, random }, '123456') })).toBe('99');
  });

  it('is refused without field 26', () => {
    expect(ask({ 26: undefined })).toBe('30');
  });

  it('is the one of the vector otherwise', () => {
    expect(ask({})).toBe('00');
    expect(messageVector('sale-mag-pin-request').fields['52']).toBe(
      encryptPin(pik, { format: 'iso-0', pan }, '123456'),
    );
  });
});

describe('a terminal that shall encrypt its tracks', () => {
  it.each(['001', '003'] as const)('is not set up with form %s, which brings no key', (keyForm) => {
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    expect(() => bench.terminals.setUp('10000001', { keyForm, encryptsTracks: true })).toThrow(
      expect.objectContaining({ code: 'E_SCENARIO', hint: expect.stringContaining('004') }),
    );
  });
});
