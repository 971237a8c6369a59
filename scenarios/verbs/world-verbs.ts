import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { LinkFault } from '../../emulator/faults/faulty-network.ts';
import { say, type Verb } from './verb.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

const UNIT_ZH: Readonly<Record<string, string>> = {
  second: '秒',
  minute: '分钟',
  hour: '小时',
  day: '天',
};

function duration(text: string): { count: number; unit: string; ms: number } {
  const [count = '0', units = 'day'] = text.split(/ +/);
  const unit = units.replace(/s$/, '');
  return { count: Number(count), unit, ms: Number(count) * (UNIT_MS[unit] ?? 0) };
}

export function durationMs(text: string): number {
  return duration(text).ms;
}

export const advance: Verb = {
  name: 'advance',
  doc: 'civil time of the emulated parties moves on',
  args: {
    by: {
      doc: 'how far',
      pattern: '\\d{1,5} +(second|minute|hour|day)s?',
      required: true,
      example: '30 days',
    },
  },
  sees: {},
  needs: ['host-time'],
  isObservation: false,
  explain(args, lang) {
    const { count, unit } = duration(args['by'] ?? '');
    return say(lang, {
      zh: `过去 ${count} ${UNIT_ZH[unit] ?? unit}`,
      en: `${count} ${unit}${count === 1 ? '' : 's'} pass`,
    });
  },
  async run(context, args) {
    await context.target.advance(duration(args['by'] ?? '').ms);
    return { seen: {} };
  },
};

const FAULT_TEXTS: Readonly<Record<LinkFault, { zh: string; en: string }>> = {
  'request-lost': { zh: '请求丢失', en: 'the request is lost' },
  'request-late': { zh: '请求滞后，被后续报文超过', en: 'the request is overtaken by a later one' },
  'answer-lost': { zh: '应答丢失（静默）', en: 'the answer is lost: silence' },
  'answer-cut': { zh: '应答前断线', en: 'the line breaks before the answer' },
  'answer-half': { zh: '应答只到半帧', en: 'half of the answer arrives' },
  'request-altered': { zh: '请求在途中被改一位', en: 'a bit of the request is turned on its way' },
  'power-cut': {
    zh: '应答到达前终端断电',
    en: 'the terminal loses its power before the answer arrives',
  },
  refused: { zh: '无法连接主机', en: 'the host cannot be reached' },
};

export const fault: Verb = {
  name: 'fault',
  doc: 'the line will harm the next exchange that fits',
  args: {
    link: {
      doc: 'what happens on the line',
      pattern: Object.keys(FAULT_TEXTS).join('|'),
      required: true,
      example: 'answer-lost',
    },
    on: {
      doc: 'message type of the request it waits for; any when absent',
      pattern: '0\\d{3}',
      example: '0200',
    },
    after: {
      doc: 'exchanges that fit and are let pass first; 0 when absent',
      pattern: '\\d{1,2}',
      example: '1',
    },
    times: { doc: 'how many exchanges; 1 when absent', pattern: '[1-9]\\d?', example: '3' },
  },
  sees: {},
  needs: ['link-faults'],
  isObservation: false,
  explain(args, lang) {
    const text = FAULT_TEXTS[args['link'] as LinkFault];
    const { on, after, times = '1' } = args;
    const zh = [
      `故障：${text?.zh ?? ''}${on === undefined ? '' : `（${on}）`}`,
      ...(after === undefined ? [] : [`放过 ${after} 次后`]),
      ...(times === '1' ? [] : [`${times} 次`]),
    ];
    const en = [
      `Fault: ${text?.en ?? ''}${on === undefined ? '' : ` (on ${on})`}`,
      ...(after === undefined ? [] : [`after ${after} that pass`]),
      ...(times === '1' ? [] : [`${times} times`]),
    ];
    return say(lang, { zh: zh.join('，'), en: en.join(', ') });
  },
  run(context, args) {
    const { link, on, after = '0', times = '1' } = args;
    if (link === undefined) throw new CountersignError('E_INTERNAL');
    context.target.faults.order({
      fault: link as LinkFault,
      ...(on === undefined ? {} : { mti: on }),
      after: Number(after),
      times: Number(times),
    });
    return Promise.resolve({ seen: {} });
  },
};
