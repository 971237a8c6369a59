import { list, object, words } from '../form.ts';
import { route, type Route } from '../route.ts';
import { count, fen } from '../shared-forms.ts';

export const BOOKS_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/trial-balance',
    summary: 'every account of the books with what lies in it, and their sum, which is nothing',
    answer: object({
      accounts: list(object({ name: words('account'), fen: fen('what lies in it') })),
      totalFen: fen('sum of all accounts'),
      entries: count('entries so far'),
    }),
    reply({ office }) {
      const { balances, entryCount } = office.state.ledger;
      const sorted = [...balances].toSorted(([one], [other]) => (one < other ? -1 : 1));
      return {
        accounts: sorted.map(([name, amount]) => ({ name, fen: amount })),
        totalFen: sorted.reduce((sum, [, amount]) => sum + amount, 0),
        entries: entryCount,
      };
    },
  }),
  route({
    method: 'get',
    path: '/journal',
    summary: 'how far the journal and the chain of the archive have come',
    answer: object({
      events: count('events so far: the number of the last one'),
      archive: object({
        sequence: count('records in the chain'),
        hash: words('hash of the last one; kept elsewhere, it tells what was cut off'),
      }),
    }),
    reply({ office }) {
      const { eventCount, archive } = office.state;
      const { sequence, hash } = archive.head;
      return { events: eventCount, archive: { sequence, hash } };
    },
  }),
];
