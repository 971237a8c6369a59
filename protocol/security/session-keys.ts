import type { BlockCipher } from './block-cipher.ts';
import { macKey, type KeyFamily, type MacKey, type MacSpec } from './mac-key.ts';
import { keyCipher, type KeyForm, type WorkingKeys } from './working-keys.ts';

/** The working keys of one sign-in, one cipher object each for as long as they are in force. */
export interface SessionKeys {
  readonly form: KeyForm;
  readonly family: KeyFamily;
  /** The keys themselves, for telling what a wrong MAC was made with. */
  readonly raw: WorkingKeys;
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
  // AES has no form of its own: its MAC key comes in the slot of a double-length one.
  const ofTriple = mac.algorithm === 'aes-cmac' ? 'aes' : 'des';
  const family = form === '006' ? 'sm4' : ofTriple;
  return {
    form,
    family,
    raw: keys,
    pik: keyCipher(form, keys.pik),
    mak: macKey(mac, family, keys.mak),
    tdk: keys.tdk === undefined ? undefined : keyCipher(form, keys.tdk),
  };
}
