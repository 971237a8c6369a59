import type { HostEvent } from '../../emulator/host/host-event.ts';
import { bootHost, type HostState } from '../../emulator/host/host-state.ts';
import {
  beginStep,
  endStep,
  type HostEffect,
  type HostEnv,
  type HostStep,
} from '../../emulator/host/host-step.ts';
import { notePayout, openPayouts, orderPayouts } from '../../emulator/host/settlement/payouts.ts';
import { stepHost } from '../../emulator/host/switch/step-host.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import type { Store } from '../../emulator/world/store.ts';
import {
  BENCH_START_MS,
  benchInstitution,
  benchSessions,
  saleFrame,
  settlementFrame,
} from './bench-institution.ts';

export const TERMINALS = 250;
/** Of each terminal, then it settles; every second time the merchants are paid as well. */
const SALES_A_BATCH = 4;
const DAY_MS = 86_400_000;

export const SALES_A_ROUND = TERMINALS * SALES_A_BATCH;

/** A host that trades without a line: many terminals, a commit a turn, settlements, payouts. */
export class Trader {
  readonly #state: HostState;
  readonly #store: Store<HostEvent>;
  readonly #env: HostEnv;
  #nowMs = BENCH_START_MS;
  #batch = 0;

  constructor(store: Store<HostEvent>) {
    this.#store = store;
    this.#env = {
      clock: { civilMs: () => this.#nowMs },
      random: seededRandom(1),
      isTraced: false,
    };
    const opening = benchSessions(TERMINALS);
    const { state, fresh } = bootHost(benchInstitution(TERMINALS), opening, false);
    store.append([...opening, ...fresh]);
    this.#state = state;
    for (let link = 0; link < TERMINALS; link++) {
      stepHost(state, { kind: 'accepted', link, peer: 'bench' }, this.#env);
    }
  }

  get state(): HostState {
    return this.#state;
  }

  /** A batch of every terminal; microseconds of the processor that each sale took, frames not counted. */
  round(): number {
    const number = ++this.#batch;
    const sales = Array.from({ length: SALES_A_BATCH }, (_, sale) =>
      eachTerminal((terminal) => saleFrame(terminal, sale + 1, number)),
    );
    const settlements = eachTerminal((terminal) =>
      settlementFrame(terminal, SALES_A_BATCH, number),
    );
    const before = usedUs();
    for (const frames of sales) this.#turn(frames);
    this.#turn(settlements);
    if (number % 2 === 0) this.#payOut();
    return (usedUs() - before) / SALES_A_ROUND;
  }

  #turn(frames: readonly Uint8Array[]): void {
    const effects = frames.flatMap((bytes, link) =>
      stepHost(this.#state, { kind: 'received', link, bytes }, this.#env),
    );
    this.#store.append(eventsOf(effects));
  }

  #payOut(): void {
    this.#nowMs += DAY_MS;
    this.#office(orderPayouts);
    for (const { id } of openPayouts(this.#state)) {
      this.#office((step) => notePayout(step, id, { kind: 'paid' }));
    }
  }

  #office(act: (step: HostStep) => unknown): void {
    const step = beginStep(this.#state, this.#env);
    act(step);
    this.#store.append(eventsOf(endStep(step)));
  }
}

function eventsOf(effects: readonly HostEffect[]): HostEvent[] {
  return effects.flatMap((effect) => (effect.kind === 'persist' ? effect.events : []));
}

function eachTerminal(frame: (terminal: number) => Uint8Array): Uint8Array[] {
  return Array.from({ length: TERMINALS }, (_, terminal) => frame(terminal));
}

function usedUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
