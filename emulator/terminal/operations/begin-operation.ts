import { isAmount } from '../../../protocol/message/amount.ts';
import type { Title } from '../../events/party-event.ts';
import type { Command, VoidCommand } from '../command.ts';
import { SCREENS } from '../screens.ts';
import type { JobName, Operation } from '../terminal-state.ts';
import { finish, type TerminalStep } from '../terminal-step.ts';
import { findSale } from './financial-jobs.ts';
import { unlockRefunds, whyNotRefundPassword } from './refund-password.ts';

/**
 * The operator's request, checked by the terminal itself; undefined when it was refused, with the
 * result already given.
 */
export function beginOperation(step: TerminalStep, command: Command): Operation | undefined {
  const jobs = jobsOf(step, command);
  const operation: Operation = { command, jobs, wire: [], known: {}, tried: [] };
  if (step.state.phase.kind !== 'idle') {
    // The running operation goes on; only the new one is turned away.
    const { phase } = step.state;
    finish(step, operation, 'refused', SCREENS.busy);
    step.state.phase = phase;
    return undefined;
  }
  if (command.verb === 'unlock') {
    const { outcome, screen } = unlockRefunds(step, command.password);
    finish(step, operation, outcome, screen);
    return undefined;
  }
  const refusal = whyRefused(step, command);
  if (refusal === undefined) return operation;
  finish(step, operation, 'refused', refusal);
  return undefined;
}

/** Order of what goes out: keys, a script's result, the open reversal, an open advice, the command. */
function jobsOf(step: TerminalStep, command: Command): JobName[] {
  const { record } = step.state;
  if (command.verb === 'sign-in' || command.verb === 'echo' || command.verb === 'sign') {
    return [command.verb];
  }
  if (command.verb === 'unlock') return [];
  const first: JobName[] = [];
  // Keys of another form are those of a terminal that was set up differently meanwhile.
  const isOtherForm = record.keyForm !== step.state.config.keyForm;
  if (!record.isSignedIn || isOtherForm) first.push('sign-in');
  if (record.scripts.length > 0) first.push('script-result');
  if (record.reversal !== undefined) first.push('reversal');
  if (record.advice !== undefined) first.push('advice');
  if (record.signatures.length > 0) first.push('signatures');
  // It goes out as it is, and nothing else with it.
  if (command.verb === 'send') return [...first.filter((job) => job === 'sign-in'), 'send'];
  if (command.verb !== 'settle') return [...first, command.verb];
  // An upload that was interrupted goes on where it stopped.
  return [...first, record.settlement?.isUploading === true ? 'upload' : 'settlement'];
}

function whyRefused(step: TerminalStep, command: Command): Title | undefined {
  const { record, config } = step.state;
  switch (command.verb) {
    case 'sign-in':
    case 'sign-off':
    case 'echo':
    case 'settle':
    case 'sign':
    case 'send':
    case 'unlock':
      return undefined;
    case 'scan':
      if (!/^\d{16,24}$/.test(command.code)) return SCREENS.badCode;
      if (config.dialect.entryModes.qr === undefined) return SCREENS.noCodes;
      if (record.settlement !== undefined) return SCREENS.settleFirst;
      return isAmount(command.amountFen) ? undefined : SCREENS.badAmount;
    case 'sale':
      if (record.settlement !== undefined) return SCREENS.settleFirst;
      return isAmount(command.amountFen) ? undefined : SCREENS.badAmount;
    case 'refund':
      if (record.settlement !== undefined) return SCREENS.settleFirst;
      if (!isAmount(command.amountFen)) return SCREENS.badAmount;
      return whyNotRefundPassword(step, command.password);
    case 'void':
      return whyNotVoid(step, command);
    default:
      return command satisfies never;
  }
}

function whyNotVoid(step: TerminalStep, command: VoidCommand): Title | undefined {
  const { record, config } = step.state;
  if (record.settlement !== undefined) return SCREENS.settleFirst;
  if (command.password !== config.supervisorPassword) return SCREENS.wrongPassword;
  if (command.unchecked !== undefined) return undefined;
  const sale = findSale(step, command.stan);
  if (sale === undefined) return SCREENS.notInBatch;
  if (sale.isVoided) return SCREENS.alreadyVoided;
  // The voucher of a payment by code is in the log: nothing has to be shown.
  if (sale.voucher !== undefined) return undefined;
  if (command.card === undefined) return config.voidNeedsCard ? SCREENS.cardNeeded : undefined;
  return command.card.pan === sale.pan ? undefined : SCREENS.otherCard;
}
