import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../emulator/world/simulated/event-queue.ts';

function drain(queue: EventQueue, untilMs = Number.POSITIVE_INFINITY): void {
  while (queue.step(untilMs));
}

type Command =
  | { readonly kind: 'add'; readonly atMs: number }
  | { readonly kind: 'cancel'; readonly which: number }
  | { readonly kind: 'step' }
  | { readonly kind: 'advance'; readonly byMs: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add'), atMs: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel'), which: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('step') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('advance'), byMs: fc.nat(15) }) },
);

/** The queue as one would write it without caring for speed: a list that is sorted every time. */
class SortedList {
  readonly fired: string[] = [];
  nowMs = 0;
  #entries: { id: number; atMs: number }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  add(id: number, atMs: number): void {
    this.#entries.push({ id, atMs: Math.max(atMs, this.nowMs) });
    this.#entries.sort((left, right) => left.atMs - right.atMs || left.id - right.id);
  }

  cancel(id: number): void {
    this.#entries = this.#entries.filter((each) => each.id !== id);
  }

  step(untilMs: number): boolean {
    const [first] = this.#entries;
    if (first === undefined || first.atMs > untilMs) return false;
    this.#entries.shift();
    this.nowMs = first.atMs;
    this.fired.push(`${first.id} at ${this.nowMs}`);
    return true;
  }
}

describe('the event queue', () => {
  it('does what a sorted list does', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120, size: 'max' }), (commands) => {
        const queue = new EventQueue();
        const list = new SortedList();
        const fired: string[] = [];
        const cancels: (() => void)[] = [];
        for (const each of commands) {
          switch (each.kind) {
            case 'add': {
              const id = cancels.length;
              cancels.push(queue.add(each.atMs, () => fired.push(`${id} at ${queue.nowMs}`)));
              list.add(id, each.atMs);
              break;
            }
            case 'cancel': {
              const id = each.which % Math.max(1, cancels.length);
              cancels[id]?.();
              list.cancel(id);
              break;
            }
            case 'step':
              expect(queue.step(Number.POSITIVE_INFINITY)).toBe(
                list.step(Number.POSITIVE_INFINITY),
              );
              break;
            case 'advance': {
              const untilMs = list.nowMs + each.byMs;
              drain(queue, untilMs);
              while (list.step(untilMs));
              queue.moveTo(untilMs);
              list.nowMs = untilMs;
            }
          }
          expect([queue.nowMs, queue.size]).toEqual([list.nowMs, list.size]);
          expect(fired).toEqual(list.fired);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('fires by time and then in the order of asking', () => {
    const queue = new EventQueue();
    const fired: string[] = [];
    for (const [name, atMs] of Object.entries({ d: 7, a: 3, e: 7, b: 3, c: 5 })) {
      queue.add(atMs, () => fired.push(name));
    }
    drain(queue);
    expect(fired.join('')).toBe('abcde');
  });

  it('fires nothing before its time', () => {
    const queue = new EventQueue();
    let fired = 0;
    queue.add(10, () => fired++);
    expect(queue.step(9)).toBe(false);
    expect(fired).toBe(0);
    expect(queue.step(10)).toBe(true);
    expect([fired, queue.nowMs]).toEqual([1, 10]);
  });

  it('fires what is asked for while it fires, the past as the present', () => {
    const queue = new EventQueue();
    const fired: string[] = [];
    queue.add(5, () => {
      queue.add(2, () => fired.push(`second at ${queue.nowMs}`));
      queue.add(queue.nowMs, () => fired.push(`third at ${queue.nowMs}`));
      fired.push(`first at ${queue.nowMs}`);
    });
    drain(queue, 5);
    expect(fired).toEqual(['first at 5', 'second at 5', 'third at 5']);
  });

  it('takes back an entry once, and never one that has fired', () => {
    const queue = new EventQueue();
    const cancel = queue.add(1, () => undefined);
    const taken = queue.add(2, () => expect.unreachable());
    queue.add(3, () => undefined);
    taken();
    taken();
    expect(queue.size).toBe(2);
    queue.step(1);
    cancel();
    expect(queue.size).toBe(1);
    drain(queue);
    expect([queue.size, queue.nowMs]).toEqual([0, 3]);
  });
});
