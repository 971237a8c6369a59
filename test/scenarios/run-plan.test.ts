import { describe, expect, it } from 'vitest';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { caseOf, eventsOf, lacking, ofKind, SIM } from './run-of-cases.ts';

const SALE = "sale: { amount: '100.00', card: debit, pin: '123456' }";

describe('a run', () => {
  it('tells start, steps and end of each case, in order', async () => {
    const events = await eventsOf(caseOf(`  - sign-in:\n  - ${SALE}\n`));
    const kinds = events.map(({ kind }) => kind).filter((kind) => kind !== 'party');
    expect(kinds.join(' ')).toBe(
      'run-started case-started step-started step-ended step-started step-ended case-ended run-ended',
    );
    expect(ofKind(events, 'run-ended')[0]).toMatchObject({ passed: 1, failed: 0, skipped: 0 });
    const numbers = ofKind(events, 'party').map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_each, index) => index + 1));
  });

  it('stops a case at its first failure and says what, where, and how to replay it', async () => {
    const steps = `  - sign-in:\n  - ${SALE}\n    expect: { outcome: declined, rc: '51' }\n  - settle:\n`;
    const events = await eventsOf(caseOf(steps), 42);
    const [ended] = ofKind(events, 'case-ended');
    expect(ended?.status).toBe('failed');
    expect(ended?.failures).toHaveLength(1);
    const [failure] = ended!.failures;
    expect(failure).toMatchObject({
      code: 'E_EXPECT_OUTCOME',
      place: { file: 'cases/t01.yaml', line: 6, column: 15 },
      replay: 'npx countersign run cases/t01.yaml --target sim --seed 42 --verbose',
    });
    const text = failure!.lines.join('\n');
    expect(text).toContain('step 2 "sale"');
    expect(text).toContain('expected outcome declined, got approved');
    expect(text).toContain('expected rc 51, got 00');
    expect(text).toMatch(/#\d+ → 0200 .* STAN 000002/);
    expect(ofKind(events, 'step-ended').map(({ status }) => status)).toEqual([
      'passed',
      'failed',
      'not-run',
    ]);
  });

  it('names the row in the replay command', async () => {
    const each = "each:\n  - { name: one, rc: '51' }\n";
    const planned = caseOf(`  - ${SALE}\n    expect: { rc: $rc }\n`, each);
    const [ended] = ofKind(await eventsOf(planned), 'case-ended');
    expect(ended?.failures[0]?.replay).toContain('cases/t01.yaml --only t01/one --target sim');
  });

  it('fails a case whose fault never struck', async () => {
    const steps = `  - fault: { link: answer-cut, on: '0400' }\n  - ${SALE}\n`;
    const [ended] = ofKind(await eventsOf(caseOf(steps)), 'case-ended');
    expect(ended?.status).toBe('failed');
    expect(ended?.failures[0]?.lines.join()).toContain('never struck');
  });

  it('skips with the reason what a target cannot do, and never passes it silently', async () => {
    const target = lacking(['host-control'], 'not ours to operate');
    const acting = caseOf('  - channel: { issuer: closed }\n  - sign-in:\n');
    const events = await eventsOf(acting, 1, [target]);
    expect(ofKind(events, 'case-ended')[0]).toMatchObject({
      status: 'skipped',
      reason: 'step 1 "channel": not ours to operate',
    });
    expect(ofKind(events, 'step-started')).toEqual([]);
    const looking = caseOf(
      "  - sign-in:\n  - card-account: { card: debit }\n    expect: { available: '1' }\n",
    );
    const seen = await eventsOf(looking, 1, [target]);
    expect(ofKind(seen, 'case-ended')[0]).toMatchObject({ status: 'passed', skippedSteps: 1 });
    expect(ofKind(seen, 'step-ended')[1]).toMatchObject({
      status: 'skipped',
      reason: 'not ours to operate',
    });
  });

  it('ends between two cases when it is interrupted', async () => {
    const cases = [...caseOf('  - sign-in:\n'), ...caseOf('  - echo:\n')];
    let ended = 0;
    const events = await eventsOf(cases, 1, [SIM], () => ended++ > 0);
    expect(ofKind(events, 'case-ended')).toHaveLength(1);
    expect(ofKind(events, 'run-ended')[0]).toMatchObject({ interrupted: true, passed: 1 });
  });

  it('gives each case a world of its own', async () => {
    const [planned] = caseOf(`  - ${SALE}\n    expect: { stan: '000002' }\n`);
    const events = await eventsOf([planned!, planned!]);
    expect(ofKind(events, 'case-ended').map(({ status }) => status)).toEqual(['passed', 'passed']);
  });

  it('compares with what an earlier step left behind', async () => {
    const steps = `  - ${SALE}\n    as: first\n  - ${SALE}\n    expect: { batch: $first.batch, stan: $first.stan }\n`;
    const [ended] = ofKind(await eventsOf(caseOf(steps)), 'case-ended');
    expect(ended?.failures[0]?.lines).toContain('expected stan 000002, got 000003');
    expect(ended?.failures[0]?.lines.join()).not.toContain('expected batch');
  });

  it('takes the value of an earlier step as an argument', async () => {
    const steps = `  - sale: { amount: '10.00', card: debit, pin: '123456' }
    as: sold
  - upload: { of: $sold, rrn: $sold.rrn }
    expect: { rc: '00' }
  - upload: { of: $sold, stan: $sold.batch }
    expect: { rc: '25' }
`;
    const [ended] = ofKind(await eventsOf(caseOf(steps)), 'case-ended');
    expect(ended).toMatchObject({ status: 'passed', failures: [] });
  });

  it('speaks the dialect of the case, on both sides', async () => {
    const cases = caseOf('  - sign-in:\n', 'dialect: unionpay-pos-esign-0920\n');
    expect(cases[0]?.dialect?.id).toBe('unionpay-pos-esign-0920');
    const [ended] = ofKind(await eventsOf(cases), 'case-ended');
    expect(ended?.status).toBe('passed');
    const theirs = { ...SIM, speaks: UNIONPAY_POS };
    const [left] = ofKind(await eventsOf(cases, 1, [theirs]), 'case-ended');
    expect(left).toMatchObject({ status: 'skipped' });
    expect(left?.reason).toMatch(/in the dialect unionpay-pos-esign-0920, .* in unionpay-pos$/);
  });

  it.each([
    ["set-up: { signatures: on, pad: '2000x100' }", /a pad of 2000x100 pixels/],
    ["set-up: { signatures: on, pad: '1024x1024' }", /a pad of 1024x1024 pixels/],
    ["set-up: { signatures: on, pad: '40x40' }", /too small for the feature code/],
    ["set-up: { stan: '000000' }", /there is no STAN 000000/],
  ])('refuses %s with the reason', async (step, text) => {
    const [ended] = ofKind(await eventsOf(caseOf(`  - ${step}\n`)), 'case-ended');
    expect(ended?.status).toBe('failed');
    expect(ended?.failures[0]?.lines.join('\n')).toMatch(text);
  });

  it('says which file of strokes is missing, or no strokes', async () => {
    const sale = `  - set-up: { signatures: on }
  - sale: { amount: '10.00', card: debit, pin: '123456' }
    as: sold
`;
    for (const [file, code] of [
      ['none.json', 'E_FILE'],
      ['../../package.json', 'E_STROKES'],
    ]) {
      const cases = caseOf(`${sale}  - sign: { of: $sold, strokes: ${file!} }\n`).map(
        (planned) => ({
          ...planned,
          place: { ...planned.place, file: 'test/scenarios/t01.yaml' },
        }),
      );
      const [ended] = ofKind(await eventsOf(cases), 'case-ended');
      expect(ended?.failures[0]?.code).toBe(code);
    }
  });
});
