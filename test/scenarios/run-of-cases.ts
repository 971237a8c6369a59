import type { RunEvent } from '../../scenarios/events/run-event.ts';
import { readScenario } from '../../scenarios/language/read-scenario.ts';
import type { PlannedCase } from '../../scenarios/plan/plan.ts';
import { runPlan, type OpenTarget } from '../../scenarios/run/run-plan.ts';
import { simTarget } from '../../scenarios/targets/sim-target.ts';
import type { Need } from '../../scenarios/targets/target.ts';

export const SIM: OpenTarget = {
  name: 'sim',
  replayOptions: '--target sim',
  open: (each) => Promise.resolve(simTarget(each)),
};

/** A simulated target that cannot do some things, as a host elsewhere cannot. */
export function lacking(needs: readonly Need[], reason: string): OpenTarget {
  return {
    ...SIM,
    open(each) {
      const target = simTarget(each);
      return Promise.resolve({
        ...target,
        lacks: (need: Need) => (needs.includes(need) ? reason : undefined),
      });
    },
  };
}

/** Runs cases and gives back everything that happened. */
export async function eventsOf(
  cases: readonly PlannedCase[],
  seed = 1,
  targets: readonly OpenTarget[] = [SIM],
  isInterrupted = () => false,
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  await runPlan(cases, {
    seed,
    version: '0.0.0',
    targets,
    listener: (event) => events.push(event),
    stepTimeoutMs: 10_000,
    isInterrupted,
  });
  return events;
}

export function caseOf(steps: string, more = ''): PlannedCase[] {
  const title = 'title: { zh: 测试, en: A test }';
  return readScenario('cases/t01.yaml', `id: t01\n${title}\n${more}steps:\n${steps}`);
}

type Ended<Kind extends RunEvent['kind']> = Extract<RunEvent, { kind: Kind }>;

export function ofKind<Kind extends RunEvent['kind']>(
  events: readonly RunEvent[],
  kind: Kind,
): Ended<Kind>[] {
  return events.filter((event): event is Ended<Kind> => event.kind === kind);
}
