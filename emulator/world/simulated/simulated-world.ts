import { createHash } from 'node:crypto';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import type { World } from '../world.ts';
import { createTasks } from '../tasks.ts';
import { seededRandom } from '../seeded-random.ts';
import { EventQueue } from './event-queue.ts';
import { simulatedNetwork } from './simulated-network.ts';
import { simulatedWeb } from './simulated-web.ts';

export interface SimulatedWorldOptions {
  readonly seed: number;
  /** Civil time at the start, as epoch milliseconds. */
  readonly startMs: number;
  readonly latencyMs?: readonly [number, number];
}

export interface SimulatedWorld extends World {
  /** Runs everything that happens in the next `ms`, time-outs included. */
  advance(ms: number): void;
  /** Runs until `isDone`; false when nothing is left to happen before it is. */
  runUntil(isDone: () => boolean): boolean;
  /** Hash over all bytes sent so far, with their times and links: equal seeds, equal hashes (I-38). */
  traceHash(): string;
}

/** A run away from its end is a bug of ours: no scenario comes near this. */
const MOST_EVENTS_A_CALL = 5_000_000;

export function simulatedWorld(options: SimulatedWorldOptions): SimulatedWorld {
  const queue = new EventQueue();
  // Separate generators: what the network draws does not change the keys that the host draws.
  const random = seededRandom(options.seed);
  const networkRandom = seededRandom(options.seed ^ 0x5eed);
  const hash = createHash('sha256');
  const network = simulatedNetwork(queue, networkRandom, {
    latencyMs: options.latencyMs ?? [1, 20],
    splitOneIn: 4,
    onSend: (atMs, linkId, bytes) => {
      hash.update(`${atMs} ${linkId} ${bytes.length}\n`);
      hash.update(bytes);
    },
  });
  const web = simulatedWeb(queue, seededRandom(options.seed ^ 0x3eb), {
    latencyMs: options.latencyMs ?? [1, 20],
    onCross: (atMs, text) => void hash.update(`${atMs} ${text}\n`),
  });
  return {
    clock: {
      monotonicMs: () => queue.nowMs,
      civilMs: () => options.startMs + queue.nowMs,
      after: (delayMs, fire) => queue.add(queue.nowMs + delayMs, fire),
    },
    random,
    network,
    web,
    tasks: createTasks(),
    advance(ms) {
      const untilMs = queue.nowMs + ms;
      let left = MOST_EVENTS_A_CALL;
      while (queue.step(untilMs)) if (left-- === 0) throw tooMany();
      queue.moveTo(untilMs);
    },
    runUntil(isDone) {
      let left = MOST_EVENTS_A_CALL;
      while (!isDone()) {
        if (!queue.step(Number.POSITIVE_INFINITY)) return false;
        if (left-- === 0) throw tooMany();
      }
      return true;
    },
    traceHash: () => hash.copy().digest('hex'),
  };
}

function tooMany(): CountersignError {
  return new CountersignError('E_INTERNAL', { text: 'the simulated world does not come to rest' });
}
