import { formatYuan } from '../../protocol/message/amount.ts';
import { balance } from '../../emulator/host/books/ledger.ts';
import type { DeviceOutcome } from '../../emulator/host/refund-desk/device-desk.ts';
import { PAPERS, type Paper } from '../../emulator/host/refund-desk/refund-policy.ts';
import type { DeviceKind } from '../../emulator/host/tariff/tariff.ts';
import { AMOUNT_ARG, fenOf, MERCHANT_ARG, merchantOf, resultOf, STEP_ARG } from './args.ts';
import { answered, CASE_SEES, refundsOf } from './refund-case-verbs.ts';
import { say, type StepContext, type StepResult, type Verb } from './verb.ts';

const acting = { needs: ['host-control'], isObservation: false } as const;

const ORDER_SEES = {
  outcome: 'done or turned-away',
  order: 'number of the order',
  why: 'why nothing was done',
} as const;

const ORDER_ARG = { ...STEP_ARG, doc: 'the order, by the name of its `as`' };

function told(outcome: DeviceOutcome): Promise<StepResult> {
  return Promise.resolve({
    seen:
      outcome.outcome === 'done'
        ? { outcome: 'done', order: outcome.orderId }
        : { outcome: 'turned-away', why: outcome.why },
  });
}

function orderOf(context: StepContext, reference = ''): string {
  return resultOf(context, reference).seen['order'] ?? '';
}

export const deviceOrder: Verb = {
  ...acting,
  name: 'device-order',
  doc: 'a merchant orders a device and pays for it himself, with a deposit where one is due',
  args: {
    device: {
      doc: 'which; e-signature when absent',
      pattern: 'e-signature|mpos|big-pos',
      example: 'big-pos',
    },
    price: { ...AMOUNT_ARG, required: true, doc: 'yuan' },
    deposit: { ...AMOUNT_ARG, doc: 'yuan; none when absent' },
    merchant: MERCHANT_ARG,
  },
  sees: ORDER_SEES,
  explain: ({ price = '', deposit = '0.00' }, lang) =>
    say(lang, {
      zh: `商户订购设备：${price} 元，押金 ${deposit} 元`,
      en: `The merchant orders a device for ${price} yuan, deposit ${deposit}`,
    }),
  run: (context, args) =>
    told(
      refundsOf(context).orderDevice({
        mid: merchantOf(context, args),
        device: (args['device'] ?? 'e-signature') as DeviceKind,
        priceFen: fenOf(args['price'] ?? '0'),
        depositFen: fenOf(args['deposit'] ?? '0'),
      }),
    ),
};

export const deviceShip: Verb = {
  ...acting,
  name: 'device-ship',
  doc: 'a device that was ordered is shipped',
  args: { order: ORDER_ARG },
  sees: ORDER_SEES,
  explain: ({ order = '' }, lang) =>
    say(lang, { zh: `设备 ${order} 发货`, en: `The device of ${order} is shipped` }),
  run: (context, args) => told(refundsOf(context).shipDevice(orderOf(context, args['order']))),
};

export const deviceRefund: Verb = {
  ...acting,
  name: 'device-refund',
  doc: 'a merchant wants his money back for a device',
  args: {
    order: ORDER_ARG,
    request: {
      doc: 'the applicant’s own number',
      pattern: '[0-9A-Za-z-]{1,40}',
      required: true,
      example: 'q-1',
    },
    faulty: { doc: 'yes: it does not work', pattern: 'yes|no', example: 'yes' },
    papers: {
      doc: 'papers that are handed in; none when absent',
      pattern: `(${PAPERS.join('|')})( (${PAPERS.join('|')}))*`,
      example: 'contract fault-report',
    },
    merchant: MERCHANT_ARG,
  },
  sees: CASE_SEES,
  explain: ({ order = '', faulty, papers }, lang) =>
    say(lang, {
      zh: `商户申请设备退款 ${order}${faulty === 'yes' ? '（故障）' : ''}，材料：${papers ?? '无'}`,
      en: `The merchant wants ${order} refunded${faulty === 'yes' ? ', as faulty' : ''}, papers: ${papers ?? 'none'}`,
    }),
  run(context, args) {
    const { papers } = args;
    return answered(
      refundsOf(context).applyForDevice({
        requestNo: args['request'] ?? '',
        mid: merchantOf(context, args),
        orderId: orderOf(context, args['order']),
        isFaulty: args['faulty'] === 'yes',
        papers: papers === undefined ? [] : (papers.split(' ') as Paper[]),
        contact: 'sms',
      }),
    );
  },
};

export const deviceAccount: Verb = {
  needs: ['host-control'],
  isObservation: true,
  name: 'device-account',
  doc: 'looks at what a merchant has paid for devices',
  args: { merchant: MERCHANT_ARG },
  sees: {
    spent: 'yuan that he has paid and not got back',
    deposit: 'yuan of it that are deposits',
  },
  explain: (_args, lang) =>
    say(lang, { zh: '查看商户的设备款', en: 'What the merchant has paid for devices' }),
  run(context, args) {
    const mid = merchantOf(context, args);
    const ledger = context.target.host?.ledger;
    const fen = (role: 'device-paid' | 'device-deposit'): number =>
      ledger === undefined ? 0 : balance(ledger, role, { mid });
    return Promise.resolve({
      seen: {
        spent: formatYuan(Math.abs(fen('device-paid'))),
        deposit: formatYuan(fen('device-deposit')),
      },
    });
  },
};
