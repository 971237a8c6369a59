import type { Title } from '../../events/party-event.ts';
import type { AccountRole, PostingEvent } from './posting-rules.ts';

/** An account of the books: whose it is, how it is named, what lies in it. */
export interface AccountSpec {
  readonly title: Title;
  /** Name of the account, with `{card}`, `{mid}` and `{wallet}` for its owner. */
  readonly name: string;
  readonly holds: string;
}

/**
 * Chart of accounts. The books are a flow of money: an amount lies in one account at a time, and every
 * entry moves it between two or more. Positive is money that lies there.
 */
export const CHART: Readonly<Record<AccountRole, AccountSpec>> = {
  opening: {
    title: { zh: '期初', en: 'opening' },
    name: 'issuer/opening',
    holds: 'minus what the cards began with',
  },
  card: {
    title: { zh: '持卡人账户', en: 'card' },
    name: 'card/{card}',
    holds: 'what the holder can spend',
  },
  unsettled: {
    title: { zh: '商户未结算款', en: 'unsettled' },
    name: 'merchant/{mid}/unsettled',
    holds: 'net of the sales of open batches',
  },
  payable: {
    title: { zh: '应付商户款', en: 'payable' },
    name: 'merchant/{mid}/payable',
    holds: 'due to the merchant; negative after refunds of more than there was',
  },
  held: {
    title: { zh: '冻结款', en: 'held' },
    name: 'merchant/{mid}/held',
    holds: 'kept back by freezes',
  },
  receivable: {
    title: { zh: '应收商户款', en: 'receivable' },
    name: 'merchant/{mid}/receivable',
    holds: 'minus what the merchant owes, for money that had left before it was frozen',
  },
  deposit: {
    title: { zh: '交易押金', en: 'turnover deposit' },
    name: 'merchant/{mid}/deposit',
    holds: 'frozen for a big POS until its merchant has made the turnover',
  },
  'payout-fees': {
    title: { zh: '即时出款手续费收入', en: 'payout fees' },
    name: 'acquirer/payout-fees',
    holds: 'what instant payouts cost, apart from the fees of sales',
  },
  transit: {
    title: { zh: '出款在途', en: 'on its way' },
    name: 'merchant/{mid}/transit',
    holds: 'ordered, and not confirmed by the bank',
  },
  bank: {
    title: { zh: '已出款', en: 'paid' },
    name: 'merchant/{mid}/bank',
    holds: 'confirmed by the bank',
  },
  suspense: {
    title: { zh: '发卡渠道挂账', en: 'suspense' },
    name: 'acquirer/suspense',
    holds: 'taken by an issuer whose answer has not come',
  },
  wallet: {
    title: { zh: '钱包渠道应收', en: 'wallet' },
    name: 'wallet/{wallet}',
    holds: 'minus what the wallet owes for payments by code',
  },
  fees: {
    title: { zh: '手续费收入', en: 'fees' },
    name: 'acquirer/fees',
    holds: 'fees of the tariff',
  },
  surcharges: {
    title: { zh: '附加费收入', en: 'surcharges' },
    name: 'acquirer/surcharges',
    holds: 'what a device costs on every sale',
  },
  'device-paid': {
    title: { zh: '商户自付设备款', en: 'paid for devices' },
    name: 'device/{mid}/paid',
    holds: 'minus what the merchant has paid for devices from his own pocket',
  },
  'device-deposit': {
    title: { zh: '设备押金', en: 'device deposit' },
    name: 'device/{mid}/deposit',
    holds: 'deposits for devices',
  },
  devices: {
    title: { zh: '设备收入', en: 'devices' },
    name: 'acquirer/devices',
    holds: 'prices of devices, and penalties for those that came back',
  },
  'refund-fees': {
    title: { zh: '退款手续费收入', en: 'refund fees' },
    name: 'acquirer/refund-fees',
    holds: 'what refunds have cost, by the policy of the refund desk',
  },
  chargebacks: {
    title: { zh: '退单清算', en: 'chargebacks' },
    name: 'acquirer/chargebacks',
    holds: 'taken from merchants in disputes, for the network',
  },
};

/** What people call each event of the books. */
export const EVENT_TITLES: Readonly<Record<PostingEvent, Title>> = {
  'card-opened': { zh: '开卡', en: 'a card is opened with its first balance' },
  sale: { zh: '消费批准', en: 'a sale is approved' },
  'sale-undone': { zh: '消费撤销或冲正', en: 'a sale is voided or reversed' },
  'issuer-debited': {
    zh: '发卡行已扣款、应答未达',
    en: 'an issuer takes the money, its answer has not come',
  },
  'issuer-debit-undone': { zh: '向发卡行冲正', en: 'such a debit is reversed at the issuer' },
  'issuer-debit-confirmed': { zh: '发卡行应答到达', en: 'the answer of the issuer comes' },
  'wallet-sale': { zh: '扫码消费批准', en: 'a payment by code is confirmed' },
  'wallet-sale-undone': { zh: '扫码消费撤销或冲正', en: 'a payment by code is voided or reversed' },
  'wallet-refund': { zh: '扫码退货批准', en: 'a payment by code is refunded' },
  refund: { zh: '退货批准', en: 'a refund is approved' },
  'adjusted-to-holder': {
    zh: '手工贷记调整',
    en: 'two people give money of a sale back to its card by hand',
  },
  'adjusted-to-merchant': {
    zh: '手工请款',
    en: 'two people take it from the card again: a wrong refund is corrected',
  },
  'refund-fee': { zh: '退款手续费', en: 'a refund costs a fee' },
  'sale-fee-returned': {
    zh: '退还消费手续费',
    en: 'fee and surcharge of a sale come back with its refund',
  },
  'device-ordered': { zh: '订购设备', en: 'a merchant pays for a device' },
  'device-refunded': { zh: '设备退款', en: 'a device is refunded' },
  'batch-closed': { zh: '批结算', en: 'a batch is settled' },
  'hold-placed': { zh: '冻结', en: 'money is frozen' },
  'hold-released': { zh: '解冻', en: 'a freeze ends, or part of it' },
  'hold-taken': { zh: '退单扣划', en: 'the merchant loses frozen money in a dispute' },
  'receivable-placed': { zh: '出款后冻结', en: 'money is frozen that has left already' },
  'receivable-cancelled': {
    zh: '欠款撤销',
    en: 'such a freeze ends before the debt was recovered',
  },
  'receivable-recovered': { zh: '欠款扣回', en: 'the debt is taken from what is due' },
  'deposit-frozen': { zh: '押金冻结', en: 'a deposit is taken from what is due' },
  'deposit-returned': { zh: '押金退还', en: 'the turnover is made, and the deposit goes back' },
  'payout-ordered': { zh: '出款指令', en: 'a payout is ordered' },
  'payout-returned': { zh: '出款退回', en: 'the bank refuses a payout' },
  'paid-out': { zh: '出款成功', en: 'the bank confirms a payout' },
};
