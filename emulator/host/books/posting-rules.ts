/** Accounts a rule may touch; each belongs to the card, merchant or institution of the event. */
export type AccountRole =
  | 'card'
  | 'unsettled'
  | 'payable'
  | 'held'
  | 'receivable'
  | 'transit'
  | 'bank'
  | 'fees'
  | 'surcharges'
  | 'chargebacks'
  | 'deposit'
  | 'payout-fees'
  | 'suspense'
  | 'wallet'
  | 'refund-fees'
  | 'device-paid'
  | 'device-deposit'
  | 'devices'
  | 'opening';

/** Amounts an event brings: gross, fee, and what is left of them. */
export type AmountName = 'amount' | 'fee' | 'surcharge' | 'net' | 'held';

export interface PostingLine {
  readonly account: AccountRole;
  /** + money arrives in the account, - money leaves it. */
  readonly sign: '+' | '-';
  readonly of: AmountName;
}

/** What an event does to the books; the lines of every rule add up to nothing. */
export type PostingRules = Readonly<Record<PostingEvent, readonly PostingLine[]>>;

export type PostingEvent =
  | 'card-opened'
  | 'sale'
  | 'sale-undone'
  | 'issuer-debited'
  | 'issuer-debit-undone'
  | 'issuer-debit-confirmed'
  | 'wallet-sale'
  | 'wallet-sale-undone'
  | 'wallet-refund'
  | 'refund'
  | 'adjusted-to-holder'
  | 'adjusted-to-merchant'
  | 'refund-fee'
  | 'sale-fee-returned'
  | 'device-ordered'
  | 'device-refunded'
  | 'batch-closed'
  | 'hold-placed'
  | 'hold-released'
  | 'hold-taken'
  | 'receivable-placed'
  | 'receivable-cancelled'
  | 'receivable-recovered'
  | 'deposit-frozen'
  | 'deposit-returned'
  | 'payout-ordered'
  | 'payout-returned'
  | 'paid-out';

function line(account: AccountRole, sign: '+' | '-', of: AmountName): PostingLine {
  return { account, sign, of };
}

/**
 * Chart of accounts, as a flow of money (spec 8.4): a card holder's account, the merchant's money
 * before settlement (unsettled), due to him (payable), under a freeze (held), on its way to his bank
 * (transit), there (bank),
 * what he owes (receivable, negative), and what the institution earns: fees, and surcharges of a device;
 * `chargebacks` is money that disputes have sent back. `opening` is where the cards'
 * first balances came from.
 */
export const POSTING_RULES: PostingRules = {
  'card-opened': [line('opening', '-', 'amount'), line('card', '+', 'amount')],
  sale: [
    line('card', '-', 'amount'),
    line('unsettled', '+', 'net'),
    line('fees', '+', 'fee'),
    line('surcharges', '+', 'surcharge'),
  ],
  // Void and reversal are the exact mirror, fee included (D10).
  'sale-undone': [
    line('card', '+', 'amount'),
    line('unsettled', '-', 'net'),
    line('fees', '-', 'fee'),
    line('surcharges', '-', 'surcharge'),
  ],
  // The issuer has taken it, and its answer is under way, or lost (A05).
  'issuer-debited': [line('card', '-', 'amount'), line('suspense', '+', 'amount')],
  'issuer-debit-undone': [line('suspense', '-', 'amount'), line('card', '+', 'amount')],
  'issuer-debit-confirmed': [
    line('suspense', '-', 'amount'),
    line('unsettled', '+', 'net'),
    line('fees', '+', 'fee'),
    line('surcharges', '+', 'surcharge'),
  ],
  // A payment by code: the wallet owes what its payers have paid.
  'wallet-sale': [
    line('wallet', '-', 'amount'),
    line('unsettled', '+', 'net'),
    line('fees', '+', 'fee'),
    line('surcharges', '+', 'surcharge'),
  ],
  'wallet-sale-undone': [
    line('wallet', '+', 'amount'),
    line('unsettled', '-', 'net'),
    line('fees', '-', 'fee'),
    line('surcharges', '-', 'surcharge'),
  ],
  'wallet-refund': [line('wallet', '+', 'amount'), line('payable', '-', 'amount')],
  // The fee is kept on a refund by default (spec 8.3).
  refund: [line('card', '+', 'amount'), line('payable', '-', 'amount')],
  // By hand, by two people: back to the card, or from it again (A14).
  'adjusted-to-holder': [line('card', '+', 'amount'), line('payable', '-', 'amount')],
  'adjusted-to-merchant': [line('card', '-', 'amount'), line('payable', '+', 'amount')],
  // What a refund costs, whoever bears it: the card's share is smaller then, or the merchant gives more.
  'refund-fee': [line('payable', '-', 'fee'), line('refund-fees', '+', 'fee')],
  'sale-fee-returned': [
    line('fees', '-', 'fee'),
    line('payable', '+', 'fee'),
    line('surcharges', '-', 'surcharge'),
    line('payable', '+', 'surcharge'),
  ],
  // A merchant's own money for a device, price (net) and deposit (held) apart; never card money (B22).
  'device-ordered': [
    line('device-paid', '-', 'amount'),
    line('devices', '+', 'net'),
    line('device-deposit', '+', 'held'),
  ],
  'device-refunded': [
    line('device-paid', '+', 'amount'),
    line('devices', '-', 'net'),
    line('device-deposit', '-', 'held'),
  ],
  // amount = what the batch earned, net of what a freeze takes, held = the frozen part.
  'batch-closed': [
    line('unsettled', '-', 'amount'),
    line('payable', '+', 'net'),
    line('held', '+', 'held'),
  ],
  'hold-placed': [line('payable', '-', 'held'), line('held', '+', 'held')],
  'hold-released': [line('held', '-', 'held'), line('payable', '+', 'held')],
  // The dispute is lost: the money goes back through the network (退单).
  'hold-taken': [line('held', '-', 'held'), line('chargebacks', '+', 'held')],
  // Money that has left already is owed (A13), and taken first from what is earned later.
  'receivable-placed': [line('receivable', '-', 'held'), line('held', '+', 'held')],
  'receivable-cancelled': [line('held', '-', 'held'), line('receivable', '+', 'held')],
  'receivable-recovered': [line('payable', '-', 'amount'), line('receivable', '+', 'amount')],
  // On its way to his bank, until that has said what became of it.
  // An instant one may cost a fee of its own: net is what is left of it.
  'payout-ordered': [
    line('payable', '-', 'amount'),
    line('transit', '+', 'net'),
    line('payout-fees', '+', 'fee'),
  ],
  'payout-returned': [
    line('transit', '-', 'net'),
    line('payout-fees', '-', 'fee'),
    line('payable', '+', 'amount'),
  ],
  'paid-out': [line('transit', '-', 'net'), line('bank', '+', 'net')],
  // Of a big POS, until its merchant has made the turnover (D07).
  'deposit-frozen': [line('payable', '-', 'amount'), line('deposit', '+', 'amount')],
  'deposit-returned': [line('deposit', '-', 'amount'), line('payable', '+', 'amount')],
};
