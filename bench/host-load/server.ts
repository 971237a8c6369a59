import { createServer, type Socket } from 'node:net';
import { payoutBank } from '../../emulator/bank/payout-bank.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import { runHost } from '../../emulator/host/run-host.ts';
import { forgetfulStore } from '../../emulator/world/forgetful-store.ts';
import { atTurnEnd } from '../../emulator/world/real/at-turn-end.ts';
import { realClock } from '../../emulator/world/real/real-clock.ts';
import { realNetwork } from '../../emulator/world/real/real-network.ts';
import { realRandom } from '../../emulator/world/real/real-random.ts';
import { realWeb } from '../../emulator/world/real/real-web.ts';
import { HOST_FORM } from '../../emulator/host/packed-events.ts';
import { sqliteStore } from '../../emulator/world/real/sqlite-store.ts';
import type { Store } from '../../emulator/world/store.ts';
import { createTasks } from '../../emulator/world/tasks.ts';
import { BENCH_START_MS, benchInstitution, benchSessions } from './bench-institution.ts';
import { leastHost } from './least-host.ts';

/**
 * One server in a process of its own: `server.mjs <kind> <terminals> [journal]`. It says its port.
 *
 *   echo          what a chunk brings goes back in one write
 *   echo-each     every message goes back in a write of its own, on sockets as Node makes them
 *   least         what every host must do, and nothing else
 *   host          the host, nothing kept
 *   host-sqlite   the host on a journal in SQLite, a commit a turn of the event loop
 *   host-single   the same, a commit a message
 */
const [kind = '', terminals = '', journal = ''] = process.argv.slice(2);

function announce(port: number | string): void {
  process.stdout.write(`${port}\n`);
}

function echo(noDelay: boolean, answer: (socket: Socket, chunk: Buffer) => void): void {
  const server = createServer({ noDelay }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => answer(socket, chunk));
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    announce(typeof address === 'object' && address !== null ? address.port : 0);
  });
}

/** Chunks here hold whole messages but for the rare one that is cut, which goes back as it came. */
function writeEach(socket: Socket, chunk: Buffer): void {
  for (let at = 0; at < chunk.length;) {
    const end = at + 2 < chunk.length ? at + 2 + chunk.readUInt16BE(at) : chunk.length;
    socket.write(chunk.subarray(at, end));
    at = end;
  }
}

function storeOf(): Store<HostEvent> {
  if (kind === 'host') return forgetfulStore();
  return sqliteStore<HostEvent>(journal, { form: HOST_FORM });
}

function host(): void {
  const opening = benchSessions(Number(terminals));
  const store = storeOf();
  store.append(opening);
  const world = {
    clock: realClock(BENCH_START_MS),
    random: realRandom(),
    network: realNetwork(),
    web: realWeb(),
    tasks: createTasks(),
    ...(kind === 'host-single' ? {} : { atTurnEnd }),
  };
  runHost(world, {
    institution: benchInstitution(Number(terminals)),
    store: kind === 'host' ? { ...store, replay: () => opening } : store,
    endpoint: '127.0.0.1:0',
    keepsEntries: false,
    bank: payoutBank(),
    onListening: (endpoint) => announce(endpoint.split(':')[1]!),
    onListenFailed(error) {
      throw error;
    },
  });
}

if (kind === 'echo') echo(true, (socket, chunk) => void socket.write(chunk));
else if (kind === 'echo-each') echo(false, writeEach);
else if (kind === 'least') leastHost((endpoint) => announce(endpoint.split(':')[1]!));
else host();
// Asked in between: what this process has used of its core, in microseconds.
process.stdin.on('data', () => {
  const { user, system } = process.cpuUsage();
  announce(user + system);
});
process.stdin.on('end', () => process.exit(0));
