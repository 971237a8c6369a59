import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { answerBrokenCalls } from '../../cli/commands/broken-calls.ts';

const running = new Set<Server>();
afterEach(() => {
  for (const server of running) {
    server.close();
    server.closeAllConnections();
  }
  running.clear();
});

/** A server whose calls have to be whole at once, and its port. */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer({ connectionsCheckingInterval: 10 }, listener);
  server.headersTimeout = 50;
  server.requestTimeout = 50;
  answerBrokenCalls(server);
  running.add(server);
  return await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as { readonly port: number }).port);
    });
  });
}

/** All that comes back for some bytes until the server hangs up; `then` is sent after the first answer. */
async function told(port: number, bytes: string, then?: (socket: Socket) => void): Promise<string> {
  return await new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (more: string) => {
      if (text === '') then?.(socket);
      text += more;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

function problemIn(text: string): { head: string; problem: Record<string, unknown> } {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(head.toLowerCase()).toContain('connection: close');
  expect(head.toLowerCase()).toContain(`content-length: ${Buffer.byteLength(body)}`);
  return { head, problem: JSON.parse(body) as Record<string, unknown> };
}

const POST = 'POST /freezes HTTP/1.1\r\nHost: a\r\n';

describe('a call that never becomes one', () => {
  it.each([
    ['a line of its own', 'GIMME 6225881234567898\r\n\r\n', 400, 'E_API_HTTP'],
    ['no HTTP at all', '\u0016\u0003\u0001\u0002', 400, 'E_API_HTTP'],
    ['two lengths', `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400, 'E_API_HTTP'],
    ['a wish that nobody knows', `${POST}Expect: 6225881234567898\r\n\r\n`, 400, 'E_API_HTTP'],
    ['a long header', `${POST}X: ${'6225881234567898'.repeat(2000)}\r\n\r\n`, 431, 'E_API_HEADERS'],
    ['half a line', 'GET /fre', 408, 'E_API_SLOW'],
    ['half its headers', `${POST}X: 6225881234567898`, 408, 'E_API_SLOW'],
  ])('is answered with a problem: %s', async (_, bytes, status, code) => {
    let calls = 0;
    const port = await serve(() => calls++);
    const text = await told(port, bytes);
    const { head, problem } = problemIn(text);
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} \\w`));
    expect(problem).toMatchObject({ status, code, type: `urn:countersign:${code}` });
    expect(text).not.toContain('6225881234567898');
    expect(calls).toBe(0);
  });

  it('is answered once, however much comes behind it', async () => {
    const port = await serve(() => undefined);
    const text = await told(port, 'GIMME\r\n\r\n', (socket) => {
      for (let more = 0; more < 20; more++) socket.write('GIMME\r\n\r\n');
    });
    expect(text.match(/HTTP\/1\.1 400/g)).toHaveLength(1);
  });
});

describe('a call that stops in the middle', () => {
  it.each([
    ['is slow', 'Content-Length: 5\r\n\r\n12', 408],
    ['is no longer HTTP', 'Transfer-Encoding: chunked\r\n\r\n2\r\n12\r\nzz\r\n', 400],
  ])('is answered where it %s, and never done', async (_, rest, status) => {
    const ends: string[] = [];
    let heard: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const port = await serve((request) => {
      request.resume();
      request.on('end', () => ends.push('whole'));
      request.on('error', () => ends.push('broken off'));
      request.on('close', heard);
    });
    const text = await told(port, POST + rest, (socket) => socket.write('345'));
    expect(problemIn(text).problem).toMatchObject({ status });
    await over;
    expect(ends).toEqual(['broken off']);
  });

  it('is hung up on where its answer has begun already', async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('half');
    });
    const text = await told(port, `${POST}Content-Length: 5\r\n\r\n12`);
    expect(text).toMatch(/^HTTP\/1\.1 200/);
    expect(text.endsWith('half')).toBe(true);
  });
});
