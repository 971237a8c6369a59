import { peopleOf, type JournalEntry } from '../../emulator/host/evidence/audit-trail.ts';
import { anything, list, object, optional, text, words, written, type ValueOf } from '../form.ts';
import { listRoute } from '../list-route.ts';
import { checkJournal, foundOr404, route, type Route } from '../route.ts';
import { count } from '../shared-forms.ts';

const SUBJECT = text(
  '[0-9A-Za-z/-]{1,40}',
  'what it is about: a transaction by id or reference number, a freeze, a payout, a case …',
  'H000001',
);

const ENTRY = object({
  place: count('place in the journal, from 1 on'),
  kind: words('kind of event'),
  at: optional(words('when, where the event says so')),
  by: list(words('who did it')),
});

/** What happened and who did it; what an event holds beside is in the export, masked. */
function view(entry: JournalEntry): ValueOf<typeof ENTRY> {
  const { place, event } = entry;
  const by = peopleOf([entry]);
  const at = 'at' in event && typeof event.at === 'string' ? { at: event.at } : {};
  return { place, kind: event.kind, ...at, by };
}

const HASH = words('SHA-256');
const EXPORT = object({
  format: words('which form of export'),
  subject: words('what it is about'),
  made: words('when it was made'),
  records: list(
    object({
      place: count('place in the journal, from 1 on'),
      event: anything('the event, masked'),
      hash: HASH,
    }),
  ),
  seal: HASH,
});

export const EVIDENCE_ROUTES: readonly Route[] = [
  listRoute({
    path: '/evidence/{id}',
    summary: 'the audit trail: everything in the journal about one thing, with who did it',
    id: SUBJECT,
    problems: [404, 409],
    name: 'trail',
    item: ENTRY,
    all({ office, id }) {
      checkJournal(office);
      const trail = office.control.evidence.trail(id);
      foundOr404(trail[0], 'subject');
      return trail;
    },
    idOf: ({ place }) => String(place),
    show: view,
  }),
  route({
    method: 'get',
    path: '/evidence/{id}/export',
    summary: 'the case for people outside: masked, chained and sealed; keep it byte by byte',
    id: SUBJECT,
    answer: written(EXPORT),
    problems: [404, 409],
    reply({ office, id }) {
      checkJournal(office);
      foundOr404(office.control.evidence.trail(id)[0], 'subject');
      return office.control.evidence.exportCase(id);
    },
  }),
];
