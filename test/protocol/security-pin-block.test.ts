import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { securityVectors } from '../vectors.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import {
  aesCipher,
  cipherOf,
  desCipher,
  sm4Cipher,
  type BlockCipher,
} from '../../protocol/security/block-cipher.ts';
import {
  buildPinBlock,
  decryptPin,
  encryptPin,
  needsPan,
  PIN_BLOCK_FORMATS,
  pinKeyFamily,
  hasOneBlock,
  isPinBlock,
  translatePinBlock,
  translatePinBytes,
  type PinBlockForm,
  type PinBlockFormat,
  type RandomBytes,
} from '../../protocol/security/pin-block.ts';

const PAN = '6225881234567898';
const KEY = '00112233445566778899AABBCCDDEEFF';
const { PIK, PIK_sm4: PIK_SM4 } = securityVectors.keys as { PIK: string; PIK_sm4: string };

const filledWith =
  (byte: number): RandomBytes =>
  (lengthBytes) =>
    new Uint8Array(lengthBytes).fill(byte);

const counting: RandomBytes = (lengthBytes) =>
  new Uint8Array(lengthBytes).map((_each, at) => at * 17);

function refusal(act: () => unknown): CountersignError {
  try {
    act();
  } catch (error) {
    if (error instanceof CountersignError) return error;
  }
  throw new Error('nothing thrown');
}

function keyOf(format: PinBlockFormat): BlockCipher {
  return cipherOf(pinKeyFamily(format), fromHex(KEY));
}

function formOf(format: PinBlockFormat): PinBlockForm {
  return { format, pan: PAN, random: counting };
}

describe('a PIN block of the vectors', () => {
  const FORMATS: Readonly<Record<string, PinBlockFormat>> = {
    'ANSI X9.8 with PAN (ISO-0)': 'iso-0',
    'X9.8 with PAN, single DES': 'iso-0',
    'X9.8 without PAN': 'x9.8-no-pan',
    '16-byte SM4 PIN block (ASSUMED layout)': 'sm4',
  };
  const KEYS: Readonly<Record<string, BlockCipher>> = {
    PIK: desCipher(fromHex(PIK)),
    'PIK first 8 bytes': desCipher(fromHex(PIK).subarray(0, 8)),
    PIK_sm4: sm4Cipher(fromHex(PIK_SM4)),
  };

  it.each(securityVectors.pinBlock)('$name', ({ pin, pan, format, clear, key, encrypted }) => {
    const known = FORMATS[format];
    expect(known).toBeDefined();
    const form: PinBlockForm = { format: known!, ...(pan === undefined ? {} : { pan }) };
    expect(toHex(buildPinBlock(form, pin))).toBe(clear);
    if (encrypted === undefined) return;
    expect(encryptPin(KEYS[key!]!, form, pin)).toBe(encrypted);
    expect(decryptPin(KEYS[key!]!, form, encrypted)).toBe(pin);
  });
});

