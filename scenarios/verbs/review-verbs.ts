import { formatYuan } from '../../protocol/message/amount.ts';
import type { RiskCondition, RiskRule } from '../../emulator/host/risk/rules.ts';
import { transactionId } from '../../emulator/host/transaction-index.ts';
import type { Texts } from '../plan/plan.ts';
import { AMOUNT_ARG, BY_ARG, controlOf, fenOf, resultOf, STEP_ARG } from './args.ts';
import { say, type Verb } from './verb.ts';

const acting = { needs: ['host-control'], isObservation: false } as const;

const TIME = '([01]\\d|2[0-3]):[0-5]\\d';

export const riskRule: Verb = {
  ...acting,
  name: 'risk-rule',
  doc: 'adds a rule to those in force, in place of one of the same name; it hits when all its conditions hold',
  args: {
    name: { doc: 'its name', pattern: '[a-z][a-z0-9-]*', required: true, example: 'many-cards' },
    cards: { doc: 'so many different cards at one terminal', pattern: '\\d{1,3}', example: '3' },
    times: { doc: 'the same card so many times, anywhere', pattern: '\\d{1,3}', example: '3' },
    within: {
      doc: 'minutes that cards and times look back; 10 when absent',
      pattern: '\\d{1,4}',
      example: '30',
    },
    round: { ...AMOUNT_ARG, doc: 'a whole multiple of this sum', example: '1 000.00' },
    above: { ...AMOUNT_ARG, doc: 'more than this' },
    night: {
      doc: 'from the first time up to, not including, the second',
      pattern: `${TIME}-${TIME}`,
      example: '23:00-06:00',
    },
    'first-days': {
      doc: 'so many first days of a merchant, the day of his first sale among them',
      pattern: '\\d{1,3}',
      example: '7',
    },
    then: {
      doc: 'approved and its money held for a review, or declined with this code',
      pattern: 'hold|59|61|62',
      required: true,
      example: 'hold',
    },
    by: BY_ARG,
  },
  sees: {
    outcome: 'done or refused',
    why: 'why it was refused',
    version: 'of the rules in force then',
  },
  explain(args, lang) {
    const { name = '', then = '', by = '' } = args;
    const conditions = conditionTexts(args);
    const end =
      then === 'hold'
        ? { zh: '先批准，冻结并复核', en: 'is approved, held and reviewed' }
        : { zh: `拒绝，应答 ${then}`, en: `is declined with ${then}` };
    return say(lang, {
      zh: `${by} 设置风控规则 ${name}：${conditions.map(({ zh }) => zh).join('且')}，${end.zh}`,
      en: `${by} sets the rule ${name}: ${conditions.map(({ en }) => en).join(' and ')} ${end.en}`,
    });
  },
  run(context, args) {
    const { risk } = controlOf(context);
    const rule = ruleOf(args);
    const others = (risk.rules()?.rules ?? []).filter(({ name }) => name !== rule.name);
    const why = risk.setRules([...others, rule], args['by'] ?? '');
    return Promise.resolve({
      seen: {
        ...(why === undefined ? { outcome: 'done' } : { outcome: 'refused', why }),
        version: String(risk.rules()?.version ?? 0),
      },
    });
  },
};

function conditionTexts(args: Texts): { zh: string; en: string }[] {
  const { cards, times, within = '10', round, above, night } = args;
  const days = args['first-days'];
  return [
    ...(cards === undefined
      ? []
      : [
          {
            zh: `${within} 分钟内同一终端 ${cards} 张卡`,
            en: `${cards} cards at one terminal within ${within} minutes`,
          },
        ]),
    ...(times === undefined
      ? []
      : [
          {
            zh: `${within} 分钟内同一张卡 ${times} 次`,
            en: `a card ${times} times within ${within} minutes`,
          },
        ]),
    ...(round === undefined ? [] : [{ zh: `${round} 的整数倍`, en: `a multiple of ${round}` }]),
    ...(above === undefined ? [] : [{ zh: `超过 ${above}`, en: `more than ${above}` }]),
    ...(night === undefined ? [] : [{ zh: `时段 ${night}`, en: `a sale at ${night}` }]),
    ...(days === undefined
      ? []
      : [{ zh: `商户入网前 ${days} 天`, en: `a sale in the first ${days} days of a merchant` }]),
  ];
}

