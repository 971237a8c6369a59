import { describe, expect, it } from 'vitest';
import { messageVector, vectorBodyHex, ENVELOPE_BYTES } from '../vectors.ts';
import { asciiBytes, asciiText } from '../../protocol/bytes/ascii.ts';
import { concatBytes } from '../../protocol/bytes/concat-bytes.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { MAC_ALGORITHMS } from '../../protocol/dialect/mac-spec.ts';
import { shippedDialect } from '../../protocol/dialects/shipped.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { cipherOf, desCipher } from '../../protocol/security/block-cipher.ts';
import {
  diagnoseMac,
  type CandidateKey,
  type MacFinding,
  type MacQuestion,
} from '../../protocol/security/diagnose-mac.ts';
import { macKey, type KeyFamily, type MacSpec } from '../../protocol/security/mac-key.ts';
import { unionpayMac, unionpayMacStages } from '../../protocol/security/mac.ts';

const KEY = '2A7F151629AED3A7ABF7158908CE4F3D';
const OLD = '5D3D2A1A4F6E708092A2B5C4D6E6F808';
const BODY = fromHex(vectorBodyHex(messageVector('sale-mag-pin-request')));
const SALE = BODY.subarray(ENVELOPE_BYTES);
const MAB = SALE.subarray(0, SALE.length - 8);
/** Length prefix, TPDU and header. */
const BEFORE = concatBytes([fromHex('0075'), BODY.subarray(0, ENVELOPE_BYTES)]);
const UNIONPAY: MacSpec = { algorithm: 'unionpay-ecb' };
const CURRENT: CandidateKey = { name: 'current', family: 'des', key: fromHex(KEY) };
const PREVIOUS: CandidateKey = { name: 'previous', family: 'des', key: fromHex(OLD) };

function sealed(mac: Uint8Array): Uint8Array {
  return concatBytes([MAB, mac]);
}

function madeWith(spec: MacSpec, family: KeyFamily, key: string, mab = MAB): Uint8Array {
  return sealed(macKey(spec, family, fromHex(key)).compute(mab));
}

function ask(message: Uint8Array, more: Partial<MacQuestion> = {}): MacFinding[] {
  return diagnoseMac({
    message,
    head: UNIONPAY_POS,
    spec: UNIONPAY,
    keys: [CURRENT, PREVIOUS],
    before: BEFORE,
    ...more,
  });
}

function textOf(message: Uint8Array, more: Partial<MacQuestion> = {}): string {
  const findings = ask(message, more);
  for (const { text } of findings) {
    expect(text).toMatch(/^[A-Z].*\.$/);
    expect(text.toUpperCase()).not.toContain(KEY.slice(0, 16));
    expect(text).not.toMatch(/[0-9A-F]{12}/);
  }
  return findings[0]!.text;
}