describe('a clear PIN block', () => {
  // Written out by hand from ISO 9564-1; the PAN part of this card is 0000588123456789.
  it.each([
    ['iso-0', 0x00, '041234FFFFFFFFFF', '04126C7EDCBA9876'],
    ['iso-1', 0x5b, '1412345B5B5B5B5B', '1412345B5B5B5B5B'],
    ['iso-2', 0x00, '241234FFFFFFFFFF', '241234FFFFFFFFFF'],
    ['iso-3', 0x00, '341234AAAAAAAAAA', '34126C2B89EFCD23'],
    ['iso-3', 0xff, '341234DDDDDDDDDD', '34126C5CFE98BA54'],
    ['x9.8-no-pan', 0x00, '041234FFFFFFFFFF', '041234FFFFFFFFFF'],
  ] as const)(
    'of %s, filled with %i, is %s before the card number',
    (format, fill, part, clear) => {
      const form = { format, pan: PAN, random: filledWith(fill) };
      const block = buildPinBlock(form, '1234');
      expect(toHex(block)).toBe(clear);
      const pan = fromHex(needsPan(format) ? '0000588123456789' : '0000000000000000');
      expect(toHex(block.map((byte, at) => byte ^ pan[at]!))).toBe(part);
    },
  );

  it.each([
    ['12345678', '041234FFFEDCBA98'],
    ['123456789012', '041235DCBA9876FE'],
    ['1234567890123', '041226CBA9876FED'],
    ['12345678901234', '041217BA9876FEDC'],
  ])(
    'of iso-0 adds the twelve digits of %s left of its last, or as many as it has',
    (pan, block) => {
      expect(toHex(buildPinBlock({ format: 'iso-0', pan }, '1234'))).toBe(block);
    },
  );

  it('of iso-4 is that of X9.24-3: control, length, PIN, A, eight random bytes', () => {
    const form = { format: 'iso-4', pan: '4111111111111111', random: counting } as const;
    expect(toHex(buildPinBlock(form, '1234'))).toBe('441234AAAAAAAAAA0011223344556677');
    expect(toHex(buildPinBlock(form, '12345'))).toBe('4512345AAAAAAAAA0011223344556677');
    expect(toHex(buildPinBlock(form, '123456789012'))).toBe('4C123456789012AA0011223344556677');
  });

  it('of iso-3 is filled with all six letters, and with no digit', () => {
    const form = { format: 'iso-3', pan: '0000000000000', random: counting } as const;
    expect(toHex(buildPinBlock(form, '1234'))).toBe('341234AFEDCBAFED');
  });

  it('asks for randomness where the format has it, and for nothing where it has not', () => {
    const asked: [PinBlockFormat, number][] = [];
    for (const format of PIN_BLOCK_FORMATS) {
      const random: RandomBytes = (lengthBytes) => {
        asked.push([format, lengthBytes]);
        return new Uint8Array(lengthBytes);
      };
      buildPinBlock({ format, pan: PAN, random }, '1234');
    }
    expect(asked.map(([format]) => format)).toEqual(['iso-1', 'iso-3', 'iso-4']);
  });
});

describe('a published block of iso-4', () => {
  // The open-source packages psec and paysec agree on these.
  it('comes out with the random bytes FF', () => {
    const form = { format: 'iso-4', pan: '1234567890123456789', random: filledWith(0xff) } as const;
    const key = aesCipher(fromHex(KEY));
    expect(encryptPin(key, form, '1234')).toBe('28B41FDDD29B743E93124BD8E32D921E');
  });

  it.each([
    ['1234', '1234567890123456', '52DB178C6EDCE52E3A70F7FBC8E9C758'],
    ['123456', '123456789012345678', '847A0209C659E4C4A79CA6A2A2217D31'],
    ['12345678', '1234567890123456789', '018BFEC8B5EF60181A327AD8325A2BA4'],
  ])('of PIN %s is read', (pin, pan, block) => {
    expect(decryptPin(aesCipher(fromHex(KEY)), { format: 'iso-4', pan }, block)).toBe(pin);
  });

  // The PAN parts are those of X9.24-3 and, for odd and short numbers, worked out by hand.
  it.each([
    ['4111111111111111', '44111111111111111000000000000000'],
    ['411111111111111', '34111111111111110000000000000000'],
    ['123456789', '00001234567890000000000000000000'],
    ['123456789012', '01234567890120000000000000000000'],
    ['6228484123456789011', '76228484123456789011000000000000'],
  ])('holds the card number %s as %s', (pan, part) => {
    const ecb = (block: Uint8Array): Uint8Array =>
      createCipheriv('aes-128-ecb', fromHex(KEY), null).setAutoPadding(false).update(block);
    const form = { format: 'iso-4', pan, random: counting } as const;
    const once = ecb(fromHex('441234AAAAAAAAAA0011223344556677'));
    const mixed = once.map((byte, at) => byte ^ fromHex(part)[at]!);
    expect(encryptPin(aesCipher(fromHex(KEY)), form, '1234')).toBe(toHex(ecb(mixed)));
  });
});

