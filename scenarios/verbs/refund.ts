import { formatYuan } from '../../protocol/message/amount.ts';
import {
  AMOUNT_ARG,
  CARD_ARG,
  ENTRY_ARG,
  fenOf,
  presented,
  REFUND_PASSWORD_ARG,
  resultOf,
  RIGHT_PASSWORD,
  STEP_ARG,
  TERMINAL_ARG,
  terminalOf,
} from './args.ts';
import { operate, OPERATION_SEES } from './operate.ts';
import { say, type Verb } from './verb.ts';
import { cardOfStep } from './void.ts';

export const refund: Verb = {
  name: 'refund',
  doc: 'money back later, on its own date (退货)',
  args: {
    of: STEP_ARG,
    amount: { ...AMOUNT_ARG, doc: 'amount in yuan; the whole sale when absent' },
    card: { ...CARD_ARG, doc: 'card presented; that of the sale when absent' },
    entry: ENTRY_ARG,
    password: REFUND_PASSWORD_ARG,
    terminal: { ...TERMINAL_ARG, doc: 'terminal number; that of the sale when absent' },
  },
  sees: OPERATION_SEES,
  needs: ['terminal'],
  isObservation: false,
  explain(args, lang) {
    const { of = '', amount } = args;
    return say(lang, {
      zh: `对 ${of} 做退货${amount === undefined ? '（全额）' : ` ${amount} 元`}`,
      en: `Refund of ${of}${amount === undefined ? ', in full' : `, ${amount} yuan`}`,
    });
  },
  run(context, args) {
    const original = resultOf(context, args['of'] ?? '');
    const { operation } = original;
    const { rrn, date } = original.seen;
    const card = cardOfStep(context, original, args);
    return operate(context, args['terminal'] ?? original.tid ?? terminalOf(args, context), {
      verb: 'refund',
      amountFen: fenOf(args['amount'] ?? formatYuan(operation?.amountFen ?? 0)),
      rrn: operation?.rrn ?? rrn ?? '000000000000',
      date: operation?.date ?? date ?? '0000',
      card: card === undefined ? undefined : presented(context, { ...args, card }, ''),
      ...(operation?.voucher === undefined ? {} : { voucher: operation.voucher }),
      password: args['password'] ?? RIGHT_PASSWORD,
    });
  },
};
