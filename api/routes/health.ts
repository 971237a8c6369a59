import { object, word, words } from '../form.ts';
import { route, type Route } from '../route.ts';

export const HEALTH_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/health',
    summary: 'whether the host is there',
    isOpen: true,
    answer: object({ status: word(['ok'], 'it is'), version: words('version of Countersign') }),
    reply: ({ office }) => ({ status: 'ok' as const, version: office.version }),
  }),
];
