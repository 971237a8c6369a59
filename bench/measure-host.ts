import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { concatBytes } from '../protocol/bytes/concat-bytes.ts';
import { saleFrame } from './host-load/bench-institution.ts';
import { Load, type LoadShape, type Sample } from './host-load/load.ts';
import { optionOf } from './option-of.ts';
import { machineLine } from './ratio-table.ts';

/** Ours beside a reference, by how many messages a second each takes. */
interface HostRow {
  readonly id: string;
  readonly what: string;
  readonly shape: LoadShape;
  readonly ours: string;
  readonly reference: string;
  /** Absent where a figure is for comparison only. */
  readonly aim?: number;
}

const ROWS: readonly HostRow[] = [
  row('T2', 'host, 16 connections ÷ echo', { connections: 16, depth: 1 }, 'host', 'echo', 0.4),
  row('T2', 'host, 256 connections ÷ echo', { connections: 256, depth: 1 }, 'host', 'echo', 0.4),
  row('T2l', 'the least of T2, 16 ÷ echo', { connections: 16, depth: 1 }, 'least', 'echo'),
  row('T2l', 'the least of T2, 256 ÷ echo', { connections: 256, depth: 1 }, 'least', 'echo'),
  row(
    'T4',
    'host, 16 × 16 pipelined ÷ echo that writes each',
    { connections: 16, depth: 16 },
    'host',
    'echo-each',
    3,
  ),
  row(
    'D1',
    'durable host, 256 connections ÷ a commit a message',
    { connections: 256, depth: 1 },
    'host-sqlite',
    'host-single',
    3,
  ),
];

function row(
  id: string,
  what: string,
  shape: LoadShape,
  ours: string,
  reference: string,
  aim?: number,
): HostRow {
  const all = { id, what, shape, ours, reference };
  return aim === undefined ? all : { ...all, aim };
}

const PAIRS = Number(optionOf('--pairs') ?? 31);
const SAMPLE_MS = Number(optionOf('--ms') ?? 500);
const SERVER_CORE = optionOf('--server-core');
const only = optionOf('--only')?.split(',');

const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const servers: ChildProcess[] = [];

type Lines = AsyncIterator<string>;

interface Server {
  readonly child: ChildProcess;
  readonly lines: Lines;
}

interface Measured extends Sample {
  /** What the server used of its core for a message: other programs disturb this less. */
  readonly usedUs: number;
}

/** A server on a core of its own, and connections to it. */
class Side {
  readonly #kind: string;
  readonly #shape: LoadShape;
  readonly #load: Load;
  readonly #server: Server;
  #stan = 1;
  #perSecond = 5000;

  private constructor(kind: string, shape: LoadShape, load: Load, server: Server) {
    this.#kind = kind;
    this.#shape = shape;
    this.#load = load;
    this.#server = server;
  }

  static async start(kind: string, shape: LoadShape): Promise<Side> {
    const program = fileURLToPath(new URL('host-load/server.mjs', import.meta.url));
    const journal = join(folder, `${servers.length}.sqlite`);
    const node = [process.execPath, program, kind, String(shape.connections), journal];
    const [command, ...rest] =
      SERVER_CORE === undefined ? node : ['taskset', '-c', SERVER_CORE, ...node];
    const child = spawn(command!, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    servers.push(child);
    const lines: Lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const port = Number((await lines.next()).value);
    return new Side(kind, shape, await Load.to(port, shape), { child, lines });
  }

  /** Microseconds of its core that the server has used so far. */
  async #usedUs(): Promise<number> {
    this.#server.child.stdin!.write('used\n');
    return Number((await this.#server.lines.next()).value);
  }

  /** About as much as fits into a sample's time. */
  async sample(): Promise<Measured> {
    const { connections, depth } = this.#shape;
    const messages = (this.#perSecond * SAMPLE_MS) / 1000;
    const rounds = Math.max(2, Math.round(messages / connections / depth));
    const chunks = Array.from({ length: connections }, (_, connection) =>
      Array.from({ length: rounds }, (__, round) => this.#chunk(connection, round)),
    );
    if (this.#kind.startsWith('host')) this.#stan += rounds * depth;
    const before = await this.#usedUs();
    const sample = await this.#load.run(chunks);
    const usedUs = (await this.#usedUs()) - before;
    this.#perSecond = sample.perSecond;
    return { ...sample, usedUs: usedUs / (rounds * connections * depth) };
  }

  /** The host is told a new sale each time; an echo does not mind the same one. */
  #chunk(connection: number, round: number): Uint8Array {
    const { depth } = this.#shape;
    const isEcho = this.#kind.startsWith('echo');
    if (isEcho) return (echoed[depth] ??= frames(0, 1, depth));
    return frames(connection, this.#stan + round * depth, depth);
  }

  close(): void {
    this.#load.close();
  }
}

const echoed: Uint8Array[] = [];

function frames(terminal: number, stan: number, depth: number): Uint8Array {
  if (depth === 1) return saleFrame(terminal, stan);
  return concatBytes(Array.from({ length: depth }, (_, each) => saleFrame(terminal, stan + each)));
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}

interface Pair {
  readonly ours: Measured;
  readonly reference: Measured;
  readonly ratio: number;
}

/** The median of each figure. */
function textOf(samples: readonly Measured[]): string {
  const of = (name: keyof Measured): string =>
    Math.round(median(samples.map((sample) => sample[name]))).toLocaleString('en');
  const times = `p50 ${of('p50')} µs, p99 ${of('p99')} µs`;
  return `${of('perSecond')}/s, ${times}; ${of('usedUs')} µs of its core a message`;
}

/**
 * Samples of both in turn, A B A B …, and the ratio within each pair. Row after row: a server that waits
 * while others are measured gives its memory back, and is measured making room again.
 */
async function measure(each: HostRow): Promise<boolean> {
  const ours = await Side.start(each.ours, each.shape);
  const reference = await Side.start(each.reference, each.shape);
  for (let warm = 0; warm < 4; warm++) {
    await ours.sample();
    await reference.sample();
  }
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const mine = await ours.sample();
    const theirs = await reference.sample();
    pairs.push({ ours: mine, reference: theirs, ratio: mine.perSecond / theirs.perSecond });
  }
  ours.close();
  reference.close();
  const ratios = pairs.map(({ ratio }) => ratio);
  const ratio = median(ratios);
  const used = median(pairs.map((pair) => pair.reference.usedUs / pair.ours.usedUs));
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  const { aim } = each;
  const isMet = aim === undefined || ratio >= aim;
  const verdict = aim === undefined ? 'no aim' : `aim ≥ ${aim}: ${isMet ? 'pass' : 'FAIL'}`;
  const head = `${each.id}  ${each.what.padEnd(50)}`;
  process.stdout.write(
    `${head} ${ratio.toFixed(2)} (${range}), by processor time ${used.toFixed(2)}, ${verdict}\n` +
      `      ours       ${textOf(pairs.map((pair) => pair.ours))}\n` +
      `      reference  ${textOf(pairs.map((pair) => pair.reference))}\n`,
  );
  return isMet;
}

let isGood = true;
for (const each of ROWS) {
  if (only !== undefined && !only.includes(each.id)) continue;
  isGood = (await measure(each)) && isGood;
}
for (const server of servers) server.kill();
rmSync(folder, { recursive: true, force: true });
const cores = SERVER_CORE === undefined ? 'not pinned' : `server on core ${SERVER_CORE}`;
process.stdout.write(
  `${PAIRS} pairs A B A B …, ${SAMPLE_MS} ms a sample; ${cores}\n${machineLine()}\n`,
);
process.exitCode = isGood ? 0 : 1;
