import type { Title } from '../../emulator/events/party-event.ts';
import { CAUSE_NAMES } from '../../emulator/host/enquiry/next-step.ts';
import type { ArrivalCause } from '../../emulator/host/enquiry/enquire.ts';
import type { Found } from '../../emulator/host/host-control.ts';
import { list, object, optional, word, words, type ValueOf } from '../form.ts';
import { listRoute } from '../list-route.ts';
import type { Route } from '../route.ts';
import { count } from '../shared-forms.ts';
import {
  askedFor,
  KEYS_SHAPE,
  KEYS_SUMMARY,
  STATUSES,
  TRANSACTION,
  transactionView,
} from './transactions.ts';

const CAUSES = Object.keys(CAUSE_NAMES) as ArrivalCause[];
const LANGUAGES = ['zh', 'en'] as const;
const TOLD = object({ zh: optional(words('in Chinese')), en: optional(words('in English')) });

const ANSWER = object({
  transaction: TRANSACTION,
  status: word([...STATUSES, 'unknown'], 'what has become of it'),
  cause: optional(word(CAUSES, 'why its money has not arrived; absent where that is the card’s')),
  causeName: optional(TOLD),
  evidence: words('what proves it'),
  events: list(
    object({ number: count('place in the journal, from 1 on'), kind: words('kind of event') }),
  ),
  next: TOLD,
  on: optional(words('the day on which it was paid, or is due')),
  chip: optional(words('what its chip ended with')),
});

function view(
  { transaction, answer }: Found,
  lang: 'zh' | 'en' | undefined,
): ValueOf<typeof ANSWER> {
  const { status, cause, evidence, events, next, on, chip } = answer;
  const told = ({ zh, en }: Title): ValueOf<typeof TOLD> => {
    return { ...(lang === 'en' ? {} : { zh }), ...(lang === 'zh' ? {} : { en }) };
  };
  return {
    transaction: transactionView(transaction),
    status,
    ...(cause === undefined ? {} : { cause, causeName: told(CAUSE_NAMES[cause]) }),
    evidence,
    events: events.map(({ number, kind }) => ({ number, kind })),
    next: told(next),
    ...(on === undefined ? {} : { on }),
    ...(chip === undefined ? {} : { chip }),
  };
}

export const ENQUIRY_ROUTES: readonly Route[] = [
  listRoute({
    path: '/enquiry',
    summary: `why has the money not arrived? One answer a transaction, asked ${KEYS_SUMMARY}`,
    query: {
      ...KEYS_SHAPE,
      lang: optional(word(LANGUAGES, 'language of what is told; both when absent')),
    },
    name: 'answers',
    item: ANSWER,
    problems: [404],
    all: ({ office, query: { lang, ...keys } }) =>
      askedFor(office, keys).map((found) => ({ ...found, lang })),
    idOf: ({ transaction }) => transaction.id,
    show: ({ lang, ...found }) => view(found, lang),
  }),
];
