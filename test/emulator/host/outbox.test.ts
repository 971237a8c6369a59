import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { WebFault } from '../../../emulator/faults/faulty-web.ts';
import type { CrashPoint } from '../../../emulator/host/crash-points.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import { beginStep, endStep, type HostEffect } from '../../../emulator/host/host-step.ts';
import { queueNotice } from '../../../emulator/host/notifications/outbox.ts';
import type { DeskAnswer } from '../../../emulator/host/refund-desk/refund-desk.ts';
import { stepHost } from '../../../emulator/host/switch/step-host.ts';
import {
  noticeGateway,
  type NoticeEvent,
} from '../../../emulator/notice-gateway/notice-gateway.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import { realWeb } from '../../../emulator/world/real/real-web.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import type { WebOutcome } from '../../../emulator/world/web.ts';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { accountOf, MID, START_MS, TID } from './host-desk.ts';

function sold(): { bench: SimulatedBench; sale: OperationResult } {
  const bench = simulatedBench({ seed: 1, startMs: START_MS });
  const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  return { bench, sale: bench.perform(TID, { verb: 'sale', amountFen: 10_000, card }) };
}

function apply(bench: SimulatedBench, { rrn = '' }: OperationResult): DeskAnswer {
  return bench.host.control.refunds.apply({
    requestNo: 'q-1',
    mid: MID,
    of: { rrn },
    category: 'transaction',
    isFailure: false,
    goods: 'none',
    way: 'self-service',
    route: 'host',
    papers: ['slip'],
    contact: 'sms',
  });
}

/** Keys that people were told, and whether all of it is known at the host. */
function told(bench: SimulatedBench): { keys: string[]; isAllKnown: boolean; calls: number } {
  bench.world.advance(3_600_000);
  const messages = bench.host.notices.messages();
  return {
    keys: messages.map(({ key }) => key),
    isAllKnown: [...bench.host.state.notices.values()].every(({ isDelivered }) => isDelivered),
    calls: messages.reduce((sum, { calls }) => sum + calls, 0),
  };
}

const ALL = ['R000001/applied', 'R000001/agreed', 'R000001/sent'];

describe('messages to holders (B15)', () => {
  it('name the change and the person in words, and no number of anybody', () => {
    const { bench, sale } = sold();
    apply(bench, sale);
    expect(told(bench)).toEqual({ keys: ALL, isAllKnown: true, calls: 3 });
    expect(bench.host.notices.messages()[2]).toEqual({
      key: 'R000001/sent',
      channel: 'sms',
      to: 'holder-of-card/debit',
      text: '退款 R000001 已发出，预计 2026-01-20 至 2026-01-26 到账',
      calls: 1,
    });
  });

  it.each<[CrashPoint, number, number]>([
    ['before-commit', 0, 3],
    ['after-commit', 0, 3],
    ['notice-sent', 0, 4],
    ['notice-sent', 1, 4],
    ['notice-sent', 2, 4],
  ])('are told once each when the host dies %s, after %i passes', (point, passes, calls) => {
    const { bench, sale } = sold();
    bench.host.crash.arm(point, passes);
    const isAsync = point === 'notice-sent';
    if (isAsync) expect(apply(bench, sale)).toMatchObject({ kind: 'case', isRepeat: false });
    else expect(() => apply(bench, sale)).toThrow(CountersignError);
    bench.world.advance(60_000);
    expect(bench.host.crash.pending).toBe(0);
    // Whoever heard nothing asks again, and finds his case where it was saved.
    const isRepeat = point !== 'before-commit';
    expect(apply(bench, sale)).toMatchObject({ kind: 'case', isRepeat, view: { state: 'sent' } });
    const found = told(bench);
    expect(found.keys).toEqual(ALL);
    expect(found).toMatchObject({ isAllKnown: true, calls });
    expect(bench.host.control.card('debit', '')?.availableFen).toBe(1_000_000);
  });

  it.each<[WebFault, number]>([
    ['unavailable', 3],
    ['call-lost', 3],
    ['answer-lost', 5],
    ['dropped', 5],
  ])('are told once each when two calls end with %s', (fault, calls) => {
    const { bench, sale } = sold();
    bench.host.web.order({ fault, times: 2 });
    apply(bench, sale);
    const found = told(bench);
    expect(found.keys).toEqual(ALL);
    expect(found).toMatchObject({ isAllKnown: true, calls });
    expect(bench.host.web.pending).toBe(0);
  });

  it('go out again after longer and longer, and without end', () => {
    const { bench, sale } = sold();
    bench.host.notices.fail(1000);
    apply(bench, sale);
    const failures = (): number => bench.host.state.notices.get(ALL[0]!)!.failures;
    bench.world.advance(1500);
    expect(failures()).toBe(2);
    bench.world.advance(60_000);
    expect(failures()).toBe(6);
    bench.world.advance(3_600_000);
    expect(failures()).toBeGreaterThan(15);
    expect(failures()).toBeLessThan(25);
    bench.host.notices.fail(0);
    expect(told(bench)).toMatchObject({ isAllKnown: true, calls: 3 });
  });
});

