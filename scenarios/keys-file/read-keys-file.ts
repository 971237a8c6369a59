import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { Institution, IssuerKey, TerminalAccount } from '../../emulator/host/host-config.ts';
import { readOwnedFile } from './read-owned-file.ts';

/**
 * Keys of another party: terminals with their master keys, issuers with theirs.
 *
 *     {
 *       "terminals": [{ "tid": "10000001", "mid": "898110000000001", "tmk": "32 hex digits" }],
 *       "issuers": [{ "bin": "622588", "imk": "32 hex digits" }]
 *     }
 *
 * Either list may be left out: the built-in one is used then.
 */
interface KeysFile {
  readonly terminals?: readonly TerminalAccount[];
  readonly issuers?: readonly IssuerKey[];
}

/** The environment variable that names a keys file. */
export const KEYS_VARIABLE = 'COUNTERSIGN_KEYS';

const MOST_BYTES = 1_000_000;

/** Members of a list and what each must look like; the last word is what a person reads. */
type Form = Readonly<Record<string, readonly [RegExp, string]>>;

const KEY: readonly [RegExp, string] = [/^[0-9A-Fa-f]{32}$/, '32 hex digits'];
const FORMS: Readonly<Record<keyof KeysFile, Form>> = {
  terminals: {
    tid: [/^[0-9A-Za-z]{8}$/, 'eight letters or digits'],
    mid: [/^[0-9A-Za-z]{15}$/, 'fifteen letters or digits'],
    tmk: KEY,
  },
  issuers: { bin: [/^\d{4,10}$/, 'four to ten digits'], imk: KEY },
};

/**
 * The test institution with the terminals and keys of a file in place of its own.
 * @throws E_FILE, E_SECRET_FILE, E_KEYS_FILE naming the place; never a value
 */
export function readKeysFile(path: string): Institution {
  const found = parse(path);
  const terminals = checkedList(path, found, 'terminals') as TerminalAccount[] | undefined;
  const issuers = checkedList(path, found, 'issuers') as IssuerKey[] | undefined;
  if (terminals === undefined && issuers === undefined) {
    throw wrong(path, 'it has neither "terminals" nor "issuers"');
  }
  return {
    ...TEST_INSTITUTION,
    ...(terminals === undefined ? {} : { terminals, merchants: merchantsOf(terminals) }),
    ...(issuers === undefined ? {} : { issuers }),
  };
}

/** The institution that a command runs with: of a file, of the environment's file, or built in. */
export function institutionOf(option: string | undefined): Institution {
  const path = option ?? process.env[KEYS_VARIABLE];
  return path === undefined || path === '' ? TEST_INSTITUTION : readKeysFile(path);
}

function wrong(path: string, text: string): CountersignError {
  return new CountersignError('E_KEYS_FILE', { text: `${path}: ${text}` });
}

function parse(path: string): Readonly<Record<string, unknown>> {
  const text = readOwnedFile(path, MOST_BYTES);
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    // The parser's own message shows a piece of the text; only its place is taken over.
    const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const line = text.slice(0, Number(at ?? 0)).split('\n').length;
    throw wrong(path, at === undefined ? 'it is no JSON' : `it is no JSON, line ${line}`);
  }
  if (!isRecord(found)) throw wrong(path, 'it is no JSON object');
  const strange = Object.keys(found).find((member) => !Object.hasOwn(FORMS, member));
  if (strange !== undefined) throw wrong(path, 'a member is neither "terminals" nor "issuers"');
  return found;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkedList(
  path: string,
  found: Readonly<Record<string, unknown>>,
  name: keyof KeysFile,
): readonly unknown[] | undefined {
  const list = found[name];
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) throw wrong(path, `"${name}" is no list`);
  if (list.length === 0) throw wrong(path, `"${name}" is empty: leave it out for the built-in one`);
  const form = FORMS[name];
  const first = Object.keys(form)[0]!;
  const seen = new Set<unknown>();
  for (const [index, item] of list.entries()) {
    const place = `${name}[${index}]`;
    if (!isRecord(item)) throw wrong(path, `${place} is no object`);
    for (const [member, [pattern, due]] of Object.entries(form)) {
      const value = item[member];
      if (typeof value === 'string' && pattern.test(value)) continue;
      throw wrong(
        path,
        `${place}.${member} ${value === undefined ? 'is missing' : `must be ${due}`}`,
      );
    }
    const strange = Object.keys(item).some((member) => !Object.hasOwn(form, member));
    if (strange) throw wrong(path, `${place} has a member beside ${Object.keys(form).join(', ')}`);
    if (seen.has(item[first])) throw wrong(path, `${place}.${first} is there twice`);
    seen.add(item[first]);
  }
  return list;
}

function merchantsOf(terminals: readonly TerminalAccount[]): Institution['merchants'] {
  const known = TEST_INSTITUTION.merchants;
  return [...new Set(terminals.map(({ mid }) => mid))].map(
    (mid) =>
      known.find((each) => each.mid === mid) ?? {
        mid,
        name: mid,
        account: `bank-a/${mid.slice(-4)}`,
      },
  );
}
