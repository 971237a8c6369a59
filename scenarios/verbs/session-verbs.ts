import { PASSWORD_ARG, RIGHT_PASSWORD, TERMINAL_ARG, terminalOf } from './args.ts';
import { operate, OPERATION_SEES } from './operate.ts';
import { say, type Verb } from './verb.ts';

const base = {
  args: { terminal: TERMINAL_ARG },
  sees: OPERATION_SEES,
  needs: ['terminal'],
  isObservation: false,
} as const;

export const signIn: Verb = {
  ...base,
  name: 'sign-in',
  doc: 'the terminal signs in and gets fresh working keys',
  explain: (_args, lang) => say(lang, { zh: '终端签到', en: 'The terminal signs in' }),
  run: (context, args) => operate(context, terminalOf(args, context), { verb: 'sign-in' }),
};

export const signOff: Verb = {
  ...base,
  name: 'sign-off',
  doc: 'the terminal signs off',
  explain: (_args, lang) => say(lang, { zh: '终端签退', en: 'The terminal signs off' }),
  run: (context, args) => operate(context, terminalOf(args, context), { verb: 'sign-off' }),
};

export const echo: Verb = {
  ...base,
  name: 'echo',
  doc: 'echo test of the line',
  explain: (_args, lang) =>
    say(lang, { zh: '终端做回响测试', en: 'The terminal sends an echo test' }),
  run: (context, args) => operate(context, terminalOf(args, context), { verb: 'echo' }),
};

export const settle: Verb = {
  ...base,
  name: 'settle',
  doc: 'batch settlement: totals against totals',
  sees: {
    ...OPERATION_SEES,
    totals: 'totals of the terminal, debit/count - credit/count',
    'host-totals': 'totals of the host',
  },
  explain: (_args, lang) => say(lang, { zh: '终端批结算', en: 'The terminal settles its batch' }),
  run: (context, args) => operate(context, terminalOf(args, context), { verb: 'settle' }),
};

export const unlock: Verb = {
  ...base,
  name: 'unlock',
  doc: 'the supervisor allows refunds again, which three wrong refund passwords have locked',
  args: { password: PASSWORD_ARG, terminal: TERMINAL_ARG },
  explain: (_args, lang) => say(lang, { zh: '主管解锁退货', en: 'The supervisor unlocks refunds' }),
  run: (context, args) =>
    operate(context, terminalOf(args, context), {
      verb: 'unlock',
      password: args['password'] ?? RIGHT_PASSWORD,
    }),
};

export const powerCut: Verb = {
  ...base,
  name: 'power-cut',
  doc: 'the terminal loses power and boots from what it has stored',
  sees: {},
  explain: (_args, lang) =>
    say(lang, { zh: '终端断电后重启', en: 'The terminal loses power and boots' }),
  run(context, args) {
    context.target.powerCut(terminalOf(args, context));
    return Promise.resolve({ seen: {} });
  },
};
