import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { workerData } from 'node:worker_threads';

/**
 * The built program, run again and again in one thread: its parts are loaded once, its entry anew for
 * each command line. What it would write is sent back with its exit code; see in-thread.ts.
 */
const { main, isOver, port } = workerData;
const entry = pathToFileURL(main).href;

const seen = { lines: 0 };

class Exit extends Error {
  constructor(code) {
    super(`exit ${code}`);
    this.code = code;
  }
}

async function run({ args, input }) {
  const written = { out: [], err: [] };
  const writer = (kind) => (chunk, encoding, done) => {
    written[kind].push(Buffer.from(chunk));
    (typeof encoding === 'function' ? encoding : done)?.();
    return true;
  };
  process.stdout.write = writer('out');
  process.stderr.write = writer('err');
  const stdin = Readable.from(input.length === 0 ? [] : [Buffer.from(input)]);
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  process.argv = [process.execPath, main, ...args];
  process.exitCode = undefined;
  process.exit = (code) => {
    throw new Exit(code);
  };
  try {
    await import(`${entry}?line=${seen.lines++}`);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    process.exitCode = error.code;
  } finally {
    process.removeAllListeners('uncaughtException');
    process.stdout.removeAllListeners('error');
  }
  const { out, err } = written;
  return { code: process.exitCode ?? 0, out: Buffer.concat(out), err: Buffer.concat(err) };
}

port.on('message', async (line) => {
  const ended = await run(line).catch((error) => ({ code: null, out: '', err: String(error) }));
  port.postMessage(ended);
  Atomics.store(isOver, 0, 1);
  Atomics.notify(isOver, 0);
});
