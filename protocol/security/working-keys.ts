import { CountersignError } from '../errors/countersign-error.ts';
import { desCipher, sm4Cipher, type BlockCipher } from './block-cipher.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/concat-bytes.ts';

/** Keys of one sign-in: PIN key, MAC key, and the track key where the form has one. */
export interface WorkingKeys {
  readonly pik: Uint8Array;
  readonly mak: Uint8Array;
  readonly tdk?: Uint8Array;
}

/** 60.3 of the sign-in: what field 62 of the answer holds (spec 4.3). */
export type KeyForm = '001' | '003' | '004' | '006';

const SLOT_BYTES: Record<KeyForm, readonly number[]> = {
  '001': [8, 8],
  '003': [16, 16],
  '004': [16, 16, 16],
  '006': [16, 16, 16],
};
const SLOT_NAMES = ['PIK', 'MAK', 'TDK'] as const;
const KCV_BYTES = 4;

export function isKeyForm(networkCode: string): networkCode is KeyForm {
  return Object.hasOwn(SLOT_BYTES, networkCode);
}

/** Check value: the first four bytes of zeros encrypted under the key, as hex. */
export function keyCheckValue(cipher: BlockCipher): string {
  return toHex(cipher.encrypt(new Uint8Array(cipher.blockBytes))).slice(0, KCV_BYTES * 2);
}

export function keyCipher(form: KeyForm, key: Uint8Array): BlockCipher {
  return form === '006' ? sm4Cipher(key) : desCipher(key);
}

/**
 * Encrypts fresh working keys under the TMK, each followed by its check value. A single-length
 * MAK in a double slot leaves the encrypted second half zero (spec 4.3).
 * @throws E_KEY_LENGTH
 */
export function wrapWorkingKeys(form: KeyForm, tmk: Uint8Array, keys: WorkingKeys): string {
  const master = keyCipher(form, tmk);
  const pieces = SLOT_BYTES[form].map((slotBytes, index) => {
    const key = [keys.pik, keys.mak, keys.tdk][index];
    const name = SLOT_NAMES[index]!;
    const fits =
      key !== undefined && (key.length === slotBytes || (name === 'MAK' && key.length === 8));
    if (!fits) {
      throw new CountersignError('E_KEY_LENGTH', { text: `${name} in form ${form}` });
    }
    const slot = new Uint8Array(slotBytes + KCV_BYTES);
    slot.set(master.encrypt(key), 0);
    slot.set(fromHex(keyCheckValue(keyCipher(form, key))), slotBytes);
    return slot;
  });
  return toHex(concatBytes(pieces));
}

/** One key of a block, decrypted, with the check value that came with it and its own. */
export interface KeySlot {
  readonly name: (typeof SLOT_NAMES)[number];
  /** Byte of the block at which it begins. */
  readonly offset: number;
  readonly key: Uint8Array;
  readonly announced: string;
  readonly computed: string;
}

/**
 * Decrypts field 62 of a sign-in answer, whether or not the check values are right.
 * A tail after the known slots (84-byte form) is ignored.
 * @throws E_KEY_LENGTH when the block is cut
 */
export function readKeySlots(form: KeyForm, tmk: Uint8Array, hex: string): KeySlot[] {
  const master = keyCipher(form, tmk);
  const block = fromHex(hex);
  const slots = SLOT_BYTES[form];
  const expected = slots.reduce((sum, slotBytes) => sum + slotBytes + KCV_BYTES, 0);
  if (block.length !== expected && !(form === '004' && block.length === 84)) {
    const text = `${block.length} bytes in form ${form}, which has ${expected}`;
    throw new CountersignError('E_KEY_LENGTH', { path: '62', text });
  }
  let at = 0;
  return slots.map((slotBytes, index) => {
    const name = SLOT_NAMES[index]!;
    const offset = at;
    const encrypted = block.subarray(at, at + slotBytes);
    const isSingle =
      name === 'MAK' &&
      slotBytes === 16 &&
      form !== '006' &&
      encrypted.subarray(8).every((byte) => byte === 0);
    const key = master.decrypt(isSingle ? encrypted.subarray(0, 8) : encrypted);
    const announced = toHex(block, at + slotBytes, at + slotBytes + KCV_BYTES);
    at += slotBytes + KCV_BYTES;
    return { name, offset, key, announced, computed: keyCheckValue(keyCipher(form, key)) };
  });
}

/**
 * The same with every check value compared: all keys or none.
 * @throws E_KEY_LENGTH when the block is cut, E_KCV naming the key that does not match
 */
export function unwrapWorkingKeys(form: KeyForm, tmk: Uint8Array, hex: string): WorkingKeys {
  const slots = readKeySlots(form, tmk, hex);
  const wrong = slots.find(({ announced, computed }) => announced !== computed);
  if (wrong !== undefined) {
    throw new CountersignError('E_KCV', { path: '62', offset: wrong.offset, text: wrong.name });
  }
  const [pik, mak, tdk] = slots;
  return { pik: pik!.key, mak: mak!.key, ...(tdk === undefined ? {} : { tdk: tdk.key }) };
}
