import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { toHex } from '../../../protocol/bytes/hex.ts';
import { asciiBytes } from '../../../protocol/bytes/ascii.ts';
import { concatBytes } from '../../../protocol/bytes/concat-bytes.ts';
import type { Link, LinkEvents, Listener, Network } from '../../../emulator/world/network.ts';
import { realNetwork, splitEndpoint } from '../../../emulator/world/real/real-network.ts';
import { simulatedWorld } from '../../../emulator/world/simulated/simulated-world.ts';

interface Line {
  readonly network: Network;
  /** Where to listen; the real network says which port it became. */
  readonly endpoint: string;
  /** To be called whenever something happened. */
  readonly changed: () => void;
  readonly until: (isDone: () => boolean) => Promise<void>;
}

function realLine(network = realNetwork()): Line {
  let wake = (): void => undefined;
  return {
    network,
    endpoint: '127.0.0.1:0',
    changed: () => wake(),
    async until(isDone) {
      while (!isDone()) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

function simulatedLine(seed = 8842): Line {
  const world = simulatedWorld({ seed, startMs: 0 });
  return {
    network: world.network,
    endpoint: 'host:5000',
    changed: () => undefined,
    until: async (isDone) => {
      expect(world.runUntil(isDone)).toBe(true);
    },
  };
}

/** One end of a link with all that it was told. */
interface End extends LinkEvents {
  readonly log: string[];
  readonly bytes: Uint8Array[];
  link: Link | undefined;
}

function end(line: Line, onOpened: (link: Link) => void = () => undefined): End {
  const log: string[] = [];
  const bytes: Uint8Array[] = [];
  const tell = (what: string): void => {
    if (log.at(-1) !== what || what !== 'received') log.push(what);
    line.changed();
  };
  const self: End = {
    log,
    bytes,
    link: undefined,
    opened() {
      tell('opened');
      if (self.link !== undefined) onOpened(self.link);
    },
    received(chunk) {
      bytes.push(chunk);
      tell('received');
    },
    closed: (reason) => tell(reason),
  };
  return self;
}

function textOf({ bytes }: End): string {
  return String.fromCharCode(...concatBytes(bytes));
}

const listeners: Listener[] = [];
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.close();
});

/** Listens and waits until it does; `accept` makes the far end of each link. */
async function listening(
  line: Line,
  accept: (link: Link) => LinkEvents,
  endpoint = line.endpoint,
): Promise<{ endpoint: string; listener: Listener }> {
  let bound: string | undefined;
  const listener = line.network.listen(endpoint, {
    listening(where) {
      bound = where;
      line.changed();
    },
    failed: (error) => expect.unreachable(error.message),
    accepted: accept,
  });
  listeners.push(listener);
  await line.until(() => bound !== undefined);
  return { endpoint: bound!, listener };
}

/** A link with both its ends open. */
async function linked(line: Line): Promise<{ near: End; far: End; endpoint: string }> {
  const far = end(line);
  const near = end(line);
  const { endpoint } = await listening(line, (link) => {
    far.link = link;
    return far;
  });
  near.link = line.network.connect(endpoint, near);
  await line.until(() => near.log.length > 0 && far.log.length > 0);
  return { near, far, endpoint };
}

describe.each<[string, () => Line]>([
  ['real', () => realLine()],
  ['simulated', () => simulatedLine()],
])('the %s network', (_, create) => {
  it('opens a link at both its ends', async () => {
    const { near, far } = await linked(create());
    expect([near.log, far.log]).toEqual([['opened'], ['opened']]);
  });

  it('carries bytes both ways, all of them and in order', async () => {
    const line = create();
    const { near, far } = await linked(line);
    const chunks = Array.from({ length: 120 }, (__, at) =>
      Uint8Array.from({ length: (at * 37) % 200 }, (___, index) => at + index),
    );
    for (const chunk of chunks) {
      near.link!.send(chunk);
      far.link!.send(chunk.toReversed());
    }
    const sizeOf = ({ bytes }: End): number => bytes.reduce((sum, { length }) => sum + length, 0);
    const size = chunks.reduce((sum, { length }) => sum + length, 0);
    await line.until(() => sizeOf(near) >= size && sizeOf(far) >= size);
    expect(toHex(concatBytes(far.bytes))).toBe(toHex(concatBytes(chunks)));
    expect(toHex(concatBytes(near.bytes))).toBe(
      toHex(concatBytes(chunks.map((chunk) => chunk.toReversed()))),
    );
    expect(near.bytes.every(({ length }) => length > 0)).toBe(true);
  });

  it('keeps links apart', async () => {
    const line = create();
    const fars: End[] = [];
    const { endpoint } = await listening(line, (link) => {
      const far = end(line);
      far.link = link;
      fars.push(far);
      return far;
    });
    const nears = ['a', 'b', 'c'].map((name) => {
      const near = end(line, (link) => link.send(asciiBytes(name)));
      near.link = line.network.connect(endpoint, near);
      return near;
    });
    await line.until(() => fars.length === 3 && fars.every(({ bytes }) => bytes.length > 0));
    for (const far of fars) far.link!.send(asciiBytes(`${textOf(far)}!`));
    await line.until(() => nears.every((near) => textOf(near).length === 2));
    expect(nears.map(textOf)).toEqual(['a!', 'b!', 'c!']);
    expect(fars.map(textOf).toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('says opened before anything else, also when the far end speaks first', async () => {
    const line = create();
    const { endpoint } = await listening(line, (link) => {
      const far = end(line);
      link.send(asciiBytes('hello'));
      return far;
    });
    const nears = Array.from({ length: 20 }, () => {
      const near = end(line);
      near.link = line.network.connect(endpoint, near);
      return near;
    });
    await line.until(() => nears.every((near) => textOf(near).length === 5));
    for (const near of nears) expect(near.log.join()).toBe('opened,received');
  });

  it('refuses where nobody listens', async () => {
    const line = create();
    const near = end(line);
    near.link = line.network.connect('127.0.0.1:1', near);
    await line.until(() => near.log.length > 0);
    near.link.send(asciiBytes('a'));
    near.link.end();
    near.link.abort();
    expect(near.log).toEqual(['refused']);
  });

  it('delivers what was sent before an end, and then says that it ended', async () => {
    const line = create();
    const { near, far } = await linked(line);
    near.link!.send(asciiBytes('last words'));
    near.link!.end();
    await line.until(() => far.log.includes('ended'));
    expect(textOf(far)).toBe('last words');
    expect(far.log).toEqual(['opened', 'received', 'ended']);
    expect(near.log).toEqual(['opened']);
  });

  it('sends nothing on a link that was ended', async () => {
    const line = create();
    const { near, far } = await linked(line);
    near.link!.send(asciiBytes('a'));
    near.link!.end();
    near.link!.send(asciiBytes('b'));
    await line.until(() => far.log.includes('ended'));
    expect(textOf(far)).toBe('a');
  });

  it.each(['end', 'abort'] as const)(
    'tells the owner of a link nothing more after its own %s',
    async (how) => {
      const line = create();
      const { near, far, endpoint } = await linked(line);
      far.link!.send(asciiBytes('on its way'));
      near.link![how]();
      const before = [...near.log];
      await line.until(() => far.log.length > 1);
      far.link!.send(asciiBytes('too late'));
      far.link!.end();
      // A whole exchange on another link: what was to come has come.
      const other = end(line, (link) => link.end());
      other.link = line.network.connect(endpoint, other);
      await line.until(() => other.log.length > 0);
      expect(near.log).toEqual(before);
    },
  );

  it('breaks a link that is aborted, and says so once', async () => {
    const line = create();
    const { near, far } = await linked(line);
    near.link!.abort();
    near.link!.abort();
    await line.until(() => far.log.length > 1);
    far.link!.send(asciiBytes('a'));
    far.link!.abort();
    expect(far.log).toEqual(['opened', 'reset']);
  });

  it('breaks a link from the end that accepted it', async () => {
    const line = create();
    const { near, far } = await linked(line);
    far.link!.abort();
    await line.until(() => near.log.length > 1);
    expect(near.log).toEqual(['opened', 'reset']);
  });

  it('does not listen twice at one endpoint, and the first goes on', async () => {
    const line = create();
    const { endpoint } = await linked(line);
    let failure: Error | undefined;
    line.network.listen(endpoint, {
      listening: () => expect.unreachable(),
      failed(error) {
        failure = error;
        line.changed();
      },
      accepted: () => expect.unreachable(),
    });
    await line.until(() => failure !== undefined);
    const near = end(line);
    near.link = line.network.connect(endpoint, near);
    await line.until(() => near.log.length > 0);
    expect(near.log).toEqual(['opened']);
  });

  it('refuses links to a listener that was closed, and lets another listen there', async () => {
    const line = create();
    const { endpoint, listener } = await listening(line, () => end(line));
    listener.close();
    const refused = end(line);
    line.network.connect(endpoint, refused);
    await line.until(() => refused.log.length > 0);
    expect(refused.log).toEqual(['refused']);
    await listening(line, () => end(line), endpoint);
    const near = end(line);
    line.network.connect(endpoint, near);
    await line.until(() => near.log.length > 0);
    expect(near.log).toEqual(['opened']);
  });
});

describe('the simulated network', () => {
  it('splits chunks and delays them, the same way for the same seed (I-38)', () => {
    const run = (seed: number): { trace: string; sizes: number[]; endMs: number } => {
      const world = simulatedWorld({ seed, startMs: 0 });
      const sizes: number[] = [];
      world.network.listen('host', {
        listening: () => undefined,
        failed: () => expect.unreachable(),
        accepted: (link) => ({
          opened: () => undefined,
          received(bytes) {
            sizes.push(bytes.length);
            link.send(bytes);
          },
          closed: () => undefined,
        }),
      });
      const link = world.network.connect('host', {
        opened() {
          for (let size = 1; size < 40; size++) link.send(new Uint8Array(size));
        },
        received: () => undefined,
        closed: () => undefined,
      });
      world.runUntil(() => false);
      return { trace: world.traceHash(), sizes, endMs: world.clock.monotonicMs() };
    };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { trace, sizes, endMs } = run(seed);
        expect(run(seed)).toEqual({ trace, sizes, endMs });
        expect(run(seed + 1).trace).not.toBe(trace);
        expect(sizes.length).toBeGreaterThan(39);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(780);
        expect(endMs).toBeGreaterThan(0);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the real network', () => {
  /** A peer that is not ours: a plain socket. */
  function peer(endpoint: string, line: Line): { socket: Socket; heard: string[] } {
    const heard: string[] = [];
    const socket = connect({ ...splitEndpoint(endpoint), allowHalfOpen: true });
    const note = (what: string): void => {
      heard.push(what);
      line.changed();
    };
    socket.on('data', (chunk) => note(chunk.toString('latin1')));
    socket.on('end', () => note('end'));
    socket.on('error', () => undefined);
    socket.on('close', () => note('close'));
    return { socket, heard };
  }

  it('answers a peer that closes its own side right after the request (F014)', async () => {
    const line = realLine();
    const { endpoint } = await listening(line, (link) => ({
      opened: () => undefined,
      received: () => link.send(asciiBytes('answer')),
      closed: () => undefined,
    }));
    const { socket, heard } = peer(endpoint, line);
    socket.end('request');
    await line.until(() => heard.includes('close'));
    expect(heard).toEqual(['answer', 'end', 'close']);
  });

  it('drops a peer that does not read, before its queue grows without limit (F020)', async () => {
    const line = realLine(realNetwork({ maxConnections: 10, maxUnsentBytes: 1 << 16 }));
    const far = end(line);
    const { endpoint } = await listening(line, (link) => {
      far.link = link;
      return far;
    });
    const { socket, heard } = peer(endpoint, line);
    socket.pause();
    await line.until(() => far.log.includes('opened'));
    let sent = 0;
    while (!far.log.includes('reset') && sent < 1000) {
      far.link!.send(new Uint8Array(1 << 16));
      sent++;
    }
    expect(far.log).toEqual(['opened', 'reset']);
    socket.resume();
    await line.until(() => heard.includes('end') || heard.includes('close'));
    expect(far.log).toEqual(['opened', 'reset']);
    socket.destroy();
  });

  it('closes connections above its limit at the door, and serves the others (F021)', async () => {
    const line = realLine(realNetwork({ maxConnections: 2, maxUnsentBytes: 1 << 16 }));
    const { endpoint } = await listening(line, (link) => ({
      opened: () => link.send(asciiBytes('welcome')),
      received: (bytes) => link.send(bytes),
      closed: () => undefined,
    }));
    const first = peer(endpoint, line);
    const second = peer(endpoint, line);
    await line.until(() => first.heard.length > 0 && second.heard.length > 0);
    const third = peer(endpoint, line);
    third.socket.end();
    await line.until(() => third.heard.includes('close'));
    expect(third.heard).not.toContain('welcome');
    first.socket.write('still here');
    await line.until(() => first.heard.length > 1);
    expect(first.heard).toEqual(['welcome', 'still here']);
    first.socket.destroy();
    second.socket.destroy();
  });

  it.each([
    ['127.0.0.1:5000', '127.0.0.1', 5000],
    ['[::1]:5000', '::1', 5000],
    ['localhost:0', 'localhost', 0],
  ])('reads the endpoint %s', (endpoint, host, port) => {
    expect(splitEndpoint(endpoint)).toEqual({ host, port });
  });
});
