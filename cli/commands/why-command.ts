import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { formatYuan } from '../../protocol/message/amount.ts';
import { enquire, type ArrivalAnswer } from '../../emulator/host/enquiry/enquire.ts';
import { findAsked, namesCard, type Asked } from '../../emulator/host/enquiry/find-asked.ts';
import { CAUSE_NAMES } from '../../emulator/host/enquiry/next-step.ts';
import { journalDays } from '../../emulator/host/event-day.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import { bootHost } from '../../emulator/host/host-state.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import { parseCivilTime } from '../../emulator/world/civil-time.ts';
import { displayWidth } from '../../reports/printable.ts';
import { institutionOf } from '../../scenarios/keys-file/read-keys-file.ts';
import { EXIT } from '../exit-codes.ts';
import { withJournal } from './journal-file.ts';

export interface WhyOptions {
  readonly data: string;
  readonly lang: 'zh' | 'en';
  /** The day of the enquiry, ISO; the last day that the journal tells of when absent. */
  readonly on?: string;
  readonly keys?: string;
  readonly json?: boolean;
  /** Instead of a transaction: all of a card, masked or by its name, on a day. */
  readonly card?: string;
  readonly date?: string;
}

/**
 * Why the money of a transaction, or of each one of a card on a day, has not arrived: status, cause,
 * evidence, what comes next. Exit 1 when there is none.
 *
 * @param transaction a reference number, or `terminal-batch-STAN`
 */
export function why(transaction: string | undefined, options: WhyOptions): number {
  const { data, lang, json } = options;
  const asked = askedFor(transaction, options);
  const institution = institutionOf(options.keys);
  const { note, days } = journalDays(institution.policy);
  const { state } = withJournal(data, ({ entries }) =>
    bootHost(institution, noting(entries, note)),
  );
  const today = options.on === undefined ? (days()?.day ?? '') : dateOf(options.on, '--on');
  const found = findAsked(state, asked);
  const shown = (found.length === 0 ? [undefined] : found).map((each) => {
    const answer = enquire(state, each?.id, today);
    return json === true
      ? `${JSON.stringify(jsonOf(answer, each))}\n`
      : textOf(linesOf(answer, each, lang));
  });
  process.stdout.write(shown.join(json === true ? '' : '\n'));
  return found.length > 0 ? EXIT.asExpected : EXIT.expectationFailed;
}

function askedFor(transaction: string | undefined, { card, date }: WhyOptions): Asked {
  if (transaction !== undefined && (card ?? date) === undefined) return askedByNumber(transaction);
  if (transaction === undefined && card !== undefined && date !== undefined) {
    if (namesCard(card)) return { card, date: dateOf(date, '--date') };
    const hint = 'its masked number such as 622588******7898, or its name; never the whole number';
    throw new CountersignError('E_USAGE', { text: '--card names no card', hint });
  }
  const hint = 'a transaction, or --card and --date: one of both';
  throw new CountersignError('E_USAGE', { text: 'it is not clear what is asked for', hint });
}

function askedByNumber(asked: string): Asked {
  const [tid, batchNo, stan, more] = asked.split('-');
  if (tid !== undefined && batchNo !== undefined && stan !== undefined && more === undefined) {
    return { tid, batchNo, stan };
  }
  if (/^[0-9A-Za-z]{1,12}$/.test(asked)) return { rrn: asked };
  const hint = 'a reference number, or terminal-batch-STAN such as 10000001-000001-000002';
  throw new CountersignError('E_USAGE', { text: 'what is asked for is neither', hint });
}

function* noting(
  entries: Iterable<HostEvent>,
  note: (event: HostEvent) => void,
): Generator<HostEvent, void> {
  for (const event of entries) {
    note(event);
    yield event;
  }
}

function dateOf(text: string, option: string): string {
  if (text.length === 10 && parseCivilTime(text) !== undefined) return text;
  throw new CountersignError('E_USAGE', {
    text: `${option} ${text.slice(0, 40)}`,
    hint: 'a date such as 2026-01-16',
  });
}

const EN = {
  found: 'transaction',
  status: 'status',
  cause: 'cause',
  evidence: 'evidence',
  events: 'events',
  next: 'next',
  due: 'due on',
  paid: 'paid on',
  none: 'not found',
};

const ZH: typeof EN = {
  found: '交易',
  status: '状态',
  cause: '原因',
  evidence: '依据',
  events: '事件',
  next: '下一步',
  due: '出款日',
  paid: '到账日',
  none: '查无此交易',
};

const KIND_ZH: Readonly<Record<Transaction['kind'], string>> = {
  sale: '消费',
  void: '消费撤销',
  refund: '退货',
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
  { found, status, cause, evidence, events, next, on }: ArrivalAnswer,
  transaction: Transaction | undefined,
  lang: 'zh' | 'en',
): Line[] {
  const names = lang === 'zh' ? ZH : EN;
  if (!found || transaction === undefined) {
    return [
      [names.found, names.none],
      [names.next, next[lang]],
    ];
  }
  const { kind, amountFen, cardMasked, date, rrn } = transaction;
  return [
    [
      names.found,
      `${rrn}  ${date}  ${lang === 'zh' ? KIND_ZH[kind] : kind}  ${formatYuan(amountFen)}  ${cardMasked}`,
    ],
    [names.status, lang === 'zh' ? STATUS_ZH[status] : status],
    ...(cause === undefined ? [] : [[names.cause, CAUSE_NAMES[cause][lang]] as Line]),
    [names.evidence, evidence],
    [names.events, events.map((each) => `${each.number} ${each.kind}`).join(', ')],
    [names.next, next[lang]],
    ...(on === undefined ? [] : [[cause === 'arrived' ? names.paid : names.due, on] as Line]),
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
