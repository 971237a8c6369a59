import { uploadMessages, type UploadMessage } from '../requests/upload-messages.ts';
import { screenOfCode, SCREENS } from '../screens.ts';
import { persist, takeStan, type TerminalStep } from '../terminal-step.ts';
import { finishWith, type Job, type Next, AGAIN } from './job.ts';
import { batchToSettle, closeBatch } from './settlement-job.ts';

function messages(step: TerminalStep): UploadMessage[] {
  const { config, record } = step.state;
  const isBalanced = record.settlement?.isBalanced === true;
  return uploadMessages(config, batchToSettle(step.state), record.log, isBalanced);
}

function uploaded(step: TerminalStep): number {
  return step.state.record.settlement?.uploaded ?? 0;
}

function interrupted(): Next {
  return finishWith('unknown', SCREENS.settlementUnknown);
}

/**
 * Sends the details of a batch, one message after the other; each acknowledged one is
 * durable, so that the upload goes on where it stopped (spec 6.8, step 4).
 */
export const uploadJob: Job = {
  begin(step) {
    const message = messages(step)[uploaded(step)]!;
    const stan = message.takesStan ? takeStan(step) : '';
    return { mti: '0320', fields: message.fields(stan) };
  },
  answered(step, _operation, _request, answer): Next {
    const { config } = step.state;
    const rc = answer.fields[39] ?? '';
    if (rc !== '00') {
      if (config.dialect.signInAgain.includes(rc)) persist(step, { kind: 'sign-in-lost' });
      persist(step, { kind: 'upload-refused' });
      const refusals = step.state.record.settlement?.refusals ?? 0;
      // Refused for good: the batch goes on without it, rather than for ever not at all.
      if (refusals >= MOST_REFUSALS) return next(step, rc);
      const isOfUpload = rc === '12' || rc === '30';
      const screen = isOfUpload ? SCREENS.uploadFailed : screenOfCode(config.dialect, rc);
      return finishWith('declined', screen, { rc });
    }
    return next(step, rc);
  },
  unanswered: interrupted,
  forged: interrupted,
  notSent: interrupted,
};

/** Times that one message is refused before the upload goes on without it (spec 6.8). */
const MOST_REFUSALS = 3;

function next(step: TerminalStep, rc: string): Next {
  const isEnd = uploaded(step) === messages(step).length - 1;
  if (!isEnd) {
    persist(step, { kind: 'upload-acknowledged' });
    return AGAIN;
  }
  const isBalanced = step.state.record.settlement?.isBalanced === true;
  closeBatch(step, batchToSettle(step.state));
  if (rc !== '00') return finishWith('unbalanced', SCREENS.uploadFailed, { rc });
  return isBalanced
    ? finishWith('balanced', SCREENS.balanced)
    : finishWith('unbalanced', SCREENS.unbalanced);
}