describe('the gateway for messages', () => {
  it.each([
    ['POST', '/sms', '{"key":"a","to":"b","text":"c"}', 202],
    ['POST', '/mail', '{"key":"a","to":"b","text":"c"}', 202],
    ['GET', '/sms', '{"key":"a","to":"b","text":"c"}', 404],
    ['POST', '/fax', '{"key":"a","to":"b","text":"c"}', 404],
    ['POST', '/sms', '{"key":"","to":"b","text":"c"}', 400],
    ['POST', '/sms', '{"key":"a","to":"b"}', 400],
    ['POST', '/sms', '[]', 400],
    ['POST', '/sms', 'null', 400],
    ['POST', '/sms', 'key=a', 400],
  ])('%s %s %s: %i', (method, path, body, status) => {
    const gateway = noticeGateway();
    expect(gateway.answer({ method, path, body }).status).toBe(status);
    expect(gateway.messages()).toHaveLength(status === 202 ? 1 : 0);
  });
});

describe('a gateway with a journal of its own', () => {
  const asked = (key: string, text: string) =>
    ({ method: 'POST', path: '/sms', body: JSON.stringify({ key, to: 'b', text }) }) as const;

  it('shows nothing twice, though its process ended in between', () => {
    const store = memoryStore<NoticeEvent>();
    const shown: string[] = [];
    const started = () => noticeGateway(({ key, text }) => shown.push(`${key} ${text}`), store);
    const first = started();
    for (const key of ['a', 'a', 'b']) expect(first.answer(asked(key, 'c')).status).toBe(202);
    const second = started();
    expect(second.messages()).toEqual([
      { key: 'a', channel: 'sms', to: 'b', text: 'c', calls: 1 },
      { key: 'b', channel: 'sms', to: 'b', text: 'c', calls: 1 },
    ]);
    for (const key of ['b', 'd']) expect(second.answer(asked(key, 'e')).status).toBe(202);
    expect(shown).toEqual(['a c', 'b c', 'd e']);
    expect(second.messages().map(({ key, text, calls }) => [key, text, calls])).toEqual([
      ['a', 'c', 1],
      ['b', 'c', 2],
      ['d', 'e', 1],
    ]);
  });

  it('shows nothing that it cannot write down', () => {
    const shown: string[] = [];
    const full = {
      replay: () => [],
      append(): never {
        throw new CountersignError('E_JOURNAL_WRITE', { text: 'full' });
      },
    };
    const gateway = noticeGateway(({ key }) => shown.push(key), full);
    expect(() => gateway.answer(asked('a', 'c'))).toThrow('full');
    expect([shown, gateway.messages()]).toEqual([[], []]);
  });
});

describe('a gateway of somebody else, over HTTP', () => {
  it('gets a JSON text with the key, and is asked again until it says 2xx', async () => {
    const seen: unknown[] = [];
    const answers = [500, 302, 404, 0, 201];
    const server = setupServer(
      http.post('http://gateway.test/mail', async ({ request }) => {
        seen.push([request.headers.get('content-type'), await request.json()]);
        const status = answers.shift() ?? 418;
        return status === 0 ? HttpResponse.error() : new HttpResponse(null, { status });
      }),
    );
    server.listen({ onUnhandledRequest: 'error' });
    try {
      const { state } = bootHost(TEST_INSTITUTION, []);
      const env = { clock: { civilMs: () => START_MS }, random: seededRandom(1), isTraced: false };
      const events: HostEvent[] = [];
      const step = beginStep(state, env);
      const text = { zh: '退款已发出', en: 'sent' };
      queueNotice(step, { key: 'R000001/sent', channel: 'mail', to: 'holder-of-card/debit', text });
      let effects: HostEffect[] = endStep(step);
      const web = realWeb();
      for (let rounds = 0; rounds < 10 && effects.length > 0; rounds++) {
        const next: HostEffect[] = [];
        for (const effect of effects) {
          if (effect.kind === 'persist') events.push(...effect.events);
          if (effect.kind === 'start-alarm') {
            next.push(...stepHost(state, { kind: 'alarm', key: effect.key }, env));
          }
          if (effect.kind !== 'call-notice') continue;
          const { key, call, limitMs } = effect;
          const { path, ...rest } = call;
          const outcome = await new Promise<WebOutcome>((resolve) => {
            web.call({ ...rest, url: `http://gateway.test${path}` }, limitMs, resolve);
          });
          next.push(...stepHost(state, { kind: 'notice-answered', key, outcome }, env));
        }
        effects = next;
      }
      expect(events.map(({ kind }) => kind)).toEqual([
        'notice-queued',
        'notice-failed',
        'notice-failed',
        'notice-failed',
        'notice-failed',
        'notice-delivered',
      ]);
      // What is said of it later changes nothing.
      const late = { kind: 'failed', reason: 'timeout' } as const;
      const answer = { kind: 'notice-answered', key: 'R000001/sent', outcome: late } as const;
      expect(stepHost(state, answer, env)).toEqual([]);
      const asked = [
        'application/json',
        { key: 'R000001/sent', to: 'holder-of-card/debit', text: '退款已发出' },
      ];
      expect(seen).toEqual([asked, asked, asked, asked, asked]);
    } finally {
      server.close();
    }
  });
});
