import type { Random } from '../random.ts';
import type { Web, WebAnswer, WebOutcome, WebRequest } from '../web.ts';
import type { EventQueue } from './event-queue.ts';

export interface SimulatedWebOptions {
  readonly latencyMs: readonly [number, number];
  /** What crosses the line, with its time, for the trace. */
  readonly onCross: (atMs: number, text: string) => void;
}

/** HTTP services in one process and in virtual time: each way takes its drawn time. */
export function simulatedWeb(queue: EventQueue, random: Random, options: SimulatedWebOptions): Web {
  const services = new Map<string, (request: WebRequest) => WebAnswer>();
  const { latencyMs, onCross } = options;
  const drawMs = (): number => latencyMs[0] + random.below(latencyMs[1] - latencyMs[0] + 1);
  return {
    call({ method, url, body = '' }, limitMs, done) {
      let isOver = false;
      const end = (outcome: WebOutcome): void => {
        if (isOver) return;
        isOver = true;
        stopLimit();
        done(outcome);
      };
      const stopLimit = queue.add(queue.nowMs + limitMs, () =>
        end({ kind: 'failed', reason: 'timeout' }),
      );
      const { origin, pathname: path } = new URL(url);
      onCross(queue.nowMs, `${method} ${url} ${body}`);
      queue.add(queue.nowMs + drawMs(), () => {
        const service = services.get(origin);
        if (service === undefined) {
          end({ kind: 'failed', reason: 'refused' });
          return;
        }
        // What has arrived is done, whether its caller still waits or not.
        const answer = service({ method, path, body });
        onCross(queue.nowMs, `${answer.status} ${answer.body}`);
        queue.add(queue.nowMs + drawMs(), () => end({ kind: 'answered', ...answer }));
      });
      return () => {
        isOver = true;
        stopLimit();
      };
    },
    serve(origin, answer, events) {
      services.set(origin, answer);
      queue.add(queue.nowMs, () => events.listening(origin));
      return () => {
        if (services.get(origin) === answer) services.delete(origin);
      };
    },
  };
}
