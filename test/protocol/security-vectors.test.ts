import { describe, expect, it } from 'vitest';
import { securityVectors } from '../vectors.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { desCipher, sm4Cipher } from '../../protocol/security/block-cipher.ts';
import {
  keyCheckValue,
  unwrapWorkingKeys,
  wrapWorkingKeys,
  type KeyForm,
} from '../../protocol/security/working-keys.ts';
import {
  buildPinBlock,
  decryptPinBlock,
  encryptPinBlock,
} from '../../protocol/security/pin-block.ts';
import { unionpayMacStages } from '../../protocol/security/mac.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';

const FORMS: Record<string, KeyForm> = { 24: '001', 40: '003', 60: '004' };

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CountersignError) return `${error.code} ${error.message}`;
  }
  return 'nothing thrown';
}

describe('check values', () => {
  it.each(securityVectors.kcv)('of $name', ({ alg, key, kcv }) => {
    const cipher = alg === 'SM4' ? sm4Cipher(fromHex(key)) : desCipher(fromHex(key));
    expect(keyCheckValue(cipher)).toBe(kcv);
  });
});

describe('working keys', () => {
  const complete = securityVectors.workingKeys.filter(({ f62 }) => f62 !== undefined);

  it.each(complete)('$name unwrap and wrap again', ({ tmk, alg, f62, expected }) => {
    const form = alg === 'SM4' ? '006' : FORMS[String(f62!.length / 2)]!;
    const keys = unwrapWorkingKeys(form, fromHex(tmk), f62!);
    expect(toHex(keys.pik)).toBe(expected['PIK']);
    expect(toHex(keys.mak)).toBe(expected['MAK']);
    if (expected['TDK'] !== undefined) expect(toHex(keys.tdk!)).toBe(expected['TDK']);
    expect(wrapWorkingKeys(form, fromHex(tmk), keys)).toBe(f62);
  });

  const { tmk, f62 } = complete.find(
    ({ name }) => name.includes('60.3=004') && name.includes('MAK double'),
  )!;

  it.each([
    [0, 'PIK'],
    [16, 'PIK'],
    [20, 'MAK'],
    [36, 'MAK'],
    [40, 'TDK'],
    [59, 'TDK'],
  ])('with a flipped bit in byte %i refuse and name %s', (at, name) => {
    const block = fromHex(f62!);
    block[at]! ^= 1;
    expect(codeOf(() => unwrapWorkingKeys('004', fromHex(tmk), toHex(block)))).toMatch(
      new RegExp(`^E_KCV .*${name}`),
    );
  });

  it('refuse a block that is cut', () => {
    expect(codeOf(() => unwrapWorkingKeys('004', fromHex(tmk), f62!.slice(0, 80)))).toMatch(
      /^E_KEY_LENGTH/,
    );
  });
});

describe('PIN blocks', () => {
  const iso0 = securityVectors.pinBlock.filter(
    ({ pan, format, clear }) => pan !== undefined && format.includes('X9.8') && clear !== '',
  );

  it.each(iso0)('$name', ({ pin, pan, clear, key, encrypted }) => {
    expect(toHex(buildPinBlock({ format: 'iso-0', pan: pan! }, pin))).toBe(clear);
    if (encrypted === undefined) return;
    const { PIK } = securityVectors.keys;
    const pik = desCipher(fromHex(key === 'PIK' ? PIK! : PIK!.slice(0, 16)));
    expect(encryptPinBlock(pik, pin, pan!)).toBe(encrypted);
    expect(decryptPinBlock(pik, encrypted, pan!)).toBe(pin);
  });

  it('under another key are refused, not misread', () => {
    const other = desCipher(fromHex(securityVectors.keys['MAK_double']!));
    expect(codeOf(() => decryptPinBlock(other, 'CF9E10A2A53BCA89', '6228484123456789011'))).toMatch(
      /^E_PIN_BLOCK/,
    );
  });
});

describe('MAC stages', () => {
  const worked = securityVectors.mac.filter(
    ({ algorithm, data }) => algorithm.startsWith('CUP') && data !== undefined,
  );

  it.each(worked)('$name', ({ algorithm, key, data, xor, enc1, enc2, f64ascii }) => {
    const cipher = algorithm === 'CUP-SM4' ? sm4Cipher(fromHex(key)) : desCipher(fromHex(key));
    const stages = unionpayMacStages(cipher, fromHex(data!));
    expect(stages.xor).toBe(xor);
    expect(stages.first).toBe(enc1);
    if (enc2 !== undefined) expect(stages.second).toBe(enc2);
    if (f64ascii !== undefined) expect(stages.mac).toBe(f64ascii);
  });
});
