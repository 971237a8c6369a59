import type { SalesChannel } from '../../emulator/host/refund-desk/case-events.ts';
import type { ComplaintOutcome } from '../../emulator/host/refund-desk/complaints.ts';
import type { PolicyChanges } from '../../emulator/host/refund-desk/refund-desk.ts';
import type { FeePayer } from '../../emulator/host/refund-desk/refund-policy.ts';
import type { Texts } from '../plan/plan.ts';
import { AMOUNT_ARG, BY_ARG, fenOf, MERCHANT_ARG, merchantOf, resultOf, STEP_ARG } from './args.ts';
import { CASE_ARG, caseNumber, refundsOf } from './refund-case-verbs.ts';
import { say, type StepResult, type Verb } from './verb.ts';

const acting = { needs: ['host-control'], isObservation: false } as const;

const COMPLAINT_SEES = {
  outcome: 'open or closed; turned-away when nothing was done',
  complaint: 'number of the complaint',
  due: 'day by which it is answered',
  state: 'state of its case',
  why: 'why nothing was done',
} as const;

function told(answer: ComplaintOutcome): Promise<StepResult> {
  if (answer.kind === 'refused') {
    return Promise.resolve({ seen: { outcome: 'turned-away', why: answer.why } });
  }
  const { complaint } = answer;
  return Promise.resolve({
    seen: {
      outcome: complaint.closed === undefined ? 'open' : 'closed',
      complaint: complaint.id,
      due: complaint.dueOn,
      state: answer.case.state,
    },
  });
}

export const complain: Verb = {
  ...acting,
  name: 'complain',
  doc: 'somebody complains about a refund that was refused or takes too long (投诉)',
  args: {
    case: CASE_ARG,
    text: { doc: 'what is complained about', pattern: '.{1,200}', required: true, example: 'late' },
    by: BY_ARG,
  },
  sees: COMPLAINT_SEES,
  explain: ({ case: of = '', by = '', text = '' }, lang) =>
    say(lang, { zh: `${by} 就 ${of} 投诉：${text}`, en: `${by} complains about ${of}: ${text}` }),
  run(context, args) {
    const { by = '', text = '' } = args;
    return told(refundsOf(context).complain(caseNumber(context, args['case']), { by, text }));
  },
};

export const answerComplaint: Verb = {
  ...acting,
  name: 'answer-complaint',
  doc: 'a complaint is answered; one that is right sends a refused case back to the review',
  args: {
    complaint: { ...STEP_ARG, doc: 'the complaint, by the name of its `as`' },
    upheld: { doc: 'whether it is right', pattern: 'yes|no', required: true, example: 'yes' },
    by: BY_ARG,
  },
  sees: COMPLAINT_SEES,
  explain: ({ complaint = '', upheld, by = '' }, lang) =>
    say(lang, {
      zh: `${by} 答复投诉 ${complaint}：${upheld === 'yes' ? '成立' : '不成立'}`,
      en: `${by} answers ${complaint}: ${upheld === 'yes' ? 'it is right' : 'it is not right'}`,
    }),
  run(context, args) {
    const { by = '', upheld } = args;
    const id = resultOf(context, args['complaint'] ?? '').seen['complaint'] ?? '';
    return told(refundsOf(context).closeComplaint(id, { by, isUpheld: upheld === 'yes' }));
  },
};

export const refundDay: Verb = {
  ...acting,
  name: 'refund-day',
  doc: 'a day at the refund desk: what waits is sent, what is due has arrived, what is late is listed',
  args: {},
  sees: {
    sent: 'cases that were sent, by number',
    arrived: 'cases whose money has arrived',
    overdue: 'cases and complaints that take too long',
  },
  explain: (_args, lang) =>
    say(lang, { zh: '退款日终处理', en: 'The day’s work of the refund desk' }),
  run(context) {
    const { sent, arrived, cases, complaints } = refundsOf(context).dayPasses();
    const list = (...numbers: readonly string[]): string =>
      numbers.length === 0 ? 'none' : numbers.join(' ');
    return Promise.resolve({
      seen: {
        sent: list(...sent),
        arrived: list(...arrived),
        overdue: list(...cases, ...complaints),
      },
    });
  },
};

export const refundMaintenance: Verb = {
  ...acting,
  name: 'refund-maintenance',
  doc: 'the refund desk goes into maintenance, where applications are kept, or comes back',
  args: {
    is: { doc: 'on or off', pattern: 'on|off', required: true, example: 'on' },
    by: BY_ARG,
  },
  sees: {},
  explain: (args, lang) =>
    say(lang, {
      zh: args['is'] === 'on' ? '退款系统维护' : '退款系统恢复',
      en:
        args['is'] === 'on'
          ? 'The refund desk goes into maintenance'
          : 'The refund desk comes back from maintenance',
    }),
  run(context, args) {
    refundsOf(context).setMaintenance(args['is'] === 'on', args['by'] ?? '');
    return Promise.resolve({ seen: {} });
  },
};