function ruleOf(args: Texts): RiskRule {
  const { name = '', cards, times, within = '10', round, above, night, then = 'hold' } = args;
  const days = args['first-days'];
  const withinMinutes = Number(within);
  const when: RiskCondition[] = [];
  if (cards !== undefined) when.push({ kind: 'many-cards', cards: Number(cards), withinMinutes });
  if (times !== undefined) when.push({ kind: 'same-card', times: Number(times), withinMinutes });
  if (round !== undefined) when.push({ kind: 'round-sum', multipleFen: fenOf(round) });
  if (above !== undefined) when.push({ kind: 'above', fen: fenOf(above) });
  if (night !== undefined) {
    const [fromMinutes = 0, toMinutes = 0] = night.split('-').map(minutesOf);
    when.push({ kind: 'night', fromMinutes, toMinutes });
  }
  if (days !== undefined) when.push({ kind: 'new-merchant', days: Number(days) });
  const outcome: RiskRule['outcome'] =
    then === '59' || then === '61' || then === '62'
      ? { kind: 'decline', rc: then }
      : { kind: 'hold' };
  return { name, when, outcome };
}

function minutesOf(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return hour * 60 + minute;
}

export const review: Verb = {
  ...acting,
  name: 'review',
  doc: 'the review that a rule has opened for a sale: looked at, or closed by a person',
  args: {
    of: { ...STEP_ARG, doc: 'the sale' },
    verdict: {
      doc: 'cleared lets the money go, confirmed keeps it held; without one it is only looked at',
      pattern: 'cleared|confirmed',
      example: 'cleared',
    },
    note: { doc: 'why', pattern: '.{1,80}', example: 'the customer has called' },
    by: { ...BY_ARG, required: false },
  },
  sees: {
    outcome: 'cleared, confirmed, no-effect or refused; open or none when it was only looked at',
    review: 'its number',
    hold: 'the number of its hold',
    rules: 'names of the rules that were met',
    evidence: 'by what they were met',
    version: 'of the rules that were in force',
    released: 'yuan that are payable again',
    why: 'why nothing happened',
  },
  explain({ of = '', verdict, by = '', note = '' }, lang) {
    if (verdict === undefined) {
      return say(lang, { zh: `查看 ${of} 的风控复核`, en: `The review of ${of}` });
    }
    const isCleared = verdict === 'cleared';
    return say(lang, {
      zh: `${by} 复核 ${of}：${isCleared ? '解除' : '确认风险，继续冻结'}（${note}）`,
      en: `${by} ${isCleared ? 'clears' : 'confirms'} the review of ${of} (${note})`,
    });
  },
  run(context, { of = '', verdict, note = '', by = '' }) {
    const { risk } = controlOf(context);
    const { operation, tid = '' } = resultOf(context, of);
    const id = transactionId(tid, operation?.batchNo ?? '', operation?.stan ?? '');
    const found = risk.reviewOf(id);
    if (found === undefined) return Promise.resolve({ seen: { outcome: 'none' } });
    const { version, hits } = found;
    const known = {
      review: found.id,
      hold: found.holdId,
      rules: hits.map(({ rule }) => rule).join(' '),
      evidence: hits.map(({ evidence }) => evidence).join('; '),
      version: String(version),
    };
    if (verdict !== 'cleared' && verdict !== 'confirmed') {
      return Promise.resolve({ seen: { ...known, outcome: found.state } });
    }
    const { outcome, ...more } = risk.closeReview(found.id, verdict, { by, note });
    const seen =
      'releasedFen' in more
        ? { outcome, released: formatYuan(more.releasedFen) }
        : { outcome, ...more };
    return Promise.resolve({ seen: { ...known, ...seen } });
  },
};
