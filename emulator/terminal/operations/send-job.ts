import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { encodeMessage } from '../../../protocol/message/encode-message.ts';
import { screenOfCode, SCREENS } from '../screens.ts';
import { persist, type TerminalStep } from '../terminal-step.ts';
import { finishWith, type Job, type Next } from './job.ts';

/** A message as it is given; what its answer says is shown, and nothing is made of it. */
export const sendJob: Job = {
  begin(step, { command }) {
    if (command.verb !== 'send') return finishWith('refused', SCREENS.failed);
    const why = whyNotSent(step, command.message);
    return why === undefined ? command.message : finishWith('refused', { zh: why, en: why });
  },
  answered(step, _operation, request, { fields }) {
    const { dialect } = step.state.config;
    const { 37: rrn, 39: rc = '' } = fields;
    if (dialect.signInAgain.includes(rc)) persist(step, { kind: 'sign-in-lost' });
    const isApproved = dialect.responseCodes[rc]?.class === 'A';
    const stan = request.fields[11];
    return finishWith(isApproved ? 'approved' : 'declined', screenOfCode(dialect, rc), {
      rc,
      ...(stan === undefined ? {} : { stan }),
      ...(rrn === undefined ? {} : { rrn }),
    });
  },
  unanswered: () => finishWith('unknown', SCREENS.noAnswer),
  forged(step) {
    persist(step, { kind: 'sign-in-lost' });
    return finishWith('unknown', SCREENS.notAuthentic);
  },
  notSent: (): Next => finishWith('not-sent', SCREENS.notSent),
};

/** A message that the dialect cannot write. */
function whyNotSent(
  step: TerminalStep,
  message: Parameters<typeof encodeMessage>[1],
): string | undefined {
  try {
    encodeMessage(step.state.config.dialect, message);
    return undefined;
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return `${error.code} ${error.message}`;
  }
}
