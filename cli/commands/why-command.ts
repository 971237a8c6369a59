import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { formatYuan } from '../../protocol/message/amount.ts';
import { enquire, type ArrivalAnswer } from '../../emulator/host/enquiry/enquire.ts';
import { CAUSE_NAMES } from '../../emulator/host/enquiry/next-step.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import { bootHost, type HostState } from '../../emulator/host/host-state.ts';
import { transactionId, type Transaction } from '../../emulator/host/transaction-book.ts';
import { civilTime, isoDate, parseCivilTime } from '../../emulator/world/civil-time.ts';
import { readJournal } from '../../emulator/world/real/file-store.ts';
import { displayWidth } from '../../reports/printable.ts';
import { institutionOf } from '../../scenarios/keys-file/read-keys-file.ts';
import { EXIT } from '../exit-codes.ts';
import { journalOf } from './archive-file.ts';

export interface WhyOptions {
  readonly data: string;
  readonly lang: 'zh' | 'en';
  /** The day of the enquiry, ISO; that of the journal's last transaction when absent. */
  readonly on?: string;
  readonly keys?: string;
  readonly json?: boolean;
}

/**
 * Why the money of a transaction has not arrived: status, cause, evidence, what comes next. Exit 1
 * when there is no such transaction.
 *
 * @param asked a reference number, or `terminal-batch-STAN`
 */
export function why(asked: string, options: WhyOptions): number {
  const { data, lang, json } = options;
  const journal = readJournal<HostEvent>(journalOf(data)).entries;
  const { state } = bootHost(institutionOf(options.keys), journal);
  const id = idOf(state, asked);
  const answer = enquire(state, id, dayOf(options, state));
  const transaction = state.transactions.get(id ?? '');
  const lines =
    lang === 'zh' ? linesOf(answer, transaction, ZH, 'zh') : linesOf(answer, transaction, EN, 'en');
  if (json === true) process.stdout.write(`${JSON.stringify(jsonOf(answer, transaction))}\n`);
  else process.stdout.write(textOf(lines));
  return answer.found ? EXIT.asExpected : EXIT.expectationFailed;
}

function idOf(state: HostState, asked: string): string | undefined {
  const [tid, batchNo, stan, more] = asked.split('-');
  if (tid !== undefined && batchNo !== undefined && stan !== undefined && more === undefined) {
    return transactionId(tid, batchNo, stan);
  }
  if (/^[0-9A-Za-z]{1,12}$/.test(asked)) return state.byRrn.get(asked);
  const hint = 'a reference number, or terminal-batch-STAN such as 10000001-000001-000002';
  throw new CountersignError('E_USAGE', { text: 'what is asked for is neither', hint });
}

function dayOf({ on }: WhyOptions, state: HostState): string {
  if (on === undefined) {
    const dates = [...state.transactions.values()].map(({ date }) => date);
    return dates.reduce((last, date) => (date > last ? date : last), isoDate(civilTime(0)));
  }
  const time = parseCivilTime(on);
  if (time !== undefined && on.length === 10) return on;
  throw new CountersignError('E_USAGE', {
    text: `--on ${on.slice(0, 40)}`,
    hint: 'a date such as 2026-01-16',
  });
}

const EN = {
  found: 'transaction',
  status: 'status',
  cause: 'cause',
  evidence: 'evidence',
  next: 'next',
  on: 'on',
  none: 'not found',
};

const ZH: typeof EN = {
  found: '交易',
  status: '状态',
  cause: '原因',
  evidence: '依据',
  next: '下一步',
  on: '日期',
  none: '查无此交易',
};

const STATUS_ZH: Readonly<Record<ArrivalAnswer['status'], string>> = {
  pending: '处理中',
  active: '有效',
  voided: '已撤销',
  reversed: '已冲正',
  declined: '已拒绝',
  unknown: '未知',
};

type Line = readonly [string, string];

function linesOf(
  { found, status, cause, evidence, next, on }: ArrivalAnswer,
  transaction: Transaction | undefined,
  names: typeof EN,
  lang: 'zh' | 'en',
): Line[] {
  if (!found || transaction === undefined) {
    return [
      [names.found, names.none],
      [names.next, next[lang]],
    ];
  }
  const { kind, amountFen, cardMasked, date, rrn } = transaction;
  return [
    [names.found, `${rrn}  ${date}  ${kind}  ${formatYuan(amountFen)}  ${cardMasked}`],
    [names.status, lang === 'zh' ? STATUS_ZH[status] : status],
    ...(cause === undefined ? [] : [[names.cause, CAUSE_NAMES[cause][lang]] as Line]),
    [names.evidence, evidence],
    [names.next, next[lang]],
    ...(on === undefined ? [] : [[names.on, on] as Line]),
  ];
}

function textOf(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(([name]) => displayWidth(name)));
  return lines
    .map(([name, text]) => `${name}${' '.repeat(width - displayWidth(name))}  ${text}\n`)
    .join('');
}

function jsonOf(answer: ArrivalAnswer, transaction: Transaction | undefined): unknown {
  const { rrn, id, kind, amountFen, cardMasked, date } = transaction ?? {};
  return { rrn, id, kind, amountFen, card: cardMasked, date, ...answer };
}
