import { formatYuan } from '../../protocol/message/amount.ts';
import type { Command } from '../../emulator/terminal/command.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import type { StepContext, StepResult } from './verb.ts';

/** What every terminal operation lets one see. */
export const OPERATION_SEES = {
  outcome: 'approved, declined, unknown, not-sent, refused, balanced, unbalanced or power-lost',
  rc: 'response code (F39) of the answer that decided',
  screen: 'what the terminal shows, in Chinese',
  wire: 'message types in the order they crossed the line, such as 0200 0210',
  stan: 'trace number (F11)',
  batch: 'batch number (F60.2)',
  rrn: 'reference number (F37)',
  'auth-code': 'authorisation code (F38)',
  remark: 'what issuer, network or acquirer remark in the answer (F63), in Chinese',
  amount: 'amount in yuan',
  'reversal-pending': 'yes while a reversal waits to be sent, else no',
  signatures: 'settlement: signatures uploaded / on paper, such as 2/1',
  signature: 'due when the holder has to sign',
  reversal: 'what became of a reversal that went first: done, given-up or kept',
} as const;

/** Lets the terminal do it and turns the result into what can be expected. */
export async function operate(
  context: StepContext,
  tid: string,
  command: Command,
): Promise<StepResult> {
  const operation = await context.target.operate(tid, command);
  return { seen: seenOf(operation), operation, command, tid };
}

function seenOf(result: OperationResult): { [name: string]: string } {
  const { stan, batchNo, rrn, authCode, amountFen, rc, reversal, totals } = result;
  const known: { [name: string]: string | undefined } = {
    outcome: result.outcome,
    screen: result.screen.zh,
    wire: result.wire.join(' '),
    'reversal-pending': result.reversalPending ? 'yes' : 'no',
    rc,
    stan,
    batch: batchNo,
    rrn,
    'auth-code': authCode,
    amount: amountFen === undefined ? undefined : formatYuan(amountFen),
    reversal,
    voucher: result.voucher,
    remark: result.remark,
    signature: result.signature,
    exemption: result.exemption,
    signatures:
      result.signatures === undefined
        ? undefined
        : `${result.signatures.uploaded}/${result.signatures.paper}`,
    totals: totals?.terminal,
    'host-totals': totals?.host,
  };
  const seen: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(known)) {
    if (value !== undefined && value !== '') seen[name] = value;
  }
  return seen;
}
