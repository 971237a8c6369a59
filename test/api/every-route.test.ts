import { describe, expect, it } from 'vitest';
import { GOOD_CALLS } from './all-calls.ts';
import { apiDesk } from './api-desk.ts';
import { called, type Case } from './route-case.ts';

/** Good calls, of which each is spoilt in one way; once for every route. */
const CALLS: readonly Case[] = [...new Map(GOOD_CALLS.map((each) => [each.route, each])).values()];

/** Notes what was made elsewhere, under a number that is not known here. */
const MAKES_ITS_ID = 'PUT /other-sales/{id}';

const WITH_ID = CALLS.filter(({ route }) => route.includes('{id}') && route !== MAKES_ITS_ID);
const ACTS = CALLS.filter(({ route }) => !route.startsWith('GET '));

/** The same call with another thing in the place of its id. */
function about(id: string, each: Case): Case {
  const [, query] = each.path!.split('?');
  const [, path = ''] = each.route.split(' ');
  return { ...each, path: path.replace('{id}', id) + (query === undefined ? '' : `?${query}`) };
}

/** Nothing is done by a call that is refused, so one desk is enough for all of them. */
const desk = apiDesk();

async function expectRefused(each: Case, status: number, gives: object): Promise<void> {
  const before = desk.standing();
  const { status: told, json } = await called(desk, each);
  expect({ status: told, json }).toMatchObject({ status, json: gives });
  expect(desk.standing()).toEqual(before);
  expect(desk.errors).toEqual([]);
}

describe('every route, when its call is spoilt', () => {
  it.each(WITH_ID)('$route is 404 of what is not there', async (each) => {
    await expectRefused(about('Z9', each), 404, { code: 'E_API_NOT_FOUND' });
  });

  it.each(ACTS)('$route takes no member too many', async (each) => {
    const body = { ...(each.body as object | undefined), surplus: 1 };
    const detail = 'body has a member "surplus" too many';
    await expectRefused({ ...each, body }, 400, { code: 'E_API_INPUT', detail });
  });

  it.each(CALLS)('$route takes no question too many', async (each) => {
    const [, path = ''] = each.route.split(' ');
    const asked = each.path ?? path;
    const more = `${asked}${asked.includes('?') ? '&' : '?'}surplus=1`;
    const detail = 'query has a member "surplus" too many';
    await expectRefused({ ...each, path: more }, 400, { code: 'E_API_INPUT', detail });
  });

  it.each(ACTS)('$route takes nothing that is no object', async (each) => {
    const before = desk.standing();
    const [method = '', path = ''] = each.route.split(' ');
    for (const raw of ['null', '[]', '"text"', '5', 'true']) {
      const { status, json } = await desk.call(method, each.path ?? path, { raw });
      expect([raw, status, json['detail']]).toEqual([raw, 400, 'body must be object']);
    }
    expect(desk.standing()).toEqual(before);
  });
});
