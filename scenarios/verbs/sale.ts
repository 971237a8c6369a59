import {
  AMOUNT_ARG,
  CARD_ARG,
  ENTRY_ARG,
  fenOf,
  PIN_ARG,
  presented,
  TERMINAL_ARG,
  terminalOf,
} from './args.ts';
import { operate, OPERATION_SEES } from './operate.ts';
import { say, type Verb } from './verb.ts';

export const sale: Verb = {
  name: 'sale',
  doc: 'a card holder pays',
  args: {
    amount: { ...AMOUNT_ARG, required: true },
    card: { ...CARD_ARG, required: true },
    entry: ENTRY_ARG,
    pin: PIN_ARG,
    terminal: TERMINAL_ARG,
  },
  sees: OPERATION_SEES,
  needs: ['terminal'],
  isObservation: false,
  explain(args, lang) {
    const entry = args['entry'] ?? 'swipe';
    const { amount = '', card = '', pin } = args;
    const pinZh = pin === undefined ? '不输密码' : '输入密码';
    const pinEn = pin === undefined ? 'without PIN' : 'with PIN';
    return say(lang, {
      zh: `持卡人用卡 ${card} 消费 ${amount} 元（${ENTRY_ZH[entry] ?? entry}，${pinZh}）`,
      en: `The holder of card ${card} pays ${amount} yuan (${entry}, ${pinEn})`,
    });
  },
  run: (context, args) =>
    operate(context, terminalOf(args, context), {
      verb: 'sale',
      amountFen: fenOf(args['amount'] ?? ''),
      card: presented(context, args),
    }),
};

const ENTRY_ZH: Readonly<Record<string, string>> = {
  swipe: '刷卡',
  chip: '插卡',
  contactless: '挥卡',
  keyed: '手输卡号',
  fallback: '芯片读取失败后刷卡',
};
