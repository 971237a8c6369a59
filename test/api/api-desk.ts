import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { apiApp, type ApiPort } from '../../api/app.ts';
import { openApiDocument } from '../../api/openapi.ts';
import { simulatedBench, type SimulatedBench } from '../../emulator/bench/simulated-bench.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import { sampleStrokes } from '../../emulator/signature/sample-strokes.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { memoryStore } from '../../emulator/world/simulated/memory-store.ts';
import { accountOf, START_MS, TID } from '../emulator/host/host-desk.ts';

export const TOKEN = 'a-token-for-tests';
export const HOST = '127.0.0.1:5001';
export const DAY_MS = 86_400_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface CallOptions {
  readonly body?: unknown;
  /** The body as it is, instead. */
  readonly raw?: string | Uint8Array | (() => ReadableStream<Uint8Array>);
  /** Beside token, host and content type; `undefined` takes one of those away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface ApiDesk {
  readonly bench: SimulatedBench;
  readonly errors: unknown[];
  /** Of 100.00 with a stored signature, and of 60.00 signed on paper; both are due. */
  readonly sale: OperationResult;
  readonly paper: OperationResult;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  journal(): HostEvent[];
  /** All that a refused call must leave as it was. */
  standing(): unknown;
}

const DOCUMENT = openApiDocument('0.0.0') as {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Record<string, unknown> }>>>
  >;
};
const ajv = new Ajv({ strict: false, validateFormats: false, discriminator: true });
ajv.addSchema(DOCUMENT, 'api');

/** The path of the document that a call's path belongs to. */
function documented(path: string): string | undefined {
  const [plain = ''] = path.split('?');
  if (DOCUMENT.paths[plain] !== undefined) return plain;
  return Object.keys(DOCUMENT.paths).find((each) =>
    new RegExp(`^${each.replace('{id}', '[^/]+')}$`).test(plain),
  );
}

/** What the document says of an answer must be so, whatever the answer is. */
function expectDocumented(method: string, path: string, { status, json }: Answer): void {
  const name = documented(path);
  const operation = name === undefined ? undefined : DOCUMENT.paths[name]?.[method.toLowerCase()];
  const pointer =
    operation === undefined
      ? '#/components/schemas/Problem'
      : [
          '#/paths',
          name!.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D'),
          method.toLowerCase(),
          'responses',
          String(status),
          'content',
          status < 400 ? 'application~1json' : 'application~1problem+json',
          'schema',
        ].join('/');
  if (operation !== undefined) {
    expect([method, path, Object.keys(operation.responses)]).toEqual([
      method,
      path,
      expect.arrayContaining([String(status)]),
    ]);
  }
  const isSo = ajv.validate({ $ref: `api${pointer}` }, json);
  expect([method, path, status, isSo ? null : ajv.errors]).toEqual([method, path, status, null]);
}

function bodyOf(
  raw: CallOptions['raw'],
): Exclude<CallOptions['raw'], () => unknown> | ReadableStream {
  return typeof raw === 'function' ? raw() : raw;
}

/** The API over a simulated host: a day is over, its money is due, and every answer is checked. */
export function apiDesk(port: Partial<ApiPort> = {}): ApiDesk {
  const hostStore = memoryStore<HostEvent>();
  const bench = simulatedBench({
    seed: 1,
    startMs: START_MS,
    terminal: { signs: true },
    hostStore,
  });
  const { perform, cards, host, world } = bench;
  const card = cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const strokes = sampleStrokes(seededRandom(1), { script: 'chinese' });
  const sale = perform(TID, { verb: 'sale', amountFen: 10_000, card });
  perform(TID, { verb: 'sign', stan: sale.stan!, strokes });
  const paper = perform(TID, { verb: 'sale', amountFen: 6000, card });
  perform(TID, { verb: 'sign', stan: paper.stan!, strokes: undefined });
  expect(perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
  world.advance(DAY_MS);
  const errors: unknown[] = [];
  const app = apiApp({
    control: () => host.control,
    state: () => host.state,
    clock: { civilMs: () => world.clock.civilMs(), advance: (ms) => world.advance(ms) },
    token: TOKEN,
    hosts: () => [HOST, 'localhost:5001'],
    version: '0.0.0',
    onError: (error) => errors.push(error),
    ...port,
  });
  return {
    bench,
    errors,
    sale,
    paper,
    async call(method, path, { body, raw, headers = {} } = {}) {
      const hasBody = method !== 'GET' && method !== 'HEAD';
      const usual = {
        host: HOST,
        authorization: `Bearer ${TOKEN}`,
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
      };
      const sent = Object.entries({ ...usual, ...headers }).filter(
        (header): header is [string, string] => header[1] !== undefined,
      );
      const answer = await app.request(`http://${HOST}${path}`, {
        method,
        headers: sent,
        ...(hasBody ? { body: bodyOf(raw) ?? JSON.stringify(body ?? {}), duplex: 'half' } : {}),
      });
      const text = await answer.text();
      const json = (text === '' ? {} : JSON.parse(text)) as Answer['json'];
      const seen = { status: answer.status, headers: answer.headers, text, json };
      if (path !== '/openapi.json' && method !== 'HEAD') expectDocumented(method, path, seen);
      return seen;
    },
    journal: () => [...hostStore.replay()],
    standing() {
      const { ledger, holds, payouts, suspended, contracts, accounts, archive } = host.state;
      const { refundCases, complaints, adjustments, retrievals, reviews, limits } = host.state;
      const { cleared, deviceOrders, otherSales, refundPolicies, sheets } = host.state;
      const { isRefundMaintenance, payoutRunAt, isArpcRight, chipCardSwiped, signatureFeature } =
        host.state;
      const { issuerLine, slowAnswers } = host.state;
      const rooms = [refundCases, complaints, adjustments, retrievals, reviews, limits];
      return structuredClone({
        journal: hostStore.replay().length,
        events: host.state.eventCount,
        balances: [...ledger.balances],
        entries: ledger.entryCount,
        holds: [...holds.values()],
        payouts: [...payouts.values()],
        suspended: [...suspended],
        contracts: [...contracts],
        accounts: [...accounts],
        rooms: [...rooms, cleared, deviceOrders, otherSales].map((room) => [...room]),
        settings: [refundPolicies, sheets, isRefundMaintenance, payoutRunAt, isArpcRight],
        lines: [issuerLine, slowAnswers, chipCardSwiped],
        archive: [...archive.exemptions.keys(), ...archive.agreements.keys(), signatureFeature],
        isChannelOpen: host.state.isChannelOpen,
        now: world.clock.civilMs(),
      });
    },
  };
}

let quiet: ApiDesk | undefined;

/** One desk for all calls that move nothing, as whoever takes it checks. */
export function quietDesk(): ApiDesk {
  return (quiet ??= apiDesk());
}
