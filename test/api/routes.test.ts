import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../api/routes/route-table.ts';
import { verifyCaseExport } from '../../emulator/host/evidence/case-export.ts';
import { MID, TID } from '../emulator/host/host-desk.ts';
import { GOOD_CALLS } from './all-calls.ts';
import { apiDesk } from './api-desk.ts';
import { called, calledFirst, FREEZE, RRN, WHO } from './route-case.ts';

describe('every route', () => {
  it.each(GOOD_CALLS)('$route does what it is for', async (each) => {
    const desk = apiDesk();
    await calledFirst(desk, each);
    const { status, json, headers } = await called(desk, each);
    expect({ status, json }).toEqual({ status: each.status, json: each.gives });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(desk.errors).toEqual([]);
  });

  it('is among those that were just called', () => {
    const known = ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(new Set(GOOD_CALLS.map(({ route }) => route))).toEqual(new Set(known));
    expect(new Set(known).size).toBe(known.length);
  });
});

describe('what a call does', () => {
  it('is journalled as one step, and is there after a restart', async () => {
    const { call, bench } = apiDesk();
    await call('POST', '/freezes', { body: FREEZE[1] });
    await call('PUT', '/channels/issuer', { body: { state: 'closed' } });
    bench.world.tasks.restart('host');
    expect((await call('GET', '/freezes/H000001')).json).toMatchObject({ heldFen: 9950 });
    expect((await call('GET', '/channels')).json).toMatchObject({
      channels: [{ name: 'issuer', state: 'closed' }],
    });
  });

  it('changes of a channel only what is not so already, and opens it last', async () => {
    const { call, journal } = apiDesk();
    const kindsSince = (before: number): string[] =>
      journal()
        .slice(before)
        .map(({ kind }) => kind);
    const slow = { body: { state: 'slow', delayMs: 5 } };
    await call('PUT', '/channels/issuer', { body: { state: 'closed' } });
    const closed = journal().length;
    await call('PUT', '/channels/issuer', slow);
    expect(kindsSince(closed)).toEqual(['issuer-line-set', 'channel-set']);
    await call('PUT', '/channels/issuer', slow);
    expect(kindsSince(closed)).toHaveLength(2);
  });

  it('gives a case away byte by byte as it was sealed', async () => {
    const { call } = apiDesk();
    const { text, headers, status } = await call('GET', `/evidence/${RRN}/export`);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(verifyCaseExport(text)).toMatchObject({ isWhole: true, subject: RRN });
  });

  it('gives the same answer of a sale by every key (A17)', async () => {
    const { call } = apiDesk();
    const ways = [
      `rrn=${RRN}`,
      `tid=${TID}&batch=000001&stan=000002`,
      'card=622588******7898&date=2026-01-15',
      'card=debit&date=2026-01-15',
    ];
    const answers = [];
    for (const way of ways) {
      const { json } = await call('GET', `/enquiry?${way}`);
      answers.push((json['answers'] as unknown[])[0]);
    }
    expect(answers[0]).toMatchObject({ cause: 'not-due-yet', on: '2026-01-16' });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('freezes what is there when it may be less', async () => {
    const { call } = apiDesk();
    const body = { scope: 'amount', mid: MID, amountFen: 999_999, orLess: true, ...WHO };
    expect((await call('POST', '/freezes', { body })).json).toMatchObject({ heldFen: 15_920 });
  });

  it('cannot move a clock that is the machine’s', async () => {
    const { call } = apiDesk({ clock: { civilMs: () => 0 } });
    expect((await call('GET', '/clock')).json).toEqual({
      civil: '1970-01-01 08:00:00',
      isMovable: false,
    });
    const { status, json } = await call('POST', '/clock/advance', { body: { days: 1 } });
    expect([status, json['code']]).toEqual([409, 'E_API_REFUSED']);
  });

  it('is refused where the answer stands in a journal that is not kept', async () => {
    const { call } = apiDesk({ keepsJournal: false });
    const days = 'from=2026-01-15&to=2026-01-15';
    const paths = [`/merchants/${MID}/statement?${days}`, `/evidence/${RRN}`];
    for (const path of [...paths, `/evidence/${RRN}/export`]) {
      const { status, json } = await call('GET', path);
      expect([path, status, json['code']]).toEqual([path, 409, 'E_API_REFUSED']);
    }
  });

  it('is told as one that the host was down in', async () => {
    const { call, bench } = apiDesk();
    bench.host.crash.arm('before-commit');
    const { status, json } = await call('POST', '/freezes', { body: FREEZE[1] });
    expect([status, json['code']]).toEqual([503, 'E_HOST_DOWN']);
    expect((await call('GET', '/freezes')).json).toEqual({ freezes: [] });
    bench.host.crash.arm('payout-ordered');
    const run = await call('POST', '/payouts');
    expect([run.status, run.json['code']]).toEqual([503, 'E_HOST_DOWN']);
    // What was ordered is on its way, and the next run goes on with it.
    expect((await call('GET', '/payouts')).json).toMatchObject({ payouts: [{ state: 'ordered' }] });
    expect((await call('POST', '/payouts')).json).toMatchObject({
      lines: [{ paidFen: 15_920 }, {}],
    });
  });
});
