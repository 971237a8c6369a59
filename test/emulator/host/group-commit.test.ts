import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { UNIONPAY_POS } from '../../../protocol/dialects/unionpay-pos.ts';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { FrameDecoder } from '../../../protocol/framing/frame-decoder.ts';
import { payoutBank } from '../../../emulator/bank/payout-bank.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import { crashDesk, type CrashDesk } from '../../../emulator/host/crash-points.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { runHost, type RunningHost } from '../../../emulator/host/run-host.ts';
import type { Link } from '../../../emulator/world/network.ts';
import { atTurnEnd } from '../../../emulator/world/real/at-turn-end.ts';
import { realNetwork } from '../../../emulator/world/real/real-network.ts';
import { realWeb } from '../../../emulator/world/real/real-web.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { simulatedWorld } from '../../../emulator/world/simulated/simulated-world.ts';
import type { Store } from '../../../emulator/world/store.ts';
import { createTasks } from '../../../emulator/world/tasks.ts';
import type { World } from '../../../emulator/world/world.ts';
import { decodeFrame, saleFrame, sessionOpened, START_MS } from './host-desk.ts';

/** A host whose turns end when the test says so, and whose journal counts and can fail. */
class Turns {
  readonly groups: (readonly HostEvent[])[] = [];
  readonly crash: CrashDesk = crashDesk();
  readonly host: RunningHost;
  /** STANs that were answered, and the links that broke. */
  readonly answers: string[] = [];
  broken = 0;
  isDiskFull = false;
  /** How many steps are begun from now on until one breaks. */
  breakAt = 0;
  readonly #world = simulatedWorld({ seed: 1, startMs: START_MS });
  readonly #kept = memoryStore<HostEvent>();
  #ends: (() => void)[] = [];

  constructor() {
    this.#kept.append([sessionOpened()]);
    const store: Store<HostEvent> = {
      append: (events) => {
        if (this.isDiskFull) throw new CountersignError('E_JOURNAL_WRITE', { text: 'full' });
        this.#kept.append(events);
        this.groups.push(events);
      },
      replay: () => this.#kept.replay(),
    };
    const clock = {
      ...this.#world.clock,
      civilMs: () => {
        if (--this.breakAt === 0) throw new Error('a step breaks');
        return this.#world.clock.civilMs();
      },
    };
    const world: World = {
      ...this.#world,
      clock,
      atTurnEnd: (work) => void this.#ends.push(work),
    };
    this.host = runHost(world, {
      institution: TEST_INSTITUTION,
      store,
      endpoint: 'host:1',
      bank: payoutBank(),
      crash: this.crash,
    });
    this.groups.length = 0;
  }

  /** A sale on a link of its own, as far as the host has heard it. */
  sell(stan: string, sent?: (link: Link) => void): void {
    const decoder = new FrameDecoder(UNIONPAY_POS);
    const link: Link = this.#world.network.connect('host:1', {
      opened: () => {
        link.send(saleFrame({ 11: stan }));
        sent?.(link);
      },
      received: (bytes) => decoder.push(bytes, () => void this.answers.push(stan)),
      closed: () => void this.broken++,
    });
    this.pass();
  }

  endTurn(): void {
    const ends = this.#ends;
    this.#ends = [];
    for (const end of ends) end();
    this.pass();
  }

  /** The network delivers what is under way. */
  pass(): void {
    this.#world.advance(100);
  }

  get journalledSales(): string[] {
    return [...this.#kept.replay()].flatMap((event) =>
      event.kind === 'sale-approved' ? event.transaction.stan : [],
    );
  }
}

function sellAll(turns: Turns, ...stans: string[]): void {
  for (const stan of stans) turns.sell(stan);
}

