import type { FieldValues, Message } from '../../../protocol/message/message.ts';
import type { CardPresented } from '../card-presented.ts';
import type { OriginalKeys } from '../command.ts';
import type { OperationResult } from '../operation-result.ts';
import { refundFields, saleFields, scanFields, voidFields } from '../requests/build-request.ts';
import type { RequestContext } from '../requests/request-fields.ts';
import { readPath } from '../../../protocol/structure/field-structure.ts';
import { encodeTlv } from '../../../protocol/structure/ber-tlv.ts';
import { completeChip, type ChipEnd } from '../chip/complete-chip.ts';
import { screenOfCode, SCREENS } from '../screens.ts';
import { signatureDue } from '../signing/signature-due.ts';
import { scriptAdvice } from './script-job.ts';
import { slipLines } from '../slip.ts';
import type { LoggedTransaction, PendingReversal } from '../terminal-record.ts';
import { sessionCiphers, type Operation } from '../terminal-state.ts';
import { persist, publish, takeStan, type TerminalStep } from '../terminal-step.ts';
import { finishWith, GO_ON, type Job, type Next } from './job.ts';

function requestContext(step: TerminalStep): RequestContext | undefined {
  const { config, record } = step.state;
  const ciphers = sessionCiphers(step.state);
  if (ciphers === undefined) return undefined;
  return {
    config,
    batchNo: record.batchNo,
    stan: takeStan(step),
    keys: ciphers,
    random: step.env.random,
    civilMs: step.env.clock.civilMs(),
  };
}

/** What the answer says, for result, slip and log. */
function knownFrom(request: Message, answer: Message): Partial<OperationResult> {
  // Behind the card organisation (spec 3.11).
  const remark = (answer.fields[63] ?? '').slice(3).trim().replaceAll(/ +/g, ' ');
  return {
    ...(remark === '' ? {} : { remark }),
    stan: request.fields[11] ?? '',
    batchNo: (request.fields[60] ?? '').slice(2, 8),
    amountFen: Number(answer.fields[4] ?? request.fields[4] ?? 0),
    rc: answer.fields[39] ?? '',
    rrn: answer.fields[37] ?? '',
    authCode: answer.fields[38] ?? '',
    date: answer.fields[13] ?? '',
    settlementDate: answer.fields[15] ?? '',
  };
}

function isApproved(step: TerminalStep, rc: string): boolean {
  // A partial approval is a success only for a terminal that offers it, which field 60.6 denies.
  return step.state.config.dialect.responseCodes[rc]?.class === 'A' && rc !== '10';
}

/** A reversible request: its reversal is stored before it leaves (spec 6.4, point 1). */
function storeReversal(step: TerminalStep, fields: FieldValues): void {
  const { config } = step.state;
  const reason = config.dialect.reversalReasons.noResponse;
  const stan = fields[11] ?? '';
  persist(step, {
    kind: 'reversal-stored',
    reversal: { stan, fields: withoutSecrets(fields), reason, sends: 0 },
  });
  publish(step, { kind: 'reversal', tid: config.tid, what: 'stored', stan, reason });
}

/** Neither track nor PIN block is kept once the request is built, nor a MAC of old keys. */
function withoutSecrets(fields: FieldValues): FieldValues {
  const kept: FieldValues = { ...fields };
  delete kept[35];
  delete kept[36];
  delete kept[52];
  delete kept[53];
  // The block of an SM4 PIN.
  delete kept[62];
  delete kept[64];
  return kept;
}

function clearReversal(step: TerminalStep): void {
  const { reversal } = step.state.record;
  if (reversal === undefined) return;
  persist(step, { kind: 'reversal-cleared' });
  publishDropped(step, reversal);
}

function publishDropped(step: TerminalStep, { stan, reason }: PendingReversal): void {
  const { tid } = step.state.config;
  publish(step, { kind: 'reversal', tid, what: 'dropped', stan, reason });
}

