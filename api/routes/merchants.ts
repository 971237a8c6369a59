import type { Deposit } from '../../emulator/host/settlement/deposit-book.ts';
import { USUAL_CONTRACT } from '../../emulator/host/tariff/tariff.ts';
import { flag, list, object, optional, said, words, type ValueOf } from '../form.ts';
import { foundOr404, refused, route, type Office, type Route } from '../route.ts';
import { BY, fen, MID, PAYOUT_ID } from '../shared-forms.ts';
import { CONTRACT } from './contract.ts';
import { standingRoutes } from './standing.ts';

const MOST_PAYOUTS = 20;

const BALANCES = object({
  unsettledFen: fen('net of the sales of open batches'),
  payableFen: fen('due at the next payout'),
  heldFen: fen('kept back by freezes'),
  depositFen: fen('of a big POS, until its turnover is made'),
  owedFen: fen('what he owes'),
  transitFen: fen('on its way to his bank'),
  paidFen: fen('paid out so far'),
});

const DEPOSIT = object({
  amountFen: fen('what his big POS costs him'),
  turnoverFen: fen('turnover at which it goes back'),
  heldFen: fen('taken so far from what was due to him'),
  turnedOverFen: fen('turnover so far'),
  isReturned: flag('whether he has it back'),
});

const MERCHANT = object({
  mid: MID,
  name: words('name'),
  account: words('his own account, where he is paid'),
  isSuspended: flag('whether he may not trade'),
  contract: CONTRACT,
  balances: BALANCES,
  deposit: optional(DEPOSIT),
  payouts: list(PAYOUT_ID, `his latest, ${MOST_PAYOUTS} at most; GET /payouts?mid= gives all`),
});

const ACCOUNT_ORDER = object({
  account: said('his account at a bank', 'bank-a/0003'),
  holder: said('whose account it is: his own number, for nobody else is paid', '898110000000001'),
  by: BY,
});

function view({ state, control }: Office, mid: string): ValueOf<typeof MERCHANT> | undefined {
  const merchant = state.merchants.get(mid);
  if (merchant === undefined) return undefined;
  const deposit = control.settlement.deposit(mid);
  return {
    mid,
    name: merchant.name,
    account: state.accounts.get(mid) ?? merchant.account,
    isSuspended: state.suspended.has(mid),
    contract: state.contracts.get(mid) ?? USUAL_CONTRACT,
    balances: control.merchant(mid),
    ...(deposit === undefined ? {} : { deposit: depositView(deposit) }),
    payouts: latestPayouts(state, mid),
  };
}

function latestPayouts({ payouts }: Office['state'], mid: string): string[] {
  const own = [...payouts.values()].filter((each) => each.mid === mid);
  return own.slice(-MOST_PAYOUTS).map(({ id }) => id);
}

function depositView(deposit: Deposit): ValueOf<typeof DEPOSIT> {
  const { amountFen, turnoverFen, heldFen, turnedOverFen, isReturned } = deposit;
  return { amountFen, turnoverFen, heldFen, turnedOverFen, isReturned };
}

const ONE = {
  path: '/merchants',
  what: 'merchant',
  id: MID,
  answer: MERCHANT,
  find: view,
} as const;

export const MERCHANT_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/merchants',
    summary: 'the merchants, with their money',
    answer: object({ merchants: list(MERCHANT) }),
    reply: ({ office }) => ({
      merchants: [...office.state.merchants.keys()].flatMap((mid) => view(office, mid) ?? []),
    }),
  }),
  route({
    method: 'get',
    path: '/merchants/{id}',
    summary: 'one merchant: account, contract, standing, balances, payouts',
    id: MID,
    answer: MERCHANT,
    problems: [404],
    reply: ({ office, id }) => foundOr404(view(office, id), 'merchant'),
  }),
  route({
    method: 'put',
    path: '/merchants/{id}/account',
    summary: 'registers where he is paid',
    id: MID,
    body: ACCOUNT_ORDER,
    answer: MERCHANT,
    problems: [404, 409],
    reply({ office, id, body }) {
      foundOr404(view(office, id), 'merchant');
      const why = office.control.setAccount(id, body.account, body.holder, body.by);
      if (why !== undefined) throw refused(why);
      return foundOr404(view(office, id), 'merchant');
    },
  }),
  route({
    method: 'post',
    path: '/merchants/{id}/contracts',
    summary: 'enters what he has agreed on; his earlier rates stay on record',
    id: MID,
    body: object({ contract: CONTRACT, by: BY }),
    answer: MERCHANT,
    problems: [404, 409],
    reply({ office, id, body }) {
      foundOr404(view(office, id), 'merchant');
      const why = office.control.setContract(id, body.contract, body.by);
      if (why !== undefined) throw refused(why);
      return foundOr404(view(office, id), 'merchant');
    },
  }),
  ...standingRoutes(ONE),
];
