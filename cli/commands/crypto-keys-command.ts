import { writeFileSync } from 'node:fs';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import {
  isKeyForm,
  readKeySlots,
  type KeyForm,
  type KeySlot,
} from '../../protocol/security/working-keys.ts';
import { looksLikeHex, readMessageLines } from '../message-lines.ts';
import { present } from './crypto-output.ts';
import { keyBytes, openSecrets, refuseArgument } from './crypto-secrets.ts';

export interface UnwrapOptions {
  readonly block: string;
  readonly form?: string;
  readonly keyFile?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly key?: unknown;
}

/** Field 62 of a sign-in answer: the keys by length and check value; the keys only into a file. */
export async function unwrapKeysCommand(options: UnwrapOptions): Promise<number> {
  refuseArgument(options.key, '--key', '--key-file');
  const lines = await readMessageLines(options.block, looksLikeHex, 'hex');
  const block = toHex(fromHex(lines.map(({ text }) => text).join('')));
  const form = formOf(options.form, block.length / 2);
  const wish = { what: 'terminal master key (TMK)', option: '--key-file', file: options.keyFile };
  const tmk = keyBytes(await openSecrets(options.block === '-').ask(wish), 'TMK');
  return await present(options.json === true, () => {
    const slots = readKeySlots(form, tmk, block);
    const matches = slots.every(isRight);
    if (matches && options.out !== undefined) writeKeys(options.out, slots);
    const note = matches
      ? `keys written to ${options.out}`
      : 'no keys written: a check value is wrong';
    return {
      matches,
      json: {
        form,
        ...(form === '006' ? { assumed: true } : {}),
        keys: slots.map((slot) => ({
          name: slot.name,
          keyBytes: slot.key.length,
          announced: slot.announced,
          kcv: slot.computed,
          matches: isRight(slot),
        })),
        matches,
        ...(matches && options.out !== undefined ? { out: options.out } : {}),
      },
      lines: [
        ['form', form === '006' ? '006, SM4 (assumed profile)' : `${form}, 3DES`],
        ...slots.map((slot) => [slot.name, slotWords(slot)] as const),
        ...(options.out === undefined ? [] : [['out', note] as const]),
      ],
    };
  });
}

const FORM_BY_BYTES: Readonly<Record<number, KeyForm>> = {
  24: '001',
  40: '003',
  60: '004',
  84: '004',
};

function formOf(given: string | undefined, bytes: number): KeyForm {
  const form = given ?? FORM_BY_BYTES[bytes];
  if (form !== undefined && isKeyForm(form)) return form;
  if (given === undefined) throw new CountersignError('E_KEY_LENGTH', { text: `${bytes} bytes` });
  const hint = '--form is what 60.3 of the sign-in says: 001, 003, 004, or 006 for SM4';
  throw new CountersignError('E_USAGE', { text: `--form ${given}`, hint });
}

function isRight({ announced, computed }: KeySlot): boolean {
  return announced === computed;
}

function slotWords(slot: KeySlot): string {
  const { key, announced, computed } = slot;
  const verdict = isRight(slot) ? 'matches' : `does not match: ${announced} came with it`;
  return `${String(key.length).padStart(2)} bytes  KCV ${computed}  ${verdict}`;
}

/** A new file for its owner only; what is there already is left alone. */
function writeKeys(path: string, slots: readonly KeySlot[]): void {
  const text = slots.map(({ name, key }) => `${name} ${toHex(key)}\n`).join('');
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new CountersignError('E_FILE', {
      text: isThere ? `${path} is there already` : path,
      ...(isThere ? { hint: 'keys are never written over a file: give --out a new name' } : {}),
      cause,
    });
  }
}