/** The host approved and the card did not: undone with reason 06 before anything else (spec 5.1). */
function refusedByCard(
  step: TerminalStep,
  request: Message,
  answer: Message,
  { chip, scripts }: ChipEnd,
): Next {
  const { dialect } = step.state.config;
  persist(step, {
    kind: 'reversal-reason',
    reason: dialect.reversalReasons.terminalFault,
    chip: scripts === undefined ? chip : chip + encodeTlv([{ tag: 'DF31', value: scripts }]),
  });
  return finishWith('unknown', SCREENS.cardFailed, knownFrom(request, answer));
}

/** Approved: the reason turns to 06 until the transaction is in the log, which ends the reversal. */
function commit(
  step: TerminalStep,
  request: Message,
  answer: Message,
  transaction: Pick<
    LoggedTransaction,
    'kind' | 'pan' | 'expiry' | 'entry' | 'sequence' | 'voucher'
  > & {
    originalStan?: string;
    chip?: ChipEnd;
  },
): Partial<OperationResult> {
  const { config } = step.state;
  const known = knownFrom(request, answer);
  if (step.state.record.reversal !== undefined) {
    persist(step, {
      kind: 'reversal-reason',
      reason: config.dialect.reversalReasons.terminalFault,
    });
  }
  const { chip, ...presented } = transaction;
  const kept = withoutSecrets(request.fields);
  // A payment code has done its work; what a void or a refund names is the voucher.
  if (presented.kind === 'sale') delete kept[59];
  const logged: LoggedTransaction = {
    ...presented,
    stan: known.stan!,
    batchNo: known.batchNo!,
    rrn: known.rrn!,
    authCode: known.authCode!,
    amountFen: known.amountFen!,
    date: known.date!,
    // The batch upload sends the chip's last cryptogram.
    request: chip === undefined ? kept : { ...kept, 55: chip.chip },
    ...(chip === undefined ? {} : { tsi: chip.tsi }),
    ...(config.signs ? { signs: true } : {}),
    isVoided: false,
  };
  const { reversal } = step.state.record;
  const script = chip?.scripts === undefined ? undefined : scriptAdvice(step, logged, chip);
  const signature = signatureDue(step, logged, answer);
  persist(step, {
    kind: 'transaction-logged',
    transaction: logged,
    ...(script === undefined ? {} : { script }),
    ...(signature === undefined ? {} : { signature }),
  });
  if (reversal !== undefined) publishDropped(step, reversal);
  publish(step, { kind: 'slip', tid: config.tid, lines: slipLines(config, logged, answer) });
  return signature === undefined ? known : { ...known, signature: 'due' };
}

/** A decline ends the matter; some codes also end the signed-in state (spec 6.2). */
function decline(step: TerminalStep, request: Message, answer: Message): Next {
  const { dialect } = step.state.config;
  const known = knownFrom(request, answer);
  const rc = known.rc!;
  if (rc === '10') {
    persist(step, { kind: 'reversal-reason', reason: dialect.reversalReasons.terminalFault });
    return finishWith('unknown', SCREENS.unknown, known);
  }
  clearReversal(step);
  if (dialect.signInAgain.includes(rc)) persist(step, { kind: 'sign-in-lost' });
  return finishWith('declined', screenOfCode(dialect, rc), known);
}

const reversible: Pick<Job, 'unanswered' | 'forged' | 'notSent'> = {
  unanswered: (step) => finishWith('unknown', SCREENS.unknown, knownFromReversal(step)),
  forged(step) {
    persist(step, {
      kind: 'reversal-reason',
      reason: step.state.config.dialect.reversalReasons.macError,
    });
    persist(step, { kind: 'sign-in-lost' });
    return finishWith('unknown', SCREENS.badAnswer, knownFromReversal(step));
  },
  notSent(step) {
    clearReversal(step);
    return finishWith('not-sent', SCREENS.notSent);
  },
};

function knownFromReversal(step: TerminalStep): Partial<OperationResult> {
  const { reversal, batchNo } = step.state.record;
  return reversal === undefined
    ? {}
    : { stan: reversal.stan, batchNo, amountFen: Number(reversal.fields[4]) };
}

