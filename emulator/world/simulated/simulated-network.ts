import type { Random } from '../random.ts';
import type { CloseReason, Link, LinkEvents, ListenEvents, Network } from '../network.ts';
import type { EventQueue } from './event-queue.ts';

export interface SimulatedNetworkOptions {
  /** Latency of one delivery: least and most. */
  readonly latencyMs: readonly [number, number];
  /** One chunk in so many arrives in two pieces, so that no party relies on whole reads. */
  readonly splitOneIn: number;
  /** Sees every byte that is sent, for the trace. */
  readonly onSend: (atMs: number, linkId: number, bytes: Uint8Array) => void;
}

/** Byte streams between named endpoints over an event queue; same seed, same deliveries. */
export function simulatedNetwork(
  queue: EventQueue,
  random: Random,
  options: SimulatedNetworkOptions,
): Network {
  const listeners = new Map<string, ListenEvents>();
  let links = 0;
  const latency = (): number => {
    const [least, most] = options.latencyMs;
    return least + random.below(most - least + 1);
  };
  return {
    connect(endpoint, events) {
      const id = links++;
      const near = new Side(queue, random, latency, options, id * 2);
      const far = new Side(queue, random, latency, options, id * 2 + 1);
      near.events = events;
      near.peer = far;
      far.peer = near;
      queue.add(queue.nowMs + latency(), () => {
        const listener = listeners.get(endpoint);
        if (near.isOver) return;
        if (listener === undefined) near.over('refused');
        else {
          // In one queue with what the far side sends, so that nothing arrives before it.
          far.announce();
          far.events = listener.accepted(far);
          far.events.opened();
        }
      });
      return near;
    },
    listen(endpoint, events) {
      if (listeners.has(endpoint)) {
        queue.add(queue.nowMs, () => events.failed(new Error(`${endpoint} is in use`)));
        return { close: () => undefined };
      }
      listeners.set(endpoint, events);
      queue.add(queue.nowMs, () => events.listening(endpoint));
      return {
        close() {
          if (listeners.get(endpoint) === events) listeners.delete(endpoint);
        },
      };
    },
  };
}

class Side implements Link {
  events: LinkEvents | undefined;
  peer: Side | undefined;
  isOver = false;
  readonly #queue: EventQueue;
  readonly #random: Random;
  readonly #latency: () => number;
  readonly #options: SimulatedNetworkOptions;
  readonly #id: number;
  #lastDeliveryMs = 0;

  constructor(
    queue: EventQueue,
    random: Random,
    latency: () => number,
    options: SimulatedNetworkOptions,
    id: number,
  ) {
    this.#queue = queue;
    this.#random = random;
    this.#latency = latency;
    this.#options = options;
    this.#id = id;
  }

  deliver(tell: (events: LinkEvents) => void): void {
    if (!this.isOver && this.events !== undefined) tell(this.events);
  }

  over(reason: CloseReason): void {
    if (this.isOver) return;
    const { events } = this;
    this.isOver = true;
    events?.closed(reason);
  }

  send(bytes: Uint8Array): void {
    if (this.isOver || bytes.length === 0) return;
    this.#options.onSend(this.#queue.nowMs, this.#id, bytes);
    const pieces =
      bytes.length > 1 && this.#random.below(this.#options.splitOneIn) === 0
        ? splitAt(bytes, 1 + this.#random.below(bytes.length - 1))
        : [bytes];
    for (const piece of pieces) {
      this.#later(() => this.peer!.deliver((each) => each.received(piece)));
    }
  }

  /** Tells the peer that the link is open. */
  announce(): void {
    this.#later(() => this.peer!.deliver((each) => each.opened()));
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#later(() => this.peer!.over('ended'));
  }

  abort(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#later(() => this.peer!.over('reset'));
  }

  /** In order: nothing overtakes what was sent before on the same side. */
  #later(happen: () => void): void {
    this.#lastDeliveryMs = Math.max(this.#lastDeliveryMs, this.#queue.nowMs + this.#latency());
    this.#queue.add(this.#lastDeliveryMs, happen);
  }
}

function splitAt(bytes: Uint8Array, at: number): Uint8Array[] {
  return [bytes.slice(0, at), bytes.slice(at)];
}
