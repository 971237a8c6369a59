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
      const screen =
        rc === '12' || rc === '30' ? SCREENS.uploadFailed : screenOfCode(config.dialect, rc);
      return finishWith('declined', screen, { rc });
    }
    const isEnd = uploaded(step) === messages(step).length - 1;
    if (!isEnd) {
      persist(step, { kind: 'upload-acknowledged' });
      return AGAIN;
    }
    const isBalanced = step.state.record.settlement?.isBalanced === true;
    closeBatch(step, batchToSettle(step.state));
    return isBalanced
      ? finishWith('balanced', SCREENS.balanced)
      : finishWith('unbalanced', SCREENS.unbalanced);
  },
  unanswered: interrupted,
  forged: interrupted,
  notSent: interrupted,
};
