import { describe, expect, it } from 'vitest';
import { CAMPAIGN_MUTANTS, CATALOGUE_MUTANTS } from './mutant-table.ts';
import { withMutant } from './mutant.ts';

const PROVE = ['prove', '--runs', '500', '--seed', '1'];

describe('a campaign', () => {
  it('finds nothing in the product as it is', async () => {
    await withMutant(undefined, (run) => {
      const { code, output } = run(PROVE);
      expect(output).toContain('no law broken');
      expect(code).toBe(0);
    });
  });

  it.each(CAMPAIGN_MUTANTS)('finds that $name', async ({ exposedBy, mostSteps, ...mutant }) => {
    await withMutant(mutant, (run) => {
      const { code, output } = run(PROVE);
      expect(output).toMatch(exposedBy);
      expect(code).toBe(1);
      const [, steps] = /shrunk \d+ times to (\d+) step\(s\)/.exec(output)!;
      expect(Number(steps)).toBeLessThanOrEqual(mostSteps ?? 10);
      const [, replay] = /replay {2}npx countersign (.*)/.exec(output)!;
      const again = run(replay!.split(' '));
      expect(again.code).toBe(1);
      expect(again.output).toMatch(exposedBy);
    });
  });
});

describe('the catalogue', () => {
  const RUN = ['run', '--target', 'sim'];

  it('is green in the product as it is', async () => {
    await withMutant(undefined, (run) => expect(run(RUN).code).toBe(0));
  });

  it.each(CATALOGUE_MUTANTS)('finds $name', async (mutant) => {
    const { exposedBy, cases = [] } = mutant;
    await withMutant(mutant, (run) => {
      const { code, output } = run([...RUN, ...cases]);
      expect(output).toMatch(exposedBy);
      expect(code).toBe(1);
    });
  });
});
