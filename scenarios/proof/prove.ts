import fc from 'fast-check';
import { digest } from '../../protocol/security/digest.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { Institution } from '../../emulator/host/host-config.ts';
import { actionArbitrary, actionText, type Action } from './action.ts';
import { playDay, type Violation } from './play-day.ts';

export interface ProofOptions {
  readonly seed: number;
  readonly runs: number;
  /** Replays one counter-example of an earlier campaign. */
  readonly path?: string;
  readonly institution?: Institution;
  readonly onRun?: (done: number) => void;
}

export interface CounterExample {
  readonly violation: Violation;
  readonly actions: readonly Action[];
  readonly steps: readonly string[];
  readonly seed: number;
  readonly path: string;
  readonly shrinks: number;
}

export interface ProofResult {
  readonly runs: number;
  readonly actions: number;
  /** Over the traces of all days in order: equal seeds, equal hashes (I-38). */
  readonly traceHash: string;
  readonly hits: ReadonlyMap<string, number>;
  readonly counterExample: CounterExample | undefined;
}

/** A day has at most so many actions; the size option makes long days as likely as short ones. */
const MOST_ACTIONS = 40;

/**
 * Random days of sales, voids, refunds, settlements and lost messages, each audited after every
 * action (I-01, I-02, I-04, I-05, I-07…I-10, I-13, I-34). The first failing day is shrunk.
 */
export function prove(options: ProofOptions): ProofResult {
  const { seed, runs, path, institution = TEST_INSTITUTION, onRun } = options;
  const hashes: string[] = [];
  const hits = new Map<string, number>();
  let played = 0;
  let actionsPlayed = 0;
  const day = fc.array(actionArbitrary, { minLength: 1, maxLength: MOST_ACTIONS, size: 'max' });
  const property = fc.property(day, (actions) => {
    // The world's own draws depend on the campaign's seed alone, so that shrinking changes one thing.
    const { violation, traceHash, hits: reached } = playDay(actions, institution, seed);
    hashes.push(traceHash);
    for (const [what, count] of reached) hits.set(what, (hits.get(what) ?? 0) + count);
    played++;
    actionsPlayed += actions.length;
    onRun?.(played);
    return violation === undefined;
  });
  const details = fc.check(property, {
    seed,
    numRuns: runs,
    ...(path === undefined ? {} : { path }),
  });
  return {
    runs: played,
    actions: actionsPlayed,
    traceHash: digest(hashes.join('\n')),
    hits,
    counterExample: details.failed ? explain(details, institution, seed) : undefined,
  };
}

function explain(
  details: {
    counterexample: [Action[]] | null;
    counterexamplePath: string | null;
    numShrinks: number;
  },
  institution: Institution,
  seed: number,
): CounterExample {
  const shrunk = details.counterexample?.[0] ?? [];
  const { violation } = playDay(shrunk, institution, seed);
  // The day stops at the violation: what comes after it has no part in it.
  const actions = shrunk.slice(0, Math.max(1, violation?.step ?? shrunk.length));
  const unknown: Violation = { law: '?', text: 'the day does not fail again', step: 0 };
  return {
    violation: violation ?? unknown,
    actions,
    steps: actions.map((action, index) => `${index + 1}. ${actionText(action)}`),
    seed,
    path: details.counterexamplePath ?? '',
    shrinks: details.numShrinks,
  };
}
