import { peopleOf } from '../../emulator/host/evidence/audit-trail.ts';
import { controlOf, resultOf, STEP_ARG } from './args.ts';
import { say, type StepContext, type Verb } from './verb.ts';

/** Names under which a step leaves the number of what it has made. */
const NUMBERS = ['hold', 'review', 'adjustment', 'retrieval', 'case'] as const;

/** What an earlier step was about: a transaction by its reference number, or a record by its own. */
export function subjectOf(context: StepContext, reference = ''): string {
  const { seen, operation, tid = '' } = resultOf(context, reference);
  const number = NUMBERS.map((name) => seen[name]).find((each) => each !== undefined);
  if (number !== undefined) return number;
  const { rrn, batchNo = '', stan = '' } = operation ?? {};
  return rrn === undefined || rrn === '' ? `${tid}-${batchNo}-${stan}` : rrn;
}

export const audit: Verb = {
  name: 'audit',
  doc: 'reads the audit trail of a transaction, a hold, a review …: all that the journal has about it',
  args: { of: STEP_ARG },
  sees: {
    count: 'how many entries there are',
    events: 'their kinds, in order',
    people: 'who did them, each once, in order',
  },
  needs: ['host-control'],
  isObservation: true,
  explain: ({ of = '' }, lang) =>
    say(lang, { zh: `查看 ${of} 的审计记录`, en: `The audit trail of ${of}` }),
  run(context, { of }) {
    const trail = controlOf(context).evidence.trail(subjectOf(context, of));
    return Promise.resolve({
      seen: {
        count: String(trail.length),
        events: trail.map(({ event }) => event.kind).join(' '),
        people: peopleOf(trail).join(' '),
      },
    });
  },
};
