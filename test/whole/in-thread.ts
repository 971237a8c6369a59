import { fileURLToPath } from 'node:url';
import { receiveMessageOnPort, Worker, MessageChannel } from 'node:worker_threads';
import type { Ended, RunOptions } from './command-line.ts';

export interface BytesEnded {
  readonly code: number | null;
  readonly out: Buffer;
  readonly err: Buffer;
}

interface Thread {
  readonly isOver: Int32Array;
  readonly port: MessageChannel['port1'];
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const PATIENCE_MS = 280_000;
let thread: Thread | undefined;

function startThread(): Thread {
  const isOver = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('line-thread.js', import.meta.url), {
    workerData: { main: MAIN, isOver, port: port2 },
    transferList: [port2],
    execArgv: [],
  });
  worker.unref();
  port1.unref();
  return { isOver, port: port1 };
}

/**
 * The built program with a command line, in a thread of this process: for tables of many lines, where
 * starting a process takes longer than its work. `countersign` of command-line.ts is the real thing.
 */
export function withBytes(
  args: readonly string[],
  input: string | Uint8Array,
  cwd?: string,
): BytesEnded {
  thread ??= startThread();
  const { isOver, port } = thread;
  const home = process.cwd();
  if (cwd !== undefined) process.chdir(cwd);
  try {
    Atomics.store(isOver, 0, 0);
    port.postMessage({ args, input });
    Atomics.wait(isOver, 0, 0, PATIENCE_MS);
    const ended = receiveMessageOnPort(port)?.message as BytesEnded | undefined;
    if (ended === undefined) throw new Error(`still at work: ${args.join(' ')}`);
    const { code, out, err } = ended;
    return { code, out: Buffer.from(out), err: Buffer.from(err) };
  } finally {
    if (cwd !== undefined) process.chdir(home);
  }
}

/** As {@link withBytes}, with text on both sides. */
export function countersign(
  args: readonly string[],
  { input = '', cwd }: Pick<RunOptions, 'input' | 'cwd'> = {},
): Ended {
  const { code, out, err } = withBytes(args, input, cwd);
  return { code, out: out.toString('utf8'), err: err.toString('utf8') };
}
