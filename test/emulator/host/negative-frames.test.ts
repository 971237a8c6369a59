import { connect, type Socket } from 'node:net';
import { payoutBank } from '../../../emulator/bank/payout-bank.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { messageVectors } from '../../vectors.ts';
import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { PartyEvent } from '../../../emulator/events/party-event.ts';
import type { Institution } from '../../../emulator/host/host-config.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { runHost, type RunningHost } from '../../../emulator/host/run-host.ts';
import { realClock } from '../../../emulator/world/real/real-clock.ts';
import { realNetwork, splitEndpoint } from '../../../emulator/world/real/real-network.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import { memoryStore } from '../../../emulator/world/simulated/memory-store.ts';
import { realWeb } from '../../../emulator/world/real/real-web.ts';
import { createTasks } from '../../../emulator/world/tasks.ts';
import { fromHex, toHex } from '../../../protocol/bytes/hex.ts';
import { decodeFrame, frame, HostDesk, saleFrame, sessionOpened, START_MS } from './host-desk.ts';

/** The recommended reaction to each negative vector: answer, then whether the line is closed. */
const REACTIONS: Record<string, { rc?: string; closes: boolean; code: string }> = {
  'length prefix one too large (no more bytes arrive)': { closes: true, code: 'E_FRAME_TIMEOUT' },
  'length prefix one too small': { rc: '30', closes: true, code: 'E_TRUNCATED' },
  'TPDU id not 60': { closes: true, code: 'E_BAD_TPDU' },
  'bitmap bit 1 set (secondary bitmap announced)': {
    rc: '30',
    closes: false,
    code: 'E_BAD_BITMAP',
  },
  'bitmap announces undefined field 5 in addition (bit set, no data)': {
    rc: '30',
    closes: false,
    code: 'E_UNDEFINED_FIELD',
  },
  'F35 LLVAR length byte is not BCD': { rc: '30', closes: false, code: 'E_BAD_LENGTH' },
  'F35 longer than 37': { rc: '30', closes: false, code: 'E_LENGTH_OVER_MAX' },
  'truncated inside F52': { rc: '30', closes: true, code: 'E_TRUNCATED' },
  'trailing byte after F64': { rc: '30', closes: true, code: 'E_TRAILING' },
  'MAC last character changed': { rc: 'A0', closes: false, code: 'A0' },
  'amount changed after MAC (100.00 -> 900.00)': { rc: 'A0', closes: false, code: 'A0' },
  'MAC in lower case': { rc: 'A0', closes: false, code: 'A0' },
  'F60 only 7 digits (type + 5)': { rc: '30', closes: false, code: 'E_LENGTH_UNDER_MIN' },
};

const VECTORS = messageVectors.negative.map(({ name, hex }) => ({ name, hex }));

function refusedIn(events: readonly PartyEvent[]): Extract<PartyEvent, { kind: 'refused' }>[] {
  return events.filter((event) => event.kind === 'refused');
}

function expectMasked(events: readonly PartyEvent[]): void {
  const text = JSON.stringify(refusedIn(events));
  expect(text).not.toMatch(/\d{13,}/);
  expect(text).not.toContain('BB4811E7');
  expect(text).not.toContain('D3012');
}

it('has a reaction for every negative vector', () => {
  expect(VECTORS.map(({ name }) => name)).toEqual(Object.keys(REACTIONS));
});

describe.each(VECTORS)('the negative frame "$name"', ({ name, hex }) => {
  const { rc, closes, code } = REACTIONS[name]!;

  it('gets its reaction from the host machine, and nothing is booked', () => {
    const desk = new HostDesk();
    const before = desk.books;
    const link = desk.connect();
    desk.receive(link, fromHex(hex));
    if (desk.timers.has(link)) {
      expect(desk.timers.get(link)).toBe(TEST_INSTITUTION.policy.partialFrameMs);
      desk.feed({ kind: 'timer', link });
    }
    expect(desk.answersOn(link).map(({ fields }) => fields[39])).toEqual(
      rc === undefined ? [] : [rc],
    );
    expect(desk.closed.has(link)).toBe(closes);
    expect(refusedIn(desk.events).map((event) => event.code)).toEqual([code]);
    expectMasked(desk.events);
    expect(desk.books).toEqual(before);
    expect(desk.state.transactions.size).toBe(0);
    expect(desk.ask(saleFrame()).fields[39]).toBe('00');
  });

  it('gets it over TCP, and a second connection is served on', async () => {
    const host = await tcpHost();
    const bystander = await dial(host.endpoint);
    const client = await dial(host.endpoint);
    const before = [...host.state.ledger.balances];
    client.socket.write(fromHex(hex));
    if (rc !== undefined) expect((await client.answer()).fields[39]).toBe(rc);
    if (closes) await client.closed;
    else {
      client.socket.write(saleFrame({ 11: '000077' }));
      expect((await client.answer()).fields).toMatchObject({ 11: '000077', 39: '00' });
    }
    if (closes) expect([...host.state.ledger.balances]).toEqual(before);
    expect(client.unread).toBe('');
    bystander.socket.write(saleFrame());
    expect((await bystander.answer()).fields).toMatchObject({ 11: '000002', 39: '00' });
    expect(refusedIn(host.events).map((event) => event.code)).toEqual([code]);
    expectMasked(host.events);
  });
});