const DAYS = '\\d{1,3}';

export const refundPolicy: Verb = {
  ...acting,
  name: 'refund-policy',
  doc: 'a new version of the refund policy is entered; what is not said stays',
  args: {
    from: {
      doc: 'when it begins to hold, civil time',
      pattern: '\\d{4}-\\d\\d-\\d\\d( \\d\\d:\\d\\d:\\d\\d)?',
      required: true,
      example: '2026-01-20',
    },
    window: { doc: 'days after the sale to apply in', pattern: DAYS, example: '15' },
    fee: {
      doc: 'what a refund costs, in per cent',
      pattern: '\\d{1,3}(\\.\\d{1,4})?',
      example: '1.00',
    },
    'free-days': {
      doc: 'days after the sale in which it costs nothing',
      pattern: DAYS,
      example: '7',
    },
    payer: { doc: 'who bears the fee', pattern: 'merchant|holder', example: 'holder' },
    'sale-fee': {
      doc: 'whether the fee of the sale comes back in proportion',
      pattern: 'kept|returned',
      example: 'returned',
    },
    'debt-limit': {
      ...AMOUNT_ARG,
      doc: 'yuan that a merchant may come to owe for an instantly settled sale',
    },
    by: BY_ARG,
  },
  sees: { outcome: 'entered or turned-away', why: 'why it was not' },
  explain(args, lang) {
    const said = Object.entries(args)
      .filter(([name]) => name !== 'by' && name !== 'from')
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
    const { from = '', by = '' } = args;
    return say(lang, {
      zh: `${by} 登记退款政策，自 ${from} 起：${said}`,
      en: `${by} enters a refund policy from ${from} on: ${said}`,
    });
  },
  run(context, args) {
    const why = refundsOf(context).enterPolicy(
      args['from'] ?? '',
      changesOf(args),
      args['by'] ?? '',
    );
    return Promise.resolve({
      seen: why === undefined ? { outcome: 'entered' } : { outcome: 'turned-away', why },
    });
  },
};

function changesOf(args: Texts): PolicyChanges {
  const { window, fee, payer } = args;
  const { 'free-days': free, 'sale-fee': saleFee, 'debt-limit': debt } = args;
  return {
    ...(window === undefined ? {} : { windowDays: Number(window) }),
    fee: {
      ...(fee === undefined ? {} : { ppm: Math.round(Number(fee) * 10_000) }),
      ...(free === undefined ? {} : { freeDays: Number(free) }),
      ...(payer === undefined ? {} : { payer: payer as FeePayer }),
    },
    ...(saleFee === undefined ? {} : { saleFee: saleFee as 'kept' | 'returned' }),
    ...(debt === undefined ? {} : { debtLimitFen: fenOf(debt) }),
  };
}

const CHANNELS_ZH: Readonly<Record<string, string>> = {
  'web-shop': '网上商城',
  'other-acquirer': '其他收单机构',
  wallet: '扫码钱包',
};

export const otherSale: Verb = {
  ...acting,
  name: 'other-sale',
  doc: 'the back office learns of a sale that was made in another channel',
  args: {
    rrn: {
      doc: 'its reference number',
      pattern: '[0-9A-Za-z]{12}',
      required: true,
      example: '990000000001',
    },
    date: { doc: 'its date, MMDD', pattern: '\\d{4}', required: true, example: '0115' },
    channel: {
      doc: 'where it was made',
      pattern: 'web-shop|other-acquirer|wallet',
      required: true,
      example: 'web-shop',
    },
    merchant: MERCHANT_ARG,
  },
  sees: {
    outcome: 'noted or turned-away',
    rrn: 'its reference number',
    date: 'its date, MMDD',
    why: 'why it was not noted',
  },
  explain: ({ rrn = '', channel = '' }, lang) =>
    say(lang, {
      zh: `登记其他渠道的交易 ${rrn}（${CHANNELS_ZH[channel] ?? channel}）`,
      en: `A sale of another channel is noted: ${rrn}, ${channel}`,
    }),
  run(context, args) {
    const { rrn = '', date = '', channel } = args;
    const mid = merchantOf(context, args);
    const why = refundsOf(context).noteOtherSale(rrn, mid, channel as SalesChannel);
    return Promise.resolve({
      seen: why === undefined ? { outcome: 'noted', rrn, date } : { outcome: 'turned-away', why },
    });
  },
};