describe.each(PIN_BLOCK_FORMATS)('the format %s', (format) => {
  const key = keyOf(format);
  const size = key.blockBytes;

  it('gives every PIN back, with whatever random bytes', () => {
    const pins = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 4, maxLength: 12 });
    const pans = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 19 });
    const noise = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(pins, pans, noise, (pinDigits, panDigits, bytes) => {
        const random: RandomBytes = (lengthBytes) => bytes.subarray(0, lengthBytes);
        const form = { format, pan: panDigits.join(''), random };
        const block = encryptPin(key, form, pinDigits.join(''));
        expect(block).toHaveLength(size * 2);
        expect(decryptPin(key, form, block)).toBe(pinDigits.join(''));
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it('refuses a PIN that is none, and shows nothing of it', () => {
    for (const pin of ['', '123', '1234567890123', '12a4', '１２３４', '1234 ', '-123']) {
      const error = refusal(() => encryptPin(key, formOf(format), pin));
      expect([error.code, error.message]).toEqual([
        'E_PIN_BLOCK',
        expect.stringContaining('a PIN has 4 to 12 digits'),
      ]);
      if (pin.length > 2) expect(`${error.message} ${error.hint}`).not.toContain(pin);
    }
  });

  it('refuses a block under another key or of another length, and shows nothing of it', () => {
    const other = cipherOf(pinKeyFamily(format), fromHex(KEY).reverse());
    const block = encryptPin(other, formOf(format), '927364');
    const error = refusal(() => decryptPin(key, formOf(format), block));
    expect([error.code, error.path]).toEqual(['E_PIN_BLOCK', '52']);
    expect(`${error.message} ${error.hint}`).not.toMatch(/[0-9A-F]{8}|927364/);
    for (const hex of ['', '00', block.slice(2), `${block}00`, block + block]) {
      const cut = refusal(() => decryptPin(key, formOf(format), hex));
      expect([cut.code, cut.message]).toEqual([
        'E_PIN_BLOCK',
        expect.stringContaining(`${hex.length / 2} bytes`),
      ]);
    }
    // The cipher is kept: what was refused must not be left in it.
    const sound = encryptPin(key, formOf(format), '927364');
    expect(decryptPin(key, formOf(format), sound)).toBe('927364');
  });

  it('is under a key of its own kind only', () => {
    for (const family of ['des', 'sm4', 'aes'] as const) {
      if (family === pinKeyFamily(format)) continue;
      const wrong = cipherOf(family, fromHex(KEY));
      for (const act of [
        () => encryptPin(wrong, formOf(format), '1234'),
        () => decryptPin(wrong, formOf(format), '00'.repeat(size)),
      ]) {
        const error = refusal(act);
        expect(error.code).toBe('E_KEY_LENGTH');
        expect(error.hint).toContain(`a ${pinKeyFamily(format)} key`);
      }
    }
  });

  it('asks for a card number exactly when it is bound to one', () => {
    const { pan: _pan, ...without } = formOf(format);
    if (!needsPan(format)) {
      expect(decryptPin(key, without, encryptPin(key, without, '1234'))).toBe('1234');
      return;
    }
    for (const pan of [undefined, '', '1234567', '12345678901234567890', '62258812345678D8']) {
      const form = pan === undefined ? without : { ...without, pan };
      expect(refusal(() => encryptPin(key, form, '1234')).code).toBe('E_PIN_BLOCK');
    }
    const block = encryptPin(key, formOf(format), '1234');
    const other = { ...formOf(format), pan: '6225881234560000' };
    expect(refusal(() => decryptPin(key, other, block)).code).toBe('E_PIN_BLOCK');
  });
});

