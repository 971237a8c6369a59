import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { keyCheckValue } from '../../protocol/security/working-keys.ts';
import { desCipher } from '../../protocol/security/block-cipher.ts';
import { benchHost, type BenchHost } from '../../emulator/bench/bench.ts';
import type { PartyEvent } from '../../emulator/events/party-event.ts';
import { forwardOnly, notBefore } from '../../emulator/host/forward-only.ts';
import type { Institution } from '../../emulator/host/host-config.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';
import { maskPan } from '../../protocol/bytes/card-number.ts';
import { civilTime, isoDateTime } from '../../emulator/world/civil-time.ts';
import { forgetfulStore } from '../../emulator/world/forgetful-store.ts';
import { atTurnEnd } from '../../emulator/world/real/at-turn-end.ts';
import { realClock } from '../../emulator/world/real/real-clock.ts';
import { realNetwork } from '../../emulator/world/real/real-network.ts';
import { realRandom } from '../../emulator/world/real/real-random.ts';
import { realWeb } from '../../emulator/world/real/real-web.ts';
import { createTasks } from '../../emulator/world/tasks.ts';
import type { World } from '../../emulator/world/world.ts';
import { printable } from '../../reports/printable.ts';
import { institutionOf } from '../../scenarios/keys-file/read-keys-file.ts';
import { openDialect } from '../../scenarios/dialect-file/read-dialect-file.ts';
import { playable } from '../../scenarios/targets/playable.ts';
import { EXIT } from '../exit-codes.ts';
import { clockStart, wholeNumber } from '../options.ts';
import { checkBank, openJournals, type OpenedJournals } from './journal-file.ts';
import { serveApi, type ApiParts, type ServedApi } from './serve-api.ts';

const MINUTE_MS = 60_000;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** Keeps the host up until it is interrupted. */
export async function serveCommand(options: Record<string, string | boolean>): Promise<number> {
  const port = wholeNumber(options['port'], 'port', 0, 65_535);
  const address = String(options['address']);
  if (!LOOPBACK.includes(address)) throw new CountersignError('E_NOT_LOOPBACK', { text: address });
  const { keys } = options;
  const institution = {
    ...institutionOf(typeof keys === 'string' ? keys : undefined),
    dialect: playable(openDialect(String(options['dialect']))),
  };
  const { data } = options;
  const asked = clockStart(options['clock']);
  const journal = typeof data === 'string' ? openJournals(data) : undefined;
  const isNow = options['clock'] === 'now' && journal !== undefined;
  // A clock that was moved on goes on from where it was.
  const startMs = isNow ? notBefore(journal.host, asked!, institution.policy) : asked;
  const clock = realClock(startMs);
  const store =
    journal === undefined
      ? forgetfulStore<HostEvent>()
      : forwardOnly(journal.host, clock, institution.policy);
  const world: World = {
    clock,
    random: realRandom(),
    network: realNetwork(),
    web: realWeb(),
    tasks: createTasks(),
    atTurnEnd,
  };
  const isVerbose = options['verbose'] === true;
  const publish = (event: PartyEvent): void => {
    const text = logLine(event, isVerbose);
    if (text !== undefined) process.stdout.write(`${new Date().toISOString()} ${text}\n`);
  };
  const endpoint = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const stop = (): void => {
    world.tasks.killAll();
    journal?.close();
  };
  let host: BenchHost | undefined;
  const { apiPort, tokenFile, api: isWanted } = options;
  const parts: ApiParts = {
    keepsJournal: journal !== undefined,
    control: () => host!.control,
    state: () => host!.state,
    // The machine's own clock cannot be moved.
    clock: startMs === undefined ? { civilMs: () => clock.civilMs() } : clock,
  };
  let bound: string;
  let api: ServedApi | undefined;
  try {
    bound = await new Promise<string>((resolve, reject) => {
      const heard = {
        keepsEntries: false,
        onListening: resolve,
        onListenFailed: (cause: Error) => reject(listenError(cause, endpoint)),
      };
      host = benchHost(world, endpoint, institution, store, publish, heard, journal?.partners);
      if (journal !== undefined) checkBank(journal, host.state);
    });
    if (isWanted !== false) api = await serveApi(bound, { data, apiPort, tokenFile }, parts);
  } catch (error) {
    // What listens already would keep the program.
    stop();
    throw error;
  }
  // Whoever reads that it is there may stop it at once.
  const interrupted = new Promise<'SIGINT' | 'SIGTERM'>((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('SIGTERM', () => resolve('SIGTERM'));
  });
  const from =
    startMs !== asked
      ? `  clock     goes on at ${civilText(startMs!)}, where the journal ends`
      : '';
  const lines = [...(from === '' ? [] : [from]), ...(api?.lines ?? [])];
  // A terminal of another day could not use a chip.
  const isElsewhere = startMs !== undefined && Math.abs(startMs - Date.now()) > MINUTE_MS;
  const at = isElsewhere ? ` --clock "${civilText(startMs).slice(0, 16)}"` : '';
  process.stdout.write(introduction(institution, bound, journal, options, lines, at));
  const signal = await interrupted;
  api?.close();
  stop();
  process.stdout.write('host stopped\n');
  return signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
}

