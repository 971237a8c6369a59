import { flag, list, object, type ValueOf } from '../form.ts';
import { foundOr404, route, type Office, type Route } from '../route.ts';
import { BATCH, MID, TID } from '../shared-forms.ts';
import { standingRoutes } from './standing.ts';

const TERMINAL = object({
  tid: TID,
  mid: MID,
  isSignedIn: flag('whether it has a session'),
  batchNo: BATCH,
  isSuspended: flag('whether it may not trade'),
});

function view({ state }: Office, tid: string): ValueOf<typeof TERMINAL> | undefined {
  const session = state.terminals.get(tid);
  if (session === undefined) return undefined;
  const { account, isSignedIn, batchNo } = session;
  return { tid, mid: account.mid, isSignedIn, batchNo, isSuspended: state.suspended.has(tid) };
}

const ONE = {
  path: '/terminals',
  what: 'terminal',
  id: TID,
  answer: TERMINAL,
  find: view,
} as const;

export const TERMINAL_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/terminals',
    summary: 'the terminals that the host knows, with their sessions',
    answer: object({ terminals: list(TERMINAL) }),
    reply: ({ office }) => ({
      terminals: [...office.state.terminals.keys()].flatMap((tid) => view(office, tid) ?? []),
    }),
  }),
  route({
    method: 'get',
    path: '/terminals/{id}',
    summary: 'one terminal',
    id: TID,
    answer: TERMINAL,
    problems: [404],
    reply: ({ office, id }) => foundOr404(view(office, id), 'terminal'),
  }),
  ...standingRoutes(ONE),
];
