import {
  flag,
  list,
  object,
  oneOf,
  optional,
  whole,
  word,
  type Form,
  type ValueOf,
} from '../form.ts';
import { foundOr404, route, type Office, type Route } from '../route.ts';
import { count } from '../shared-forms.ts';

const NAME = word(['issuer'], 'where requests go on to');
const DELAY_MS = whole(1, 600_000, 'how long an answer takes; a terminal waits for a minute');

const CHIP_CARD_SWIPED = word(
  ['allowed', 'after-failure', 'refused'],
  'whether the stripe of a chip card is taken: always, after its chip failed, or never',
);
const ISSUER = {
  isArpcRight: flag('whether it proves itself to chips; else with a cryptogram that is wrong'),
  chipCardSwiped: CHIP_CARD_SWIPED,
} as const;
const SLOW = object({
  delayMs: whole(0, 600_000, 'how late they leave'),
  times: count('how many are still to be late'),
});

const CHANNEL = object({
  name: NAME,
  state: word(['open', 'closed', 'slow', 'silent'], 'closed answers 91 at once'),
  delayMs: optional(DELAY_MS),
  slowAnswers: SLOW,
  ...ISSUER,
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
  const { issuerLine, isChannelOpen, slowAnswers, isArpcRight, chipCardSwiped } = state;
  const { delayMs, losesAnswers } = issuerLine;
  const { delayMs: lateMs, times } = slowAnswers;
  const rest = { slowAnswers: { delayMs: lateMs, times }, isArpcRight, chipCardSwiped };
  if (!isChannelOpen) return { name, state: 'closed', ...rest };
  if (losesAnswers) return { name, state: 'silent', ...rest };
  if (delayMs > 0) return { name, state: 'slow', delayMs, ...rest };
  return { name, state: 'open', ...rest };
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
    method: 'get',
    path: '/channels/{id}',
    summary: 'one channel',
    id: NAME,
    answer: CHANNEL,
    problems: [404],
    reply: ({ office, id }) => foundOr404(view(office, id), 'channel'),
  }),
  route({
    method: 'put',
    path: '/channels/{id}/slow-answers',
    summary: 'the next answers to financial requests leave late; `times` 0 ends that',
    id: NAME,
    body: object({
      delayMs: DELAY_MS,
      times: whole(0, 1_000_000, 'so many answers'),
    }),
    answer: CHANNEL,
    problems: [404],
    reply({ office, id, body: { delayMs, times } }) {
      foundOr404(view(office, id), 'channel');
      office.control.slowAnswers(delayMs, times);
      return foundOr404(view(office, id), 'channel');
    },
  }),
  route({
    method: 'put',
    path: '/channels/{id}/setting',
    summary: 'how those behind it deal with chips; what is absent stays',
    id: NAME,
    body: object(
      {
        isArpcRight: optional(ISSUER.isArpcRight),
        chipCardSwiped: optional(CHIP_CARD_SWIPED),
      },
      { minProperties: 1 },
    ),
    answer: CHANNEL,
    problems: [404],
    reply({ office, id, body }) {
      foundOr404(view(office, id), 'channel');
      office.control.setIssuer(body);
      return foundOr404(view(office, id), 'channel');
    },
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
      const { issuerLine, isChannelOpen } = office.state;
      const [losesAnswers, isOpen] = [state === 'silent', state !== 'closed'];
      // Only what changes, and the opening last: cut off in between, it is closed as it was.
      if (issuerLine.delayMs !== delayMs || issuerLine.losesAnswers !== losesAnswers) {
        office.control.setIssuerLine({ delayMs, losesAnswers });
      }
      if (isChannelOpen !== isOpen) office.control.setChannel(isOpen);
      return foundOr404(view(office, id), 'channel');
    },
  }),
];
