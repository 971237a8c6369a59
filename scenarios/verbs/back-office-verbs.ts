import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { formatYuan } from '../../protocol/message/amount.ts';
import { civilTime, isoDate } from '../../emulator/world/civil-time.ts';
import type { HostControl } from '../../emulator/host/host-control.ts';
import type { FreezeOrder, ReleaseOutcome } from '../../emulator/host/risk/freeze.ts';
import type { Texts } from '../plan/plan.ts';
import {
  AMOUNT_ARG,
  BY_ARG,
  CARD_ARG,
  controlOf,
  fenOf,
  MERCHANT_ARG,
  merchantOf,
  resultOf,
  STEP_ARG,
} from './args.ts';
import { say, type StepContext, type Verb } from './verb.ts';

const acting = { needs: ['host-control'], isObservation: false } as const;
const looking = { needs: ['host-control'], isObservation: true } as const;

const STRIPE_TEXTS = {
  allowed: { zh: '允许刷芯片卡磁条', en: 'takes the stripe of a chip card' },
  'after-failure': {
    zh: '仅在芯片读取失败后允许刷磁条',
    en: 'takes the stripe of a chip card after its chip has failed',
  },
  refused: { zh: '不允许刷芯片卡磁条', en: 'never takes the stripe of a chip card' },
} as const;

export const issuer: Verb = {
  ...acting,
  name: 'issuer',
  doc: 'how the issuer behaves from now on; what is not said stays',
  args: {
    arpc: {
      doc: 'its cryptogram for chips: right, or one bit of it turned',
      pattern: 'right|wrong',
      example: 'wrong',
    },
    stripe: {
      doc: 'whether it takes the stripe of a card with a chip; 45 when not',
      pattern: 'allowed|after-failure|refused',
      example: 'after-failure',
    },
  },
  sees: {},
  explain({ arpc, stripe }, lang) {
    const said = [
      ...(arpc === undefined ? [] : [ARPC_TEXTS[arpc as keyof typeof ARPC_TEXTS]]),
      ...(stripe === undefined ? [] : [STRIPE_TEXTS[stripe as keyof typeof STRIPE_TEXTS]]),
    ].filter((each) => each !== undefined);
    return say(lang, {
      zh: `发卡行${said.map(({ zh }) => zh).join('，')}`,
      en: `The issuer ${said.map(({ en }) => en).join(' and ')}`,
    });
  },
  run(context, { arpc, stripe }) {
    controlOf(context).setIssuer({
      ...(arpc === undefined ? {} : { isArpcRight: arpc === 'right' }),
      ...(stripe === undefined ? {} : { chipCardSwiped: stripe as keyof typeof STRIPE_TEXTS }),
    });
    return Promise.resolve({ seen: {} });
  },
};

const ARPC_TEXTS = {
  right: { zh: '返回正确的 ARPC', en: 'answers chips with the right cryptogram' },
  wrong: {
    zh: '返回有一位错误的 ARPC',
    en: 'answers chips with a cryptogram that is wrong in one bit',
  },
} as const;

export const freeze: Verb = {
  ...acting,
  name: 'freeze',
  doc: 'compliance hold on settled money: a sale, an amount, or a whole merchant',
  args: {
    sale: { ...STEP_ARG, required: false, doc: 'the sale whose money is frozen' },
    merchant: MERCHANT_ARG,
    amount: { ...AMOUNT_ARG, doc: 'freezes this much of the merchant’s money' },
    reason: { doc: 'why', pattern: '.{1,80}', required: true, example: 'compliance review' },
    case: {
      doc: 'none: placed by hand, without a case of compliance; review when absent',
      pattern: 'review|none',
      example: 'none',
    },
    by: BY_ARG,
  },
  sees: {
    outcome: 'frozen or refused',
    hold: 'id of the hold',
    held: 'yuan that the hold took at once',
    why: 'why it was refused',
  },
  explain(args, lang) {
    const { sale, amount, reason = '', by = '' } = args;
    const zh = sale ?? (amount === undefined ? '整个商户' : `${amount} 元`);
    const en = sale ?? (amount === undefined ? 'the whole merchant' : `${amount} yuan`);
    const isManual = args['case'] === 'none';
    return say(lang, {
      zh: `${by} ${isManual ? '未立案手工' : ''}冻结 ${zh}（${reason}）`,
      en: `${by} freezes ${en}${isManual ? ' by hand, without a case' : ''} (${reason})`,
    });
  },
  run(context, args) {
    const result = controlOf(context).freeze(orderOf(context, args));
    const seen: { [name: string]: string } =
      result.outcome === 'frozen'
        ? { outcome: 'frozen', hold: result.holdId, held: formatYuan(result.heldFen) }
        : { outcome: 'refused', why: result.why };
    return Promise.resolve({ seen });
  },
};

