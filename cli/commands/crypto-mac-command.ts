import { basename } from 'node:path';
import { asciiText } from '../../protocol/bytes/ascii.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { MAC_ALGORITHMS, PADDED_ALGORITHMS } from '../../protocol/dialect/mac-spec.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { unwrapMessage } from '../../protocol/framing/unwrap-message.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import { diagnoseMac, type CandidateKey } from '../../protocol/security/diagnose-mac.ts';
import { macKey, type KeyFamily, type MacSpec } from '../../protocol/security/mac-key.ts';
import { MAC_BYTES, verifyMac } from '../../protocol/security/mac.ts';
import { openDialect } from '../../scenarios/dialect-file/read-dialect-file.ts';
import { looksLikeHex, readMessageLines } from '../message-lines.ts';
import { choiceOf } from '../options.ts';
import { KEY_FAMILIES } from './crypto-kcv-command.ts';
import { present, type CryptoResult } from './crypto-output.ts';
import { keyBytes, openSecrets, refuseArgument } from './crypto-secrets.ts';

export interface MacOptions {
  readonly message: string;
  readonly dialect: string;
  readonly algorithm?: string;
  readonly padding?: string;
  readonly output?: string;
  readonly family?: string;
  readonly check?: boolean;
  readonly keyFile?: string;
  readonly otherKeyFile: readonly string[];
  readonly json?: boolean;
  readonly key?: unknown;
}

/** The MAC of bytes, or with --check whether a message has the right one and if not, why. */
export async function macCommand(options: MacOptions): Promise<number> {
  refuseArgument(options.key, '--key', '--key-file');
  const dialect = openDialect(options.dialect);
  const spec = specOf(dialect, options);
  const isOfAes = spec.algorithm === 'aes-cmac';
  const family = choiceOf(options.family ?? (isOfAes ? 'aes' : 'des'), 'family', KEY_FAMILIES);
  const lines = await readMessageLines(options.message, looksLikeHex, 'hex');
  if (lines.length !== 1) {
    const hint = 'give one message; its hex stands on one line';
    throw new CountersignError('E_USAGE', { text: `${lines.length} messages`, hint });
  }
  const bytes = fromHex(lines[0]!.text);
  const keys = await readKeys(options, family);
  return await present(options.json === true, () =>
    options.check === true
      ? checkedMac(dialect, spec, bytes, keys)
      : computedMac(dialect, spec, bytes, keys[0]!),
  );
}

function specOf(dialect: Dialect, options: MacOptions): MacSpec {
  const { algorithm, output, padding } = options;
  const ofDialect = dialect.mac;
  const chosen = choiceOf(algorithm ?? ofDialect.algorithm, 'algorithm', MAC_ALGORITHMS);
  const isPadded = PADDED_ALGORITHMS.includes(chosen);
  if (padding !== undefined && !isPadded) {
    const hint = `${chosen} has a padding of its own; --padding is for ${PADDED_ALGORITHMS.join(', ')}`;
    throw new CountersignError('E_USAGE', { text: `--padding ${padding}`, hint });
  }
  const number = choiceOf(padding ?? String(ofDialect.padding ?? 1), 'padding', ['1', '2']);
  return {
    algorithm: chosen,
    output: choiceOf(output ?? ofDialect.output ?? 'hex', 'output', ['hex', 'binary']),
    ...(isPadded ? { padding: number === '2' ? 2 : 1 } : {}),
  };
}

async function readKeys(options: MacOptions, family: KeyFamily): Promise<CandidateKey[]> {
  const secrets = openSecrets(options.message === '-');
  const files = [options.keyFile, ...options.otherKeyFile];
  const keys: CandidateKey[] = [];
  for (const [index, file] of files.entries()) {
    const option = index === 0 ? '--key-file' : '--other-key-file';
    const text = await secrets.ask({ what: 'MAC key', option, file });
    const name = file === undefined || file === '-' ? 'standard input' : basename(file);
    keys.push({ name, family, key: keyBytes(text, 'MAC key') });
  }
  return keys;
}