/** Clear blocks that no sound terminal makes, encrypted. */
describe('a block that decrypts to no format', () => {
  const pik = desCipher(fromHex(KEY));
  const aes = aesCipher(fromHex(KEY));
  const sm4 = sm4Cipher(fromHex(KEY));

  it.each([
    ['iso-1', pik, '0412345B5B5B5B5B'],
    ['iso-1', pik, '1312345B5B5B5B5B'],
    ['iso-1', pik, '1D12345678901234'],
    ['iso-1', pik, '14123A5B5B5B5B5B'],
    ['iso-2', pik, '041234FFFFFFFFFF'],
    ['iso-2', pik, '241234FFFFFFFFF0'],
    ['x9.8-no-pan', pik, '241234FFFFFFFFFF'],
    ['x9.8-no-pan', pik, '031234FFFFFFFFFF'],
    ['x9.8-no-pan', pik, '041234FFFFAFFFFF'],
    ['iso-3', pik, '241234AAAAAAAAAA'],
    ['iso-3', pik, '341234AAAA9AAAAA'],
    ['iso-0', pik, '041234FFFFFFFFFE'],
    ['sm4', sm4, '041234FFFFFFFFFFFFFFFFFFFFFFFFF0'],
    ['sm4', sm4, '141234FFFFFFFFFFFFFFFFFFFFFFFFFF'],
  ] as const)('of %s is refused: %#', (format, key, part) => {
    // With this card number the PAN part is all zeros.
    const form = { format, pan: '00000000000000' };
    const block = toHex(key.encrypt(fromHex(part)));
    expect(refusal(() => decryptPin(key, form, block)).code).toBe('E_PIN_BLOCK');
  });

  it.each([
    ['441234AAAAAAAAAA0011223344556677', '1234'],
    ['4C123456789012AA0011223344556677', '123456789012'],
    ['041234AAAAAAAAAA0011223344556677', undefined],
    ['431234AAAAAAAAAA0011223344556677', undefined],
    ['4D1234567890123A0011223344556677', undefined],
    ['441234AAAAAAAAAB0011223344556677', undefined],
    ['441234FFFFFFFFFF0011223344556677', undefined],
    ['44123DAAAAAAAAAA0011223344556677', undefined],
  ])('of iso-4, %s, gives %s', (part, pin) => {
    const form = { format: 'iso-4', pan: '000000000000' } as const;
    const block = toHex(aes.encrypt(aes.encrypt(fromHex(part))));
    if (pin === undefined) {
      expect(refusal(() => decryptPin(aes, form, block)).code).toBe('E_PIN_BLOCK');
    } else {
      expect(decryptPin(aes, form, block)).toBe(pin);
    }
  });

  it('of formats with random bytes needs as many as it asks for', () => {
    for (const format of ['iso-1', 'iso-3', 'iso-4'] as const) {
      for (const random of [undefined, filledWith(1), () => new Uint8Array(1)]) {
        const form = { format, pan: PAN, ...(random === undefined ? {} : { random }) };
        const act = (): unknown => buildPinBlock(form, '123456');
        if (random?.(3).length === 3) expect(act()).toHaveLength(format === 'iso-4' ? 16 : 8);
        else expect(refusal(act).message).toContain(`${format} needs random bytes`);
      }
    }
  });
});

function sentOf(format: PinBlockFormat): string {
  return encryptPin(keyOf(format), formOf(format), '271828');
}

describe('the quick look at a PIN block', () => {
  it.each(PIN_BLOCK_FORMATS)('says of %s what decrypting would, or nothing', (format) => {
    const key = keyOf(format);
    const clear = buildPinBlock(formOf(format), '271828');
    // The random bytes here are the same each time.
    const isQuick = key.blockBytes === 8;
    const right = sentOf(format);
    expect(isPinBlock(key, right, clear)).toBe(isQuick);
    expect(isPinBlock(key, right.toLowerCase(), clear)).toBe(isQuick);
    expect(toHex(clear)).toBe(toHex(buildPinBlock(formOf(format), '271828')));
    const wrong = ['271829', '27182', '2718281'].map((pin) => encryptPin(key, formOf(format), pin));
    for (let digit = 0; digit < right.length; digit++) {
      for (const other of ['0', 'F', 'G', ' ']) {
        if (other !== right[digit]) {
          wrong.push(right.slice(0, digit) + other + right.slice(digit + 1));
        }
      }
    }
    for (const hex of [...wrong, '', `${right}00`, right.slice(2)]) {
      expect([hex, isPinBlock(key, hex, clear)]).toEqual([hex, false]);
    }
    expect(isPinBlock(key, right, clear.subarray(1))).toBe(false);
    for (const length of [0, 7, 9, 16]) {
      expect(isPinBlock(key, right.slice(0, 16), new Uint8Array(length))).toBe(false);
    }
    if (!isQuick) expect(isPinBlock(key, right.slice(0, 16), new Uint8Array(8))).toBe(false);
  });

  it('knows which formats have one block only', () => {
    expect(PIN_BLOCK_FORMATS.filter(hasOneBlock)).toEqual(['iso-0', 'iso-2', 'x9.8-no-pan', 'sm4']);
  });
});

