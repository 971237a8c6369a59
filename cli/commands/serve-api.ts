import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener, RequestError } from '@hono/node-server';
import { apiApp, type ApiPort } from '../../api/app.ts';
import { maskCardNumbers } from '../../protocol/bytes/card-number.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { splitEndpoint } from '../../emulator/world/real/real-network.ts';
import { printable } from '../../reports/printable.ts';
import { readOwnedFile } from '../../scenarios/keys-file/read-owned-file.ts';
import { wholeNumber } from '../options.ts';
import { packageVersion } from '../version.ts';
import { answerBrokenCalls, brokenCall } from './broken-calls.ts';

/** Beside the journal in a folder of `serve --data`. */
const TOKEN_FILE = 'api-token';
const MOST_CONNECTIONS = 64;
/** A call must be whole within this time. */
const WHOLE_CALL_MS = 10_000;
/** How often that is looked at; Node's own 30 seconds would make it up to 40. */
const CHECK_MS = 1000;

interface ServeApiOptions {
  readonly apiPort: string | boolean | undefined;
  readonly tokenFile: string | boolean | undefined;
  readonly data: string | boolean | undefined;
}

export type ApiParts = Pick<ApiPort, 'control' | 'state' | 'clock' | 'keepsJournal'>;

export interface ServedApi {
  /** What a person has to know to call it. */
  readonly lines: readonly string[];
  close(): void;
}

/**
 * The back office over HTTP, on the address of the host. Without a port of its own it takes the one
 * after the host's, or any free one.
 * @throws E_PORT_IN_USE, E_NETWORK, E_FILE, E_SECRET_FILE
 */
export async function serveApi(
  hostEndpoint: string,
  { apiPort, tokenFile, data }: ServeApiOptions,
  parts: ApiParts,
): Promise<ServedApi> {
  const { token, shown } = tokenOf(tokenFile, data);
  const { host: address, port: hostPort } = splitEndpoint(hostEndpoint);
  let hosts: readonly string[] = [];
  const { fetch } = apiApp({
    ...parts,
    token,
    hosts: () => hosts,
    version: packageVersion(),
    onError: reportBug,
  });
  // One without a Host gets an answer of ours.
  const serverOptions = { connectionsCheckingInterval: CHECK_MS, requireHostHeader: false };
  const errorHandler = (error: unknown): Response => {
    if (error instanceof RequestError) return brokenCall('E_API_HTTP');
    reportBug(error);
    return brokenCall('E_INTERNAL');
  };
  const server = createServer(serverOptions, getRequestListener(fetch, { errorHandler }));
  answerBrokenCalls(server);
  server.requestTimeout = WHOLE_CALL_MS;
  server.headersTimeout = WHOLE_CALL_MS;
  server.maxConnections = MOST_CONNECTIONS;
  const port =
    apiPort === undefined
      ? await listen(server, address, hostPort + 1).catch(() => listen(server, address, 0))
      : await listen(server, address, wholeNumber(apiPort, 'api-port', 0, 65_535));
  const own = address.includes(':') ? `[${address}]` : address;
  hosts = [...new Set([own, '127.0.0.1', 'localhost', '[::1]'])].map((name) => `${name}:${port}`);
  return {
    lines: introduction(`http://${own}:${port}`, shown),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  const endpoint = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => {
      const hint = 'choose another with --api-port, or --api-port 0 for any free one';
      const code = cause.code === 'EADDRINUSE' ? 'E_PORT_IN_USE' : 'E_NETWORK';
      reject(new CountersignError(code, { text: endpoint, hint, cause }));
    };
    server.once('error', failed);
    server.listen({ host, port: port > 65_535 ? 0 : port }, () => {
      server.off('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** The token, and how a shell comes by it: one that is kept in a file is not shown. */
function tokenOf(
  tokenFile: string | boolean | undefined,
  data: string | boolean | undefined,
): { readonly token: string; readonly shown: string } {
  const made = randomBytes(24).toString('base64url');
  if (typeof tokenFile !== 'string' && typeof data !== 'string')
    return { token: made, shown: made };
  const file = typeof tokenFile === 'string' ? tokenFile : join(String(data), TOKEN_FILE);
  if (typeof tokenFile !== 'string' && !existsSync(file)) {
    try {
      writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
    } catch (cause) {
      throw new CountersignError('E_FILE', { text: file, cause });
    }
  }
  const token = readOwnedFile(file, 1024).trim();
  if (!/^[!-~]{16,200}$/.test(token)) {
    const hint = 'a token is one line of 16 to 200 characters without blanks';
    throw new CountersignError('E_FILE', { text: `${file} holds no token`, hint });
  }
  return { token, shown: `$(cat '${file.replaceAll("'", `'\\''`)}')` };
}

function introduction(url: string, token: string): string[] {
  const call = `curl -s -H "authorization: Bearer ${token}"`;
  const json = "-H 'content-type: application/json'";
  return [
    `  api       ${url}, the back office; what there is: ${url}/openapi.json`,
    `            ${call} ${url}/merchants`,
    `            ${call} ${json} -d '{}' ${url}/payouts`,
  ];
}

/** What no caller has done. A journal that cannot be written ends the program, as it does on the line. */
function reportBug(error: unknown): void {
  if (error instanceof CountersignError && error.code === 'E_JOURNAL_WRITE') {
    setImmediate(() => {
      throw error;
    });
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`E_INTERNAL  in a call of the api\n${printable(maskCardNumbers(text))}\n`);
}
