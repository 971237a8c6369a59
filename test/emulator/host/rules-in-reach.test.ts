import { describe, expect, it } from 'vitest';
import { shop } from './freeze-shop.ts';

describe('rules of risk', () => {
  it('a rule that looks at more attempts than are kept is refused, or is met (F02)', () => {
    const s = shop();
    const when = [{ kind: 'same-card', times: 210, withinMinutes: 600 }] as const;
    const why = s.control.risk.setRules([{ name: 'r', when, outcome: { kind: 'hold' } }], 'boss');
    for (let sale = 0; sale < 215; sale++) s.sell(100);
    expect(why !== undefined || s.state.reviews.size > 0).toBe(true);
  });
});
