import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { cipherOf } from '../../protocol/security/block-cipher.ts';
import { keyCheckValue } from '../../protocol/security/working-keys.ts';
import { choiceOf } from '../options.ts';
import { present } from './crypto-output.ts';
import { keyBytes, openSecrets, refuseArgument } from './crypto-secrets.ts';

export const KEY_FAMILIES = ['des', 'sm4', 'aes'] as const;

export interface KcvOptions {
  readonly family: string;
  readonly keyFile?: string;
  readonly expect?: string;
  readonly json?: boolean;
  readonly key?: unknown;
}

/** The check value of a key: zeros encrypted under it, the first four bytes. */
export async function kcvCommand(options: KcvOptions): Promise<number> {
  refuseArgument(options.key, '--key', '--key-file');
  const family = choiceOf(options.family, 'family', KEY_FAMILIES);
  const expected = options.expect?.toUpperCase();
  if (expected !== undefined && !/^([0-9A-F]{6}|[0-9A-F]{8})$/.test(expected)) {
    const hint = 'a check value is the first three or four bytes, 6 or 8 hex digits';
    throw new CountersignError('E_USAGE', { text: '--expect', hint });
  }
  const wish = { what: 'key', option: '--key-file', file: options.keyFile };
  const key = keyBytes(await openSecrets().ask(wish), 'key');
  return await present(options.json === true, () => {
    const kcv = keyCheckValue(cipherOf(family, key));
    const matches = expected === undefined || kcv.startsWith(expected);
    const verdict = matches ? 'matches' : `does not match ${expected}`;
    return {
      matches,
      json: { kcv, family, keyBytes: key.length, ...(expected === undefined ? {} : { matches }) },
      lines: [
        ['KCV', kcv],
        ['key', `${family}, ${key.length} bytes`],
        ...(expected === undefined ? [] : [['verdict', verdict] as const]),
      ],
    };
  });
}