describe('a turn of the host', () => {
  it('is journalled in one group, and no answer leaves before that', () => {
    const turns = new Turns();
    sellAll(turns, '000010', '000011', '000012');
    expect(turns.groups).toEqual([]);
    expect(turns.answers).toEqual([]);
    turns.endTurn();
    expect(turns.groups).toHaveLength(1);
    expect(turns.journalledSales).toEqual(['000010', '000011', '000012']);
    expect(turns.answers).toHaveLength(3);
    turns.endTurn();
    expect(turns.groups).toHaveLength(1);
  });

  it('ends early when the back office looks or acts: what it sees is journalled', () => {
    const turns = new Turns();
    turns.sell('000010');
    expect(turns.host.state.transactions.size).toBe(1);
    expect(turns.journalledSales).toEqual(['000010']);
    turns.pass();
    expect(turns.answers).toEqual(['000010']);
    const { control } = turns.host;
    turns.sell('000011');
    control.setChannel(false);
    expect(turns.groups.map((group) => group.map(({ kind }) => kind))).toEqual([
      expect.arrayContaining(['sale-approved']),
      // In the order in which they came.
      ['sequence-taken', 'sale-approved', 'exchange-answered', 'channel-set'],
    ]);
    turns.endTurn();
    expect(turns.answers).toEqual(['000010', '000011']);
    expect(turns.groups).toHaveLength(2);
  });

  it('ends before a control that is asked for reads anything', () => {
    const turns = new Turns();
    const spent = (): number => turns.host.control.card('debit', '2026-01-15')!.spentTodayFen;
    const before = spent();
    turns.sell('000010');
    expect(spent()).toBeGreaterThan(before);
  });

  it('decides what came in before its link was closed or broke', () => {
    const turns = new Turns();
    const links: Link[] = [];
    for (const stan of ['000010', '000011']) turns.sell(stan, (link) => void links.push(link));
    turns.endTurn();
    for (const [at, link] of links.entries()) link.send(saleFrame({ 11: `00002${at}` }));
    links[0]!.end();
    links[1]!.abort();
    turns.pass();
    turns.endTurn();
    expect(turns.journalledSales).toEqual(['000010', '000011', '000020', '000021']);
  });

  it('in which a step breaks is the last one: nothing of it is journalled, nobody is answered', () => {
    const turns = new Turns();
    sellAll(turns, '000010', '000011');
    turns.breakAt = 2;
    expect(() => turns.endTurn()).toThrow('a step breaks');
    turns.pass();
    expect([turns.journalledSales, turns.answers, turns.broken]).toEqual([[], [], 2]);
    turns.sell('000012');
    turns.endTurn();
    expect(turns.journalledSales).toEqual([]);
    expect(() => turns.host.control.setChannel(false)).toThrow(
      expect.objectContaining({ code: 'E_HOST_DOWN' }),
    );
  });

  it('that cannot be journalled answers nobody, and the host is down (F106)', () => {
    const turns = new Turns();
    sellAll(turns, '000010', '000011');
    turns.isDiskFull = true;
    expect(() => turns.endTurn()).toThrow(expect.objectContaining({ code: 'E_JOURNAL_WRITE' }));
    turns.pass();
    expect(turns.answers).toEqual([]);
    expect(turns.broken).toBe(2);
    expect(turns.journalledSales).toEqual([]);
    turns.isDiskFull = false;
    turns.sell('000012');
    turns.endTurn();
    expect(turns.answers).toEqual([]);
    expect(() => turns.host.control.setChannel(false)).toThrow(
      expect.objectContaining({ code: 'E_HOST_DOWN' }),
    );
  });

  it('whose process dies has not happened', () => {
    const turns = new Turns();
    turns.sell('000010');
    turns.host.kill();
    turns.endTurn();
    expect(turns.groups).toEqual([]);
    expect(turns.answers).toEqual([]);
  });

  it.each([
    ['before-commit', 0, 0],
    ['after-commit', 2, 0],
    ['after-answer', 2, 1],
  ] as const)('whose power fails %s has %i sales and %i answers', (point, sales, answers) => {
    const turns = new Turns();
    sellAll(turns, '000010', '000011');
    turns.crash.arm(point);
    turns.endTurn();
    expect(turns.journalledSales).toHaveLength(sales);
    expect(turns.answers).toHaveLength(answers);
    expect(turns.broken).toBe(2);
  });
});

describe('a host on real sockets', () => {
  it('answers one who has sent everything and closed his side (F014), in one group', async () => {
    const store = memoryStore<HostEvent>();
    store.append([sessionOpened()]);
    let groups = 0;
    const counted: Store<HostEvent> = {
      append(events) {
        groups++;
        store.append(events);
      },
      replay: () => store.replay(),
    };
    const clock = { monotonicMs: () => 0, civilMs: () => START_MS, after: () => () => undefined };
    let host: RunningHost | undefined;
    const endpoint = await new Promise<string>((resolve, reject) => {
      host = runHost(
        {
          clock,
          random: seededRandom(1),
          network: realNetwork(),
          web: realWeb(),
          tasks: createTasks(),
          atTurnEnd,
        },
        {
          institution: TEST_INSTITUTION,
          store: counted,
          endpoint: '127.0.0.1:0',
          bank: payoutBank(),
          onListening: resolve,
          onListenFailed: reject,
        },
      );
    });
    groups = 0;
    const stans = Array.from({ length: 16 }, (_, sale) => String(100 + sale).padStart(6, '0'));
    const frames = stans.map((stan) => saleFrame({ 4: '000000000100', 11: stan }));
    const answered = await new Promise<Buffer>((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect({ host: '127.0.0.1', port: Number(endpoint.split(':')[1]) });
      socket.on('error', reject);
      socket.on('data', (chunk) => void chunks.push(chunk));
      socket.on('end', () => resolve(Buffer.concat(chunks)));
      socket.end(Buffer.concat(frames));
    });
    const seen: string[] = [];
    for (let at = 0; at < answered.length;) {
      const end = at + 2 + answered.readUInt16BE(at);
      const { fields } = decodeFrame(answered.subarray(at, end));
      seen.push(`${fields[11] ?? ''} ${fields[39] ?? ''}`);
      at = end;
    }
    expect(seen).toEqual(stans.map((stan) => `${stan} 00`));
    expect(groups).toBeLessThanOrEqual(2);
    host?.kill();
  });
});