function orderOf(context: StepContext, args: Texts): FreezeOrder {
  const { sale, amount, reason = '' } = args;
  const by = { by: args['by'] ?? '', isManual: args['case'] === 'none' };
  if (sale !== undefined) {
    const rrn = resultOf(context, sale).operation?.rrn ?? '';
    return { scope: 'transaction', rrn, reason, ...by };
  }
  const mid = merchantOf(context, args);
  return amount === undefined
    ? { scope: 'merchant', mid, reason, ...by }
    : { scope: 'amount', mid, amountFen: fenOf(amount), reason, ...by };
}

const HOLD_ARGS = {
  hold: { ...STEP_ARG, doc: 'the freeze step' },
  amount: { ...AMOUNT_ARG, doc: 'part of it in yuan; all of it when absent' },
  by: BY_ARG,
} as const;

export const release: Verb = {
  ...acting,
  name: 'release',
  doc: 'the freeze ends; another person than the one who placed it',
  args: HOLD_ARGS,
  sees: {
    outcome: 'released, no-effect or refused',
    released: 'yuan that became payable again, or are no longer owed',
    why: 'why nothing happened',
  },
  explain: (args, lang) =>
    say(lang, {
      zh: `${args['by'] ?? ''} 解冻 ${args['hold'] ?? ''}${partOf(args, ' 的 ', ' 元')}`,
      en: `${args['by'] ?? ''} releases ${args['hold'] ?? ''}${partOf(args, ', ', ' yuan of it')}`,
    }),
  run(context, args) {
    const [holdId, by, amountFen] = holdOf(context, args);
    return ended(controlOf(context).release(holdId, by, amountFen));
  },
};

export const take: Verb = {
  ...acting,
  name: 'take',
  doc: 'the merchant has lost the dispute: frozen money goes back through the network (退单)',
  args: HOLD_ARGS,
  sees: {
    outcome: 'taken, no-effect or refused',
    taken: 'yuan that went back',
    why: 'why nothing happened',
  },
  explain: (args, lang) =>
    say(lang, {
      zh: `${args['by'] ?? ''} 退单扣划 ${args['hold'] ?? ''}${partOf(args, ' 的 ', ' 元')}`,
      en: `${args['by'] ?? ''} takes ${args['hold'] ?? ''}${partOf(args, ', ', ' yuan of it')}`,
    }),
  run(context, args) {
    const [holdId, by, amountFen] = holdOf(context, args);
    return ended(controlOf(context).take(holdId, by, amountFen));
  },
};

export const returnHold: Verb = {
  ...acting,
  name: 'return',
  doc: 'the review ends for the card holder: what is left of the frozen sale goes back to his card',
  args: { hold: HOLD_ARGS.hold, by: BY_ARG },
  sees: {
    outcome: 'returned, no-effect or refused',
    returned: 'yuan that the card has back',
    why: 'why nothing happened',
  },
  explain: (args, lang) =>
    say(lang, {
      zh: `${args['by'] ?? ''} 将 ${args['hold'] ?? ''} 原路退回持卡人`,
      en: `${args['by'] ?? ''} returns ${args['hold'] ?? ''} to the card holder`,
    }),
  run(context, args) {
    const [holdId, by] = holdOf(context, args);
    return ended(controlOf(context).returnHold(holdId, by));
  },
};

function partOf({ amount }: Texts, before: string, after: string): string {
  return amount === undefined ? '' : `${before}${amount}${after}`;
}

function holdOf(context: StepContext, args: Texts): [string, string, number | undefined] {
  const { hold = '', by = '', amount } = args;
  const holdId = resultOf(context, hold).seen['hold'] ?? '';
  return [holdId, by, amount === undefined ? undefined : fenOf(amount)];
}

function ended(result: ReleaseOutcome): ReturnType<Verb['run']> {
  switch (result.outcome) {
    case 'released':
      return Promise.resolve({
        seen: { outcome: 'released', released: formatYuan(result.releasedFen) },
      });
    case 'returned':
      return Promise.resolve({
        seen: { outcome: 'returned', returned: formatYuan(result.returnedFen) },
      });
    case 'taken':
      return Promise.resolve({ seen: { outcome: 'taken', taken: formatYuan(result.takenFen) } });
    default:
      return Promise.resolve({ seen: { outcome: result.outcome, why: result.why } });
  }
}

