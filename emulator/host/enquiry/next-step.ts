import type { Title } from '../../events/party-event.ts';
import type { ArrivalCause } from './enquire.ts';

/** What happens next with the money of a transaction, by why it has not arrived. */
const NEXT_STEPS: Readonly<Record<ArrivalCause, Title>> = {
  'insufficient-funds': {
    zh: '未扣款，无款可退；余额充足后请重新交易',
    en: 'nothing was taken, so nothing comes back; pay again when the card has the money',
  },
  'channel-down': {
    zh: '渠道恢复后继续处理，不会重复入账',
    en: 'it goes on when the channel is back, and nothing is done twice',
  },
  'compliance-review': {
    zh: '等待合规审查结束；解冻后随下次出款到账',
    en: 'it waits for the review to end; what is released goes with the next payout',
  },
  'manual-intervention': {
    zh: '人工处理过；如有误，由另一人复核后以新分录更正或解冻，随下次出款到账',
    en: 'people have handled it; what is wrong is corrected or released by another, and goes with the next payout',
  },
  'not-due-yet': {
    zh: '随出款日的出款批次到账',
    en: 'it goes with the payout run of the day on which it is due',
  },
  reversed: { zh: '款项已退回持卡人', en: 'the card holder has the money back' },
  voided: { zh: '款项已退回持卡人', en: 'the card holder has the money back' },
  refunded: {
    zh: '款项已原路退回，按发卡行时效到账',
    en: 'it goes back on the route by which it came; the card holder has it within days',
  },
  arrived: { zh: '无需处理', en: 'nothing is left to do' },
  'system-delay': {
    zh: '下次出款处理时继续，每笔只付一次',
    en: 'the next payout run goes on with it, and pays it once',
  },
  'wrong-account': {
    zh: '请核实并更正结算账户，更正后随下次出款到账',
    en: 'correct the registered account; the next payout run pays to it',
  },
};

/** Of a decline whose reason lies with the card or the request. */
const DECLINED: Title = {
  zh: '未扣款，请按应答码处理',
  en: 'nothing was taken; the response code says why',
};
const PAY_AGAIN: Title = {
  zh: '未扣款或已全额退回；渠道恢复后请重新交易',
  en: 'nothing is kept of it; pay again when the channel is back',
};
const UNKNOWN: Title = {
  zh: '查无此交易，请核对查询条件',
  en: 'check what was asked for: there is no such transaction',
};

/** @param isDeclined nothing was taken, and nothing goes on by itself */
export function nextStep(
  cause: ArrivalCause | undefined,
  isFound: boolean,
  isDeclined = false,
): Title {
  if (isDeclined && cause === 'channel-down') return PAY_AGAIN;
  if (cause !== undefined) return NEXT_STEPS[cause];
  return isFound ? DECLINED : UNKNOWN;
}

/** Names of the causes, as people say them. */
export const CAUSE_NAMES: Readonly<Record<ArrivalCause, Title>> = {
  'insufficient-funds': { zh: '余额不足', en: 'insufficient funds' },
  'channel-down': { zh: '渠道故障', en: 'channel down' },
  'compliance-review': { zh: '合规审查', en: 'compliance review' },
  'manual-intervention': { zh: '人为干预', en: 'manual intervention' },
  'not-due-yet': { zh: '未到出款日', en: 'not due yet' },
  reversed: { zh: '已冲正', en: 'reversed' },
  voided: { zh: '已撤销', en: 'voided' },
  refunded: { zh: '已退货', en: 'refunded' },
  arrived: { zh: '已到账', en: 'arrived' },
  'system-delay': { zh: '系统延迟', en: 'system delay' },
  'wrong-account': { zh: '账户信息有误', en: 'wrong account' },
};
