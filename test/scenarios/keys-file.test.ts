import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import { readKeysFile } from '../../scenarios/keys-file/read-keys-file.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CANARY = 'CAFEBABE0123456789ABCDEF01234567';
const TERMINAL = { tid: '77000001', mid: '898110000000077', tmk: CANARY };

let files = 0;
function fileOf(content: unknown, mode = 0o600): string {
  const path = join(folder, `keys-${files++}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(path, mode);
  return path;
}

function refusal(path: string): CountersignError {
  try {
    readKeysFile(path);
  } catch (error) {
    if (error instanceof CountersignError) return error;
  }
  throw new Error('it was not refused');
}

describe('a keys file', () => {
  it('puts its terminals and issuers in place of the built-in ones', () => {
    const issuers = [{ bin: '6288', imk: CANARY }];
    const institution = readKeysFile(fileOf({ terminals: [TERMINAL], issuers }));
    expect(institution.terminals).toEqual([TERMINAL]);
    expect(institution.merchants).toEqual([
      { mid: TERMINAL.mid, name: TERMINAL.mid, account: 'bank-a/0077' },
    ]);
    expect(institution.issuers).toEqual(issuers);
    expect(institution.cards).toBe(TEST_INSTITUTION.cards);
  });

  it('leaves what it does not say as it is', () => {
    const { issuers, merchants } = readKeysFile(
      fileOf({ terminals: [{ ...TERMINAL, mid: '898110000000001' }] }),
    );
    expect(issuers).toBe(TEST_INSTITUTION.issuers);
    expect(merchants).toEqual([TEST_INSTITUTION.merchants[0]]);
  });

  it.each([0o644, 0o640, 0o604, 0o666, 0o660])('that others may read (%o) is refused', (mode) => {
    const error = refusal(fileOf({ terminals: [TERMINAL] }, mode));
    expect(error.code).toBe('E_SECRET_FILE');
    expect(error.hint).toContain('chmod 600');
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', `{ "terminals": [{ "tmk": "${CANARY}" `, /no JSON/],
    ['a list', [TERMINAL], /no JSON object/],
    ['an empty object', {}, /neither/],
    ['a strange member', { keys: [TERMINAL] }, /neither/],
    ['terminals that are no list', { terminals: TERMINAL }, /"terminals" is no list/],
    ['an empty list', { terminals: [] }, /"terminals" is empty/],
    ['a terminal that is a text', { terminals: [CANARY] }, /terminals\[0\] is no object/],
    [
      'a short key',
      { terminals: [{ ...TERMINAL, tmk: CANARY.slice(2) }] },
      /\[0\]\.tmk must be 32/,
    ],
    ['a key with a blank', { terminals: [{ ...TERMINAL, tmk: `${CANARY} ` }] }, /\.tmk must be/],
    ['no key', { terminals: [{ tid: '77000001', mid: TERMINAL.mid }] }, /\.tmk is missing/],
    ['a number as key', { terminals: [{ ...TERMINAL, tmk: 1234 }] }, /\.tmk must be/],
    ['a short terminal number', { terminals: [{ ...TERMINAL, tid: '7' }] }, /\.tid must be eight/],
    ['a terminal twice', { terminals: [TERMINAL, TERMINAL] }, /terminals\[1\]\.tid is there twice/],
    ['a member too many', { terminals: [{ ...TERMINAL, pin: CANARY }] }, /a member beside/],
    ['an issuer without BIN', { issuers: [{ imk: CANARY }] }, /issuers\[0\]\.bin is missing/],
  ])('with %s is refused with its place, and shows no key', (_, content, text) => {
    const path = fileOf(content);
    const error = refusal(path);
    expect(error.code).toBe('E_KEYS_FILE');
    expect(error.message).toMatch(text);
    expect(`${error.message} ${error.hint}`).not.toContain(CANARY.slice(0, 12));
  });

  it('that is not there, or is a folder, is named', () => {
    expect(refusal(join(folder, 'none.json')).code).toBe('E_FILE');
    chmodSync(folder, 0o700);
    expect(refusal(folder).code).toBe('E_FILE');
  });
});
