import type { Title } from '../../emulator/events/party-event.ts';
import { controlOf } from './args.ts';
import { say, type Verb } from './verb.ts';
import { durationMs } from './world-verbs.ts';

const STATES: Readonly<Record<string, Title>> = {
  closed: { zh: '发卡通道关闭（维护）', en: 'The issuer channel closes for maintenance' },
  open: { zh: '发卡通道恢复', en: 'The issuer channel opens' },
  silent: { zh: '发卡行应答丢失', en: 'The answers of the issuers are lost' },
  slow: { zh: '发卡行应答缓慢', en: 'The issuers answer slowly' },
};

export const channel: Verb = {
  name: 'channel',
  doc: 'the channel to the issuers: closed, open, slow, or one whose answers are lost',
  args: {
    issuer: {
      doc: 'its new state; open ends all the others',
      pattern: Object.keys(STATES).join('|'),
      required: true,
      example: 'closed',
    },
    delay: {
      doc: 'slow: how long an answer takes, where a terminal waits for a minute',
      pattern: '\\d{1,3} +seconds?',
      example: '20 seconds',
    },
  },
  sees: {},
  needs: ['host-control'],
  isObservation: false,
  explain({ issuer = '', delay }, lang) {
    const state = STATES[issuer];
    return state === undefined
      ? issuer
      : say(lang, state) + (delay === undefined ? '' : ` (${delay})`);
  },
  run(context, { issuer = '', delay = '20 seconds' }) {
    const control = controlOf(context);
    const delayMs = issuer === 'slow' ? context.target.lineMs(durationMs(delay)) : 0;
    if (issuer === 'closed' || issuer === 'open') control.setChannel(issuer === 'open');
    control.setIssuerLine({ delayMs, losesAnswers: issuer === 'silent' });
    return Promise.resolve({ seen: {} });
  },
};

export const slowAnswers: Verb = {
  name: 'slow-answers',
  doc: 'the host is slow: its next financial answers leave after the terminal has given up',
  args: {
    late: {
      doc: 'how long after, where a terminal waits for a minute',
      pattern: '\\d{1,3} +seconds?',
      required: true,
      example: '15 seconds',
    },
    times: { doc: 'how many answers; 1 when absent', pattern: '[1-9]\\d?', example: '2' },
  },
  sees: {},
  needs: ['host-control'],
  isObservation: false,
  explain({ late = '', times = '1' }, lang) {
    const which = times === '1' ? 'answer leaves' : `${times} answers leave`;
    return say(lang, {
      zh: `系统延迟：随后 ${times} 个应答在终端超时 ${late.replace(/ +seconds?/, ' 秒')}后才发出`,
      en: `The system is slow: the next ${which} ${late} after the terminal has given up`,
    });
  },
  run(context, { late = '', times = '1' }) {
    const delayMs = context.target.lineMs(TERMINAL_WAITS_MS + durationMs(late));
    controlOf(context).slowAnswers(delayMs, Number(times));
    return Promise.resolve({ seen: {} });
  },
};

const TERMINAL_WAITS_MS = 60_000;
