import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { cipherOf, type KeyFamily } from '../../protocol/security/block-cipher.ts';
import { macKey, type MacSpec } from '../../protocol/security/mac-key.ts';
import { unionpayMac } from '../../protocol/security/mac.ts';
import { buildPinBlock, encryptPin, type PinBlockForm } from '../../protocol/security/pin-block.ts';
import { decryptTrack, encryptTrack } from '../../protocol/security/track-cipher.ts';
import { keyCheckValue } from '../../protocol/security/working-keys.ts';
import { seededBytes } from './seeded-bytes.ts';

/** The command line of OpenSSL, as a second opinion that shares no line with ours. */
function openssl(args: readonly string[], input: Uint8Array): Uint8Array | string {
  const run = spawnSync('openssl', args, { input, timeout: 100_000 });
  if (run.error !== undefined) return `openssl does not start: ${run.error.message}`;
  if (run.status !== 0) return `openssl ${args.slice(0, 2).join(' ')}: ${String(run.stderr)}`;
  return run.stdout;
}

function given(args: readonly string[], input: Uint8Array): string {
  const output = openssl(args, input);
  if (typeof output === 'string') throw new Error(output);
  return toHex(output);
}

/** The names that OpenSSL has for a key, and the key as it wants it. */
function named(family: KeyFamily, key: Uint8Array): { name: string; hex: string } {
  const hex = toHex(key);
  if (family === 'sm4') return { name: 'sm4', hex };
  if (family === 'aes') return { name: `aes-${key.length * 8}`, hex };
  // Three parts, whatever the length of ours: K K K, or K1 K2 K1.
  const right = key.length === 8 ? hex : hex.slice(16);
  return { name: 'des-ede3', hex: hex.slice(0, 16) + right + hex.slice(0, 16) };
}

function blocks(family: KeyFamily, key: Uint8Array, input: Uint8Array, ...way: string[]): string {
  const { name, hex } = named(family, key);
  // Bare, des-ede3 is 3DES in ECB.
  const mode = family === 'des' ? name : `${name}-ecb`;
  return given(['enc', `-${mode}`, '-K', hex, '-nopad', '-nosalt', ...way], input);
}

function chain(family: KeyFamily, key: Uint8Array, input: Uint8Array): string {
  const { name, hex } = named(family, key);
  const zeros = '0'.repeat(family === 'des' ? 16 : 32);
  const args = ['enc', `-${name}-cbc`, '-K', hex, '-iv', zeros, '-nopad', '-nosalt'];
  return given(args, input).slice(-zeros.length);
}

const KEYS = [
  ['single DES', 'des', 8],
  ['3DES', 'des', 16],
  ['SM4', 'sm4', 16],
  ['AES-128', 'aes', 16],
  ['AES-192', 'aes', 24],
  ['AES-256', 'aes', 32],
] as const;

/** Why there is no second opinion; undefined when there is. */
function whyNot(family: KeyFamily, keyBytes: number): string | undefined {
  const key = new Uint8Array(keyBytes).map((_each, at) => at);
  const { name, hex } = named(family, key);
  const input = new Uint8Array(32);
  const mode = family === 'des' ? name : `${name}-ecb`;
  const tried = openssl(['enc', `-${mode}`, '-K', hex, '-nopad', '-nosalt'], input);
  return typeof tried === 'string' ? tried.trim() : undefined;
}

const missing = KEYS.flatMap(([name, family, keyBytes]) => {
  const why = whyNot(family, keyBytes);
  return why === undefined ? [] : [{ name, why }];
});
for (const { name, why } of missing) {
  process.stdout.write(`${name} is not compared with openssl: ${why}\n`);
}
const isMissing = (name: string): boolean => missing.some((each) => each.name === name);
const hasDes = !isMissing('single DES') && !isMissing('3DES');

/** Bytes that are the same in every run, in whatever order the tests come. */
let random = seededBytes(20_260_101);
beforeEach(() => {
  random = seededBytes(20_260_101);
});

