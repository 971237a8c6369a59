import { readPath } from '../../../protocol/structure/field-structure.ts';
import type { NamedTransaction } from '../../../protocol/message/classify-request.ts';
import type { Message } from '../../../protocol/message/message.ts';
import type { EntryMode } from '../../terminal/card-presented.ts';
import type { CardState, HostState, TerminalSession } from '../host-state.ts';

/** A request that passed the switch: known terminal, valid session, MAC and batch. */
export interface Request {
  readonly message: Message;
  readonly transaction: NamedTransaction;
  readonly session: TerminalSession;
  readonly tid: string;
  readonly mid: string;
  readonly batchNo: string;
  readonly stan: string;
  readonly amountFen: number;
}

export function toRequest(
  state: HostState,
  message: Message,
  transaction: NamedTransaction,
  session: TerminalSession,
): Request {
  return {
    message,
    transaction,
    session,
    tid: session.account.tid,
    mid: session.account.mid,
    batchNo: readPath(state.institution.dialect, message, '60.2') ?? '',
    stan: message.fields[11] ?? '',
    amountFen: Number(message.fields[4] ?? 0),
  };
}

/** Card number of a request: field 2, or track 2 up to its separator; undefined when they differ. */
export function panOf(message: Message): string | undefined {
  const keyed = message.fields[2];
  const track = message.fields[35]?.split('D')[0];
  if (keyed !== undefined && track !== undefined && keyed !== track) return undefined;
  return keyed ?? track;
}

export function cardOf(state: HostState, message: Message): CardState | undefined {
  const pan = panOf(message);
  return pan === undefined ? undefined : state.cardByPan.get(pan);
}

export function entryOf(state: HostState, message: Message): EntryMode {
  const digits = (message.fields[22] ?? '').slice(0, 2);
  const modes = Object.entries(state.institution.dialect.entryModes) as [EntryMode, string][];
  return modes.find(([, mode]) => mode === digits)?.[0] ?? 'keyed';
}
