import type { Message } from '../../../protocol/message/message.ts';
import { AGAIN, finishWith, GO_ON, type Job, type Next } from '../operations/job.ts';
import { SCREENS } from '../screens.ts';
import type { Operation } from '../terminal-state.ts';
import { persist, type TerminalStep } from '../terminal-step.ts';
import type { PendingSignature } from './pending-signature.ts';
import { uploadCode, uploadMessage } from './signature-upload.ts';

/** Answers after which the host has the signature (spec 7.1). */
const STORED: readonly string[] = ['00', '94'];

/** Signatures that this operation sends: all of them before a settlement, else all but the newest. */
function waiting(step: TerminalStep, operation: Operation): PendingSignature[] {
  const { record, config } = step.state;
  const captured = record.signatures.filter(({ state }) => state === 'captured');
  const isForced = operation.command.verb === 'settle';
  const isFull = record.signatures.length >= config.mostSignatures;
  const sent = isForced || isFull ? captured : captured.slice(0, -1);
  return sent.filter(({ stan }) => !isGivenUp(step, operation, stan));
}

/** Whether this operation tries no more: a settlement sends one several times, a sale once. */
function isGivenUp(step: TerminalStep, { command, tried }: Operation, stan: string): boolean {
  const sends = command.verb === 'settle' ? step.state.config.signatureSends : 1;
  return tried.filter((each) => each === stan).length >= sends;
}

/**
 * Uploads signatures with a later transaction, and all of them before a settlement (spec 7.5). What
 * becomes of one stands in the way of a sale only when it shows that the keys are no longer right; a
 * settlement waits for an answer to each.
 */
export const signaturesJob: Job = {
  begin(step, operation): Message | Next {
    const [signature] = waiting(step, operation);
    if (signature === undefined) return undelivered(step, operation) ?? GO_ON;
    const { config } = step.state;
    const { packets, packetBytes, image, stan, batchNo, fields, slip } = signature;
    const { tid, mid, dialect } = config;
    const digits = packetBytes * 2;
    const piece = image.slice(packets * digits, (packets + 1) * digits);
    const code = uploadCode(packets, packetCount(signature));
    return uploadMessage(dialect, { tid, mid, batchNo, stan, fields, slip, piece, code });
  },
  answered(step, operation, request, answer) {
    const { config } = step.state;
    const rc = answer.fields[39] ?? '';
    const signature = current(step, request.fields[11]);
    if (signature === undefined) return GO_ON;
    const { stan } = signature;
    if (config.dialect.signInAgain.includes(rc)) return signInAgain(step, operation, stan);
    if (STORED.includes(rc)) {
      const isLast = signature.packets + 1 >= packetCount(signature);
      persist(step, { kind: isLast ? 'signature-uploaded' : 'signature-packet', stan });
      return AGAIN;
    }
    // Packets that the host cannot place, or that make no picture: all of them again.
    if (signature.packets > 0) persist(step, { kind: 'signature-restarted', stan });
    operation.tried.push(stan);
    // Refused for good at the settlement: signed on paper (spec 7.5, point 6).
    if (operation.command.verb === 'settle' && isGivenUp(step, operation, stan)) {
      persist(step, { kind: 'signature-on-paper', stan, reason: 'refused-by-host' });
    }
    return AGAIN;
  },
  unanswered: unheard,
  forged(step, operation) {
    persist(step, { kind: 'sign-in-lost' });
    unheard(step, operation);
    operation.jobs.splice(1, 0, 'sign-in', 'signatures');
    return GO_ON;
  },
  notSent: (step, operation) =>
    operation.command.verb === 'settle'
      ? finishWith('not-sent', SCREENS.signaturesOpen)
      : unheard(step, operation),
};

/** Messages that the picture takes. */
function packetCount({ image, packetBytes }: PendingSignature): number {
  return Math.ceil(image.length / (packetBytes * 2));
}

function current(step: TerminalStep, stan: string | undefined): PendingSignature | undefined {
  return step.state.record.signatures.find((each) => each.stan === stan);
}

function signInAgain(step: TerminalStep, operation: Operation, stan: string): Next {
  persist(step, { kind: 'sign-in-lost' });
  operation.tried.push(stan);
  operation.jobs.splice(1, 0, 'sign-in', 'signatures');
  return GO_ON;
}

/** Silence: a settlement asks again, everything else goes on without. */
function unheard(step: TerminalStep, operation: Operation): Next {
  const [signature] = waiting(step, operation);
  if (signature !== undefined) operation.tried.push(signature.stan);
  return operation.command.verb === 'settle' ? AGAIN : GO_ON;
}

/** A settlement without an answer to a signature is put off (spec 7.5, point 6). */
function undelivered(step: TerminalStep, operation: Operation): Next | undefined {
  const isOpen = step.state.record.signatures.some(({ state }) => state === 'captured');
  return operation.command.verb === 'settle' && isOpen
    ? finishWith('not-sent', SCREENS.signaturesOpen)
    : undefined;
}
