import type { Asked } from '../../emulator/host/enquiry/find-asked.ts';
import type { Found } from '../../emulator/host/host-control.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import {
  DATE,
  flag,
  object,
  optional,
  word,
  words,
  type ObjectOf,
  shownAs,
  type ValueOf,
} from '../form.ts';
import { listRoute } from '../list-route.ts';
import { foundOr404, type Office, type Route } from '../route.ts';
import { BATCH, CARD, fen, RRN, STAN, TID } from '../shared-forms.ts';

/** What names a transaction, or those of a card on a day. */
export const KEYS_SHAPE = {
  rrn: optional(RRN),
  tid: optional(TID),
  batch: optional(BATCH),
  stan: optional(STAN),
  card: optional(CARD),
  date: optional(DATE),
} as const;
type Keys = ObjectOf<typeof KEYS_SHAPE>;
export const KEYS_SUMMARY = 'by `rrn`, by `tid`, `batch` and `stan`, or by `card` and `date`';

/** pending: another party was asked, and has not said what becomes of it. */
export const STATUSES = ['pending', 'active', 'voided', 'reversed', 'declined'] as const;

export const TRANSACTION = object({
  id: words('terminal, batch and trace number; of a refund of the host its own'),
  kind: word(['sale', 'void', 'refund'], 'what it is'),
  status: word(STATUSES, 'what has become of it'),
  tid: words('terminal; empty for the host’s own'),
  mid: words('merchant'),
  batchNo: words('batch number; empty for the host’s own'),
  stan: words('trace number; empty for the host’s own'),
  rrn: words('reference number'),
  authCode: words('authorisation code'),
  rc: words('response code, field 39'),
  date: words('business date of the host'),
  settlementDate: words('MMDD, field 15'),
  cardId: words('the issuer’s name for the card; empty for one that it does not know'),
  card: words('masked number'),
  entry: words('how the card was read'),
  wallet: optional(words('who was asked, where a code was paid with')),
  voucher: optional(words('the wallet’s number of the payment')),
  why: optional(words('why another party has declined it')),
  amountFen: fen('amount'),
  feeFen: fen('fee'),
  surchargeFen: fen('surcharge of the device'),
  refundedFen: fen('what of it has been refunded'),
  tariffLine: optional(words('line of the tariff that made the fee')),
  isSettled: flag('whether its batch is closed'),
  dueOn: optional(words('the day on which its money is due')),
  payoutId: optional(words('the payout that carries it')),
  originalId: optional(words('the sale that it undoes or refunds')),
});

/** A transaction as people see it: no member is passed on unnamed. */
export function transactionView(transaction: Transaction): ValueOf<typeof TRANSACTION> {
  const { cardMasked: card, surchargeFen = 0 } = transaction;
  return shownAs(TRANSACTION, { ...transaction, card, surchargeFen });
}

/**
 * All that is asked for, with the answer of the enquiry; a 404 that does not say what of it is known.
 * @throws E_API_INPUT when it is not one of the three ways of asking
 */
export function askedFor({ control }: Office, query: Keys): readonly Found[] {
  const [first, ...others] = control.enquireAll(askedOf(query));
  return [foundOr404(first, 'transaction'), ...others];
}

function askedOf({ rrn, tid, batch, stan, card, date }: Keys): Asked {
  const given = [rrn, tid, batch, stan, card, date].filter((each) => each !== undefined).length;
  if (rrn !== undefined && given === 1) return { rrn };
  if (card !== undefined && date !== undefined && given === 2) return { card, date };
  if (tid !== undefined && batch !== undefined && stan !== undefined && given === 3) {
    return { tid, batchNo: batch, stan };
  }
  const text = `query: what is asked for is named ${KEYS_SUMMARY}`;
  throw new CountersignError('E_API_INPUT', { text });
}

export const TRANSACTION_ROUTES: readonly Route[] = [
  listRoute({
    path: '/transactions',
    summary: `transactions ${KEYS_SUMMARY}`,
    query: KEYS_SHAPE,
    name: 'transactions',
    item: TRANSACTION,
    problems: [404],
    all: ({ office, query }) => askedFor(office, query),
    idOf: ({ transaction }) => transaction.id,
    show: ({ transaction }) => transactionView(transaction),
  }),
];
