import { fromHex } from '../protocol/bytes/hex.ts';
import { withRoom } from '../protocol/codec/field-text.ts';
import { UNIONPAY_POS } from '../protocol/dialects/unionpay-pos.ts';
import { encodeMessage } from '../protocol/message/encode-message.ts';
import type { Message, WritableMessage } from '../protocol/message/message.ts';

/**
 * (a): a purchase of 17 fields in the format of npm iso_8583, 179 bytes. Its fields, as those of the
 * other messages here, are a record with room, which is what readers, terminals and hosts make.
 */
export const ASCII_PURCHASE: Message = {
  mti: '0200',
  fields: withRoom({
    2: '6225881234567898',
    3: '000000',
    4: '000000012345',
    7: '0801093015',
    11: '000017',
    12: '093015',
    13: '0801',
    14: '3012',
    18: '5411',
    22: '051',
    25: '00',
    35: '6225881234567898=301220112',
    37: 'REF000000017',
    41: 'TERM0001',
    42: 'MERCHANT0000001',
    49: '156',
    123: '511201213344002',
  }),
};

/** The same with five fields more, for the run with damaged bytes: text and bytes among them. */
export const LONG_ASCII_PURCHASE: Message = {
  mti: '0200',
  fields: withRoom({
    ...ASCII_PURCHASE.fields,
    23: '001',
    32: '48021000',
    43: 'Corner Shop, 8 Lake Road, Hangzhou    CN',
    48: 'LANE 3; CASHIER 07',
    52: '1A2B3C4D5E6F7081',
  }),
};

export const MAC_KEY = fromHex('0123456789ABCDEF8899AABBCCDDEEFF');

/** Field 64 of (b), hex of the eight characters of its MAC under {@link MAC_KEY}. */
const MAC = '3437353538433339';

/**
 * (b): a UnionPay purchase of 18 fields with a chip card, PIN and MAC, 253 bytes. Field 55 holds the
 * tags that a terminal sends (spec 9.2). Its values stand here as a program makes them; values cut
 * out of another message would be slower to write, for every library.
 */
export const UNIONPAY_PURCHASE: Message = {
  mti: '0200',
  fields: withRoom({
    2: '6225881234567890128',
    3: '000000',
    4: '000000012345',
    11: '000017',
    14: '3012',
    22: '051',
    23: '001',
    25: '00',
    26: '12',
    35: '6225881234567890128D30122200000000012',
    41: '10000001',
    42: '898110000000001',
    49: '156',
    52: '1A2B3C4D5E6F7081',
    53: '2600000000000000',
    // Joined, not added: a sum of strings stays a tree until somebody reads it.
    55: [
      '9F26086444FB0F8E35A3D29F2701809F101307010103A00000010A010000000000ED538FE49F37041A2B3C4D',
      '9F36020157950500000000009A032601159C01009F02060000000123455F2A02015682027C009F1A020156',
      '9F3303E0E1C89F34034203009F3501229F1E0831323334353637388408A0000003330101019F410400000017',
    ].join(''),
    60: '2200000100060',
    64: MAC,
  }),
};

/** The same with field 55 as the bytes that a chip gives. */
export const UNIONPAY_PURCHASE_WITH_BYTES: WritableMessage = {
  mti: UNIONPAY_PURCHASE.mti,
  fields: { ...UNIONPAY_PURCHASE.fields, 55: fromHex(UNIONPAY_PURCHASE.fields[55]!) },
};

export const UNIONPAY_PURCHASE_BYTES = encodeMessage(UNIONPAY_POS, UNIONPAY_PURCHASE);
