import type { Dialect } from '../dialect/dialect.ts';
import { UNIONPAY_POS_FIELDS } from './unionpay-pos-fields.ts';
import { UNIONPAY_POS_RESPONSE_CODES } from './unionpay-pos-response-codes.ts';
import { UNIONPAY_POS_TRANSACTIONS } from './unionpay-pos-transactions.ts';

/** The default dialect: the common UnionPay form of the terminal link. */
export const UNIONPAY_POS: Dialect = {
  id: 'unionpay-pos',
  title: 'UnionPay-style POS terminal link, BCD, 64 fields',
  framing: {
    lengthBytes: 2,
    maxFrameBytes: 4096,
    tpdu: '6000030000',
    header: '603100310000',
  },
  fields: UNIONPAY_POS_FIELDS,
  macField: 64,
  // One real terminal pads an odd field 35 with F (spec 3).
  leniencies: ['pad-nibble'],
  transactions: UNIONPAY_POS_TRANSACTIONS,
  responseCodes: UNIONPAY_POS_RESPONSE_CODES,
  reversalReasons: { noResponse: '98', terminalFault: '06', macError: 'A0' },
  reversalFinal: ['00', '12', '25'],
  signInAgain: ['77', '99', 'A0'],
  entryModes: { swipe: '02', chip: '05', contactless: '07', keyed: '01' },
  pinDigits: { entered: '1', none: '2' },
  encryptedTrack: { field: 53, digit: 3, value: '1' },
  reversalWithPan: ['01', '05', '07', '95', '96', '98'],
};
