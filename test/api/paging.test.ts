import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../api/routes/route-table.ts';
import { MID } from '../emulator/host/host-desk.ts';
import { apiDesk, type ApiDesk } from './api-desk.ts';
import { PAPER_ID, SALE_ID, WHO } from './route-case.ts';

/** Lists that are as long as what the institution has set up, or as the call itself makes them. */
const SHORT: Readonly<Record<string, string>> = {
  '/terminals': 'set up by the institution',
  '/merchants': 'set up by the institution',
  '/merchants/{id}': 'his latest payouts, twenty at most',
  '/payouts/{id}': 'the sales of one payout',
  '/reviews/{id}': 'the rules of one sheet',
  '/cards': 'set up by the institution',
  '/channels': 'one for each party',
  '/evidence/{id}/export': 'one file under one seal',
  '/trial-balance': 'an account for each party; its sum is over all of them',
};

type Part = Readonly<Record<string, unknown>> & { readonly next?: string };

/** All parts of a list, asked for one after another; each but the last is as long as was asked for. */
async function inParts(
  { call }: ApiDesk,
  path: string,
  name: string,
  limit: number,
): Promise<unknown[][]> {
  const parts: unknown[][] = [];
  let after: string | undefined;
  do {
    const more = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
    const mark = path.includes('?') ? '&' : '?';
    const { json, status } = await call('GET', `${path}${mark}limit=${limit}${more}`);
    expect([path, status]).toEqual([path, 200]);
    const part = json as Part;
    parts.push(part[name] as unknown[]);
    after = part.next;
  } while (after !== undefined);
  return parts;
}

/** Five freezes, of which the second and the fourth are released. */
async function fiveFreezes({ call }: ApiDesk): Promise<void> {
  for (let each = 1; each <= 5; each++) {
    const body = { scope: 'amount', mid: MID, amountFen: each, ...WHO };
    expect((await call('POST', '/freezes', { body })).status).toBe(201);
  }
  await call('POST', '/freezes/H000002/release', { body: { by: 'wang' } });
  await call('POST', '/freezes/H000004/release', { body: { by: 'wang' } });
}

function idsOf(part: unknown[]): unknown[] {
  return part.map((each) => (each as { readonly id: string }).id);
}