function computedMac(
  dialect: Dialect,
  spec: MacSpec,
  mab: Uint8Array,
  { family, key }: CandidateKey,
): CryptoResult {
  warnOfMore(dialect, mab);
  const mac = macKey(spec, family, key).compute(mab);
  const text = spec.output === 'binary' ? undefined : asciiText(mac);
  return {
    matches: true,
    json: {
      field64: toHex(mac),
      ...(text === undefined ? {} : { text }),
      ...specJson(spec, family),
    },
    lines: [
      ...(text === undefined ? [] : [['MAC', text] as const]),
      ['field 64', toHex(mac)],
      ['made with', specWords(spec, family, key)],
      ['covers', `${mab.length} bytes, as given`],
    ],
  };
}

/** Bytes that a MAC does not cover are an easy mistake; they are counted all the same. */
function warnOfMore(dialect: Dialect, bytes: Uint8Array): void {
  let start = 0;
  try {
    ({ start } = unwrapMessage(dialect, bytes));
  } catch {
    return;
  }
  const result = decodeMessage(dialect, bytes, start, bytes.length, { isLenient: true });
  if (!result.ok) return;
  const more = [
    ...(start > 0 ? ['length prefix, TPDU or header in front'] : []),
    ...(result.message.fields[dialect.macField] === undefined ? [] : ['the MAC at the end']),
  ];
  if (more.length === 0) return;
  process.stderr.write(
    `warning: the bytes have ${more.join(' and ')}, which a MAC does not cover; --check takes whole messages\n`,
  );
}

function checkedMac(
  dialect: Dialect,
  spec: MacSpec,
  bytes: Uint8Array,
  keys: readonly CandidateKey[],
): CryptoResult {
  const { start } = unwrapMessage(dialect, bytes);
  const message = bytes.subarray(start);
  const { family, key } = keys[0]!;
  const sealer = macKey(spec, family, key);
  const before = bytes.subarray(0, start);
  const [first, ...more] = diagnoseMac({ message, head: dialect, spec, keys, before });
  const split = Math.max(0, message.length - MAC_BYTES);
  const isCarried = first!.kind !== 'missing';
  const matches = isCarried && verifyMac(sealer, message);
  const seen = message.subarray(split);
  const due = sealer.compute(message.subarray(0, split));
  const words = matches ? 'The MAC is right.' : (unreadable(dialect, message) ?? first!.text);
  return {
    matches,
    json: {
      matches,
      ...(isCarried ? { field64: toHex(seen), due: toHex(due) } : {}),
      ...specJson(spec, family),
      ...(matches ? {} : { findings: [first, ...more] }),
    },
    lines: [
      ...(isCarried ? [['field 64', shown(seen)] as const] : []),
      ...(isCarried && !matches ? [['due', shown(due)] as const] : []),
      ['made with', specWords(spec, family, key)],
      ['verdict', matches ? 'right' : 'wrong'],
      ...(matches ? [] : [['finding', words] as const]),
      ...(matches ? [] : more.map(({ text }) => ['or', text] as const)),
    ],
  };
}

/** Bytes that are no whole message have no MAC at their end. */
function unreadable(dialect: Dialect, message: Uint8Array): string | undefined {
  const result = decodeMessage(dialect, message, 0, message.length, { isLenient: true });
  if (result.ok) return undefined;
  const { code, message: why } = result.error;
  return `The bytes are no message, and their last eight need not be a MAC: ${code} ${why}`;
}

function shown(mac: Uint8Array): string {
  const text = asciiText(mac);
  return /^[\x21-\x7E]{8}$/.test(text) ? `${toHex(mac)} "${text}"` : toHex(mac);
}

function specJson(spec: MacSpec, family: KeyFamily): Record<string, unknown> {
  return { ...spec, family, ...(family === 'sm4' ? { assumed: true } : {}) };
}

function specWords(
  { algorithm, padding, output }: MacSpec,
  family: KeyFamily,
  key: Uint8Array,
): string {
  const pad = padding === undefined ? '' : `, padding ${padding}`;
  const assumed = family === 'sm4' ? ' (assumed profile)' : '';
  return `${algorithm}${pad}, output ${output ?? 'hex'}, ${family} key of ${key.length} bytes${assumed}`;
}