describe('the diagnosis of a MAC', () => {
  it('says so when it is right', () => {
    const [only, ...more] = ask(SALE);
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      kind: 'right',
      text: 'The MAC is right.',
      variant: { key: 'current', keyPart: 'whole', algorithm: 'unionpay-ecb', output: 'hex' },
    });
  });

  it.each([
    ['zeros', new Uint8Array(8)],
    ['the characters 00000000', asciiBytes('00000000')],
    ['nothing but filler', asciiBytes('        ')],
    ['nothing but filler', new Uint8Array(8).fill(255)],
  ])('names %s', (words, mac) => {
    const findings = ask(sealed(mac));
    expect(findings).toEqual([
      {
        kind: 'zeros',
        text: `Field 64 holds ${words}: the MAC was never written into its place.`,
      },
    ]);
  });

  it('names a MAC that is not there, by bit or by length', () => {
    const without = SALE.slice();
    without[9]! &= 0xfe;
    for (const message of [without, SALE.subarray(0, 17), SALE.subarray(0, 5), new Uint8Array(0)]) {
      const findings = ask(message);
      expect(findings).toHaveLength(1);
      expect(findings[0]!.kind).toBe('missing');
    }
    expect(ask(SALE.subarray(0, 18))[0]!.kind).not.toBe('missing');
  });

  it.each([
    ['the key "previous"', madeWith(UNIONPAY, 'des', OLD)],
    ['the left half of the key alone, as single DES', madeWith(UNIONPAY, 'des', KEY.slice(0, 16))],
    ['the right half of the key alone, as single DES', madeWith(UNIONPAY, 'des', KEY.slice(16))],
    ['the key taken for sm4', madeWith(UNIONPAY, 'sm4', KEY)],
    ['eight binary bytes as output', madeWith({ ...UNIONPAY, output: 'binary' }, 'des', KEY)],
    [
      'the key taken for aes and the algorithm aes-cmac in place of unionpay-ecb',
      madeWith({ algorithm: 'aes-cmac' }, 'aes', KEY),
    ],
    [
      'the algorithm iso9797-1 (with padding 1 called x9.9) in place of unionpay-ecb',
      madeWith({ algorithm: 'x9.9' }, 'des', KEY),
    ],
    [
      'the algorithm iso9797-3 (with padding 1 called x9.19) in place of unionpay-ecb',
      madeWith({ algorithm: 'x9.19' }, 'des', KEY),
    ],
    [
      'the left half of the key alone, as single DES, the algorithm iso9797-1 (with padding 1 called x9.9) ' +
        'in place of unionpay-ecb and eight binary bytes as output',
      madeWith({ algorithm: 'x9.9', output: 'binary' }, 'des', KEY.slice(0, 16)),
    ],
    [
      'the key "previous", the algorithm iso9797-3 (with padding 1 called x9.19) in place of unionpay-ecb ' +
        'and padding 2 (80, then zeros)',
      madeWith({ algorithm: 'iso9797-3', padding: 2 }, 'des', OLD),
    ],
  ])('finds %s', (words, message) => {
    expect(textOf(message)).toBe(`The MAC is right with ${words}.`);
    const [{ kind }] = ask(message) as [MacFinding];
    expect(kind).toBe('variant');
  });

  it('finds characters in lower case', () => {
    const cipher = desCipher(fromHex(KEY));
    const lower = unionpayMac(cipher, MAB).toLowerCase();
    expect(textOf(sealed(asciiBytes(lower)))).toBe('The MAC is right with lower-case characters.');
    expect(ask(sealed(asciiBytes(lower)))[0]!.variant!.output).toBe('hex in lower case');
    const { xor } = unionpayMacStages(cipher, MAB);
    const block = cipher.encryptChained(asciiBytes(xor.toLowerCase()));
    expect(textOf(sealed(asciiBytes(toHex(block, 0, 4))))).toBe(
      'The MAC is right with the XOR of the blocks written in lower-case characters.',
    );
  });

  it.each([
    ['the bit of field 64 not yet set in the bitmap', withoutBit(MAB)],
    ['the message type left out', MAB.subarray(2)],
    ['message type and bitmap left out', MAB.subarray(10)],
    ['1 bytes in front of the message type included', concatBytes([BEFORE.subarray(12), MAB])],
    ['6 bytes in front of the message type included', concatBytes([BEFORE.subarray(7), MAB])],
    ['11 bytes in front of the message type included', concatBytes([BEFORE.subarray(2), MAB])],
    ['all 13 bytes in front of the message type included', concatBytes([BEFORE, MAB])],
  ])('finds %s, in every algorithm', (words, mab) => {
    for (const algorithm of MAC_ALGORITHMS) {
      const family = algorithm === 'aes-cmac' ? 'aes' : 'des';
      const message = madeWith({ algorithm }, family, KEY, mab);
      const keys = [{ ...CURRENT, family }] as const;
      const found = textOf(message, { spec: { algorithm }, keys });
      // Blocks that are added up may have been changed so as to look like that.
      const doubt =
        algorithm === 'unionpay-ecb'
          ? '; or the message was changed, which can look the same where blocks are added up'
          : '';
      expect([algorithm, found]).toEqual([algorithm, `The MAC is right with ${words}${doubt}.`]);
      expect(ask(message, { spec: { algorithm }, keys })[0]!.variant!.range).toBe(words);
    }
  });

  it('finds the place of the MAC included as zeros', () => {
    const spec: MacSpec = { algorithm: 'x9.19' };
    const message = madeWith(spec, 'des', KEY, concatBytes([MAB, new Uint8Array(8)]));
    const due = 'The MAC is right with the 8 bytes of field 64 included as zeros.';
    expect(textOf(message, { spec })).toBe(due);
    // To the XOR of unionpay-ecb zeros do nothing.
    const folded = madeWith(UNIONPAY, 'des', KEY, concatBytes([MAB, new Uint8Array(8)]));
    expect(ask(folded)[0]!.kind).toBe('right');
  });

  it('knows the rule in force: what is different is told against it', () => {
    const spec: MacSpec = { algorithm: 'iso9797-3', padding: 2, output: 'binary' };
    const tell = (made: MacSpec, family: KeyFamily, key: string): string =>
      textOf(madeWith(made, family, key), { spec });
    expect(tell(spec, 'des', KEY)).toBe('The MAC is right.');
    expect(tell({ ...spec, padding: 1 }, 'des', KEY)).toBe(
      'The MAC is right with padding 1 (zeros, none behind whole blocks).',
    );
    expect(tell({ ...spec, output: 'hex' }, 'des', KEY)).toBe(
      'The MAC is right with eight characters as output.',
    );
    expect(tell({ ...UNIONPAY, output: 'binary' }, 'des', KEY)).toBe(
      'The MAC is right with the algorithm unionpay-ecb in place of iso9797-3.',
    );
    const x99: MacSpec = { algorithm: 'x9.9' };
    const single = [{ ...CURRENT, key: fromHex(KEY.slice(0, 16)) }];
    const message = madeWith(x99, 'des', KEY.slice(0, 16));
    expect(ask(message, { spec: x99, keys: single })[0]!.kind).toBe('right');
  });

  it('knows SM4 and AES keys by themselves', () => {
    for (const [spec, family, key] of [
      [UNIONPAY, 'sm4', KEY],
      [{ algorithm: 'aes-cmac', output: 'binary' }, 'aes', KEY + OLD],
    ] as const) {
      const keys = [{ name: 'it', family, key: fromHex(key) }];
      expect(ask(madeWith(spec, family, key), { spec, keys })[0]!.kind).toBe('right');
    }
  });

  it('gives a variant that makes the MAC again', () => {
    const message = madeWith({ algorithm: 'iso9797-1', padding: 2 }, 'des', KEY.slice(16));
    const { algorithm, padding, output, keyPart, family, key } = ask(message)[0]!.variant!;
    expect([keyPart, family, key, output]).toEqual(['right half', 'des', 'current', 'hex']);
    const again = macKey({ algorithm, padding, output: 'hex' }, family, fromHex(KEY.slice(16)));
    expect(asciiText(again.compute(MAB))).toBe(asciiText(message, MAB.length));
  });

  it('admits when nothing explains it', () => {
    const foreign = madeWith(UNIONPAY, 'des', 'FEDCBA98765432100123456789ABCDEF');
    const findings = ask(foreign);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind: 'unexplained' });
    expect(findings[0]).not.toHaveProperty('variant');
    const changed = SALE.slice();
    changed[20]! ^= 1;
    expect(ask(changed)[0]!.kind).toBe('unexplained');
  });

  it('puts the explanation with the fewest differences first, and tells each once', () => {
    // With equal halves a double key is a single one, and x9.19 is x9.9.
    const equal = KEY.slice(0, 16).repeat(2);
    const keys = [{ ...CURRENT, key: fromHex(equal) }];
    const findings = ask(madeWith({ algorithm: 'x9.9' }, 'des', equal), { keys });
    expect(findings).toHaveLength(1);
    expect(findings[0]!.variant!.keyPart).toBe('whole');
  });

  it('ends soon, with many keys and a message as long as a frame can be', () => {
    const long = new Uint8Array(1_000_000).fill(0x33);
    long.set(SALE.subarray(0, 10));
    // The lowest bit of a byte is parity, which DES does not look at.
    const keys = Array.from({ length: 100 }, (_, at) => ({
      ...CURRENT,
      name: `key ${at}`,
      key: fromHex(KEY).map((byte) => byte ^ (at * 2)),
    }));
    expect(ask(long, { keys })[0]!.kind).toBe('unexplained');
    expect(ask(SALE, { keys: [...keys.slice(1), CURRENT] })[0]!.kind).toBe('unexplained');
    const last = ask(SALE, { keys: [...keys.slice(1, 16), CURRENT] })[0];
    expect(last!.text).toContain('the key "current"');
  });
});

