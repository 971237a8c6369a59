import { scriptChip, type ChipEnd } from '../chip/complete-chip.ts';
import { field60, identity } from '../requests/request-fields.ts';
import type { LoggedTransaction, PendingScript } from '../terminal-record.ts';
import { persist, takeStan, type TerminalStep } from '../terminal-step.ts';
import type { Operation } from '../terminal-state.ts';
import { AGAIN, GO_ON, type Job, type Next } from './job.ts';

/** 60.3 of the result of a script. */
const SCRIPT_RESULT = '951';

/** What goes to the issuer about a script: the transaction it came with, and the result (spec 9.3). */
export function scriptAdvice(
  step: TerminalStep,
  { stan, batchNo, rrn, amountFen, pan, sequence, request }: LoggedTransaction,
  { scripts = '', tvr }: ChipEnd,
): PendingScript {
  const { config } = step.state;
  const own = takeStan(step);
  return {
    stan: own,
    sends: 0,
    fields: {
      ...identity(config, own),
      2: pan,
      3: request[3] ?? '000000',
      4: request[4] ?? String(amountFen).padStart(12, '0'),
      22: request[22] ?? '',
      23: sequence,
      37: rrn,
      49: request[49] ?? '156',
      55: scriptChip(request[55] ?? '', scripts, tvr),
      60: field60('00', batchNo, SCRIPT_RESULT),
      61: batchNo + stan,
    },
  };
}

/**
 * Told one after the other until the issuer answers or the sends are used up; no operation waits for
 * more than one send, but a settlement, which goes after all of them (spec 6.8).
 */
export const scriptJob: Job = {
  begin(step) {
    const [script] = step.state.record.scripts;
    return script === undefined ? GO_ON : { mti: '0620', fields: script.fields };
  },
  sending(step) {
    persist(step, { kind: 'script-sent' });
  },
  answered(step, operation, _request, answer) {
    const { dialect } = step.state.config;
    if (dialect.signInAgain.includes(answer.fields[39] ?? '')) return signInAgain(step, operation);
    persist(step, { kind: 'script-cleared' });
    return AGAIN;
  },
  unanswered: unheard,
  forged: signInAgain,
  notSent: () => GO_ON,
};

/** New keys first; the same result is told under them. */
function signInAgain(step: TerminalStep, operation: Operation): Next {
  persist(step, { kind: 'sign-in-lost' });
  giveUpAfterAll(step);
  operation.jobs.splice(1, 0, 'sign-in', 'script-result');
  return GO_ON;
}

function unheard(step: TerminalStep, { command }: Operation): Next {
  giveUpAfterAll(step);
  const isWaitedFor = command.verb === 'settle' && step.state.record.scripts.length > 0;
  return isWaitedFor ? AGAIN : GO_ON;
}

/** Kept for the next operation while a send is left. */
function giveUpAfterAll(step: TerminalStep): void {
  const { record, config } = step.state;
  if ((record.scripts[0]?.sends ?? 0) >= config.reversalSends) {
    persist(step, { kind: 'script-cleared' });
  }
}
