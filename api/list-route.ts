import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { list, object, optional, text, whole, words } from './form.ts';
import type { Form, ObjectOf, Shape } from './form.ts';
import { route, type Call, type Office, type Route, type RouteSpec } from './route.ts';

const USUAL_LIMIT = 200;
const MOST_LIMIT = 1000;

const PAGE_SHAPE = {
  limit: optional(whole(1, MOST_LIMIT, `so many at most; ${USUAL_LIMIT} when absent`)),
  after: optional(text('[0-9A-Za-z .:-]{1,40}', 'go on behind this one: the `next` of an answer')),
} as const;
type Page = ObjectOf<typeof PAGE_SHAPE>;

const NEXT = words('there is more: ask again with this as `after`; absent at the end');

interface ListSpec<Query extends Shape, Head extends Shape, Item, Shown> extends Pick<
  RouteSpec<unknown, unknown, unknown>,
  'path' | 'summary' | 'id' | 'problems'
> {
  /** What they are chosen by, beside `limit` and `after`. */
  readonly query?: Query;
  /** What the answer says beside the list. */
  readonly head?: Head;
  readonly headOf?: (call: Call<ObjectOf<Query>, unknown>) => ObjectOf<Head>;
  /** Name of the list in the answer. */
  readonly name: string;
  readonly item: Form<Shown>;
  /** All of them, chosen or not, in an order in which what is new comes last. */
  readonly all: (call: Call<ObjectOf<Query>, unknown>) => Iterable<Item>;
  readonly isChosen?: (item: Item, query: ObjectOf<Query>) => boolean;
  readonly idOf: (item: Item) => string;
  /** Asked only for those that are shown. */
  readonly show: (item: Item, office: Office) => Shown;
}

/** A list that can grow without bound: it is given out in parts, each of which says where the next begins. */
export function listRoute<Query extends Shape, Head extends Shape, Item, Shown>(
  spec: ListSpec<Query, Head, Item, Shown>,
): Route {
  const { query, head, headOf, name, item, all, isChosen, idOf, show, ...rest } = spec;
  const asked = object({ ...query, ...PAGE_SHAPE }) as unknown as Form<ObjectOf<Query> & Page>;
  const answer = object({ ...head, [name]: list(item), next: optional(NEXT) });
  return route<ObjectOf<Query> & Page, unknown, object>({
    ...rest,
    method: 'get',
    query: asked,
    answer: answer as Form<object>,
    reply(call) {
      const isWanted = (each: Item): boolean => isChosen?.(each, call.query) ?? true;
      const { part, next } = partOf(all(call), { ...call.query, isWanted, idOf });
      const shown = part.map((each) => show(each, call.office));
      return { ...headOf?.(call), [name]: shown, ...(next === undefined ? {} : { next }) };
    },
  });
}

interface Wanted<Item> extends Page {
  readonly isWanted: (item: Item) => boolean;
  readonly idOf: (item: Item) => string;
}

/**
 * One that is no longer wanted still tells where to go on: a freeze, say, that was released since.
 * @throws E_API_INPUT when `after` is none of them
 */
function partOf<Item>(
  items: Iterable<Item>,
  { limit = USUAL_LIMIT, after, isWanted, idOf }: Wanted<Item>,
): { readonly part: readonly Item[]; readonly next?: string } {
  const part: Item[] = [];
  let isBehind = after === undefined;
  for (const each of items) {
    if (!isBehind) {
      isBehind = idOf(each) === after;
      continue;
    }
    if (!isWanted(each)) continue;
    if (part.length === limit) return { part, next: idOf(part.at(-1)!) };
    part.push(each);
  }
  if (!isBehind) throw new CountersignError('E_API_INPUT', { text: 'query/after is none of them' });
  return { part };
}
