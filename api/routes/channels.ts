import { list, object, word, type ValueOf } from '../form.ts';
import { foundOr404, route, type Office, type Route } from '../route.ts';

const NAME = word(['issuer'], 'where requests go on to');
const STATE = word(['open', 'closed'], 'closed answers 91 at once');
const CHANNEL = object({ name: NAME, state: STATE });

function view({ state }: Office, name: string): ValueOf<typeof CHANNEL> | undefined {
  if (name !== 'issuer') return undefined;
  return { name, state: state.isChannelOpen ? 'open' : 'closed' };
}

export const CHANNEL_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/channels',
    summary: 'the channels, and whether they are open',
    answer: object({ channels: list(CHANNEL) }),
    reply: ({ office }) => ({ channels: [foundOr404(view(office, 'issuer'), 'channel')] }),
  }),
  route({
    method: 'put',
    path: '/channels/{id}',
    summary: 'opens or closes a channel',
    id: NAME,
    body: object({ state: STATE }),
    answer: CHANNEL,
    problems: [404],
    reply({ office, id, body }) {
      foundOr404(view(office, id), 'channel');
      office.control.setChannel(body.state === 'open');
      return foundOr404(view(office, id), 'channel');
    },
  }),
];