export const cardAccount: Verb = {
  ...looking,
  name: 'card-account',
  doc: 'looks at a card’s account at the issuer',
  args: {
    card: { ...CARD_ARG, required: true },
    on: {
      doc: 'the day whose limits are looked at; today when absent',
      pattern: '\\d{4}-\\d{2}-\\d{2}',
      example: '2026-01-31',
    },
  },
  sees: {
    available: 'balance in yuan',
    'spent-today': 'used of the daily limit, in yuan',
    'spent-this-month': 'used of the monthly limit, in yuan',
  },
  explain: (args, lang) =>
    say(lang, {
      zh: `查看卡 ${args['card'] ?? ''} 的账户`,
      en: `The account of card ${args['card'] ?? ''}`,
    }),
  run(context, args) {
    const today = args['on'] ?? isoDate(civilTime(context.target.civilMs()));
    const view = controlOf(context).card(args['card'] ?? '', today);
    if (view === undefined) {
      throw new CountersignError('E_SCENARIO', {
        text: `there is no card "${args['card'] ?? ''}"`,
      });
    }
    const { availableFen, spentTodayFen, spentThisMonthFen } = view;
    return Promise.resolve({
      seen: {
        available: formatYuan(availableFen),
        'spent-today': formatYuan(spentTodayFen),
        'spent-this-month': formatYuan(spentThisMonthFen),
      },
    });
  },
};

export const merchantAccount: Verb = {
  ...looking,
  name: 'merchant-account',
  doc: 'looks at a merchant’s money at the acquirer',
  args: { merchant: MERCHANT_ARG },
  sees: {
    unsettled: 'yuan of the open batches, fees taken off',
    payable: 'yuan due at the next payout',
    held: 'yuan under a freeze',
    owed: 'yuan that he owes',
    transit: 'yuan on its way to his bank',
    paid: 'yuan paid out so far',
    fees: 'yuan of fees the acquirer has taken, from all merchants',
    surcharges: 'yuan of surcharges for devices, from all merchants',
    deposit: 'yuan of his deposit for a big POS',
    'payout-fees': 'yuan that instant payouts have cost all merchants',
  },
  explain: (_args, lang) => say(lang, { zh: '查看商户账户', en: 'The merchant’s account' }),
  run(context, args) {
    const control = controlOf(context);
    const view = control.merchant(merchantOf(context, args));
    return Promise.resolve({
      seen: {
        unsettled: formatYuan(view.unsettledFen),
        payable: formatYuan(view.payableFen),
        held: formatYuan(view.heldFen),
        owed: formatYuan(view.owedFen),
        transit: formatYuan(view.transitFen),
        paid: formatYuan(view.paidFen),
        fees: formatYuan(control.feesFen()),
        surcharges: formatYuan(control.surchargesFen()),
        deposit: formatYuan(view.depositFen),
        'payout-fees': formatYuan(control.settlement.payoutFeesFen()),
      },
    });
  },
};

export const enquire: Verb = {
  ...looking,
  name: 'enquire',
  doc: 'asks the host why the money of a transaction has not arrived',
  args: {
    of: STEP_ARG,
    by: {
      doc: 'asked by reference number, by terminal, batch and STAN, or by card and day; rrn when absent',
      pattern: 'rrn|stan|card',
      example: 'stan',
    },
  },
  sees: {
    found: 'yes or no',
    status: 'active, declined, reversed, voided or unknown',
    cause: 'one of the documented causes',
    evidence: 'ids that prove it',
    next: 'what happens next, in English',
    on: 'the day on which it was paid, or is due',
    chip: 'last cryptogram of its chip, once uploaded: tc, aac, arqc (contactless) or wrong',
  },
  explain: (args, lang) =>
    say(lang, {
      zh: `查询 ${args['of'] ?? ''} 未到账原因`,
      en: `Enquiry: why has ${args['of'] ?? ''} not arrived?`,
    }),
  run(context, args) {
    const { operation, tid = '' } = resultOf(context, args['of'] ?? '');
    const { rrn, batchNo = '', stan = '' } = operation ?? {};
    const isByRrn = args['by'] !== 'stan' && rrn !== undefined && rrn !== '';
    const by = isByRrn ? { rrn } : { tid, batchNo, stan };
    const control = controlOf(context);
    const answer = args['by'] === 'card' ? enquireByCard(control, by) : control.enquire(by);
    const { found, status, cause, evidence, next, on, chip } = answer;
    return Promise.resolve({
      seen: {
        found: found ? 'yes' : 'no',
        status,
        evidence,
        next: next.en,
        ...(on === undefined ? {} : { on }),
        ...(cause === undefined ? {} : { cause }),
        ...(chip === undefined ? {} : { chip }),
      },
    });
  },
};

/** The answer for one transaction among those of its card on its day. */
function enquireByCard(
  control: HostControl,
  by: Parameters<HostControl['enquire']>[0],
): ReturnType<HostControl['enquire']> {
  const [known] = control.enquireAll(by);
  if (known === undefined) return control.enquire(by);
  const { cardMasked: card, date, id } = known.transaction;
  const ofCard = control.enquireAll({ card, date });
  const found = ofCard.find(({ transaction }) => transaction.id === id);
  return found?.answer ?? control.enquire({ rrn: '' });
}
