import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../bin/countersign.js', import.meta.url));
export const CATALOGUE = fileURLToPath(new URL('../../scenarios/catalogue', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string;
  /** Options of node itself. */
  readonly node?: readonly string[];
  /** For a command line: what stands before the command. */
  readonly before?: string;
}

/** The built program in a process of its own, until it ends. */
export function countersign(args: readonly string[], options: RunOptions = {}): Ended {
  return ended(process.execPath, [...(options.node ?? []), BIN, ...args], options);
}

/** A command line as a person would paste it, with the package name standing for the build. */
export function shell(command: string, options: RunOptions = {}): Ended {
  const local = command.replace(/^npx countersign /, `"${process.execPath}" "${BIN}" `);
  if (local === command) throw new Error(`no command of ours: ${command}`);
  return ended('sh', ['-c', (options.before ?? '') + local], options);
}

/** A line of a help text as a person would paste it who has the program installed. */
export function pasted(line: string, options: RunOptions = {}): Ended {
  const own = `countersign() { "${process.execPath}" "${BIN}" "$@"; }\n`;
  return ended('sh', ['-c', own + line], options);
}

function ended(program: string, args: readonly string[], { cwd, input }: RunOptions): Ended {
  const run = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: 280_000,
    input: input ?? '',
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** A program that runs on while the test looks at it. */
export interface Started {
  readonly process: ChildProcess;
  /** All it has said so far, on both streams. */
  readonly said: string;
  /** Resolves with the match as soon as it has said this. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code. */
  readonly over: Promise<number | null>;
}

export function start(args: readonly string[], options: RunOptions = {}): Started {
  const child = spawn(process.execPath, [...(options.node ?? []), BIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let said = '';
  let wake: () => void = () => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      wake();
    });
  }
  let isOver = false;
  const over = new Promise<number | null>((resolve) =>
    child.on('close', (code) => {
      isOver = true;
      wake();
      resolve(code);
    }),
  );
  return {
    process: child,
    over,
    get said() {
      return said;
    },
    async until(pattern) {
      for (;;) {
        const match = pattern.exec(said);
        if (match !== null) return match;
        if (isOver) throw new Error(`ended without ${String(pattern)}:\n${said}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** Runs with a folder that is gone afterwards. */
export async function inFolder<Value>(work: (folder: string) => Value): Promise<Awaited<Value>> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Somebody who listens on a free port and never says anything. */
export async function silentServer(): Promise<{ server: Server; port: number; close(): void }> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    }),
  );
  return {
    server,
    port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A port on which nobody listens: it was free just now. */
export async function closedPort(): Promise<number> {
  const { server, port } = await silentServer();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}
