import { list, object, oneOf, optional, whole, word, type Form, type ValueOf } from '../form.ts';
import { foundOr404, route, type Office, type Route } from '../route.ts';

const NAME = word(['issuer'], 'where requests go on to');
const DELAY_MS = whole(1, 600_000, 'how long an answer takes; a terminal waits for a minute');

const CHANNEL = object({
  name: NAME,
  state: word(['open', 'closed', 'slow', 'silent'], 'closed answers 91 at once'),
  delayMs: optional(DELAY_MS),
});

interface Order {
  readonly state: 'open' | 'closed' | 'slow' | 'silent';
  readonly delayMs?: number;
}

const ORDER: Form<Order> = oneOf<Order>('state', [
  object({ state: word(['open'], 'ends all the others') }),
  object({ state: word(['closed'], 'for maintenance: 91 at once') }),
  object({ state: word(['slow'], 'answers take their time'), delayMs: DELAY_MS }),
  object({ state: word(['silent'], 'requests arrive, answers do not') }),
]);

function view({ state }: Office, name: string): ValueOf<typeof CHANNEL> | undefined {
  if (name !== 'issuer') return undefined;
  const { delayMs, losesAnswers } = state.issuerLine;
  if (!state.isChannelOpen) return { name, state: 'closed' };
  if (losesAnswers) return { name, state: 'silent' };
  return delayMs === 0 ? { name, state: 'open' } : { name, state: 'slow', delayMs };
}

export const CHANNEL_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/channels',
    summary: 'the channels, and how they are',
    answer: object({ channels: list(CHANNEL) }),
    reply: ({ office }) => ({ channels: [foundOr404(view(office, 'issuer'), 'channel')] }),
  }),
  route({
    method: 'put',
    path: '/channels/{id}',
    summary: 'opens, closes, slows down or silences a channel',
    id: NAME,
    body: ORDER,
    answer: CHANNEL,
    problems: [404],
    reply({ office, id, body: { state, delayMs = 0 } }) {
      foundOr404(view(office, id), 'channel');
      office.control.setChannel(state !== 'closed');
      office.control.setIssuerLine({ delayMs, losesAnswers: state === 'silent' });
      return foundOr404(view(office, id), 'channel');
    },
  }),
];
