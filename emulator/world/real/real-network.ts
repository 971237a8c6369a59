import { createServer, connect, type Socket } from 'node:net';
import { concatBytes } from '../../../protocol/bytes/concat-bytes.ts';
import type { CloseReason, Link, LinkEvents, Network } from '../network.ts';

export interface RealNetworkOptions {
  /** Connections a listener holds at once; more are closed at the door (F021). */
  readonly maxConnections: number;
  /** Unsent bytes after which a peer that does not read is dropped (F020). */
  readonly maxUnsentBytes: number;
}

const DEFAULTS: RealNetworkOptions = { maxConnections: 512, maxUnsentBytes: 1 << 20 };

/** TCP. Endpoints are `host:port`; port 0 listens on any free one. */
export function realNetwork(options: RealNetworkOptions = DEFAULTS): Network {
  /** What links write when all of them have said what they send now. */
  let writes: (() => void)[] = [];
  const writeSoon = (write: () => void): void => {
    if (writes.push(write) > 1) return;
    process.nextTick(() => {
      const due = writes;
      writes = [];
      for (const each of due) each();
    });
  };
  return {
    connect(endpoint, events) {
      const { host, port } = splitEndpoint(endpoint);
      const socket = connect({ host, port, noDelay: true });
      return wire(socket, events, options, writeSoon, false);
    },
    listen(endpoint, events) {
      const { host, port } = splitEndpoint(endpoint);
      // Half-open: a peer that sends its request and closes its side still gets the answer (F014).
      const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
        let accepted: LinkEvents | undefined;
        const link = wire(
          socket,
          {
            opened: () => accepted?.opened(),
            received: (bytes) => accepted?.received(bytes),
            closed: (reason) => accepted?.closed(reason),
          },
          options,
          writeSoon,
          true,
        );
        accepted = events.accepted(link);
        accepted.opened();
      });
      server.maxConnections = options.maxConnections;
      server.on('error', (error) => events.failed(error));
      server.listen({ host, port }, () => {
        const address = server.address();
        const bound = typeof address === 'object' && address !== null ? address.port : port;
        events.listening(`${host}:${bound}`);
      });
      return {
        close: () => void server.close(),
      };
    },
  };
}

/** Host and port of `127.0.0.1:5000` or `[::1]:5000`. */
export function splitEndpoint(endpoint: string): { host: string; port: number } {
  const at = endpoint.lastIndexOf(':');
  const host = endpoint.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(endpoint.slice(at + 1)) };
}

function wire(
  socket: Socket,
  events: LinkEvents,
  options: RealNetworkOptions,
  writeSoon: (write: () => void) => void,
  isAccepted: boolean,
): Link {
  let isOver = false;
  let hasOpened = isAccepted;
  let failure: CloseReason = 'ended';
  const over = (reason: CloseReason): void => {
    if (isOver) return;
    isOver = true;
    events.closed(reason);
  };
  let waiting: Uint8Array[] | undefined;
  let waitingBytes = 0;
  const write = (): void => {
    if (waiting === undefined) return;
    const due = waiting.length === 1 ? waiting[0]! : concatBytes(waiting);
    waiting = undefined;
    waitingBytes = 0;
    socket.write(due);
    if (socket.writableLength > options.maxUnsentBytes) {
      over('reset');
      socket.destroy();
    }
  };
  socket.on('connect', () => {
    hasOpened = true;
    if (!isOver) events.opened();
  });
  socket.on('data', (chunk) => {
    // The same bytes, as no Buffer: what arrives is read into new ones every time.
    if (!isOver) events.received(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
  });
  socket.on('error', () => {
    failure = hasOpened ? 'reset' : 'refused';
  });
  socket.on('end', () => {
    // The peer sends no more; what it asked is answered when this turn ends, then the link ends too.
    setImmediate(() => {
      write();
      over('ended');
      socket.end();
    });
  });
  socket.on('close', () => over(failure));
  return {
    send(bytes) {
      if (isOver) return;
      // One write for all that is sent in one go: every write of its own costs as much as an answer.
      if (waiting === undefined) {
        waiting = [bytes];
        writeSoon(write);
      } else waiting.push(bytes);
      waitingBytes += bytes.length;
      if (waitingBytes > options.maxUnsentBytes) write();
    },
    end() {
      write();
      isOver = true;
      socket.end();
    },
    abort() {
      write();
      isOver = true;
      socket.resetAndDestroy();
    },
  };
}
