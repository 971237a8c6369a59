import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Web, WebAnswer, WebFailure, WebRequest } from '../web.ts';
import { splitEndpoint } from './real-network.ts';

/** Bytes of a body; a call with more is refused with 413, an answer with more is none. */
const MOST_BODY_BYTES = 64 * 1024;
/** A call must be whole within this time. */
const WHOLE_CALL_MS = 10_000;

/** HTTP by fetch, and small services on this machine. Port 0 listens on any free one. */
export function realWeb(): Web {
  return {
    call({ method, url, body }, limitMs, done) {
      const abort = new AbortController();
      let isOver = false;
      const end: typeof done = (outcome) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        done(outcome);
      };
      const timer = setTimeout(() => {
        end({ kind: 'failed', reason: 'timeout' });
        abort.abort();
      }, limitMs);
      const headers = { 'content-type': 'application/json' };
      const sent = fetch(url, {
        method,
        signal: abort.signal,
        redirect: 'error',
        ...(body === undefined ? {} : { headers, body }),
      });
      sent
        .then(async (answer) => ({ status: answer.status, body: await bodyOf(answer) }))
        .then(
          (answer) => end({ kind: 'answered', ...answer }),
          (error: unknown) => end({ kind: 'failed', reason: failureOf(error) }),
        );
      return () => {
        isOver = true;
        clearTimeout(timer);
        abort.abort();
      };
    },
    serve(origin, answer, events) {
      const { host, port } = splitEndpoint(origin.replace('http://', ''));
      const server = createServer((request, response) => void respond(request, response, answer));
      server.requestTimeout = WHOLE_CALL_MS;
      server.headersTimeout = WHOLE_CALL_MS;
      server.on('error', (error) => events.failed(error));
      server.listen({ host, port }, () => {
        const address = server.address();
        const bound = typeof address === 'object' && address !== null ? address.port : port;
        events.listening(`http://${host}:${bound}`);
      });
      return () => {
        server.close();
        server.closeAllConnections();
      };
    },
  };
}

/** The body, as far as it is one of ours. @throws above the limit, so that the call is broken off */
async function bodyOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) throw new RangeError('the body is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** undici hides the system's reason one or two causes deep. */
function failureOf(error: unknown): WebFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ECONNREFUSED') return 'refused';
  }
  return 'reset';
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: WebRequest) => WebAnswer,
): Promise<void> {
  // A service of this machine is for programs: no page in a browser may use it, by whatever name.
  const { host = '', origin } = request.headers;
  if (origin !== undefined || !/^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(host)) {
    response.writeHead(403, { connection: 'close' }).end();
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BODY_BYTES) {
        response.writeHead(413, { connection: 'close' }).end();
        return;
      }
      chunks.push(chunk);
    }
  } catch {
    // The caller has gone.
    return;
  }
  const { method = 'GET', url = '/' } = request;
  const path = url.split('?', 1)[0] ?? '/';
  const { status, body } = answer({ method, path, body: Buffer.concat(chunks).toString('utf8') });
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