function civilText(epochMs: number): string {
  return isoDateTime(civilTime(epochMs));
}

function listenError(cause: Error, endpoint: string): CountersignError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new CountersignError('E_PORT_IN_USE', { text: endpoint, cause });
  const hint = code === 'EACCES' ? 'ports below 1024 need rights: choose another with --port' : '';
  return new CountersignError('E_NETWORK', {
    text: `${endpoint}: ${cause.message}`,
    ...(hint === '' ? {} : { hint }),
    cause,
  });
}

/** What a terminal has to be set to; keys are named by their check value only. */
function introduction(
  institution: Institution,
  endpoint: string,
  journal: OpenedJournals | undefined,
  { keys, dialect: named }: Record<string, string | boolean>,
  apiLines: readonly string[],
  atClock: string,
): string {
  const { dialect, terminals, merchants, cards } = institution;
  const spoken = dialect.id === 'unionpay-pos' ? '' : ` --dialect ${String(named)}`;
  const withKeys = (typeof keys === 'string' ? ` --keys ${keys}` : '') + spoken;
  const nameOf = (mid: string): string => merchants.find((each) => each.mid === mid)?.name ?? '';
  const terminalLines = terminals.map(({ tid, mid, tmk }) => {
    const kcv = keyCheckValue(desCipher(fromHex(tmk)));
    return `    TID ${tid}  MID ${mid}  ${nameOf(mid)}  TMK check value ${kcv}`;
  });
  const cardLines = cards.map(({ id, pan, class: kind, status }) => {
    return `    ${id.padEnd(12)} ${maskPan(pan).padEnd(20)} ${kind.padEnd(7)} ${status}`;
  });
  return [
    `host listens on tcp://${endpoint}`,
    `  framing   two-byte length (binary, big-endian), TPDU ${dialect.framing.tpdu}, header ${dialect.framing.header}`,
    `  dialect   ${dialect.id}: ${dialect.title}`,
    `  sign-in   0800 with 60.3 = 001, 003, 004 (3DES) or 006 (SM4, assumed); keys come in field 62 under the TMK`,
    '  terminals',
    ...terminalLines,
    '  test cards (PIN and key values: emulator/bench/test-institution.ts)',
    ...cardLines,
    journal === undefined
      ? '  journal   none, all is gone when the host stops; --data keeps one'
      : `  journal   ${journal.file}`,
    ...(journal?.remark === undefined ? [] : [`            ${journal.remark}`]),
    ...apiLines,
    `  try it    npx countersign run g01 --host tcp://${endpoint}${atClock}${withKeys}`,
    '  stop      Ctrl-C',
    '',
  ].join('\n');
}

function logLine(event: PartyEvent, isVerbose: boolean): string | undefined {
  switch (event.kind) {
    case 'refused':
      return printable(`${event.peer} ${event.code} ${event.text}; ${event.reaction}`);
    case 'message': {
      const arrow = event.direction === 'received' ? '→' : '←';
      const { fields } = event;
      const rc = fields[39] === undefined ? '' : ` DE39 ${fields[39]}`;
      const stan = fields[11] === undefined ? '' : ` STAN ${fields[11]}`;
      const all = isVerbose ? ` ${JSON.stringify(fields)}` : '';
      return printable(
        `${arrow} ${event.mti} ${event.title.en} TID ${event.tid}${stan}${rc}${all}`,
      );
    }
    case 'host-event':
      return printable(`${event.name} ${event.text}`);
    default:
      return undefined;
  }
}
