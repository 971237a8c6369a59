import type { Clock } from '../world/clock.ts';
import type { Web, WebCall, WebOutcome } from '../world/web.ts';

/**
 * What happens to a call on its way. unavailable: the service answers 503 and does nothing.
 * call-lost: it never sees the call. call-late: it sees
 * it long after its caller has given up. answer-lost: it does what it was asked, and silence follows.
 * dropped: it does so, and the line breaks.
 */
export type WebFault = 'unavailable' | 'call-lost' | 'call-late' | 'answer-lost' | 'dropped';

export interface WebFaultOrder {
  readonly fault: WebFault;
  /** The calls it waits for; any when absent. */
  readonly fits?: (call: WebCall) => boolean;
  readonly times: number;
}

export interface WebFaultDesk {
  order(order: WebFaultOrder): void;
  /** Orders that have not struck yet. */
  readonly pending: number;
  clear(): void;
}

/** Time-outs after which a late call arrives. */
const LATE_FACTOR = 6;

/** A web that harms calls by order, in front of any web, simulated or real. */
export function faultyWeb(
  inner: Web,
  clock: Pick<Clock, 'after'>,
): { readonly web: Web; readonly desk: WebFaultDesk } {
  let orders: { order: WebFaultOrder; left: number }[] = [];
  const take = (call: WebCall): WebFault | undefined => {
    const found = orders.find(({ order }) => order.fits?.(call) ?? true);
    if (found === undefined) return undefined;
    found.left--;
    if (found.left === 0) orders = orders.filter((each) => each !== found);
    return found.order.fault;
  };
  const silence: WebOutcome = { kind: 'failed', reason: 'timeout' };
  const web: Web = {
    serve: (origin, answer, events) => inner.serve(origin, answer, events),
    call(call, limitMs, done) {
      switch (take(call)) {
        case undefined:
          return inner.call(call, limitMs, done);
        case 'unavailable':
          return clock.after(0, () => done({ kind: 'answered', status: 503, body: '' }));
        case 'call-lost':
          return clock.after(limitMs, () => done(silence));
        case 'call-late': {
          // It arrives whether its caller still listens or not.
          clock.after(limitMs * LATE_FACTOR, () => inner.call(call, limitMs, () => undefined));
          return clock.after(limitMs, () => done(silence));
        }
        case 'answer-lost': {
          inner.call(call, limitMs, () => undefined);
          return clock.after(limitMs, () => done(silence));
        }
        case 'dropped':
          return inner.call(call, limitMs, () => done({ kind: 'failed', reason: 'reset' }));
      }
    },
  };
  return {
    web,
    desk: {
      order: (order) => void orders.push({ order, left: order.times }),
      get pending() {
        return orders.length;
      },
      clear() {
        orders = [];
      },
    },
  };
}
