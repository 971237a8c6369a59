import type { BlockCipher } from './block-cipher.ts';
import { macKey, type MacKey, type MacSpec } from './mac-key.ts';
import { keyCipher, type KeyForm, type WorkingKeys } from './working-keys.ts';

/** The working keys of one sign-in, one cipher object each for as long as they are in force. */
export interface SessionKeys {
  readonly form: KeyForm;
  readonly pik: BlockCipher;
  readonly mak: MacKey;
  /** Absent in the forms that bring no track key. */
  readonly tdk: BlockCipher | undefined;
}

const UNIONPAY_ECB: MacSpec = { algorithm: 'unionpay-ecb' };

/** @throws E_KEY_LENGTH where the keys do not fit the MAC of the dialect */
export function sessionKeys(
  form: KeyForm,
  keys: WorkingKeys,
  mac: MacSpec = UNIONPAY_ECB,
): SessionKeys {
  return {
    form,
    pik: keyCipher(form, keys.pik),
    mak: macKey(mac, form === '006' ? 'sm4' : 'des', keys.mak),
    tdk: keys.tdk === undefined ? undefined : keyCipher(form, keys.tdk),
  };
}
