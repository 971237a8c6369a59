import { BY_ARG, controlOf } from './args.ts';
import { say, type Verb } from './verb.ts';

export const standing: Verb = {
  name: 'standing',
  doc: 'a merchant or a terminal is suspended, or may trade again',
  args: {
    of: {
      doc: 'merchant number, or terminal number',
      pattern: '\\d{15}|[0-9A-Za-z]{8}',
      required: true,
      example: '10000001',
    },
    is: {
      doc: 'its new standing',
      pattern: 'suspended|good',
      required: true,
      example: 'suspended',
    },
    reason: { doc: 'why', pattern: '.{1,80}', required: true, example: 'documents are missing' },
    by: BY_ARG,
  },
  sees: { outcome: 'done or refused', why: 'why it was refused' },
  needs: ['host-control'],
  isObservation: false,
  explain({ of = '', is, reason = '', by = '' }, lang) {
    const isSuspended = is === 'suspended';
    return say(lang, {
      zh: `${by} ${isSuspended ? '暂停' : '恢复'} ${of} 的交易（${reason}）`,
      en: `${by} ${isSuspended ? 'suspends' : 'restores'} ${of} (${reason})`,
    });
  },
  run(context, { of = '', is, reason = '', by = '' }) {
    const why = controlOf(context).setStanding(of, is === 'suspended', reason, by);
    const seen = why === undefined ? { outcome: 'done' } : { outcome: 'refused', why };
    return Promise.resolve({ seen });
  },
};