describe('the change of key on the way to the issuer', () => {
  it('leads from every format to every other one', () => {
    for (const from of PIN_BLOCK_FORMATS) {
      for (const to of PIN_BLOCK_FORMATS) {
        const sent = encryptPin(keyOf(from), formOf(from), '271828');
        const issuer = cipherOf(pinKeyFamily(to), fromHex(PIK));
        const zones = [
          { key: keyOf(from), form: formOf(from) },
          { key: issuer, form: formOf(to) },
        ] as const;
        const passed = translatePinBlock(...zones, sent);
        expect(passed).not.toBe(sent);
        expect(decryptPin(issuer, formOf(to), passed)).toBe('271828');
      }
    }
  });

  it.each(['iso-0', 'iso-2', 'x9.8-no-pan', 'sm4'] as const)(
    'gives the one block that a PIN has in %s, also for another card number',
    (format) => {
      const issuer = cipherOf(pinKeyFamily(format), fromHex(PIK).toReversed());
      const to = { key: issuer, form: { format, pan: '6225881234567890' } };
      for (const pin of ['0000', '99999', '271828', '1234567', '123456789012']) {
        const from = { key: keyOf(format), form: formOf(format) };
        const sent = encryptPin(from.key, from.form, pin);
        expect(translatePinBlock(from, to, sent)).toBe(encryptPin(to.key, to.form, pin));
        expect(toHex(translatePinBytes(from, to, sent))).toBe(encryptPin(to.key, to.form, pin));
      }
      const foreign = toHex(keyOf(format).encrypt(new Uint8Array(format === 'sm4' ? 16 : 8)));
      const act = (): unknown =>
        translatePinBlock({ key: keyOf(format), form: formOf(format) }, to, foreign);
      expect(refusal(act).code).toBe('E_PIN_BLOCK');
      const other = { ...to, key: cipherOf(format === 'sm4' ? 'des' : 'sm4', fromHex(PIK)) };
      const misfit = (): unknown =>
        translatePinBlock({ key: keyOf(format), form: formOf(format) }, other, sentOf(format));
      expect(refusal(misfit).code).toBe('E_KEY_LENGTH');
    },
  );

  it('fills up at random anew what is filled up at random', () => {
    for (const format of ['iso-1', 'iso-3', 'iso-4'] as const) {
      let asked = 0;
      const random = (count: number): Uint8Array => {
        asked++;
        return new Uint8Array(count).fill(asked);
      };
      const issuer = cipherOf(pinKeyFamily(format), fromHex(PIK));
      const from = { key: keyOf(format), form: formOf(format) };
      const to = { key: issuer, form: { format, pan: PAN, random } };
      const [one, other] = [1, 2].map(() => translatePinBlock(from, to, sentOf(format)));
      expect(asked).toBe(2);
      expect(one).not.toBe(other);
      expect(decryptPin(issuer, to.form, other!)).toBe('271828');
    }
  });

  it('is as published between two keys, and refuses what is under neither', () => {
    const form = { format: 'iso-0', pan: PAN } as const;
    const single = desCipher(fromHex(PIK).subarray(0, 8));
    const double = desCipher(fromHex(PIK));
    const under = (key: BlockCipher): { key: BlockCipher; form: PinBlockForm } => ({ key, form });
    const there = translatePinBlock(under(double), under(single), 'E0CB0B7BC787D25E');
    expect(translatePinBlock(under(single), under(double), there)).toBe('E0CB0B7BC787D25E');
    const act = (): unknown => translatePinBlock(under(single), under(double), 'E0CB0B7BC787D25E');
    expect(refusal(act).code).toBe('E_PIN_BLOCK');
  });
});
