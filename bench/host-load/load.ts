import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { build, type Histogram } from 'hdr-histogram-js';

/** How much is under way at once. */
export interface LoadShape {
  readonly connections: number;
  /** Messages that a connection sends in one go before it waits for their answers. */
  readonly depth: number;
}

export interface Sample {
  readonly perSecond: number;
  /** Time from sending to the answer, in microseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** The next `depth` messages of a connection, one behind the other; made before the clock runs. */
export type NextChunk = (connection: number) => Uint8Array;

interface Line {
  readonly socket: Socket;
  onAnswer: () => void;
}

/** Connections to one server, kept from sample to sample. */
export class Load {
  readonly #shape: LoadShape;
  readonly #lines: Line[] = [];

  private constructor(shape: LoadShape) {
    this.#shape = shape;
  }

  static async to(port: number, shape: LoadShape): Promise<Load> {
    const load = new Load(shape);
    for (let made = 0; made < shape.connections; made++) {
      load.#lines.push(await lineTo(port));
    }
    return load;
  }

  /** Everything that was prepared goes through; each connection sends as fast as it is answered. */
  async run(chunks: readonly (readonly Uint8Array[])[]): Promise<Sample> {
    const { depth } = this.#shape;
    const times = build({ bitBucketSize: 32, numberOfSignificantValueDigits: 3 });
    const from = performance.now();
    await Promise.all(
      this.#lines.map((line, connection) => drive(line, chunks[connection]!, depth, times)),
    );
    const seconds = (performance.now() - from) / 1000;
    const messages = chunks.reduce((sum, row) => sum + row.length, 0) * depth;
    return {
      perSecond: messages / seconds,
      p50: times.getValueAtPercentile(50),
      p99: times.getValueAtPercentile(99),
    };
  }

  close(): void {
    for (const { socket } of this.#lines) socket.destroy();
  }
}

function lineTo(port: number): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const line: Line = { socket, onAnswer: () => undefined };
    /** Bytes of the message under way that are still to come; negative while its length is. */
    let left = 0;
    let first = -1;
    socket.on('data', (chunk) => {
      for (let at = 0; at < chunk.length;) {
        if (left === 0) {
          if (first < 0) first = chunk[at++]!;
          else {
            left = (first << 8) | chunk[at++]!;
            first = -1;
          }
          continue;
        }
        const taken = Math.min(left, chunk.length - at);
        at += taken;
        left -= taken;
        if (left === 0) line.onAnswer();
      }
    });
    socket.on('error', reject);
    socket.on('connect', () => resolve(line));
  });
}

function drive(
  line: Line,
  chunks: readonly Uint8Array[],
  depth: number,
  times: Histogram,
): Promise<void> {
  return new Promise((resolve) => {
    let next = 0;
    let open = 0;
    let sentAt = 0;
    const send = (): void => {
      const chunk = chunks[next++];
      if (chunk === undefined) {
        resolve();
        return;
      }
      open = depth;
      sentAt = performance.now();
      line.socket.write(chunk);
    };
    line.onAnswer = () => {
      times.recordValue(Math.round((performance.now() - sentAt) * 1000));
      if (--open === 0) send();
    };
    send();
  });
}
