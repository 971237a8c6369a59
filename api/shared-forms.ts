import { CARD_NAME } from '../emulator/host/enquiry/find-asked.ts';
import { MOST_FEN } from '../protocol/message/amount.ts';
import { said, text, whole } from './form.ts';

export const AMOUNT_FEN = whole(1, MOST_FEN, 'amount in fen');

/** What lies in an account or has moved; some can be below nothing. */
export function fen(description: string): ReturnType<typeof whole> {
  return whole(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, `${description}, in fen`);
}

export function count(description: string): ReturnType<typeof whole> {
  return whole(0, Number.MAX_SAFE_INTEGER, description);
}

export const TID = text('[0-9A-Za-z]{1,8}', 'terminal', '10000001');
export const MID = text('[0-9A-Za-z]{1,15}', 'merchant', '898110000000001');
export const BATCH = text('\\d{6}', 'batch number', '000001');
export const STAN = text('\\d{6}', 'trace number', '000002');
export const RRN = text('[0-9A-Za-z]{1,12}', 'reference number', '093000000002');
export const TRANSACTION_ID = text(
  '[0-9A-Za-z]{1,8}-\\d{6}-\\d{6}',
  'terminal, batch and trace number',
  '10000001-000001-000002',
);
export const CARD = text(CARD_NAME, 'a card by its masked number, or the issuer’s name for it');
export const HOLD_ID = text('H\\d{6,}', 'number of a freeze', 'H000001');
export const PAYOUT_ID = text('P\\d{6,}', 'number of a payout', 'P000001');

export const REASON = said('why', 'compliance review');
export const BY = said('who does it', 'li');

export const PICTURE = text(
  '([0-9A-Fa-f]{2}){1,20000}',
  'a signature: JBIG as hex, with the feature code of its sale or refund',
);
