import { asciiBytes } from '../bytes/ascii.ts';
import { toHex } from '../bytes/hex.ts';
import { cipherOf, type KeyFamily } from './block-cipher.ts';
import { macKey, type MacAlgorithm, type MacSpec } from './mac-key.ts';
import { announcesMac, macRanges, type MacRange, type MessageHead } from './mac-ranges.ts';
import { MAC_BYTES, unionpayMacStages } from './mac.ts';

/** A key that may have been used, the one in force first. */
export interface CandidateKey {
  /** What a person calls it, such as "current" or a file name; never the key. */
  readonly name: string;
  readonly family: KeyFamily;
  readonly key: Uint8Array;
}

export interface MacQuestion {
  /** Message type up to the end of the MAC, which is the last field. */
  readonly message: Uint8Array;
  readonly head: MessageHead;
  /** How the MAC should have been made. */
  readonly spec: MacSpec;
  readonly keys: readonly CandidateKey[];
  /** What came in front of the message type: length prefix, TPDU, header. */
  readonly before?: Uint8Array;
}

/** A way to make a MAC that gives the one of the message. */
export interface MacVariant {
  readonly key: string;
  readonly keyPart: 'whole' | 'left half' | 'right half';
  readonly family: KeyFamily;
  readonly algorithm: MacAlgorithm;
  readonly padding: 1 | 2;
  readonly output: 'hex' | 'hex in lower case' | 'binary';
  /** Bytes that it covers, where they are not the right ones. */
  readonly range: string;
}

export interface MacFinding {
  readonly kind: 'right' | 'variant' | 'zeros' | 'missing' | 'unexplained';
  /** One English sentence without key material. */
  readonly text: string;
  /** What of the rule is different, for `variant`; all as it should be for `right`. */
  readonly variant?: MacVariant;
}

/** One computation, whose result is compared in every form of output. */
interface Trial {
  readonly variant: Omit<MacVariant, 'output'>;
  /** What is different, as parts of a sentence. */
  readonly words: readonly string[];
  readonly bytes: number;
  compute(): Uint8Array;
}

const MOST_KEYS = 16;
const MOST_FINDINGS = 5;
/** Bytes that are put through ciphers before the search gives up: about half a second. */
const MOST_WORK_BYTES = 16_000_000;

/** Which way of making the MAC would explain the one of a message; the likeliest first. */
export function diagnoseMac(question: MacQuestion): MacFinding[] {
  const { message, head, spec } = question;
  if (!announcesMac(head, message)) {
    const text = `The message carries no MAC: bit ${head.macField} is not set, or too few bytes follow.`;
    return [{ kind: 'missing', text }];
  }
  const seen = message.subarray(message.length - MAC_BYTES);
  const empty = emptyWords(seen);
  if (empty !== undefined) {
    const text = `Field ${head.macField} holds ${empty}: the MAC was never written into its place.`;
    return [{ kind: 'zeros', text }];
  }
  const findings: MacFinding[] = [];
  const known = new Set<string>();
  let work = 0;
  for (const trial of trialsOf(question)) {
    work += trial.bytes;
    if (work > MOST_WORK_BYTES) break;
    const block = toHex(trial.compute());
    // The same bytes by a longer way are no other explanation.
    if (known.has(block)) continue;
    known.add(block);
    for (const { output, words } of outputsOf(spec, seen, block)) {
      findings.push(findingOf({ ...trial.variant, output }, [...trial.words, ...words]));
    }
  }
  // Trials come with the fewest differences first, and so do findings.
  if (findings[0]?.kind === 'right') return findings.slice(0, 1);
  return findings.length === 0 ? [UNEXPLAINED] : findings.slice(0, MOST_FINDINGS);
}

const UNEXPLAINED: MacFinding = {
  kind: 'unexplained',
  text:
    'No known way of making a MAC explains it: it was made with another key, or the message was ' +
    'changed afterwards.',
};

function findingOf(variant: MacVariant, words: readonly string[]): MacFinding {
  if (words.length === 0) return { kind: 'right', text: 'The MAC is right.', variant };
  const all =
    words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
  const text = `The MAC is right with ${all}${mayCollide(variant) ? COLLISION : ''}.`;
  return { kind: 'variant', text, variant };
}

/** UnionPay ECB adds blocks up: a change can look like another range. */
function mayCollide({ algorithm, range }: MacVariant): boolean {
  return algorithm === 'unionpay-ecb' && range !== '';
}

const COLLISION = '; or the message was changed, which can look the same where blocks are added up';

function emptyWords(seen: Uint8Array): string | undefined {
  const [first] = seen;
  if (!seen.every((byte) => byte === first)) return undefined;
  if (first === 0) return 'zeros';
  if (first === 0x30) return 'the characters 00000000';
  return first === 0x20 || first === 0xff ? 'nothing but filler' : undefined;
}

