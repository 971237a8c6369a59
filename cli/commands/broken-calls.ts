import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_HEADERS, problemOf } from '../../api/problem.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { ErrorCode } from '../../protocol/errors/error-table.ts';

/** Who still sends when he is answered has this long to read it. */
const LINGER_MS = 1000;

/** What Node's parser and its watch over slow calls find, as problems of ours; anything else is no HTTP. */
const PROBLEMS: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'E_API_SLOW',
  HPE_HEADER_OVERFLOW: 'E_API_HEADERS',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'E_API_SIZE',
};

/**
 * Answers what never becomes a call, or stops to be one, with a problem as well, and closes the
 * connection. Nothing of what was sent is in the answer.
 */
export function answerBrokenCalls(server: Server): void {
  const last = new WeakMap<Socket, ServerResponse>();
  const answered = new WeakSet<Socket>();
  server.on('request', ({ socket }, response) => void last.set(socket, response));
  server.on('checkExpectation', ({ socket }) => answer(socket, 'E_API_HTTP', true));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // The parser complains again of all that still comes.
    if (answered.has(socket as Socket)) return;
    answered.add(socket as Socket);
    const response = last.get(socket as Socket);
    const isUnderWay = response !== undefined && !response.writableEnded;
    const isLate = isUnderWay && response.headersSent;
    if (error.code === 'ECONNRESET' || !socket.writable || isLate) {
      socket.destroy();
      return;
    }
    answer(socket as Socket, PROBLEMS[error.code ?? ''] ?? 'E_API_HTTP', isUnderWay);
  });
}

/** One that is under way is cut off with its answer: the rest of it must not come and be done. */
function answer(socket: Socket, code: ErrorCode, isUnderWay = false): void {
  const { status, body } = problemText(code);
  const head = {
    ...PROBLEM_HEADERS,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  const first = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`;
  socket.end([first, ...lines, '', body].join('\r\n'), () => {
    if (isUnderWay) socket.destroy();
    else setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
}

/** The answer to a call that no request can be made of, such as one without a `Host`, or to a bug. */
export function brokenCall(code: 'E_API_HTTP' | 'E_INTERNAL'): Response {
  const { status, body } = problemText(code);
  return new Response(body, { status, headers: { ...PROBLEM_HEADERS, connection: 'close' } });
}

function problemText(code: ErrorCode): { readonly status: number; readonly body: string } {
  const problem = problemOf(new CountersignError(code));
  return { status: problem.status, body: JSON.stringify(problem) };
}
