import { amountDigits } from '../../../protocol/message/amount.ts';
import { asciiBytes } from '../../../protocol/bytes/ascii.ts';
import { toHex } from '../../../protocol/bytes/hex.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import type { TerminalConfig } from '../terminal-config.ts';
import type { LoggedTransaction } from '../terminal-record.ts';
import { CURRENCY, field60, identity } from './request-fields.ts';

/** Records that one 0320/201 holds at most (spec 3.4). */
const RECORDS_A_MESSAGE = 8;

/** One message of a batch upload; `stan` is taken fresh where the message has none of its own. */
export interface UploadMessage {
  readonly takesStan: boolean;
  fields(stan: string): FieldValues;
}

/** A sale whose chip said something that the issuer gets with the settlement. */
export function isChipSale({ kind, request }: LoggedTransaction): boolean {
  return kind === 'sale' && request[55] !== undefined;
}

/** 60.3 of chip details and of the end of the upload, by whether the totals were equal (spec 2). */
const BALANCED = { chip: '203', end: '207' } as const;
const UNBALANCED = { chip: '205', end: '202' } as const;

/**
 * The details of a batch, in the order of spec 6.8: magnetic and keyed ones in groups, refunds in
 * their own format, chip sales one by one, and the end with the number of details. A balanced batch
 * has its chip sales only.
 */
export function uploadMessages(
  config: TerminalConfig,
  batchNo: string,
  log: readonly LoggedTransaction[],
  isBalanced: boolean,
): UploadMessage[] {
  const network = isBalanced ? BALANCED : UNBALANCED;
  const chip = log.filter(isChipSale);
  const refunds = isBalanced ? [] : log.filter(({ kind }) => kind === 'refund');
  // A void of a chip sale carries no chip data and goes with the magnetic ones.
  const magnetic = isBalanced
    ? []
    : log.filter((each) => !refunds.includes(each) && !chip.includes(each));
  const count = chip.length + refunds.length + magnetic.length;
  return [
    ...inGroups(magnetic).map((group) => ({
      takesStan: true,
      fields: (stan: string) => ({
        ...identity(config, stan),
        48: String(group.length).padStart(2, '0') + group.map(detail).join(''),
        60: field60('00', batchNo, '201'),
      }),
    })),
    ...refunds.map((each) => ({
      takesStan: false,
      fields: () => ({ ...each.request, 60: field60('25', batchNo, '206') }),
    })),
    ...chip.map((each) => ({
      takesStan: false,
      fields: () => chipDetail(config, batchNo, each, network.chip),
    })),
    {
      takesStan: true,
      fields: (stan) => ({
        ...identity(config, stan),
        48: String(count).padStart(4, '0'),
        60: field60('00', batchNo, network.end),
      }),
    },
  ];
}

function inGroups(log: readonly LoggedTransaction[]): LoggedTransaction[][] {
  const groups: LoggedTransaction[][] = [];
  for (let at = 0; at < log.length; at += RECORDS_A_MESSAGE) {
    groups.push(log.slice(at, at + RECORDS_A_MESSAGE));
  }
  return groups;
}

/** Card class (domestic), STAN, PAN right-aligned in 20 digits, amount. */
function detail({ stan, pan, amountFen }: LoggedTransaction): string {
  return `00${stan}${pan.padStart(20, '0')}${amountDigits(amountFen)}`;
}

function chipDetail(
  config: TerminalConfig,
  batchNo: string,
  { stan, pan, amountFen, sequence, request }: LoggedTransaction,
  network: string,
): FieldValues {
  const { 22: entry = '', 55: chip = '' } = request;
  return {
    ...identity(config, stan),
    2: pan,
    4: amountDigits(amountFen),
    22: entry,
    23: sequence,
    55: chip,
    60: `${field60('00', batchNo, network)}60`,
    62: toHex(asciiBytes(`610000${amountDigits(amountFen)}${CURRENCY}`)),
  };
}