describe('the search for a MAC in a long message', () => {
  it('tries what differs little before what differs much', () => {
    const long = new Uint8Array(200_000).fill(0x33);
    long.set(SALE.subarray(0, 10));
    const mac = asciiBytes(unionpayMac(desCipher(fromHex(OLD)), long));
    expect(textOf(concatBytes([long, mac]))).toBe('The MAC is right with the key "previous".');
  });
});

describe('the head of a message in other dialects', () => {
  const ascii = shippedDialect('iso87-ascii')!;
  const cipher = cipherOf('des', fromHex(KEY));
  const hex = 'C000000000000001';

  it.each([
    ['iso87-ascii', asciiBytes(`0200${hex}0000000000000001`)],
    ['iso87-binary', fromHex(`0200${hex}0000000000000001`)],
  ])('of %s has the bit of field 128 in the second bitmap', (name, head) => {
    const dialect = { ...shippedDialect(name)!, macField: 128 };
    const mab = concatBytes([head, asciiBytes('and some fields')]);
    const without = mab.slice();
    without[head.length - 1]!--;
    const mac = asciiBytes(unionpayMac(cipher, without));
    const message = concatBytes([mab, mac]);
    expect(textOf(message, { head: dialect })).toContain('the bit of field 128 not yet set');
    const fields = asciiBytes(unionpayMac(cipher, mab.subarray(head.length)));
    expect(textOf(concatBytes([mab, fields]), { head: dialect })).toContain(
      'message type and bitmap left out',
    );
    expect(ask(concatBytes([without, mac]), { head: dialect })[0]!.kind).toBe('missing');
  });

  it('of a text dialect has it in a hex digit, letters among them', () => {
    for (const digit of ['1', '9', 'B', 'F']) {
      const mab = asciiBytes(`0200300000000000000${digit}and some fields`);
      const message = concatBytes([mab, asciiBytes(unionpayMac(cipher, mab))]);
      expect(ask(message, { head: ascii })[0]!.kind).toBe('right');
      const without = mab.slice();
      without[19]!--;
      const early = concatBytes([mab, asciiBytes(unionpayMac(cipher, without))]);
      expect(textOf(early, { head: ascii })).toContain('not yet set in the bitmap');
    }
    for (const digit of ['0', '8', 'A', 'E']) {
      const message = asciiBytes(`0200300000000000000${digit}and some fields12345678`);
      expect(ask(message, { head: ascii })[0]!.kind).toBe('missing');
    }
  });

  it.each([
    ['iso87-ascii', asciiBytes('02004000000000000001')],
    ['iso87-binary', fromHex('02004000000000000001')],
  ])('of %s has one bitmap where bit 1 is not set, whatever bit 2 says', (name, head) => {
    const mab = concatBytes([head, asciiBytes('the fields are here')]);
    const fields = asciiBytes(unionpayMac(cipher, mab.subarray(head.length)));
    expect(textOf(concatBytes([mab, fields]), { head: shippedDialect(name)! })).toContain(
      'message type and bitmap left out',
    );
  });

  it('has no MAC in a bitmap that is not there, whatever stands in its place', () => {
    const message = concatBytes([fromHex('02004000000000000001'), new Uint8Array(30).fill(0xff)]);
    const head = { ...shippedDialect('iso87-binary')!, macField: 128 };
    expect(ask(message, { head })[0]!.kind).toBe('missing');
  });

  it.each([
    [63, '0002', '0000'],
    [61, '000F', '0007'],
    [61, '000A', '0002'],
    [57, '0080', '0000'],
    [57, '00FF', '007F'],
  ])('may have the MAC in field %i: %s without its bit is %s', (macField, end, without) => {
    for (const [name, bytesOf] of [
      ['iso87-ascii', asciiBytes],
      ['iso87-binary', fromHex],
    ] as const) {
      const mab = concatBytes([bytesOf(`0200300000000000${end}`), asciiBytes('fields')]);
      const early = concatBytes([bytesOf(`0200300000000000${without}`), asciiBytes('fields')]);
      const mac = asciiBytes(unionpayMac(cipher, early));
      const head = { ...shippedDialect(name)!, macField };
      expect(textOf(concatBytes([mab, mac]), { head })).toContain(
        `the bit of field ${macField} not yet set`,
      );
      expect(ask(concatBytes([early, mac]), { head })[0]!.kind).toBe('missing');
    }
  });

  it('of EBCDIC is read too', () => {
    const head = {
      mti: { encoding: 'ebcdic-037' },
      bitmap: { encoding: 'ebcdic-hex', fields: 64 },
      macField: 64,
    } as const;
    for (const [digit, cleared] of [
      [0xc2, 0xc1],
      [0xf1, 0xf0],
      [0xc6, 0xc5],
    ] as const) {
      const mab = concatBytes([fromHex(`F0F2F0F0${'F0'.repeat(16)}`), asciiBytes('fields')]);
      mab[19] = digit;
      const without = mab.slice();
      without[19] = cleared;
      const message = concatBytes([mab, asciiBytes(unionpayMac(cipher, without))]);
      expect(textOf(message, { head })).toContain('not yet set in the bitmap');
      expect(ask(concatBytes([without, new Uint8Array(8)]), { head })[0]!.kind).toBe('missing');
    }
  });
});

function withoutBit(mab: Uint8Array): Uint8Array {
  const without = mab.slice();
  without[9]! &= 0xfe;
  return without;
}
