import type { DayTotals } from '../../emulator/host/settlement/clearing-book.ts';
import { totalsOf, type ClearingRow } from '../../emulator/host/settlement/clearing-rows.ts';
import {
  STATEMENT_LINES,
  type MerchantStatement,
} from '../../emulator/host/settlement/merchant-statement.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { DATE, object, optional, word, words, type Form, type ValueOf } from '../form.ts';
import { listRoute } from '../list-route.ts';
import { checkJournal, foundOr404, route, type Office, type Route } from '../route.ts';
import { count, fen, MID } from '../shared-forms.ts';

const LINE = object({ count: count('how often'), fen: fen('by how much in all') });
type Lines = MerchantStatement['lines'];

const STATEMENT = object({
  mid: MID,
  from: DATE,
  to: DATE,
  openingFen: fen('what the acquirer had of his before the first day'),
  lines: object(
    Object.fromEntries(STATEMENT_LINES.map((line) => [line, LINE])) as {
      readonly [Line in keyof Lines]: typeof LINE;
    },
  ),
  closingFen: fen('what it has after the last one: the opening and all lines'),
  places: object({
    payable: fen('due at the next payout'),
    held: fen('kept back by freezes'),
    deposit: fen('of a big POS'),
    transit: fen('on its way to his bank'),
    receivable: fen('what he owes, below nothing'),
  }),
});

function statementView(shown: MerchantStatement): ValueOf<typeof STATEMENT> {
  const { mid, from, to, openingFen, lines, closingFen, places } = shown;
  const { payable, held, deposit, transit, receivable } = places;
  return {
    mid,
    from,
    to,
    openingFen,
    lines,
    closingFen,
    places: { payable, held, deposit, transit, receivable },
  };
}

const TOTALS: Form<DayTotals> = object({
  sales: count('sales'),
  salesFen: fen('what they come to'),
  refunds: count('refunds'),
  refundsFen: fen('what they give back'),
  adjustments: count('adjustments that are booked'),
  adjustmentsFen: fen('what they give back to holders, less what is taken from them again'),
  feesFen: fen('fees'),
  surchargesFen: fen('surcharges of devices'),
  netFen: fen('what is left for the merchants'),
});

const STATE = word(['open', 'closed'], 'open: its cut-off is still to come');
const DAY_SHAPE = {
  day: DATE,
  state: STATE,
  totals: TOTALS,
  closedAt: optional(words('when it was closed')),
  fileHash: optional(words('over the clearing file of a closed day: made again, it is the same')),
} as const;
const DAY = object(DAY_SHAPE);

function dayView({ control }: Office, day: string): ValueOf<typeof DAY> {
  const { settlement } = control;
  const closed = settlement.closedDay(day);
  if (closed === undefined) {
    return { day, state: 'open', totals: totalsOf(settlement.clearingRows(day)) };
  }
  const { totals, at: closedAt, fileHash } = closed;
  return { day, state: 'closed', totals, closedAt, fileHash };
}

/** Every settlement day with something in it, the earliest first. */
function daysOf({ state }: Office): string[] {
  return [...state.cleared.keys()].toSorted();
}

const ROW = object({
  line: count('place in the file, from 1 on'),
  settleDate: DATE,
  merchantId: MID,
  terminalId: words('terminal; empty for the host’s own'),
  batchNo: words('batch number; empty for the host’s own'),
  stan: words('trace number; empty for the host’s own'),
  rrn: words('reference number, or the number of the adjustment'),
  authCode: words('authorisation code'),
  type: word(['sale', 'refund', 'adjustment'], 'what it is'),
  cardMasked: words('masked number'),
  cardClass: word(['debit', 'credit', ''], 'empty for a payment by code'),
  amountFen: fen('what the holder pays; below nothing when he gets it back'),
  feeFen: fen('fee'),
  surchargeFen: fen('surcharge of the device'),
  netFen: fen('what the merchant gets; below nothing when he gives it back'),
  status: word(['settled', 'ordered', 'paid'], 'how far its money has come by now'),
  originalRrn: words('the sale that it gives back; else empty'),
  payoutId: words('the payout that carries it, or empty'),
});

interface PlacedRow {
  readonly line: number;
  readonly row: ClearingRow;
}

function rowView({ line, row }: PlacedRow): ValueOf<typeof ROW> {
  const { settleDate, merchantId, terminalId, batchNo, stan, rrn, authCode, type } = row;
  const { cardMasked, cardClass, amountFen, feeFen, surchargeFen, netFen } = row;
  const { status, originalRrn, payoutId } = row;
  return {
    line,
    settleDate,
    merchantId,
    terminalId,
    batchNo,
    stan,
    rrn,
    authCode,
    type,
    cardMasked,
    cardClass,
    amountFen,
    feeFen,
    surchargeFen,
    netFen,
    status,
    originalRrn,
    payoutId,
  };
}

export const SETTLEMENT_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/merchants/{id}/statement',
    summary: 'his money from one day to another: what it was, what moved it, what is left',
    id: MID,
    query: object({ from: DATE, to: DATE }),
    answer: STATEMENT,
    problems: [404, 409],
    reply({ office, id, query: { from, to } }) {
      foundOr404(office.state.merchants.get(id), 'merchant');
      if (from > to) {
        const text = 'query/from is later than query/to';
        throw new CountersignError('E_API_INPUT', { text });
      }
      checkJournal(office);
      return statementView(office.control.settlement.statement(id, { from, to }));
    },
  }),
  listRoute({
    path: '/settlement-days',
    summary: 'the settlement days with something in them, open and closed, the earliest first',
    query: { state: optional(STATE) },
    name: 'days',
    item: DAY,
    all: ({ office }) =>
      daysOf(office).map((day) => ({ day, isOpen: !office.state.closedDays.has(day) })),
    isChosen: ({ isOpen }, { state }) => state === undefined || (state === 'open') === isOpen,
    idOf: ({ day }) => day,
    show: ({ day }, office) => dayView(office, day),
  }),
  listRoute({
    path: '/settlement-days/{id}',
    summary:
      'one settlement day, with the rows of its clearing file; the file grows until it is closed',
    id: DATE,
    query: { mid: optional(MID) },
    problems: [404],
    head: DAY_SHAPE,
    headOf: ({ office, id }) => dayView(office, id),
    name: 'rows',
    item: ROW,
    all({ office, id }) {
      foundOr404(office.state.cleared.get(id), 'settlement day');
      return office.control.settlement
        .clearingRows(id)
        .map((row, at): PlacedRow => ({ line: at + 1, row }));
    },
    isChosen: ({ row }, { mid }) => (mid ?? row.merchantId) === row.merchantId,
    idOf: ({ line }) => String(line),
    show: rowView,
  }),
];
