import type { ClearingRow } from '../../emulator/host/settlement/clearing-rows.ts';
import { formatYuan } from '../../protocol/message/amount.ts';

/** Columns of the settlement file, in their order (spec 8.6). */
const COLUMNS: readonly (readonly [string, (row: ClearingRow) => string])[] = [
  ['settleDate', (row) => row.settleDate],
  ['merchantId', (row) => row.merchantId],
  ['terminalId', (row) => row.terminalId],
  ['batchNo', (row) => row.batchNo],
  ['stan', (row) => row.stan],
  ['rrn', (row) => row.rrn],
  ['authCode', (row) => row.authCode],
  ['txnType', (row) => row.type],
  ['cardMasked', (row) => row.cardMasked],
  ['cardClass', (row) => row.cardClass],
  ['amount', (row) => formatYuan(row.amountFen)],
  // With the surcharge of the device, so that the amount less the fee is the net.
  ['fee', (row) => formatYuan(row.feeFen + row.surchargeFen)],
  ['net', (row) => formatYuan(row.netFen)],
  ['status', (row) => row.status],
  ['origRrn', (row) => row.originalRrn],
  ['payoutId', (row) => row.payoutId],
];

/** The rows of a settlement day as CSV (RFC 4180): a header, amounts in yuan, lines that end in CR LF. */
export function settlementFile(rows: readonly ClearingRow[]): string {
  const lines = rows.map((row) => COLUMNS.map(([, value]) => cell(value(row))));
  return [COLUMNS.map(([name]) => name), ...lines].map((each) => `${each.join(',')}\r\n`).join('');
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
