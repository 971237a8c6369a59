import type { Link, LinkEvents, Network } from '../world/network.ts';
import type { Publish } from '../events/party-event.ts';
import { toHex } from '../../protocol/bytes/hex.ts';

/**
 * What happens to one exchange on its way. request-lost: the host never sees it. request-late: it
 * is overtaken and reaches the host after the answer to a later message (F071). answer-lost: the
 * line falls silent. answer-cut: the line breaks before the answer. answer-half: half the answer,
 * then the line ends. refused: no connection. request-altered: the last bit in front of the MAC is
 * turned. power-cut: the terminal loses its power while the answer is on its way.
 */
export type LinkFault =
  | 'request-lost'
  | 'request-late'
  | 'request-altered'
  | 'answer-lost'
  | 'answer-cut'
  | 'answer-half'
  | 'power-cut'
  | 'refused';

export interface FaultOrder {
  readonly fault: LinkFault;
  /** Message type of the request it waits for; any when absent. `refused` takes any. */
  readonly mti?: string;
  /** Requests that fit and are let pass first. */
  readonly after?: number;
  readonly times: number;
}

export interface FaultDesk {
  order(order: FaultOrder): void;
  /** Orders that have not struck yet, and requests still held back. */
  readonly pending: number;
  /** Takes back the orders; what is held back stays on its way. */
  clear(): void;
  /** Drops what is held back, with its connections. */
  hangUp(): void;
}

/** What one link asks of the desk. */
interface Line {
  take(fits: (order: Order) => boolean): LinkFault | undefined;
  hold(request: Held): void;
  /** The host has answered something: what was overtaken arrives now. */
  overtaken(): void;
  readonly publish: Publish | undefined;
}

interface Order {
  readonly fault: LinkFault;
  readonly mti: string | undefined;
  passes: number;
  left: number;
}

interface Held {
  arrive(): void;
  drop(): void;
}

/** Offset of the message type in a frame: length, TPDU, header. */
const MTI_OFFSET = 13;
/** Bytes of the MAC, at the end of a frame. */
const MAC_BYTES = 8;

/**
 * Networks that harm what a terminal sends over them, by order. They stand between the terminals and
 * any network, simulated or real, and know messages by their type only.
 */
export function faultyNetwork(
  inner: Network,
  publish?: Publish,
): { networkOf: (onPowerCut: () => void) => Network; desk: FaultDesk } {
  let orders: Order[] = [];
  let held: Held[] = [];
  const line: Line = {
    take(fits) {
      const found = orders.find(fits);
      if (found === undefined) return undefined;
      if (found.passes > 0) {
        found.passes--;
        return undefined;
      }
      found.left--;
      orders = orders.filter((order) => order.left > 0);
      return found.fault;
    },
    hold: (request) => void held.push(request),
    overtaken() {
      const arriving = held;
      held = [];
      for (const request of arriving) {
        publish?.({ kind: 'fault', text: 'the request held back arrives' });
        request.arrive();
      }
    },
    publish,
  };
  const desk: FaultDesk = {
    order({ fault, mti, after = 0, times }) {
      orders.push({ fault, mti, passes: after, left: times });
    },
    get pending() {
      return orders.reduce((sum, { left }) => sum + left, held.length);
    },
    clear() {
      orders = [];
    },
    hangUp() {
      for (const request of held) request.drop();
      held = [];
    },
  };
  const networkOf = (onPowerCut: () => void): Network => ({
    listen: (endpoint, events) => inner.listen(endpoint, events),
    connect(endpoint, events) {
      const isRefused = line.take(({ fault }) => fault === 'refused') !== undefined;
      if (isRefused) publish?.({ kind: 'fault', text: 'connection refused' });
      // A port that nobody can listen on refuses in both worlds.
      if (isRefused) return inner.connect('127.0.0.1:1', events);
      return faultyLink(inner, endpoint, events, { ...line, onPowerCut });
    },
  });
  return { networkOf, desk };
}

function faultyLink(
  inner: Network,
  endpoint: string,
  events: LinkEvents,
  line: Line & { readonly onPowerCut: () => void },
): Link {
  let struck: LinkFault | undefined;
  let isOver = false;
  const over = (end: () => void): void => {
    if (isOver) return;
    isOver = true;
    end();
  };
  const link = inner.connect(endpoint, {
    opened: () => events.opened(),
    received(bytes) {
      if (isOver) return;
      line.overtaken();
      switch (struck) {
        case undefined:
        case 'request-lost':
        case 'request-late':
        case 'request-altered':
        case 'refused':
          events.received(bytes);
          return;
        case 'answer-lost':
          return;
        case 'power-cut':
          over(() => {
            link.abort();
            line.onPowerCut();
          });
          return;
        case 'answer-cut':
          over(() => {
            link.abort();
            events.closed('reset');
          });
          return;
        case 'answer-half':
          over(() => {
            events.received(bytes.subarray(0, Math.ceil(bytes.length / 2)));
            link.abort();
            events.closed('ended');
          });
          return;
        default:
          struck satisfies never;
      }
    },
    closed(reason) {
      // A silent line stays silent: the terminal is not told that it was closed.
      if (struck !== 'answer-lost' && struck !== 'power-cut') over(() => events.closed(reason));
    },
  });
  return {
    send(bytes) {
      const mti = toHex(bytes, MTI_OFFSET, MTI_OFFSET + 2);
      struck = line.take(
        (order) => order.fault !== 'refused' && (order.mti === undefined || order.mti === mti),
      );
      if (struck !== undefined) line.publish?.({ kind: 'fault', text: `${struck} on ${mti}` });
      if (struck === 'request-late') {
        const arrive = (): void => {
          link.send(bytes);
          link.end();
        };
        line.hold({ arrive, drop: () => link.abort() });
      } else if (struck === 'request-altered') link.send(altered(bytes));
      else if (struck !== 'request-lost') link.send(bytes);
    },
    // A connection whose request is held back stays open until that has arrived.
    end: () => over(() => (struck === 'request-late' ? undefined : link.end())),
    abort: () => over(() => link.abort()),
  };
}

function altered(bytes: Uint8Array): Uint8Array {
  const wrong = bytes.slice();
  wrong[wrong.length - MAC_BYTES - 1]! ^= 1;
  return wrong;
}
