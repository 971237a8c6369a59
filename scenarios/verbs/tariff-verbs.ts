import { formatYuan } from '../../protocol/message/amount.ts';
import { percentText } from '../../emulator/host/tariff/rate.ts';
import {
  PRODUCTS,
  type DeviceKind,
  type MerchantContract,
  type TariffLine,
} from '../../emulator/host/tariff/tariff.ts';
import { parseTerm } from '../../emulator/host/settlement/terms.ts';
import { civilTime, isoDateTime } from '../../emulator/world/civil-time.ts';
import type { Texts } from '../plan/plan.ts';
import { AMOUNT_ARG, BY_ARG, controlOf, fenOf, MERCHANT_ARG, merchantOf } from './args.ts';
import { say, type StepContext, type Verb } from './verb.ts';

const DEVICES: Readonly<Record<DeviceKind, { zh: string; en: string }>> = {
  'e-signature': { zh: '电签机', en: 'an e-signature terminal' },
  mpos: { zh: 'MPOS', en: 'an MPOS' },
  'big-pos': { zh: '大POS机', en: 'a big POS' },
};

const PERCENT = '\\d{1,2}\\.\\d{1,4}';

export const contract: Verb = {
  name: 'contract',
  doc: 'what a merchant has agreed on, from now or a later moment on; his earlier rates stay on record',
  args: {
    merchant: MERCHANT_ARG,
    device: {
      doc: 'the device that he has taken; e-signature when absent',
      pattern: Object.keys(DEVICES).join('|'),
      example: 'mpos',
    },
    industry: {
      doc: 'an industry with a tariff of its own, whose range is wider',
      pattern: '[a-z-]+',
      example: 'catering',
    },
    credit: { doc: 'his rate for credit cards in percent', pattern: PERCENT, example: '0.55' },
    debit: { doc: 'his rate for debit cards in percent', pattern: PERCENT, example: '0.50' },
    cap: { ...AMOUNT_ARG, doc: 'the most that a debit card costs, in yuan', example: '20.00' },
    term: {
      doc: 'when he is paid: working (T) or calendar (D) days after the settlement date; T+1 when absent',
      pattern: '[TD]\\+\\d{1,2}',
      example: 'D+1',
    },
    'instant-fee': {
      ...AMOUNT_ARG,
      doc: 'what an instant payout (D+0) costs, in yuan; nothing when absent',
      example: '2.00',
    },
    'instant-rate': {
      doc: 'the same in percent of what is paid, beside',
      pattern: PERCENT,
      example: '0.02',
    },
    deposit: { ...AMOUNT_ARG, doc: 'of a big POS, in yuan', example: '299.00' },
    turnover: {
      ...AMOUNT_ARG,
      doc: 'settled sales in yuan after which the deposit goes back',
      example: '5000.00',
    },
    from: {
      doc: 'civil time from which the rates hold; now when absent',
      pattern: '\\d{4}-\\d{2}-\\d{2}( \\d{2}:\\d{2}:\\d{2})?',
      example: '2026-01-16',
    },
    by: BY_ARG,
  },
  sees: { outcome: 'entered or refused', why: 'why it was refused' },
  needs: ['host-control'],
  isObservation: false,
  explain(args, lang) {
    const { device = 'e-signature', industry, credit, debit, from, by = '' } = args;
    const { zh, en } = DEVICES[device as DeviceKind] ?? { zh: device, en: device };
    const rates = [
      ...(credit === undefined ? [] : [{ zh: `贷记卡 ${credit}%`, en: `credit ${credit} %` }]),
      ...(debit === undefined ? [] : [{ zh: `借记卡 ${debit}%`, en: `debit ${debit} %` }]),
      ...(industry === undefined ? [] : [{ zh: `行业 ${industry}`, en: `as ${industry}` }]),
      ...(args['term'] === undefined
        ? []
        : [{ zh: `${args['term']} 结算`, en: `paid ${args['term']}` }]),
      ...extraTexts(args),
      ...(from === undefined ? [] : [{ zh: `自 ${from} 起`, en: `from ${from} on` }]),
    ];
    return say(lang, {
      zh: [`${by} 登记商户合同：${zh}`, ...rates.map((each) => each.zh)].join('，'),
      en: [`${by} enters a contract: ${en}`, ...rates.map((each) => each.en)].join(', '),
    });
  },
  run(context, args) {
    const why = controlOf(context).setContract(
      merchantOf(context, args),
      contractOf(context, args),
      args['by'] ?? '',
    );
    const seen = why === undefined ? { outcome: 'entered' } : { outcome: 'refused', why };
    return Promise.resolve({ seen });
  },
};

