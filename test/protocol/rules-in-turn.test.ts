import { describe, expect, it } from 'vitest';
import type { Dialect, RuleSet } from '../../protocol/dialect/dialect.ts';
import type { StructureSpec } from '../../protocol/dialect/structure-spec.ts';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { applyRules, checkMessage, checkStructures } from '../../protocol/message/check-message.ts';
import type { FieldValues, Message } from '../../protocol/message/message.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';

/** A dialect that has seen no message yet. */
function fresh(dialect: Dialect): Dialect {
  return structuredClone(dialect);
}

const SALE: FieldValues = {
  3: '000000',
  4: '000000010000',
  11: '000002',
  22: '021',
  25: '00',
  26: '06',
  35: '6225881234567890D30122200000000012',
  41: '10000001',
  42: '898110000000001',
  49: '156',
  52: '1A2B3C4D5E6F7081',
  53: '2600000000000000',
  60: '2200000100060',
  64: '0000000000000000',
};

/** What a field may hold instead; undefined takes it out. */
const OTHERS: Readonly<Record<number, readonly (string | undefined)[]>> = {
  2: [undefined, '6225881234567890'],
  14: [undefined, '3012'],
  22: ['021', '022', '051', '011', '031', '071', '0', '029', '921'],
  26: [undefined, '06'],
  35: [undefined, SALE[35]],
  52: [undefined, SALE[52]],
  53: [undefined, '2600000000000000', '2640000000000000', '26', '9600000000000000'],
  55: [undefined, '9F2608'],
  59: [undefined, 'A3019123456789012345678'],
  60: [SALE[60], '22000001', '220000010006', '22000001000601', '2200000100090', '22000001000703'],
  62: [undefined, '00'],
  64: [undefined, SALE[64]],
  63: [undefined, 'SM016', 'CUP', 'SM016 and a text that is longer'],
};

function random(seed: number): Message[] {
  const { below } = seededRandom(seed);
  let fields: FieldValues = { ...SALE };
  return Array.from({ length: 250 }, () => {
    // Mostly like the one before, as messages are; the same one again as well.
    if (below(6) === 0) fields = { ...SALE };
    for (let changes = below(3); changes > 0; changes--) {
      const names = Object.keys(OTHERS);
      const field = Number(names[below(names.length)]);
      const value = OTHERS[field]![below(OTHERS[field]!.length)];
      fields = { ...fields };
      if (value === undefined) delete fields[field];
      else fields[field] = value;
    }
    return { mti: below(12) === 0 ? '0220' : '0200', fields };
  });
}

describe('messages that are judged one after the other', () => {
  it('are judged as each of them alone, whatever came before', () => {
    const shared = fresh(UNIONPAY_POS);
    const rules = (dialect: Dialect) => dialect.rules[dialect.transactions['sale']!.request]!;
    let clean = 0;
    for (const message of [1, 2].flatMap(random)) {
      const alone = fresh(UNIONPAY_POS);
      const findings = applyRules(alone, message, rules(alone), 'sale');
      expect(applyRules(shared, message, rules(shared), 'sale')).toEqual(findings);
      expect(checkStructures(shared, message)).toEqual(checkStructures(alone, message));
      expect(checkMessage(shared, message)).toEqual(checkMessage(alone, message));
      if (findings.length === 0) clean++;
    }
    expect(clean).toBeGreaterThan(60);
    expect(clean).toBeLessThan(440);
  });

  describe('by a field with variants', () => {
    const one = (size: number, values?: Readonly<Record<string, string>>): StructureSpec => ({
      kind: 'positions',
      parts: [
        { name: 'first', zh: '一', size, ...(values === undefined ? {} : { values }) },
        { name: 'rest', zh: '余', size: 'rest' },
      ],
    });
    const base = fresh(UNIONPAY_POS);
    const when = { path: '25', is: ['01'] };
    const other = { name: 'other', zh: '他', when, structure: one(2, { 34: 'x' }) };
    const dialect: Dialect = {
      ...base,
      fields: {
        ...base.fields,
        48: { ...base.fields[48]!, structure: one(1), variants: { other } },
      },
    };
    const message = (condition: string): Message => {
      return { mti: '0200', fields: { 25: condition, 48: '1234', 49: '156' } };
    };
    const inTurn = ['01', '00', '01', '00'].map(message);

    it('are judged by the variant of each', () => {
      const rules: RuleSet = {
        mandatory: [25, 48],
        optional: [49],
        forbidden: [{ fields: [49], when: { path: '48.1', is: ['1'] } }],
      };
      const found = inTurn.map((each) => applyRules(dialect, each, rules, 'x').length);
      expect(found).toEqual([0, 1, 0, 1]);
      const sound = inTurn.toReversed().map((each) => checkStructures(dialect, each).length);
      expect(sound).toEqual([0, 1, 0, 1]);
    });
  });

  it('are judged by their own message type, and by what is inside of a field', () => {
    const dialect = fresh(UNIONPAY_POS);
    const rules: RuleSet = {
      mandatory: [41],
      optional: [49, 53],
      forbidden: [
        { fields: [49], when: { path: 'mti', is: ['0220'] } },
        { fields: [49], when: { absent: '53.3' } },
      ],
    };
    const found = (mti: string, security: string): number => {
      const fields = { 41: '10000001', 49: '156', 53: security };
      return applyRules(dialect, { mti, fields }, rules, 'x').length;
    };
    expect(found('0200', '260')).toBe(0);
    expect(found('0220', '260')).toBe(1);
    expect(found('0200', '260')).toBe(0);
    expect(found('0200', '26')).toBe(1);
  });
});
