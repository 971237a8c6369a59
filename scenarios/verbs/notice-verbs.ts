import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { caseNumber, CASE_ARG } from './refund-case-verbs.ts';
import { say, type Verb } from './verb.ts';

export const notices: Verb = {
  needs: ['host-control'],
  isObservation: false,
  name: 'notices',
  doc: 'what the holder was told of a refund case; messages need a moment, so let time pass first',
  args: {
    case: { ...CASE_ARG, required: false },
    fails: {
      doc: 'calls that the gateway for messages does not take from now on',
      pattern: '\\d{1,2}',
      example: '2',
    },
  },
  sees: {
    told: 'the states that he was told, in order',
    last: 'the last message, in Chinese',
    by: 'sms or mail',
    calls: 'how often the gateway was called for these messages',
  },
  explain({ case: of, fails }, lang) {
    const zh = [
      ...(fails === undefined ? [] : [`消息网关 ${fails} 次不可用`]),
      ...(of === undefined ? [] : [`查看 ${of} 的通知`]),
    ];
    const en = [
      ...(fails === undefined ? [] : [`The gateway for messages fails ${fails} times`]),
      ...(of === undefined ? [] : [`What the holder was told of ${of}`]),
    ];
    return say(lang, { zh: zh.join('，'), en: en.join('; ') });
  },
  run(context, { case: of, fails }) {
    const { notices: gateway } = context.target;
    if (gateway === undefined) throw new CountersignError('E_INTERNAL');
    if (fails !== undefined) gateway.fail(Number(fails));
    if (of === undefined) return Promise.resolve({ seen: {} });
    const prefix = `${caseNumber(context, of)}/`;
    const told = gateway.messages().filter(({ key }) => key.startsWith(prefix));
    const last = told.at(-1);
    return Promise.resolve({
      seen: {
        told: told.map(({ key }) => key.slice(prefix.length)).join(' '),
        calls: String(told.reduce((sum, { calls }) => sum + calls, 0)),
        ...(last === undefined ? {} : { last: last.text, by: last.channel }),
      },
    });
  },
};
