import { FrameDecoder } from '../../protocol/framing/frame-decoder.ts';
import type { Message } from '../../protocol/message/message.ts';
import { sessionKeys, type SessionKeys } from '../../protocol/security/session-keys.ts';
import type { WorkingKeys } from '../../protocol/security/working-keys.ts';
import type { Command } from './command.ts';
import type { OperationResult } from './operation-result.ts';
import type { TerminalConfig } from './terminal-config.ts';
import {
  applyEntry,
  emptyRecord,
  type TerminalEntry,
  type TerminalRecord,
} from './terminal-record.ts';

/** One request and its answer on a connection of its own. */
export interface Exchange {
  readonly link: number;
  readonly request: Message;
  readonly bytes: Uint8Array;
  readonly decoder: FrameDecoder;
  isSent: boolean;
}

export type JobName =
  | 'sign-in'
  | 'sign-off'
  | 'echo'
  | 'reversal'
  | 'advice'
  | 'sale'
  | 'scan'
  | 'void'
  | 'refund'
  | 'script-result'
  | 'sign'
  | 'send'
  | 'signatures'
  | 'settlement'
  | 'upload';

/** What the operator asked for, and the exchanges still to come: what must go first goes first. */
export interface Operation {
  readonly command: Command;
  readonly jobs: JobName[];
  readonly wire: string[];
  /** Signatures that this operation has sent in vain. */
  readonly tried: string[];
  /** What is known of the result so far. */
  readonly known: Partial<OperationResult>;
}

/** signed-off and idle differ in the record; the others say where an operation stands. */
export type Phase =
  | { readonly kind: 'idle' }
  /** For the holder, with a time limit. */
  | { readonly kind: 'waiting'; readonly operation: Operation }
  | { readonly kind: 'connecting'; readonly operation: Operation; readonly exchange: Exchange }
  | { readonly kind: 'awaiting'; readonly operation: Operation; readonly exchange: Exchange };

export interface TerminalState {
  readonly config: TerminalConfig;
  readonly record: TerminalRecord;
  phase: Phase;
  links: number;
  ciphers: { readonly of: WorkingKeys; readonly made: SessionKeys } | undefined;
}

/** A terminal as it boots: the record is what its store replays. */
export function bootTerminal(
  config: TerminalConfig,
  entries: Iterable<TerminalEntry>,
): TerminalState {
  const record = emptyRecord(config.firstStan);
  for (const entry of entries) applyEntry(record, entry);
  return { config, record, phase: { kind: 'idle' }, links: 0, ciphers: undefined };
}

/** The session keys ready for use, made once per key set; undefined before the first sign-in. */
export function sessionCiphers(state: TerminalState): SessionKeys | undefined {
  const { keys, keyForm } = state.record;
  if (keys === undefined || keyForm === undefined) return undefined;
  if (state.ciphers?.of !== keys) {
    state.ciphers = { of: keys, made: sessionKeys(keyForm, keys, state.config.dialect.mac) };
  }
  return state.ciphers.made;
}
