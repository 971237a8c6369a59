import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { formatYuan } from '../../protocol/message/amount.ts';
import { CRASH_POINTS, type CrashPoint } from '../../emulator/host/crash-points.ts';
import { BY_ARG, controlOf, MERCHANT_ARG, merchantOf } from './args.ts';
import { say, type StepContext, type Verb } from './verb.ts';

const acting = { needs: ['host-control'], isObservation: false } as const;

export const payout: Verb = {
  ...acting,
  name: 'payout',
  doc: 'a payout run: every merchant gets what is due to him today; what is on its way is asked for again',
  args: { merchant: { ...MERCHANT_ARG, doc: 'whose line is looked at' } },
  sees: {
    outcome: 'done, or power-lost when the host went out in the middle',
    paid: 'yuan that the bank has confirmed in this run',
    instant: 'of these, yuan that were paid on the day of their sales (D+0)',
    fee: 'yuan that instant payouts have cost in this run',
    held: 'yuan kept back by freezes',
    open: 'yuan on its way, and not confirmed',
    problem: 'what the bank has said when it was not yes',
  },
  explain: (_args, lang) => say(lang, { zh: '出款', en: 'Payout run' }),
  run(context, args) {
    const mid = merchantOf(context, args);
    const lines = controlOf(context).payOut();
    if (lines === undefined) return Promise.resolve({ seen: { outcome: 'power-lost' } });
    const line = lines.find((each) => each.mid === mid);
    return Promise.resolve({
      seen: {
        outcome: 'done',
        paid: formatYuan(line?.paidFen ?? 0),
        instant: formatYuan(line?.instantFen ?? 0),
        fee: formatYuan(line?.feeFen ?? 0),
        held: formatYuan(line?.heldFen ?? 0),
        open: formatYuan(line?.openFen ?? 0),
        ...(line === undefined || line.problem === '' ? {} : { problem: line.problem }),
      },
    });
  },
};

function bankOf({ target }: StepContext): NonNullable<StepContext['target']['bank']> {
  if (target.bank === undefined) throw new CountersignError('E_INTERNAL');
  return target.bank;
}

const ACCOUNT = '[a-z0-9-]{1,20}/[0-9]{1,20}';

export const bank: Verb = {
  ...acting,
  name: 'bank',
  doc: 'the bank that pays merchants out: how it behaves, and what it has paid to an account',
  args: {
    fails: { doc: 'orders that it does not answer from now on', pattern: '\\d{1,2}', example: '3' },
    unknown: { doc: 'an account that it does not know', pattern: ACCOUNT, example: 'bank-a/0001' },
    account: { doc: 'the account that is looked at', pattern: ACCOUNT, example: 'bank-a/0001' },
  },
  sees: { received: 'yuan that the account has received' },
  explain({ fails, unknown, account }, lang) {
    const said = [
      ...(fails === undefined
        ? []
        : [{ zh: `${fails} 次不应答`, en: `does not answer ${fails} orders` }]),
      ...(unknown === undefined
        ? []
        : [{ zh: `不认识账户 ${unknown}`, en: `does not know the account ${unknown}` }]),
      ...(account === undefined
        ? []
        : [{ zh: `查账户 ${account}`, en: `shows account ${account}` }]),
    ];
    return say(lang, {
      zh: `出款银行${said.map((each) => each.zh).join('，')}`,
      en: `The payout bank ${said.map((each) => each.en).join(' and ')}`,
    });
  },
  run(context, { fails, unknown, account }) {
    const desk = bankOf(context);
    if (fails !== undefined) desk.fail(Number(fails));
    if (unknown !== undefined) desk.setAccount(unknown, false);
    const seen: Record<string, string> =
      account === undefined ? {} : { received: formatYuan(desk.paidFen(account)) };
    return Promise.resolve({ seen });
  },
};

export const settleAccount: Verb = {
  ...acting,
  name: 'settle-account',
  doc: 'registers the account on which a merchant is paid',
  args: {
    merchant: MERCHANT_ARG,
    account: { doc: 'his account', pattern: ACCOUNT, required: true, example: 'bank-a/0009' },
    holder: {
      doc: 'merchant number of its holder; his own when absent',
      pattern: '\\d{15}',
      example: '898110000000002',
    },
    by: BY_ARG,
  },
  sees: { outcome: 'registered or refused', why: 'why it was refused' },
  explain: ({ account = '', holder, by = '' }, lang) =>
    say(lang, {
      zh: `${by} 登记结算账户 ${account}${holder === undefined ? '' : `（户主 ${holder}）`}`,
      en: `${by} registers the account ${account}${holder === undefined ? '' : `, held by ${holder}`}`,
    }),
  run(context, args) {
    const mid = merchantOf(context, args);
    const { account = '', holder = mid, by = '' } = args;
    const why = controlOf(context).setAccount(mid, account, holder, by);
    const seen = why === undefined ? { outcome: 'registered' } : { outcome: 'refused', why };
    return Promise.resolve({ seen });
  },
};

const CRASH_TEXTS: Readonly<Record<CrashPoint, { zh: string; en: string }>> = {
  'before-commit': { zh: '记账之前', en: 'before it has journalled what it decided' },
  'after-commit': { zh: '记账之后、应答之前', en: 'after the journal, before the answer' },
  'after-answer': { zh: '应答之后', en: 'after the answer' },
  'wallet-called': { zh: '调用钱包渠道之后', en: 'while a wallet is being called' },
  'notice-sent': { zh: '通知已发出、主机未记账', en: 'after a message to a holder was sent' },
  'payout-ordered': {
    zh: '出款指令已记账、银行未收到',
    en: 'after ordering a payout, before the bank has it',
  },
  'payout-executed': {
    zh: '银行已付款、主机未记账',
    en: 'after the bank has paid, before it is noted',
  },
};

export const crash: Verb = {
  ...acting,
  name: 'crash',
  doc: 'the host will lose its power, and start again from its journal',
  args: {
    at: {
      doc: 'where it happens, the next time that it comes there',
      pattern: CRASH_POINTS.join('|'),
      required: true,
      example: 'payout-executed',
    },
    after: {
      doc: 'times that it passes there first; 0 when absent',
      pattern: '\\d{1,2}',
      example: '1',
    },
  },
  sees: {},
  explain({ at }, lang) {
    const { zh, en } = CRASH_TEXTS[at as CrashPoint];
    return say(lang, { zh: `主机将断电重启：${zh}`, en: `The host will lose its power ${en}` });
  },
  run({ target }, { at, after = '0' }) {
    if (target.crash === undefined) throw new CountersignError('E_INTERNAL');
    target.crash.arm(at as CrashPoint, Number(after));
    return Promise.resolve({ seen: {} });
  },
};