export const saleJob: Job = {
  ...reversible,
  begin(step, { command }) {
    const context = requestContext(step);
    if (command.verb !== 'sale' || context === undefined) return GO_ON;
    const fields = saleFields(context, command.amountFen, command.card);
    if (fields === undefined) return finishWith('refused', SCREENS.chipSpent);
    storeReversal(step, fields);
    return { mti: '0200', fields };
  },
  answered(step, { command }, request, answer) {
    if (command.verb !== 'sale') return GO_ON;
    if (!isApproved(step, answer.fields[39] ?? '')) return decline(step, request, answer);
    const { pan, expiry, entry, sequence, chip } = command.card;
    // Contactless leaves the field with the first cryptogram; in the slot the card has the last word.
    const end =
      entry === 'chip' && chip !== undefined
        ? completeChip(chip, request.fields, answer.fields)
        : undefined;
    if (end?.isApproved === false) return refusedByCard(step, request, answer, end);
    const known = commit(step, request, answer, {
      kind: 'sale',
      pan,
      expiry,
      entry,
      sequence,
      ...(end === undefined ? {} : { chip: end }),
    });
    return finishWith('approved', screenOfCode(step.state.config.dialect, known.rc!), known);
  },
};

/** A sale whose holder shows a code instead of a card: the answer brings the voucher of the payment. */
export const scanJob: Job = {
  ...reversible,
  begin(step, { command }) {
    const context = requestContext(step);
    if (command.verb !== 'scan' || context === undefined) return GO_ON;
    const fields = scanFields(context, command.amountFen, command.code);
    storeReversal(step, fields);
    return { mti: '0200', fields };
  },
  answered(step, _operation, request, answer) {
    if (!isApproved(step, answer.fields[39] ?? '')) return decline(step, request, answer);
    const { dialect } = step.state.config;
    const voucher = readPath(dialect, answer, '59.A4');
    const known = commit(step, request, answer, {
      kind: 'sale',
      ...NO_CARD,
      entry: 'qr',
      ...(voucher === undefined ? {} : { voucher }),
    });
    const told = voucher === undefined ? known : { ...known, voucher };
    return finishWith('approved', screenOfCode(dialect, known.rc!), told);
  },
};

const NO_CARD = { pan: '', expiry: '', sequence: '' } as const;

/** The sale that a void names in the log of the open batch. */
export function findSale(step: TerminalStep, stan: string): LoggedTransaction | undefined {
  return step.state.record.log.find((each) => each.kind === 'sale' && each.stan === stan);
}

function originalKeys(logged: LoggedTransaction): OriginalKeys {
  const { batchNo, rrn, authCode, amountFen } = logged;
  return { batchNo, rrn, authCode, amountFen };
}

/** The card of a logged sale, for a void that does not ask for it. */
function cardOf(logged: LoggedTransaction): CardPresented {
  const { pan, expiry, sequence } = logged;
  return { entry: 'keyed', pan, expiry, sequence, track2: '', pin: '' };
}

export const voidJob: Job = {
  ...reversible,
  begin(step, { command }) {
    const context = requestContext(step);
    if (command.verb !== 'void' || context === undefined) return GO_ON;
    const logged = findSale(step, command.stan);
    const original = command.unchecked ?? (logged === undefined ? undefined : originalKeys(logged));
    const voucher = logged?.voucher ?? command.voucher;
    const card = command.card ?? (logged === undefined ? undefined : cardOf(logged));
    const isPaidWith = card !== undefined || voucher !== undefined;
    if (original === undefined || !isPaidWith) return finishWith('refused', SCREENS.notInBatch);
    const fields = voidFields(context, command.stan, original, card, voucher);
    storeReversal(step, fields);
    return { mti: '0200', fields };
  },
  answered(step, { command }, request, answer) {
    if (command.verb !== 'void') return GO_ON;
    if (!isApproved(step, answer.fields[39] ?? '')) return decline(step, request, answer);
    const logged = findSale(step, command.stan);
    const card = command.card ?? (logged === undefined ? undefined : cardOf(logged));
    const isCode = logged?.entry === 'qr' || command.voucher !== undefined;
    const known = commit(step, request, answer, {
      kind: 'void',
      pan: request.fields[2] ?? '',
      expiry: request.fields[14] ?? '',
      entry: isCode ? 'qr' : (card?.entry ?? 'keyed'),
      sequence: card?.sequence ?? '',
      originalStan: command.stan,
    });
    return finishWith('approved', screenOfCode(step.state.config.dialect, known.rc!), known);
  },
};

