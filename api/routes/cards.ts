import { maskPan } from '../../protocol/bytes/card-number.ts';
import { DATE, list, object, optional, text, word, words, type ValueOf } from '../form.ts';
import { foundOr404, route, type Office, type Route } from '../route.ts';
import { fen } from '../shared-forms.ts';
import { civilNow } from './clock.ts';

const CARD_ID = text('[A-Za-z][A-Za-z0-9-]{0,39}', 'the issuer’s name for the card', 'debit');

const SHAPE = {
  id: CARD_ID,
  number: words('masked number'),
  class: word(['debit', 'credit'], 'what it is'),
  status: word(['active', 'lost', 'stolen', 'restricted'], 'how the issuer keeps it'),
} as const;
const CARD = object(SHAPE);

function view({ state }: Office, id: string): ValueOf<typeof CARD> | undefined {
  const account = state.cards.get(id)?.account;
  if (account === undefined) return undefined;
  const { pan, class: kind, status } = account;
  return { id, number: maskPan(pan), class: kind, status };
}

export const CARD_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/cards',
    summary: 'the cards of the issuer',
    answer: object({ cards: list(CARD) }),
    reply: ({ office }) => ({
      cards: [...office.state.cards.keys()].flatMap((id) => view(office, id) ?? []),
    }),
  }),
  route({
    method: 'get',
    path: '/cards/{id}',
    summary: 'one card: what it can spend, and what it has spent on a day',
    id: CARD_ID,
    query: object({ date: optional(DATE) }),
    answer: object({
      ...SHAPE,
      availableFen: fen('what the holder can spend'),
      spentFen: fen('used of the daily limit on the day'),
      date: DATE,
    }),
    problems: [404],
    reply({ office, id, query }) {
      const card = foundOr404(view(office, id), 'card');
      const date = query.date ?? civilNow(office).slice(0, 10);
      const { availableFen, spentTodayFen } = foundOr404(office.control.card(id, date), 'card');
      return { ...card, availableFen, spentFen: spentTodayFen, date };
    },
  }),
];
