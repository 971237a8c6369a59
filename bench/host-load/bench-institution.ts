import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { Institution, TerminalAccount } from '../../emulator/host/host-config.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { withRoom } from '../../protocol/codec/field-text.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { encodeFrame } from '../../protocol/framing/envelope.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import type { FieldValues } from '../../protocol/message/message.ts';
import { desCipher } from '../../protocol/security/block-cipher.ts';
import { sealMac } from '../../protocol/security/mac.ts';
import { encryptPinBlock } from '../../protocol/security/pin-block.ts';
import { wrapWorkingKeys } from '../../protocol/security/working-keys.ts';

const MERCHANTS = 16;
const TMK = TEST_INSTITUTION.terminals[0]!.tmk;
/** Test keys, known to both sides from the start, so that no load begins with a sign-in. */
const KEYS = {
  pik: fromHex('11111111111111112222222222222222'),
  mak: fromHex('33333333333333334444444444444444'),
  tdk: fromHex('55555555555555556666666666666666'),
};
const mak = desCipher(KEYS.mak);
const [CARD] = TEST_INSTITUTION.cards;
export const BENCH_KEYS = { mak, pik: desCipher(KEYS.pik) };
export const BENCH_PAN = CARD!.pan;
const PIN_BLOCK = encryptPinBlock(desCipher(KEYS.pik), CARD!.pin, CARD!.pan);

export const BENCH_START_MS = Date.UTC(2026, 0, 15, 1, 30);

export function tidOf(terminal: number): string {
  return String(20_000_000 + terminal);
}

function midOf(terminal: number): string {
  return String(898_110_000_000_100 + (terminal % MERCHANTS));
}

/** As many terminals as wanted, at sixteen merchants, and one card that never ends. */
export function benchInstitution(terminals: number): Institution {
  const accounts = Array.from({ length: terminals }, (_, terminal): TerminalAccount => {
    return { tid: tidOf(terminal), mid: midOf(terminal), tmk: TMK };
  });
  return {
    ...TEST_INSTITUTION,
    merchants: Array.from({ length: MERCHANTS }, (_, place) => ({
      mid: midOf(place),
      name: `bench ${place}`,
      account: `bank-a/${place}`,
    })),
    terminals: accounts,
    cards: [{ ...CARD!, openingFen: 1e15, singleLimitFen: 1e12, dailyLimitFen: 1e15 }],
  };
}

/** Every terminal signed in, with its keys. */
export function benchSessions(terminals: number): HostEvent[] {
  return Array.from({ length: terminals }, (_, terminal): HostEvent => {
    const keyBlob = wrapWorkingKeys('004', fromHex(TMK), KEYS);
    return {
      kind: 'session-opened',
      tid: tidOf(terminal),
      batchNo: '000001',
      keyForm: '004',
      keyBlob,
    };
  });
}

const ENVELOPE = { tpdu: '6000030000', header: '603100310000' };

function sealed(fields: FieldValues): Uint8Array {
  // With room, as messages that are read have: the literals would make the host beside it slow.
  const encoded = encodeMessage(UNIONPAY_POS, {
    mti: '0200',
    fields: withRoom({ ...fields, 64: '0'.repeat(16) }),
  });
  sealMac(mak, encoded);
  return encodeFrame(ENVELOPE, encoded, UNIONPAY_POS);
}

/** A sale of 1.00 by stripe and PIN, as a frame. */
export function saleFrame(terminal: number, stan: number, batch = 1): Uint8Array {
  return sealed({
    3: '000000',
    4: '000000000100',
    11: String(stan).padStart(6, '0'),
    22: '021',
    25: '00',
    26: '06',
    35: CARD!.track2,
    41: tidOf(terminal),
    42: midOf(terminal),
    49: '156',
    52: PIN_BLOCK,
    53: '2600000000000000',
    60: `22${String(batch).padStart(6, '0')}00060`,
  });
}

/** Settlement of a batch of so many such sales. */
export function settlementFrame(terminal: number, sales: number, batch: number): Uint8Array {
  const part = String(sales * 100).padStart(12, '0') + String(sales).padStart(3, '0');
  const none = '0'.repeat(15);
  const encoded = encodeMessage(UNIONPAY_POS, {
    mti: '0500',
    fields: withRoom({
      11: '999999',
      41: tidOf(terminal),
      42: midOf(terminal),
      48: `${part}${none}0${none}${none}0`,
      49: '156',
      60: `00${String(batch).padStart(6, '0')}201`,
      63: '01 ',
    }),
  });
  return encodeFrame(ENVELOPE, encoded, UNIONPAY_POS);
}
