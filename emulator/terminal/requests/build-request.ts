import { amountDigits } from '../../../protocol/message/amount.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import { asciiBytes } from '../../../protocol/bytes/ascii.ts';
import { toHex } from '../../../protocol/bytes/hex.ts';
import { totalsField } from '../../../protocol/message/totals-field.ts';
import type { CardPresented } from '../card-presented.ts';
import type { OriginalKeys, RefundCommand } from '../command.ts';
import type { TerminalConfig } from '../terminal-config.ts';
import type { LoggedTransaction, PendingReversal } from '../terminal-record.ts';
import { terminalTotals } from '../terminal-totals.ts';
import { reversalChip } from '../chip/complete-chip.ts';
import {
  cardFields,
  chipFields,
  CURRENCY,
  field60,
  identity,
  type RequestContext,
} from './request-fields.ts';

/** Sign-in: F62 is `Sequence No`, two digits of length, the device number (spec 3.10). */
export function signInFields(config: TerminalConfig, batchNo: string, stan: string): FieldValues {
  const device = config.deviceNumber;
  const sequence = `Sequence No${String(device.length).padStart(2, '0')}${device}`;
  return {
    ...identity(config, stan),
    60: field60('00', batchNo, config.keyForm),
    62: toHex(asciiBytes(sequence)),
    63: config.operator.padEnd(3),
  };
}

export function signOffFields(config: TerminalConfig, batchNo: string, stan: string): FieldValues {
  return { ...identity(config, stan), 60: field60('00', batchNo, '002') };
}

/** Echo has no STAN (spec 2.4). */
export function echoFields(config: TerminalConfig, batchNo: string): FieldValues {
  return { 41: config.tid, 42: config.mid, 60: field60('00', batchNo, '301') };
}

/** A sale; undefined when the chip gives no cryptogram any more. */
export function saleFields(
  context: RequestContext,
  amountFen: number,
  card: CardPresented,
): FieldValues | undefined {
  const { config, batchNo, stan } = context;
  const presented = cardFields(context, card, amountFen);
  const chip = chipFields(context, card, amountFen, presented[52] !== undefined);
  if (chip === undefined) return undefined;
  return {
    ...identity(config, stan),
    ...presented,
    ...chip,
    3: '000000',
    4: amountDigits(amountFen),
    25: '00',
    49: CURRENCY,
    60: field60('22', batchNo, '000', card.isFallback),
  };
}

/** A payment by code: no card fields, the code in field 59, tag A3 (spec 2.8). */
export function scanFields(context: RequestContext, amountFen: number, code: string): FieldValues {
  const { config, batchNo, stan } = context;
  return {
    ...identity(config, stan),
    3: '000000',
    4: amountDigits(amountFen),
    22: codeEntry(config),
    25: '00',
    49: CURRENCY,
    59: tagged('A3', code),
    60: field60('22', batchNo),
  };
}

/** Field 22 of a payment by code, which has no PIN. */
function codeEntry({ dialect }: TerminalConfig): string {
  return (dialect.entryModes.qr ?? '03') + dialect.pinDigits.none;
}

/** Tag, three digits of length, value (spec 3.7). */
function tagged(tag: string, value: string): string {
  return toHex(asciiBytes(`${tag}${String(value.length).padStart(3, '0')}${value}`));
}

/** The card again, or the voucher of a payment by code. */
function paidWith(
  context: RequestContext,
  card: CardPresented | undefined,
  voucher: string | undefined,
): FieldValues {
  if (voucher === undefined) return card === undefined ? {} : presentedAgain(context, card);
  return { 22: codeEntry(context.config), 59: tagged('A4', voucher) };
}

/** Void: the card again, without PIN and cryptogram, and where the sale is found (spec 6.5). */
export function voidFields(
  context: RequestContext,
  originalStan: string,
  original: OriginalKeys,
  card: CardPresented | undefined,
  voucher?: string,
): FieldValues {
  const { config, batchNo, stan } = context;
  return {
    ...identity(config, stan),
    ...paidWith(context, card, voucher),
    3: '200000',
    4: amountDigits(original.amountFen),
    25: '00',
    37: original.rrn,
    ...(original.authCode === '' ? {} : { 38: original.authCode }),
    49: CURRENCY,
    60: field60('23', batchNo),
    61: original.batchNo + originalStan,
  };
}

/** Refund: RRN and date of the sale, no PIN, card organisation in F63 (spec 6.6). */
export function refundFields(context: RequestContext, command: RefundCommand): FieldValues {
  const { config, batchNo, stan } = context;
  return {
    ...identity(config, stan),
    ...paidWith(context, command.card, command.voucher),
    3: '200000',
    4: amountDigits(command.amountFen),
    25: '00',
    37: command.rrn,
    49: CURRENCY,
    60: field60('25', batchNo),
    61: `000000000000${command.date}`,
    63: 'CUP',
  };
}

function presentedAgain(context: RequestContext, card: CardPresented): FieldValues {
  return { ...cardFields(context, { ...card, pin: '' }, 0), 2: card.pan };
}

/** The fields that undo a request, with the reason in F39 (spec 6.4, point 7). */
export function reversalFields(config: TerminalConfig, reversal: PendingReversal): FieldValues {
  const { fields, reason } = reversal;
  const taken: FieldValues = {};
  for (const field of [3, 4, 11, 14, 22, 23, 25, 38, 41, 42, 49, 60, 61]) {
    const value = fields[field];
    if (value !== undefined) taken[field] = value;
  }
  const entry = (fields[22] ?? '').slice(0, 2);
  const { 2: pan, 55: chip } = fields;
  // A code that was scanned goes with it; what a void names is found by the host.
  const isCode = entry === config.dialect.entryModes.qr;
  const isCardFailure = reason === config.dialect.reversalReasons.terminalFault;
  return {
    ...taken,
    ...(pan !== undefined && config.dialect.reversalWithPan.includes(entry) ? { 2: pan } : {}),
    ...(isCode && fields[59] !== undefined ? { 59: fields[59] } : {}),
    39: reason,
    ...(chip === undefined ? {} : { 55: reversalChip(chip, isCardFailure) }),
  };
}

export function settlementFields(
  config: TerminalConfig,
  batchNo: string,
  stan: string,
  log: readonly LoggedTransaction[],
): FieldValues {
  return {
    ...identity(config, stan),
    48: totalsField(terminalTotals(log), ['0', '0']),
    49: CURRENCY,
    60: field60('00', batchNo, '201'),
    63: config.operator.padEnd(3),
  };
}
