import type { RiskCondition, RiskOutcome, RuleSheet } from '../../emulator/host/risk/rules.ts';
import {
  flag,
  list,
  object,
  oneOf,
  said,
  whole,
  word,
  words,
  type Form,
  type ValueOf,
} from '../form.ts';
import { listRoute } from '../list-route.ts';
import { foundOr404, refused, route, type Office, type Route } from '../route.ts';
import { BY, count } from '../shared-forms.ts';

const MOST_FEN = 999_999_999_999;
const WITHIN = whole(1, 1_000_000, 'minutes');
const MINUTES = whole(0, 1440, 'minutes after midnight at the host');

const CONDITION: Form<RiskCondition> = oneOf<RiskCondition>('kind', [
  object({
    kind: word(['many-cards'], 'so many different cards at one terminal'),
    cards: whole(1, 1000, 'cards, the one that is judged among them'),
    withinMinutes: WITHIN,
  }),
  object({
    kind: word(['same-card'], 'one card so many times, anywhere'),
    times: whole(1, 1000, 'times, the one that is judged among them'),
    withinMinutes: WITHIN,
  }),
  object({
    kind: word(['round-sum'], 'a whole multiple of a sum'),
    multipleFen: whole(1, MOST_FEN, 'the sum in fen'),
  }),
  object({
    kind: word(['night'], 'between two times of day; over midnight when `from` is later'),
    fromMinutes: MINUTES,
    toMinutes: MINUTES,
  }),
  object({ kind: word(['above'], 'more than an amount'), fen: whole(0, MOST_FEN, 'in fen') }),
  object({
    kind: word(['new-merchant'], 'the first days of a merchant'),
    days: whole(1, 10_000, 'days, that of his first approved sale being the first'),
  }),
]);

const OUTCOME: Form<RiskOutcome> = oneOf<RiskOutcome>('kind', [
  object({ kind: word(['hold'], 'approved, and its money kept back for a review') }),
  object({
    kind: word(['decline'], 'declined'),
    rc: word(['59', '61', '62'], 'response code, field 39'),
  }),
]);

const RULES = list(
  object({
    name: said('name of the rule', 'large at night'),
    when: list(CONDITION, 'it hits when all of these hold'),
    outcome: OUTCOME,
  }),
);

const SHEET = object({
  version: count('from 1 on'),
  at: words('since when it holds'),
  isInForce: flag('whether it is the one that holds now: the latest'),
  rules: RULES,
});

function view({ version, at, rules }: RuleSheet, { control }: Office): ValueOf<typeof SHEET> {
  return { version, at, isInForce: version === control.risk.rules()?.version, rules };
}

export const RULE_SHEET_ROUTES: readonly Route[] = [
  listRoute({
    path: '/rule-sheets',
    summary: 'the sheets of risk rules, the one in force last; none is in force before the first',
    name: 'sheets',
    item: SHEET,
    all: ({ office }) => office.state.sheets,
    idOf: ({ version }) => String(version),
    show: view,
  }),
  route({
    method: 'post',
    path: '/rule-sheets',
    summary: 'puts rules in force in place of those before, which stay on record',
    body: object({ rules: RULES, by: BY }),
    answer: SHEET,
    status: 201,
    problems: [409],
    reply({ office, body: { rules, by } }) {
      const why = office.control.risk.setRules(rules, by);
      if (why !== undefined) throw refused(why);
      return view(foundOr404(office.control.risk.rules(), 'sheet of rules'), office);
    },
  }),
];
