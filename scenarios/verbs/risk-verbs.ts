import { formatYuan } from '../../protocol/message/amount.ts';
import type { Limits } from '../../emulator/host/risk/limit-book.ts';
import { civilTime, isoDate } from '../../emulator/world/civil-time.ts';
import type { Texts } from '../plan/plan.ts';
import { AMOUNT_ARG, BY_ARG, controlOf, fenOf } from './args.ts';
import { say, type ArgSpec, type Verb } from './verb.ts';

const COUNT_ARG: ArgSpec = { doc: 'sales', pattern: '\\d{1,6}', example: '100' };

/** Names of the limits, as an argument and in both languages. */
const LIMITS = [
  { arg: 'single', field: 'singleFen', zh: '单笔', en: 'a sale' },
  { arg: 'daily', field: 'dailyFen', zh: '单日', en: 'a day' },
  { arg: 'monthly', field: 'monthlyFen', zh: '单月', en: 'a month' },
  { arg: 'daily-count', field: 'dailyCount', zh: '单日笔数', en: 'sales a day' },
  { arg: 'monthly-count', field: 'monthlyCount', zh: '单月笔数', en: 'sales a month' },
] as const satisfies readonly { arg: string; field: keyof Limits; zh: string; en: string }[];

export const limits: Verb = {
  name: 'limits',
  doc: 'what a terminal or a merchant may take in, in place of what was set before; what is absent is without limit',
  args: {
    of: {
      doc: 'merchant number, or terminal number',
      pattern: '\\d{15}|[0-9A-Za-z]{8}',
      required: true,
      example: '10000001',
    },
    single: { ...AMOUNT_ARG, doc: 'of one sale in yuan; 61 above' },
    daily: { ...AMOUNT_ARG, doc: 'of a day in yuan; 61 above' },
    monthly: { ...AMOUNT_ARG, doc: 'of a calendar month in yuan; 61 above' },
    'daily-count': { ...COUNT_ARG, doc: 'sales of a day; 65 above' },
    'monthly-count': { ...COUNT_ARG, doc: 'sales of a calendar month; 65 above' },
    by: BY_ARG,
  },
  sees: {
    outcome: 'done or refused',
    why: 'why it was refused',
    today: 'yuan and number of sales in force today, such as 300.00/2',
    month: 'the same of this month',
  },
  needs: ['host-control'],
  isObservation: false,
  explain(args, lang) {
    const { of = '', by = '' } = args;
    const set = LIMITS.filter(({ arg }) => args[arg] !== undefined);
    const zh = set.map((each) => `${each.zh} ${args[each.arg]!}`).join('、');
    const en = set.map((each) => `${args[each.arg]!} ${each.en}`).join(', ');
    return say(lang, {
      zh: `${by} 设置 ${of} 的收款限额：${zh === '' ? '无' : zh}`,
      en: `${by} sets what ${of} may take in: ${en === '' ? 'anything' : en}`,
    });
  },
  run(context, args) {
    const { of = '', by = '' } = args;
    const { risk } = controlOf(context);
    const why = risk.setLimits(of, limitsOf(args), by);
    const today = isoDate(civilTime(context.target.civilMs()));
    const used = (period: string): string => {
      const { fen, count } = risk.used(of, period);
      return `${formatYuan(fen)}/${count}`;
    };
    return Promise.resolve({
      seen: {
        ...(why === undefined ? { outcome: 'done' } : { outcome: 'refused', why }),
        today: used(today),
        month: used(today.slice(0, 7)),
      },
    });
  },
};

function limitsOf(args: Texts): Limits {
  const entries = LIMITS.flatMap(({ arg, field }) => {
    const text = args[arg];
    if (text === undefined) return [];
    return [[field, field.endsWith('Count') ? Number(text) : fenOf(text)]];
  });
  return Object.fromEntries(entries) as Limits;
}