/** An advice: stored, sent, repeated until answered, never reversed (spec 6.6, B14). */
export const refundJob: Job = {
  begin(step, { command }) {
    // One advice at a time: its predecessor went out again just now and is still unanswered.
    if (step.state.record.advice !== undefined) return finishWith('refused', SCREENS.refundOpen);
    const context = requestContext(step);
    if (command.verb !== 'refund' || context === undefined) return GO_ON;
    const fields = refundFields(context, command);
    const { card, voucher } = command;
    const { pan = '', expiry = '', sequence = '' } = card ?? {};
    const entry = voucher === undefined ? (card?.entry ?? 'keyed') : 'qr';
    persist(step, {
      kind: 'advice-stored',
      advice: {
        stan: context.stan,
        fields: withoutSecrets(fields),
        request: { pan, expiry, sequence },
        entry,
        ...(voucher === undefined ? {} : { voucher }),
      },
    });
    return { mti: '0220', fields };
  },
  answered: (step, operation, request, answer) => {
    const { outcome, screen, known } = settleAdvice(step, request, answer);
    Object.assign(operation.known, known);
    return finishWith(outcome, screen, known);
  },
  unanswered: adviceUnknown,
  forged(step) {
    persist(step, { kind: 'sign-in-lost' });
    return adviceUnknown(step);
  },
  notSent: (step) => {
    persist(step, { kind: 'advice-cleared' });
    return finishWith('not-sent', SCREENS.notSent);
  },
};

function adviceUnknown(step: TerminalStep): Next {
  const { advice, batchNo } = step.state.record;
  const known = advice === undefined ? {} : { stan: advice.stan, batchNo };
  return finishWith('unknown', SCREENS.adviceUnknown, known);
}

function settleAdvice(
  step: TerminalStep,
  request: Message,
  answer: Message,
): Pick<OperationResult, 'outcome' | 'screen'> & { known: Partial<OperationResult> } {
  const { dialect } = step.state.config;
  const { advice } = step.state.record;
  const rc = answer.fields[39] ?? '';
  const screen = screenOfCode(dialect, rc);
  const known = knownFrom(request, answer);
  if (dialect.signInAgain.includes(rc)) {
    // Not judged: it stays and is repeated under new keys.
    persist(step, { kind: 'sign-in-lost' });
    return { outcome: 'unknown', screen, known };
  }
  if (!isApproved(step, rc)) {
    persist(step, { kind: 'advice-cleared' });
    return { outcome: 'declined', screen, known };
  }
  const committed = commit(step, request, answer, {
    kind: 'refund',
    pan: advice?.request.pan ?? '',
    expiry: advice?.request.expiry ?? '',
    sequence: advice?.request.sequence ?? '',
    entry: advice?.entry ?? 'keyed',
    ...(advice?.voucher === undefined ? {} : { voucher: advice.voucher }),
  });
  return { outcome: 'approved', screen, known: committed };
}

/** Repeats an advice of an earlier operation; whatever comes of it, this operation goes on. */
export const adviceJob: Job = {
  begin(step) {
    const { advice } = step.state.record;
    return advice === undefined ? GO_ON : { mti: '0220', fields: advice.fields };
  },
  answered(step, operation, request, answer) {
    settleAdvice(step, request, answer);
    if (!step.state.record.isSignedIn) operation.jobs.splice(1, 0, 'sign-in');
    return GO_ON;
  },
  unanswered: () => GO_ON,
  forged(step, operation: Operation) {
    persist(step, { kind: 'sign-in-lost' });
    operation.jobs.splice(1, 0, 'sign-in');
    return GO_ON;
  },
  notSent: () => GO_ON,
};