function padded(bytes: Uint8Array, size: number): Uint8Array {
  const whole = new Uint8Array(Math.max(1, Math.ceil(bytes.length / size)) * size);
  whole.set(bytes);
  return whole;
}

describe.each(KEYS)('OpenSSL and we agree on %s', (name, family, keyBytes) => {
  it.skipIf(isMissing(name))('block by block, there and back', () => {
    for (let round = 0; round < 4; round++) {
      const key = random(keyBytes);
      const input = random(64);
      const cipher = cipherOf(family, key);
      const encrypted = toHex(cipher.encrypt(input));
      expect(encrypted).toBe(blocks(family, key, input));
      expect(toHex(cipher.decrypt(input))).toBe(blocks(family, key, input, '-d'));
    }
  });

  it.skipIf(isMissing(name))('chained, one message after the other under a kept key', () => {
    const key = random(keyBytes);
    const cipher = cipherOf(family, key);
    for (const count of [1, 2, 3, 9]) {
      const input = random(count * cipher.blockBytes);
      const due = chain(family, key, input);
      expect(toHex(cipher.encryptChained(input.slice()))).toBe(due);
    }
  });

  it.skipIf(isMissing(name))('in check values', () => {
    for (let round = 0; round < 3; round++) {
      const key = random(keyBytes);
      const cipher = cipherOf(family, key);
      const due = blocks(family, key, new Uint8Array(cipher.blockBytes)).slice(0, 8);
      expect(keyCheckValue(cipher)).toBe(due);
    }
  });
});

describe.skipIf(!hasDes)('OpenSSL and we agree on MACs', () => {
  const binary = (algorithm: MacSpec['algorithm'], padding: 1 | 2 = 1): MacSpec => ({
    algorithm,
    padding,
    output: 'binary',
  });
  const ours = (spec: MacSpec, key: Uint8Array, mab: Uint8Array): string =>
    toHex(macKey(spec, 'des', key).compute(mab));
  const withMark = (mab: Uint8Array): Uint8Array => Uint8Array.from([...mab, 0x80]);

  it.each([0, 1, 7, 8, 9, 64, 115])('of %i bytes: X9.9 and iso9797-1 by CBC', (length) => {
    for (const keyBytes of [8, 16]) {
      const key = random(keyBytes);
      const mab = random(length);
      const due = chain('des', key, padded(mab, 8));
      expect(ours(binary('x9.9'), key, mab)).toBe(due);
      expect(ours(binary('iso9797-1'), key, mab)).toBe(due);
      const marked = chain('des', key, padded(withMark(mab), 8));
      expect(ours(binary('iso9797-1', 2), key, mab)).toBe(marked);
    }
  });

  it.each([0, 5, 8, 24, 115])('of %i bytes: X9.19 and iso9797-3 in three steps', (length) => {
    const key = random(16);
    const [left, right] = [key.subarray(0, 8), key.subarray(8)];
    const mab = random(length);
    const retail = (whole: Uint8Array): string => {
      const chained = fromHex(chain('des', left, whole));
      const back = fromHex(blocks('des', right, chained, '-d'));
      return blocks('des', left, back);
    };
    expect(ours(binary('x9.19'), key, mab)).toBe(retail(padded(mab, 8)));
    expect(ours(binary('iso9797-3'), key, mab)).toBe(retail(padded(mab, 8)));
    expect(ours(binary('iso9797-3', 2), key, mab)).toBe(retail(padded(withMark(mab), 8)));
  });

  it.each([
    ['des', 8],
    ['des', 16],
    ['sm4', 16],
  ] as const)('of unionpay-ecb under %s, %i bytes, step by step', (family, keyBytes) => {
    if (family === 'sm4' && isMissing('SM4')) return;
    const key = random(keyBytes);
    const mab = random(115);
    const cipher = cipherOf(family, key);
    const size = cipher.blockBytes;
    const folded = new Uint8Array(size);
    for (const [at, byte] of mab.entries()) folded[at % size]! ^= byte;
    const characters = Buffer.from(toHex(folded), 'latin1');
    const first = fromHex(blocks(family, key, characters.subarray(0, size)));
    const mixed = first.map((byte, at) => byte ^ characters[size + at]!);
    expect(unionpayMac(cipher, mab)).toBe(blocks(family, key, mixed).slice(0, 8));
  });
});

