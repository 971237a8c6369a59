import { join } from 'node:path';
import { runHost } from '../../../emulator/host/run-host.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { atTurnEnd } from '../../../emulator/world/real/at-turn-end.ts';
import { realClock } from '../../../emulator/world/real/real-clock.ts';
import { realNetwork } from '../../../emulator/world/real/real-network.ts';
import { realWeb } from '../../../emulator/world/real/real-web.ts';
import { HOST_FORM } from '../../../emulator/host/packed-events.ts';
import { sqliteStore } from '../../../emulator/world/real/sqlite-store.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import { createTasks } from '../../../emulator/world/tasks.ts';
import { bankOfFile } from './bank-file.ts';
import { KILLED_INSTITUTION } from './institution.ts';

/** What it is told, on one line. */
export interface BeginOrder {
  readonly folder: string;
  readonly seed: number;
  readonly startMs: number;
  /** Sign-ins with keys that the test knows as well, for a fresh journal. */
  readonly opening: readonly HostEvent[];
}

/**
 * The process that is killed: a host on a journal in SQLite, with a back office that pays out again
 * and again. It begins when it is told to, says where it listens, and ends when its test does.
 */
function begin({ folder, seed, startMs, opening }: BeginOrder): void {
  const store = sqliteStore<HostEvent>(join(folder, 'journal.sqlite'), { form: HOST_FORM });
  if (store.head.groups === 0) store.append(opening);
  const random = seededRandom(seed);
  const host = runHost(
    {
      clock: realClock(startMs),
      random,
      network: realNetwork(),
      web: realWeb(),
      tasks: createTasks(),
      atTurnEnd,
    },
    {
      institution: KILLED_INSTITUTION,
      store,
      endpoint: '127.0.0.1:0',
      bank: bankOfFile(join(folder, 'bank.jsonl'), () => random.below(4) === 0),
      onListening: (endpoint) => process.stdout.write(`${endpoint}\n`),
      onListenFailed(error) {
        throw error;
      },
    },
  );
  setInterval(() => host.control.payOut(), 3);
}

process.stdin.setEncoding('utf8').on('data', (told: string) => {
  begin(JSON.parse(told) as BeginOrder);
});
process.stdin.on('end', () => process.exit(0));
