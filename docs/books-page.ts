import { CHART, EVENT_TITLES } from '../emulator/host/books/chart-of-accounts.ts';
import { postingsOf } from '../emulator/host/books/ledger.ts';
import {
  POSTING_RULES,
  type AccountRole,
  type AmountName,
  type PostingEvent,
} from '../emulator/host/books/posting-rules.ts';
import { formatYuan } from '../protocol/message/amount.ts';

/** Where the page lies. */
export const BOOKS_PAGE_FILE = 'docs/books.md';

/** One example for all events: a sale of 100.00 with a fee of 0.50 and no surcharge; 30.00 are frozen. */
const EXAMPLE: Readonly<Record<AmountName, number>> = {
  amount: 10_000,
  fee: 50,
  surcharge: 0,
  net: 9950,
  held: 3000,
};

/** Of a batch, net is what a freeze leaves of the amount. */
const OF_BATCH: Readonly<Record<AmountName, number>> = { ...EXAMPLE, amount: 9950, net: 6950 };

/** Events whose amount goes to two places; a device of 99.50 is one with a deposit of 30.00. */
const IN_TWO: readonly PostingEvent[] = ['batch-closed', 'device-ordered', 'device-refunded'];

/** The books on one page: what lies in which account, and what each event moves. */
export function booksPage(): string {
  const accounts = (Object.keys(CHART) as AccountRole[]).map((role) => {
    const { title, name, holds } = CHART[role];
    return `| ${title.en} | ${title.zh} | \`${name}\` | ${holds} |`;
  });
  const events = (Object.keys(POSTING_RULES) as PostingEvent[]).map((event) => {
    const { zh, en } = EVENT_TITLES[event];
    return `| \`${event}\` | ${en} | ${zh} | ${ruleText(event)} | ${exampleText(event)} |`;
  });
  return [
    '<!-- Made by `npm run docs`; change the code instead. -->',
    '',
    '# The books of the host',
    '',
    'Double entry in whole fen: an amount lies in one account at a time, an event moves it, and what an',
    'event moves adds up to nothing. Entries are added and never changed; whatever was wrong is corrected by',
    'another entry. `+` is money that comes into an account, `-` money that leaves it. A posting rule that',
    'does not add up is refused when it is used (`E_BOOKS`), and law I-01 looks at every entry again.',
    '',
    '## Accounts',
    '',
    '| account | | name in the journal | what lies in it |',
    '|---|---|---|---|',
    ...accounts,
    '',
    '## Events',
    '',
    'The example is one sale of 100.00 with a fee of 0.50 and no surcharge, of whose money 30.00 are frozen.',
    'Amounts: *amount* is gross, *net* what fee and surcharge leave of it; of a batch, *amount* is what it',
    'earned and *net* what a freeze leaves.',
    '',
    '| event | what happened | | moves | example |',
    '|---|---|---|---|---|',
    ...events,
    '',
  ].join('\n');
}

function ruleText(event: PostingEvent): string {
  return POSTING_RULES[event]
    .map(({ account, sign, of }) => `${CHART[account].title.en} ${sign} ${of}`)
    .join('<br>');
}

function exampleText(event: PostingEvent): string {
  const amounts = IN_TWO.includes(event) ? OF_BATCH : EXAMPLE;
  return postingsOf(POSTING_RULES, event, { card: 'debit', mid: 'M' }, amounts)
    .map(({ account, fen }) => `${account} ${fen > 0 ? '+' : '-'}${formatYuan(Math.abs(fen))}`)
    .join('<br>');
}