const cmacOf = (key: Uint8Array, mab: Uint8Array): Uint8Array | string =>
  openssl(
    [
      'mac',
      '-cipher',
      `AES-${key.length * 8}-CBC`,
      '-macopt',
      `hexkey:${toHex(key)}`,
      '-in',
      '-',
      'CMAC',
    ],
    mab,
  );
const cmacTried = cmacOf(new Uint8Array(16), new Uint8Array(1));
if (typeof cmacTried === 'string') {
  process.stdout.write(`CMAC is not compared with openssl: ${cmacTried.trim()}\n`);
}

describe.skipIf(typeof cmacTried === 'string')('OpenSSL and we agree on AES-CMAC', () => {
  it.each([0, 1, 15, 16, 17, 32, 33, 115])('of %i bytes', (length) => {
    for (const keyBytes of [16, 24, 32]) {
      const key = random(keyBytes);
      const mab = random(length);
      const due = String(Buffer.from(cmacOf(key, mab) as Uint8Array))
        .trim()
        .slice(0, 16);
      const { compute } = macKey({ algorithm: 'aes-cmac', output: 'binary' }, 'aes', key);
      expect(toHex(compute(mab))).toBe(due.toUpperCase());
    }
  });
});

describe.skipIf(missing.length > 0)('OpenSSL and we agree on PIN blocks and tracks', () => {
  it.each([
    ['iso-0', 'des', 8],
    ['iso-0', 'des', 16],
    ['iso-1', 'des', 16],
    ['iso-3', 'des', 16],
    ['x9.8-no-pan', 'des', 16],
    ['sm4', 'sm4', 16],
  ] as const)('%s under %s, %i bytes', (format, family, keyBytes) => {
    const noise = random(16);
    const form: PinBlockForm = {
      format,
      pan: '6225881234567898',
      random: (lengthBytes) => noise.subarray(0, lengthBytes),
    };
    const key = random(keyBytes);
    const due = blocks(family, key, buildPinBlock(form, '918273'));
    expect(encryptPin(cipherOf(family, key), form, '918273')).toBe(due);
  });

  it.each([16, 24, 32])('iso-4 under AES, %i bytes, in two steps', (keyBytes) => {
    const noise = random(8);
    const form: PinBlockForm = { format: 'iso-4', pan: '6225881234567898', random: () => noise };
    const key = random(keyBytes);
    const once = fromHex(blocks('aes', key, fromHex(`46918273AAAAAAAA${toHex(noise)}`)));
    const pan = fromHex('46225881234567898'.padEnd(32, '0'));
    const due = blocks(
      'aes',
      key,
      once.map((byte, at) => byte ^ pan[at]!),
    );
    expect(encryptPin(cipherOf('aes', key), form, '918273')).toBe(due);
  });

  it.each([
    ['des', 16, '6225881234567898D3', '0121011234567890', '00'],
    ['sm4', 16, '62', '25881234567898D30121011234567890', '00'],
    ['sm4', 16, '6228', '484123456789011D3012220000000001', '2'],
  ] as const)('a track under %s, %i bytes: %s (%s) %s', (family, keyBytes, front, block, end) => {
    const key = random(keyBytes);
    const cipher = cipherOf(family, key);
    const sent = front + blocks(family, key, fromHex(block)) + end;
    expect(encryptTrack(cipher, front + block + end)).toBe(sent);
    expect(decryptTrack(cipher, sent)).toBe(front + block + end);
  });
});