function extraTexts(args: Texts): { zh: string; en: string }[] {
  const { deposit, turnover = '' } = args;
  const fee = args['instant-fee'];
  const rate = args['instant-rate'];
  return [
    ...(fee === undefined
      ? []
      : [{ zh: `即时出款每次 ${fee} 元`, en: `${fee} yuan an instant payout` }]),
    ...(rate === undefined
      ? []
      : [{ zh: `即时出款费率 ${rate}%`, en: `${rate} % of an instant payout` }]),
    ...(deposit === undefined
      ? []
      : [
          {
            zh: `押金 ${deposit} 元，交易满 ${turnover} 元退还`,
            en: `a deposit of ${deposit}, back at a turnover of ${turnover}`,
          },
        ]),
  ];
}

function contractOf(context: StepContext, args: Texts): MerchantContract {
  const { device = 'e-signature', industry, credit, debit, cap } = args;
  const lines: TariffLine[] = [];
  if (credit !== undefined) {
    lines.push({ name: 'credit', class: 'credit', rate: { ppm: ppmOf(credit) } });
  }
  if (debit !== undefined) {
    const rate = { ppm: ppmOf(debit), ...(cap === undefined ? {} : { capFen: fenOf(cap) }) };
    lines.push({ name: 'debit', class: 'debit', rate });
  }
  const { deposit, turnover = '0' } = args;
  const fee = args['instant-fee'];
  const rate = args['instant-rate'];
  const parsed = args['term'] === undefined ? undefined : parseTerm(args['term']);
  const from = args['from'] ?? isoDateTime(civilTime(context.target.civilMs()));
  return {
    device: device as DeviceKind,
    ...(parsed === undefined ? {} : { term: parsed }),
    ...(fee === undefined && rate === undefined
      ? {}
      : { instantFee: { ppm: ppmOf(rate ?? '0.0'), fixedFen: fenOf(fee ?? '0') } }),
    ...(deposit === undefined
      ? {}
      : { deposit: { amountFen: fenOf(deposit), turnoverFen: fenOf(turnover) } }),
    ...(industry === undefined ? {} : { industry }),
    ...(lines.length === 0 ? {} : { versions: [{ from, lines }] }),
  };
}

/** Percent with up to four decimals, exactly. */
function ppmOf(percent: string): number {
  const [whole = '0', part = ''] = percent.split('.');
  return Number(whole) * 10_000 + Number(part.padEnd(4, '0'));
}

export const quote: Verb = {
  name: 'quote',
  doc: 'asks what a sale would cost a merchant now',
  args: {
    product: {
      doc: 'what is sold',
      pattern: Object.keys(PRODUCTS).join('|'),
      required: true,
      example: 'credit',
    },
    amount: { ...AMOUNT_ARG, required: true },
    merchant: MERCHANT_ARG,
  },
  sees: {
    fee: 'in yuan',
    surcharge: 'of the device, in yuan',
    net: 'what is left for the merchant, in yuan',
    rate: 'such as 0.60 %',
    line: 'of the tariff, and since when it holds',
  },
  needs: ['host-control'],
  // A case about prices proves nothing where they cannot be seen.
  isObservation: false,
  explain: ({ product = '', amount = '' }, lang) =>
    say(lang, {
      zh: `询价：${product} ${amount} 元`,
      en: `What does ${product} of ${amount} yuan cost?`,
    }),
  run(context, args) {
    const { product = '', amount = '' } = args;
    const found = controlOf(context).quote(merchantOf(context, args), {
      ...PRODUCTS[product]!,
      amountFen: fenOf(amount),
    });
    if (found === undefined) return Promise.resolve({ seen: {} });
    const { feeFen, surchargeFen, netFen, line, from } = found;
    return Promise.resolve({
      seen: {
        fee: formatYuan(feeFen),
        surcharge: formatYuan(surchargeFen),
        net: formatYuan(netFen),
        rate: percentText(line.rate.ppm),
        line: `${line.name} ${from}`,
      },
    });
  },
};