/** The forms of output in which a block gives what was seen. */
function outputsOf(
  spec: MacSpec,
  seen: Uint8Array,
  block: string,
): { output: MacVariant['output']; words: string[] }[] {
  const due = spec.output ?? 'hex';
  const upper = block.slice(0, MAC_BYTES);
  const lower = upper.toLowerCase();
  const forms = [
    { output: 'hex', hex: toHex(asciiBytes(upper)), words: 'eight characters as output' },
    { output: 'hex in lower case', hex: toHex(asciiBytes(lower)), words: 'lower-case characters' },
    { output: 'binary', hex: block.slice(0, MAC_BYTES * 2), words: 'eight binary bytes as output' },
  ] as const;
  const hex = toHex(seen);
  // A MAC of digits only looks the same in both cases; then it is the right one.
  const match = forms.find((each) => each.hex === hex && each.output === due);
  const found = match ?? forms.find((each) => each.hex === hex);
  if (found === undefined) return [];
  return [{ output: found.output, words: found.output === due ? [] : [found.words] }];
}

/** All computations, those with the fewest differences first. */
function trialsOf({ message, head, spec, keys, before }: MacQuestion): Trial[] {
  const ranges = macRanges(head, message, before);
  return keys
    .slice(0, MOST_KEYS)
    .flatMap((candidate, index) => {
      const other = index === 0 ? [] : [`the key "${candidate.name}"`];
      return partsOf(candidate).flatMap((part) => trialsOfPart(part, other, spec, ranges));
    })
    .toSorted((one, other) => one.words.length - other.words.length);
}

/** A key or a half of it, used in one family. */
interface KeyPart extends CandidateKey {
  readonly keyPart: MacVariant['keyPart'];
  readonly words: readonly string[];
}

function partsOf(candidate: CandidateKey): KeyPart[] {
  const { family, key } = candidate;
  const parts: KeyPart[] = [{ ...candidate, keyPart: 'whole', words: [] }];
  if (key.length !== 16) return parts;
  for (const other of ['des', 'sm4', 'aes'] as const) {
    if (other === family) continue;
    parts.push({
      ...candidate,
      family: other,
      keyPart: 'whole',
      words: [`the key taken for ${other}`],
    });
  }
  const halves = { 'left half': key.subarray(0, 8), 'right half': key.subarray(8) } as const;
  for (const keyPart of ['left half', 'right half'] as const) {
    const words = [`the ${keyPart} of the key alone, as single DES`];
    parts.push({ ...candidate, family: 'des', key: halves[keyPart], keyPart, words });
  }
  return parts;
}

/** A way to compute over bytes, apart from which bytes they are. */
interface Method {
  readonly algorithm: MacAlgorithm;
  readonly padding: 1 | 2;
  readonly words: readonly string[];
  compute(bytes: Uint8Array): Uint8Array;
}

function trialsOfPart(
  part: KeyPart,
  other: readonly string[],
  spec: MacSpec,
  ranges: readonly MacRange[],
): Trial[] {
  const { name, keyPart, family } = part;
  return methodsOf(part, spec).flatMap(({ algorithm, padding, words, compute }) =>
    ranges.map((range) => ({
      variant: { key: name, keyPart, family, algorithm, padding, range: range.words },
      words: [...other, ...part.words, ...words, ...(range.words === '' ? [] : [range.words])],
      bytes: range.bytes.length,
      compute: () => compute(range.bytes),
    })),
  );
}

function methodsOf({ family, key }: KeyPart, spec: MacSpec): Method[] {
  const method = (
    algorithm: MacAlgorithm,
    padding: 1 | 2,
    more: readonly string[] = [],
  ): Method => {
    const made = macKey({ algorithm, padding, output: 'binary' }, family, key);
    const words = [...algorithmWords(spec, algorithm, padding), ...more];
    return { algorithm, padding, words, compute: (bytes) => made.compute(bytes) };
  };
  if (family === 'aes') return [method('aes-cmac', 1)];
  const plain = method('unionpay-ecb', 1);
  const lower: Method = {
    ...method('unionpay-ecb', 1, ['the XOR of the blocks written in lower-case characters']),
    compute: (bytes) => lowerCaseMac(family, key, bytes),
  };
  if (family === 'sm4') return [plain, lower];
  const chained = ([1, 2] as const).map((padding) => method('iso9797-1', padding));
  if (key.length === 8) return [plain, lower, ...chained];
  const retail = ([1, 2] as const).map((padding) => method('iso9797-3', padding));
  return [plain, lower, ...chained, ...retail];
}

/** How algorithm and padding differ from the rule; x9.9 and x9.19 are the iso9797 ones with padding 1. */
function algorithmWords(spec: MacSpec, algorithm: MacAlgorithm, padding: 1 | 2): string[] {
  const due =
    { 'x9.9': 'iso9797-1', 'x9.19': 'iso9797-3' }[spec.algorithm as string] ?? spec.algorithm;
  const names = { 'iso9797-1': 'x9.9', 'iso9797-3': 'x9.19' }[algorithm as string];
  const name = names === undefined ? algorithm : `${algorithm} (with padding 1 called ${names})`;
  const words = algorithm === due ? [] : [`the algorithm ${name} in place of ${spec.algorithm}`];
  if (padding === (algorithm.startsWith('iso9797') ? (spec.padding ?? 1) : 1)) return words;
  const how = padding === 2 ? '80, then zeros' : 'zeros, none behind whole blocks';
  return [...words, `padding ${padding} (${how})`];
}

function lowerCaseMac(family: KeyFamily, key: Uint8Array, mab: Uint8Array): Uint8Array {
  const cipher = cipherOf(family, key);
  const { xor } = unionpayMacStages(cipher, mab);
  return cipher.encryptChained(asciiBytes(xor.toLowerCase())).subarray(0, MAC_BYTES);
}