describe('a list that can grow', () => {
  it('is given out in parts, whatever route gives it', () => {
    const lists = ROUTES.filter(({ method, answer }) => {
      const properties = answer.schema['properties'] as Readonly<
        Record<string, { readonly type?: string }>
      >;
      return method === 'get' && Object.values(properties).some(({ type }) => type === 'array');
    });
    const whole = lists.filter(({ query, answer }) => {
      const asked = Object.keys((query?.schema['properties'] ?? {}) as object);
      const told = Object.keys(answer.schema['properties'] as object);
      return !(asked.includes('limit') && asked.includes('after') && told.includes('next'));
    });
    expect(whole.map(({ path }) => path).toSorted()).toEqual(Object.keys(SHORT).toSorted());
    expect(lists.length - whole.length).toBeGreaterThan(8);
  });

  it.each([
    [1, [['H000001'], ['H000002'], ['H000003'], ['H000004'], ['H000005']]],
    [2, [['H000001', 'H000002'], ['H000003', 'H000004'], ['H000005']]],
    [4, [['H000001', 'H000002', 'H000003', 'H000004'], ['H000005']]],
    // Whole parts: the last one knows that it is the last.
    [5, [['H000001', 'H000002', 'H000003', 'H000004', 'H000005']]],
    [1000, [['H000001', 'H000002', 'H000003', 'H000004', 'H000005']]],
  ])('comes whole, and each once, %i at a time', async (limit, ids) => {
    const desk = apiDesk();
    await fiveFreezes(desk);
    const parts = await inParts(desk, '/freezes', 'freezes', limit);
    expect(parts.map(idsOf)).toEqual(ids);
  });

  it('counts only those that are asked for', async () => {
    const desk = apiDesk();
    await fiveFreezes(desk);
    const frozen = await inParts(desk, '/freezes?state=frozen', 'freezes', 2);
    expect(frozen.map(idsOf)).toEqual([['H000001', 'H000003'], ['H000005']]);
    // What is left behind the part is not asked for: there is no next one.
    const released = await inParts(desk, '/freezes?state=released', 'freezes', 2);
    expect(released.map(idsOf)).toEqual([['H000002', 'H000004']]);
  });

  it('goes on behind one that is no longer among them', async () => {
    const desk = apiDesk();
    await fiveFreezes(desk);
    const first = await desk.call('GET', '/freezes?state=frozen&limit=1');
    expect(first.json['next']).toBe('H000001');
    await desk.call('POST', '/freezes/H000001/release', { body: { by: 'wang' } });
    const second = await desk.call('GET', '/freezes?state=frozen&limit=1&after=H000001');
    expect(second.json).toMatchObject({ freezes: [{ id: 'H000003' }], next: 'H000003' });
  });

  it('goes on behind a signature that was open, and is not any more', async () => {
    const desk = apiDesk();
    await desk.call('POST', '/signatures/exemptions', {
      body: { transactionId: PAPER_ID, ...WHO },
    });
    const { json, status } = await desk.call('GET', `/signatures/open-items?after=${PAPER_ID}`);
    expect({ status, json }).toEqual({ status: 200, json: { openItems: [] } });
  });

  it('is 200 long when nobody says how long', async () => {
    const desk = apiDesk();
    for (let each = 0; each < 201; each++) {
      const control = desk.bench.host.control;
      control.freeze({ scope: 'amount', mid: MID, amountFen: 1, ...WHO });
    }
    const { json } = await desk.call('GET', '/freezes');
    expect([(json['freezes'] as unknown[]).length, json['next']]).toEqual([200, 'H000200']);
    const { json: rest } = await desk.call('GET', '/freezes?after=H000200');
    expect([idsOf(rest['freezes'] as unknown[]), rest['next']]).toEqual([['H000201'], undefined]);
  });

  it('gives the transactions of a card and day in parts as well', async () => {
    const desk = apiDesk();
    const asked = 'card=debit&date=2026-01-15';
    const sales = await inParts(desk, `/transactions?${asked}`, 'transactions', 1);
    expect(sales.map(idsOf)).toEqual([[SALE_ID], [PAPER_ID]]);
    const answers = await inParts(desk, `/enquiry?${asked}`, 'answers', 1);
    expect(answers.map(({ length }) => length)).toEqual([1, 1]);
    const signatures = await inParts(desk, `/signatures?${asked}`, 'signatures', 1);
    expect(signatures.map(([each]) => each)).toMatchObject([
      { transactionId: SALE_ID },
      { transactionId: PAPER_ID },
    ]);
    const rows = await inParts(desk, '/settlement-days/2026-01-15', 'rows', 1);
    expect(rows).toMatchObject([[{ line: 1 }], [{ line: 2 }]]);
  });

  it('names the latest twenty payouts of a merchant', async () => {
    const { call, bench } = apiDesk();
    const { payouts } = bench.host.state;
    await call('POST', '/payouts');
    const [first] = payouts.values();
    for (let each = 2; each <= 22; each++) {
      const id = `P${String(each).padStart(6, '0')}`;
      payouts.set(id, { ...first!, id });
    }
    const { json } = await call('GET', `/merchants/${MID}`);
    const told = json['payouts'] as string[];
    expect([told.length, told[0], told.at(-1)]).toEqual([20, 'P000003', 'P000022']);
  });

  it.each([
    ['limit=0', 'query/limit must be >= 1'],
    ['limit=1001', 'query/limit must be <= 1000'],
    ['limit=-1', 'query/limit must be >= 1'],
    ['limit=1.5', 'query/limit must be integer'],
    ['limit=ten', 'query/limit must be integer'],
    ['limit=', 'query/limit must be integer'],
    ['limit=0x10', 'query/limit must be integer'],
    ['after=H000009', 'query/after is none of them'],
    ['after=%27', 'query/after must match pattern "^(?:[0-9A-Za-z .:-]{1,40})$"'],
  ])('refuses %s', async (query, detail) => {
    const { call } = apiDesk();
    const { status, json } = await call('GET', `/freezes?${query}`);
    expect([status, json['code'], json['detail']]).toEqual([400, 'E_API_INPUT', detail]);
  });
});
