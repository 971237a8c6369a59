import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../emulator/world/clock.ts';
import { realClock } from '../../../emulator/world/real/real-clock.ts';
import { simulatedWorld } from '../../../emulator/world/simulated/simulated-world.ts';

const START_MS = Date.UTC(2026, 0, 15, 1, 30);

interface Timepiece {
  readonly clock: Clock;
  /** Lets time pass until all of so many timers have fired. */
  readonly pass: (isDone: () => boolean) => Promise<void>;
}

const implementations: [string, () => Timepiece][] = [
  ...[false, true].map((inSteps): [string, () => Timepiece] => [
    inSteps ? 'real, in steps' : 'real',
    () => {
      const clock = realClock(START_MS, { inSteps });
      return {
        clock,
        async pass(isDone) {
          while (!isDone()) await new Promise<void>((resolve) => void clock.after(1, resolve));
        },
      };
    },
  ]),
  [
    'simulated',
    () => {
      const world = simulatedWorld({ seed: 1, startMs: START_MS });
      return {
        clock: world.clock,
        pass: async (isDone) => expect(world.runUntil(isDone)).toBe(true),
      };
    },
  ],
];

describe.each(implementations)('the %s clock', (_, create) => {
  it('fires timers by their time, and those of one time in the order of asking', async () => {
    const { clock, pass } = create();
    const fired: string[] = [];
    const wanted = { d: 30, b: 10, e: 30, c: 10, a: 2 };
    for (const [name, delayMs] of Object.entries(wanted)) {
      clock.after(delayMs, () => fired.push(name));
    }
    await pass(() => fired.length === 5);
    expect(fired.join('')).toBe('abcde');
  });

  it('fires nothing while the asker still runs, not even without delay', async () => {
    const { clock, pass } = create();
    const fired: string[] = [];
    clock.after(0, () => fired.push('timer'));
    fired.push('asker');
    await pass(() => fired.length === 2);
    expect(fired).toEqual(['asker', 'timer']);
  });

  it('fires a timer once', async () => {
    const { clock, pass } = create();
    let fired = 0;
    let isOver = false;
    clock.after(1, () => fired++);
    clock.after(20, () => (isOver = true));
    await pass(() => isOver);
    expect(fired).toBe(1);
  });

  it('does not fire what was cancelled, before its time or by a timer of the same time', async () => {
    const { clock, pass } = create();
    const fired: string[] = [];
    const early = clock.after(5, () => fired.push('early'));
    early();
    early();
    const cancels: (() => void)[] = [];
    clock.after(5, () => {
      fired.push('first');
      for (const cancel of cancels) cancel();
    });
    cancels.push(clock.after(5, () => fired.push('second')));
    clock.after(20, () => fired.push('last'));
    await pass(() => fired.includes('last'));
    expect(fired).toEqual(['first', 'last']);
  });

  it('takes the cancelling of a timer that has fired for nothing', async () => {
    const { clock, pass } = create();
    const fired: string[] = [];
    const cancel = clock.after(1, () => fired.push('first'));
    await pass(() => fired.length === 1);
    clock.after(1, () => fired.push('second'));
    cancel();
    await pass(() => fired.length === 2);
    expect(fired).toEqual(['first', 'second']);
  });

  it('lets a timer ask for the next', async () => {
    const { clock, pass } = create();
    const times: number[] = [];
    const again = (): void => {
      times.push(clock.monotonicMs());
      if (times.length < 5) clock.after(1, again);
    };
    again();
    await pass(() => times.length === 5);
    expect(times).toEqual(times.toSorted((left, right) => left - right));
  });

  it('begins at nought, and civil time at the start that was given', () => {
    const { clock } = create();
    const civilMs = clock.civilMs();
    const sinceMs = clock.monotonicMs();
    expect(Number.isInteger(civilMs)).toBe(true);
    expect(civilMs - START_MS).toBeGreaterThanOrEqual(-1);
    expect(civilMs - START_MS).toBeLessThanOrEqual(sinceMs + 1);
  });

  it('never goes back', async () => {
    const { clock, pass } = create();
    const read = (): [number, number] => [clock.monotonicMs(), clock.civilMs()];
    const readings = [read()];
    clock.after(3, () => undefined);
    await pass(() => {
      readings.push(read());
      return readings.at(-1)![0] > readings[0]![0];
    });
    for (const [index, [monotonicMs, civilMs]] of readings.slice(1).entries()) {
      expect(monotonicMs).toBeGreaterThanOrEqual(readings[index]![0]);
      expect(civilMs).toBeGreaterThanOrEqual(readings[index]![1]);
    }
  });
});

const MONTH_MS = 30 * 86_400_000;

describe('the real clock', () => {
  it('moves civil time on without touching timers or monotonic time', async () => {
    const clock = realClock(START_MS);
    let fired = 0;
    const cancel = clock.after(MONTH_MS / 2, () => fired++);
    clock.advance(MONTH_MS);
    expect(clock.civilMs()).toBeGreaterThanOrEqual(START_MS + MONTH_MS - 1);
    expect(clock.monotonicMs()).toBeLessThan(MONTH_MS);
    await new Promise<void>((resolve) => void clock.after(1, resolve));
    expect(fired).toBe(0);
    cancel();
  });

  it('tells the time of the machine when no start is given', () => {
    const before = Date.now();
    expect(Math.abs(realClock().civilMs() - before)).toBeLessThan(86_400_000);
  });
});

describe('the real clock in steps', () => {
  it.each([
    [true, ['answer', 'time-out']],
    [false, ['time-out', 'answer']],
  ])('counts no time in which the process stood still (%s)', async (inSteps, order) => {
    const clock = realClock(START_MS, { inSteps });
    const seen: string[] = [];
    const done = new Promise<void>((resolve) => {
      const see = (what: string) => (): void => {
        if (seen.push(what) === 2) resolve();
      };
      clock.after(200, see('time-out'));
      // The machine does something else for so long.
      const until = performance.now() + 250;
      while (performance.now() < until);
      setTimeout(see('answer'), 40);
    });
    await done;
    expect(seen).toEqual(order);
  });

  it('stops at whatever step it is', async () => {
    const clock = realClock(START_MS, { inSteps: true });
    let fired = 0;
    const cancel = clock.after(60, () => fired++);
    await new Promise((resolve) => setTimeout(resolve, 30));
    cancel();
    await new Promise<void>((resolve) => void clock.after(100, resolve));
    expect(fired).toBe(0);
  });
});

describe('the simulated clock', () => {
  it('stands still until it is moved, and then fires at the very millisecond', () => {
    const { clock, advance } = simulatedWorld({ seed: 1, startMs: START_MS });
    const fired: number[] = [];
    clock.after(60_000, () => fired.push(clock.monotonicMs(), clock.civilMs() - START_MS));
    advance(59_999);
    expect([clock.monotonicMs(), fired]).toEqual([59_999, []]);
    advance(1);
    expect(fired).toEqual([60_000, 60_000]);
    advance(MONTH_MS);
    expect(clock.civilMs()).toBe(START_MS + 60_000 + MONTH_MS);
  });

  it('says when nothing is left to wait for', () => {
    const world = simulatedWorld({ seed: 1, startMs: START_MS });
    world.clock.after(1, () => undefined);
    expect(world.runUntil(() => false)).toBe(false);
    expect(world.runUntil(() => true)).toBe(true);
  });
});
