import { formatYuan } from '../../protocol/message/amount.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { WebFault } from '../../emulator/faults/faulty-web.ts';
import type { WebCall } from '../../emulator/world/web.ts';
import { TEST_PAYERS } from '../../emulator/wallet/test-payers.ts';
import type { Title } from '../../emulator/events/party-event.ts';
import { AMOUNT_ARG, fenOf, TERMINAL_ARG, terminalOf } from './args.ts';
import { operate, OPERATION_SEES } from './operate.ts';
import { say, type Verb } from './verb.ts';

const PAYER_ARG = {
  doc: 'a test payer, by name',
  pattern: TEST_PAYERS.map(({ name }) => name).join('|'),
  example: 'alipay',
} as const;

export const scan: Verb = {
  name: 'scan',
  doc: 'a payer shows a payment code (扫码消费)',
  args: {
    amount: { ...AMOUNT_ARG, required: true },
    payer: { ...PAYER_ARG, doc: 'whose code it is; or `code`' },
    code: {
      doc: 'the digits of any other code',
      pattern: '\\d{1,24}',
      example: '280000000000000017',
    },
    terminal: TERMINAL_ARG,
  },
  sees: { ...OPERATION_SEES, voucher: 'the wallet’s number of the payment' },
  needs: ['terminal'],
  isObservation: false,
  explain({ amount = '', payer = '' }, lang) {
    return say(lang, {
      zh: `扫 ${payer} 付款码，消费 ${amount} 元`,
      en: `The code of ${payer} is scanned for ${amount} yuan`,
    });
  },
  run(context, args) {
    const payer = TEST_PAYERS.find(({ name }) => name === args['payer']);
    const code = args['code'] ?? payer?.code;
    if (code === undefined) {
      const hint = 'give `payer:` or `code:`';
      throw new CountersignError('E_SCENARIO', { text: 'nobody shows a code', hint });
    }
    const amountFen = fenOf(args['amount'] ?? '');
    return operate(context, terminalOf(args, context), { verb: 'scan', amountFen, code });
  },
};

const FAULT_TEXTS: Readonly<Record<WebFault, Title>> = {
  unavailable: { zh: '返回 503', en: 'answers 503' },
  'call-lost': { zh: '请求丢失', en: 'never gets the call' },
  'call-late': { zh: '请求迟到', en: 'gets the call when nobody waits any more' },
  'answer-lost': { zh: '已处理但应答丢失', en: 'does it, and its answer is lost' },
  dropped: { zh: '已处理但连接中断', en: 'does it, and the line breaks' },
};

/** Which calls are meant by the name of what they ask. */
const CALLS: Readonly<Record<string, (call: WebCall) => boolean>> = {
  pay: ({ method, url }) => method === 'POST' && url.endsWith('/payments'),
  query: ({ method }) => method === 'GET',
  close: ({ url }) => url.endsWith('/close'),
  refund: ({ url }) => url.endsWith('/refunds'),
};

export const walletFault: Verb = {
  name: 'wallet-fault',
  doc: 'the next calls of the wallets’ gateway go wrong',
  args: {
    is: {
      doc: 'what happens to them; clear: what was ordered before is called off',
      pattern: `${Object.keys(FAULT_TEXTS).join('|')}|clear`,
      required: true,
      example: 'answer-lost',
    },
    on: {
      doc: 'which ones; any when absent',
      pattern: Object.keys(CALLS).join('|'),
      example: 'pay',
    },
    times: { doc: 'how many; 1 when absent', pattern: '[1-9]\\d?', example: '3' },
  },
  sees: {},
  needs: ['host-control'],
  isObservation: false,
  explain({ is = '', on = 'any', times = '1' }, lang) {
    if (is === 'clear') {
      return say(lang, { zh: '钱包渠道恢复', en: 'The wallet works again' });
    }
    const text = FAULT_TEXTS[is as WebFault];
    return say(lang, {
      zh: `钱包渠道${text?.zh ?? ''}（${on}，${times} 次）`,
      en: `The wallet ${text?.en ?? ''} (${on}, ${times} ${times === '1' ? 'time' : 'times'})`,
    });
  },
  run({ target }, { is = '', on, times = '1' }) {
    if (is === 'clear') {
      target.web?.clear();
      return Promise.resolve({ seen: {} });
    }
    const fits = on === undefined ? undefined : CALLS[on];
    const order = { fault: is as WebFault, times: Number(times) };
    target.web?.order(fits === undefined ? order : { ...order, fits });
    return Promise.resolve({ seen: {} });
  },
};

export const walletAccount: Verb = {
  name: 'wallet-account',
  doc: 'what a payer has in his wallet',
  args: { payer: { ...PAYER_ARG, required: true } },
  sees: { available: 'yuan', payments: 'payments that stand: paid and not wholly given back' },
  needs: ['host-control'],
  isObservation: true,
  explain: ({ payer = '' }, lang) =>
    say(lang, { zh: `查 ${payer} 的钱包余额`, en: `The wallet of ${payer}` }),
  run({ target: { wallet } }, { payer = '' }) {
    const standing = [...(wallet?.payments().values() ?? [])].filter(
      (each) => each.payer === payer && each.state === 'paid' && each.refundedFen < each.fen,
    );
    const available = formatYuan(wallet?.balanceFen(payer) ?? 0);
    return Promise.resolve({ seen: { available, payments: String(standing.length) } });
  },
};