describe('over TCP', () => {
  it('a frame is answered byte by byte, and two frames in one write are answered in order', async () => {
    const host = await tcpHost();
    const client = await dial(host.endpoint);
    for (const byte of saleFrame()) client.socket.write(Uint8Array.of(byte));
    expect((await client.answer()).fields[11]).toBe('000002');
    client.socket.write(Buffer.concat([saleFrame({ 11: '000003' }), saleFrame({ 11: '000004' })]));
    expect((await client.answer()).fields[11]).toBe('000003');
    expect((await client.answer()).fields[11]).toBe('000004');
  });

  it('a peer that closes its side after the request still gets the answer (F014)', async () => {
    const host = await tcpHost();
    const client = await dial(host.endpoint);
    client.socket.end(saleFrame());
    expect((await client.answer()).fields[39]).toBe('00');
    await client.closed;
  });

  it.each([
    ['a length over the limit', 'FFFF60'],
    ['an HTTP request', toHex(Buffer.from('GET / HTTP/1.1\r\n\r\n'))],
    ['a TLS hello', '16030100C8010000C40303'],
    ['an answer where a request is due', toHex(frame('0210', { 11: '000002' }, 'none'))],
  ])('%s closes the connection and no other', async (_what, hex) => {
    const host = await tcpHost();
    const bystander = await dial(host.endpoint);
    const client = await dial(host.endpoint);
    client.socket.write(fromHex(hex));
    await client.closed;
    expect(client.unread).toBe('');
    expect(refusedIn(host.events)).toHaveLength(1);
    bystander.socket.write(saleFrame());
    expect((await bystander.answer()).fields[39]).toBe('00');
  });
});

interface TcpHost extends RunningHost {
  readonly endpoint: string;
  readonly events: PartyEvent[];
}

const running: { kill(): void }[] = [];
afterEach(() => {
  for (const each of running.splice(0)) each.kill();
});

/** The real host on a free port, signed in under the vectors' keys; a stalled frame ends soon. */
async function tcpHost(): Promise<TcpHost> {
  const institution: Institution = {
    ...TEST_INSTITUTION,
    policy: { ...TEST_INSTITUTION.policy, partialFrameMs: 200 },
  };
  const store = memoryStore<HostEvent>();
  store.append([sessionOpened()]);
  const events: PartyEvent[] = [];
  const world = {
    clock: realClock(START_MS),
    random: seededRandom(1),
    network: realNetwork(),
    web: realWeb(),
    tasks: createTasks(),
  };
  return new Promise((resolve, reject) => {
    const host = runHost(world, {
      institution,
      store,
      endpoint: '127.0.0.1:0',
      bank: payoutBank(),
      publish: (event) => events.push(event),
      onListening: (endpoint) => resolve({ ...host, endpoint, events }),
      onListenFailed: reject,
    });
    running.push(host);
  });
}

interface Client {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  answer(): Promise<ReturnType<typeof decodeFrame>>;
  /** Bytes that were received and not taken, as hex. */
  readonly unread: string;
}

async function dial(endpoint: string): Promise<Client> {
  const socket = connect({ ...splitEndpoint(endpoint), noDelay: true });
  running.push({ kill: () => socket.destroy() });
  let received = Buffer.alloc(0);
  let wake: () => void = () => undefined;
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  socket.on('error', () => undefined);
  let isOver = false;
  const closed = new Promise<void>((resolve) =>
    socket.on('close', () => {
      isOver = true;
      wake();
      resolve();
    }),
  );
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return {
    socket,
    closed,
    get unread() {
      return received.toString('hex');
    },
    async answer() {
      for (;;) {
        const length = received.length < 2 ? Number.NaN : received.readUInt16BE(0);
        if (received.length >= length + 2) {
          const bytes = new Uint8Array(received.subarray(0, length + 2));
          received = received.subarray(length + 2);
          return decodeFrame(bytes);
        }
        if (isOver) throw new Error('closed without an answer');
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
