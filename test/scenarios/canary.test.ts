import { describe, expect, it } from 'vitest';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { RunEvent } from '../../scenarios/events/run-event.ts';
import { catalogueCases } from '../../scenarios/find-scenarios.ts';
import { runPlan } from '../../scenarios/run/run-plan.ts';
import { simTarget } from '../../scenarios/targets/sim-target.ts';
import type { Target } from '../../scenarios/targets/target.ts';
import { consoleReporter } from '../../reports/console-reporter.ts';
import { junitReporter } from '../../reports/junit-reporter.ts';
import { storedRunReporter } from '../../reports/stored-run.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { deriveCardKey } from '../../protocol/security/emv-cryptogram.ts';

/** Everything that a run must keep to itself, by what it is. */
function secretsOf(targets: readonly Target[]): Map<string, string> {
  const secrets = new Map<string, string>();
  const add = (name: string, value: string): void => void secrets.set(value, name);
  for (const { tmk, tid } of TEST_INSTITUTION.terminals) add(`TMK of ${tid}`, tmk);
  for (const { imk, bin } of TEST_INSTITUTION.issuers) add(`issuer key of ${bin}`, imk);
  for (const { id, pan, track2, sequence } of TEST_INSTITUTION.cards) {
    add(`card number of ${id}`, pan);
    add(`track of ${id}`, track2);
    add(`end of the track of ${id}`, track2.split('D')[1]!);
    const issuer = TEST_INSTITUTION.issuers.find(({ bin }) => pan.startsWith(bin))!;
    const udk = deriveCardKey(fromHex(issuer.imk), pan, sequence.slice(-2));
    add(`chip key of ${id}`, toHex(udk));
  }
  for (const target of targets) {
    for (const session of target.host!.terminals.values()) {
      for (const keys of [session.keys, session.earlierKeys]) {
        for (const [name, key] of Object.entries(keys?.raw ?? {})) add(`host ${name}`, toHex(key));
      }
    }
    for (const { keys } of target.terminals().values()) {
      for (const [name, key] of Object.entries(keys ?? {})) add(`terminal ${name}`, toHex(key));
    }
  }
  return secrets;
}

/** Where a secret stands in a text: as hex in either case, or as its bytes. */
function findSecret(text: string, secrets: ReadonlyMap<string, string>): string | undefined {
  const upper = text.toUpperCase();
  for (const [value, name] of secrets) {
    if (upper.includes(value)) return `${name} at ${upper.indexOf(value)}`;
    const raw = /^([0-9A-F]{2}){8,}$/.test(value)
      ? String.fromCharCode(...fromHex(value))
      : undefined;
    if (raw !== undefined && text.includes(raw)) return `the bytes of ${name}`;
  }
  return undefined;
}

/** All that one run of the catalogue writes, with and without failures. */
async function writtenBy(change: (events: RunEvent) => void) {
  const written = { console: '', junit: '', stored: '' };
  const targets: Target[] = [];
  const reporters = [
    consoleReporter({
      write: (text) => void (written.console += text),
      isColoured: false,
      isLive: false,
      isVerbose: true,
    }),
    junitReporter((xml) => void (written.junit = xml)),
    storedRunReporter((line) => void (written.stored += line)),
  ];
  // A wrong expectation at every step of every case: failures write more than successes do.
  const cases = catalogueCases().flatMap((planned) => [
    planned,
    {
      ...planned,
      id: `${planned.id}-red`,
      steps: planned.steps.map((step) => ({
        ...step,
        expect: Object.fromEntries(Object.keys(step.expect).map((name) => [name, 'otherwise'])),
      })),
    },
  ]);
  await runPlan(cases, {
    seed: 1,
    version: '0.0.0',
    stepTimeoutMs: 10_000,
    targets: [
      {
        name: 'sim',
        replayOptions: '--target sim',
        open(options) {
          const target = simTarget(options);
          targets.push(target);
          return Promise.resolve(target);
        },
      },
    ],
    listener(event) {
      change(event);
      for (const reporter of reporters) reporter.hear(event);
    },
  });
  return { written, targets };
}

describe('what a run writes', () => {
  it('holds no key, card number, track or PIN, in no report and no event', async () => {
    const events: RunEvent[] = [];
    const { written, targets } = await writtenBy((event) => events.push(event));
    const secrets = secretsOf(targets);
    // Of cards and terminals, and working keys of more than one sign-in.
    expect(secrets.size).toBeGreaterThan(40);
    const working = [...secrets.values()].filter((name) => /^(host|terminal) /.test(name));
    expect(working.length).toBeGreaterThanOrEqual(9);
    expect(written.console).toContain('✖ a03-red');
    for (const [name, text] of Object.entries({ ...written, events: JSON.stringify(events) })) {
      expect([name, text.length > 10_000]).toEqual([name, true]);
      expect([name, findSecret(text, secrets)]).toEqual([name, undefined]);
      expect([name, /(?<!\d)123456(?!\d)/.test(text)]).toEqual([name, false]);
    }
  });

  it('would be found: a planted key, in either case, in the middle of a line', async () => {
    const { written, targets } = await writtenBy(() => undefined);
    const secrets = secretsOf(targets);
    for (const value of secrets.keys()) {
      const planted = `${written.junit}x${value.toLowerCase()}y`;
      expect(findSecret(planted, secrets)).toBeDefined();
    }
    const mak = [...secrets].find(([, name]) => name === 'terminal mak')![0];
    expect(findSecret(`a${String.fromCharCode(...fromHex(mak))}b`, secrets)).toMatch(/bytes of/);
  });
});
