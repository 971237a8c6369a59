import { describe, expect, it } from 'vitest';
import { withMutant, type Mutant } from './mutant.ts';

const PROVE = ['prove', '--runs', '500', '--seed', '1'];
const HOST = 'emulator/host';
const TERMINAL = 'emulator/terminal';

/** Seeded bugs that the campaign must find; `exposedBy` is the law that it must name. */
const MUTANTS: readonly (Mutant & { readonly mostSteps?: number })[] = [
  {
    name: 'a reversal returns the amount but not the fee (M01)',
    file: `${HOST}/books/posting-rules.ts`,
    find: "    line('card', '+', 'amount'),\n    line('unsettled', '-', 'net'),\n    line('fees', '-', 'fee'),",
    replace: "    line('card', '+', 'amount'),\n    line('unsettled', '-', 'amount'),",
    exposedBy: /law I-0[245]/,
    mostSteps: 4,
  },
  {
    name: 'the wallet is not told that a payment was reversed',
    file: `${HOST}/switch/reversal.ts`,
    find: "if (wallet !== undefined && kind === 'sale') orderClose(step, original);",
    replace: '',
    exposedBy: /law I-02/,
    mostSteps: 4,
  },
  {
    name: 'the wallet is not told of a refund',
    file: `${HOST}/refund-desk/refund-entry.ts`,
    find: 'if (wallet !== undefined) orderRefund(step, sale, transaction);',
    replace: '',
    exposedBy: /law I-02/,
    mostSteps: 4,
  },
  {
    name: 'a reversal returns nothing',
    file: `${HOST}/switch/reversal.ts`,
    find: 'postings: undo(step, original),',
    replace: 'postings: [],',
    exposedBy: /law I-0[245]/,
    mostSteps: 4,
  },
  {
    name: 'a repeated reversal credits again (M02)',
    file: `${HOST}/switch/reversal.ts`,
    find: "if (original.status === 'reversed') return done(step, '00', original);",
    replace: '',
    exposedBy: /law I-0[245]/,
  },
  {
    name: 'a void is accepted after settlement (M07)',
    file: `${HOST}/switch/financial.ts`,
    find: ' && original.batchNo === batchNo && !original.isSettled;',
    replace: " && batchNo !== '';",
    exposedBy: /law I-08/,
  },
  {
    name: 'a void of a void is accepted (M09)',
    file: `${HOST}/switch/financial.ts`,
    find: "const isHere = original?.kind === 'sale' &&",
    replace: 'const isHere = original !== undefined &&',
    exposedBy: /law I-09/,
  },
  {
    name: 'each refund is compared with the original alone (M10)',
    file: `${HOST}/refund-desk/refund-terms.ts`,
    find: 'sale.amountFen - sale.refundedFen - takenOf(state, sale.id);',
    replace: 'sale.amountFen - takenOf(state, sale.id);',
    exposedBy: /law I-10/,
  },
  {
    name: 'a voided sale can be refunded',
    file: `${HOST}/refund-desk/decide-refund.ts`,
    find: "if (original.status !== 'active') return refused('25');",
    replace: '',
    exposedBy: /law I-(09|10)/,
  },
  {
    name: 'a refunded sale can be voided',
    file: `${HOST}/switch/financial.ts`,
    find: "original.status !== 'active' || original.refundedFen > 0",
    replace: "original.status !== 'active'",
    exposedBy: /law I-09/,
  },
  {
    name: 'fees are rounded half down (M14)',
    file: `${HOST}/tariff/rate.ts`,
    find: 'return rest >= 500_000 ? whole + 1 : whole;',
    replace: 'return rest > 500_000 ? whole + 1 : whole;',
    exposedBy: /law I-(02|18)/,
  },
  {
    name: 'the fee has no cap',
    file: `${HOST}/tariff/rate.ts`,
    find: 'Math.min(capFen, atLeast)',
    replace: 'atLeast',
    exposedBy: /law I-(02|18)/,
  },
  {
    name: 'batch totals leave out refunds',
    file: `${HOST}/batches/batch-totals.ts`,
    find: "if (kind === 'refund' || ",
    replace: 'if (',
    exposedBy: /law I-1[34]/,
  },
  {
    name: 'a reversal does not give the limit back (I-34)',
    file: `${HOST}/host-state.ts`,
    find: "if (reversed.kind === 'sale') spend(state, reversed, -1);",
    replace: '',
    exposedBy: /law I-34/,
  },
  {
    name: 'a declined sale uses up the limit (M36)',
    file: `${HOST}/host-state.ts`,
    find: "case 'transaction-declined':",
    replace:
      "case 'transaction-declined':" +
      "if (event.kind === 'transaction-declined' && event.transaction.kind === 'sale')" +
      ' spend(state, event.transaction, 1); return;',
    exposedBy: /law I-34/,
  },
  {
    name: 'a repeated request is executed again',
    file: `${HOST}/switch/answer-request.ts`,
    find: 'const earlier = session.answered.get(stan);',
    replace: "const earlier = session.answered.get('x' + stan);",
    exposedBy: /law I-\d\d/,
  },
  {
    name: 'the terminal sends no reversal first',
    file: `${TERMINAL}/operations/begin-operation.ts`,
    find: "if (record.reversal !== undefined) first.push('reversal');",
    replace: '',
    exposedBy: /law I-\d\d/,
  },
  {
    name: 'the terminal uses STANs twice',
    file: `${TERMINAL}/terminal-record.ts`,
    find: 'record.nextStan = entry.stan === LAST_STAN ? 1 : entry.stan + 1;',
    replace: 'record.nextStan = entry.stan + (entry.stan % 3 === 0 ? 0 : 1);',
    exposedBy: /law I-\d\d/,
  },
];

describe('a campaign', () => {
  it('finds nothing in the product as it is', async () => {
    await withMutant(undefined, (run) => {
      const { code, output } = run(PROVE);
      expect(output).toContain('no law broken');
      expect(code).toBe(0);
    });
  });

  it.each(MUTANTS)('finds that $name', async ({ exposedBy, mostSteps, ...mutant }) => {
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

  it.each([
    {
      name: 'a refund window that is a day too long (M12)',
      file: `${HOST}/refund-desk/decide-refund.ts`,
      find: 'days > policy.windowDays',
      replace: 'days > policy.windowDays + 1',
      cases: ['b01'],
      exposedBy: /✖ b01\/day-31/,
    },
    {
      name: 'a refund case that is applied for after the window',
      file: `${HOST}/refund-desk/judge-case.ts`,
      find: 'days <= windowDays',
      replace: 'days <= windowDays + 100',
      cases: ['b02'],
      exposedBy: /✖ b02\/day-31/,
    },
    {
      name: 'a refund that gives back the fee of a sale although it is kept',
      file: `${HOST}/refund-desk/refund-terms.ts`,
      find: "if (policy.saleFee === 'kept') return 0;",
      replace: '',
      exposedBy: /I-20 .* fee returned/,
    },
    {
      name: 'a terminal refund beside a case that is not agreed',
      file: `${HOST}/refund-desk/decide-refund.ts`,
      find: "if (stands !== 'agreed') return refused('25'",
      replace: "if (stands === 'arrived') return refused('25'",
      cases: ['b08', 'b11', 'b17'],
      exposedBy: /✖ b(08|11|17)/,
    },
    {
      name: 'a freeze that is released twice (M24)',
      file: `${HOST}/risk/freeze.ts`,
      find: "if (hold.state !== 'frozen') {",
      replace: "if (hold.state !== 'frozen' && by === '') {",
      cases: ['a10'],
      exposedBy: /✖ a10/,
    },
    {
      name: 'a payout that ignores a merchant’s freeze',
      file: `${HOST}/settlement/payouts.ts`,
      find: 'if (wholeFreeze(state, mid) !== undefined) continue;',
      replace: 'if (wholeFreeze(state, mid)?.id === "") continue;',
      cases: ['a10'],
      exposedBy: /✖ a10/,
    },
    {
      name: 'a terminal that asks for no signature of a credit card',
      file: `${TERMINAL}/signing/signature-due.ts`,
      find: 'if (!config.signs || isWaived) return undefined;',
      replace:
        "if (!config.signs || isWaived || logged.pan.startsWith('622848')) return undefined;",
      cases: ['e07'],
      exposedBy: /✖ e07/,
    },
    {
      name: 'a signature that is mirrored before it is stored',
      file: `${TERMINAL}/signing/sign-job.ts`,
      find: 'return rasterise(strokes, raster);',
      replace:
        'return rasterise({ ...strokes, strokes: strokes.strokes.map((each) => each.map((p) => ' +
        '({ ...p, x: strokes.width - p.x }))) }, raster);',
      cases: ['e01'],
      exposedBy: /✖ e01[^]*expected drawn yes, got no/,
    },
    {
      name: 'a host that stores another picture than came',
      file: `${HOST}/archive/archive-state.ts`,
      find: 'pieces: [...(stored?.pieces.slice(0, place) ?? []), piece],',
      replace: "pieces: [...(stored?.pieces.slice(0, place) ?? []), piece.replace('A', 'B')],",
      exposedBy: /I-26 .* another picture is stored than was drawn/,
    },
    {
      name: 'a payout that is made anew instead of asked for again',
      file: `${HOST}/settlement/payout-run.ts`,
      find: 'const payouts = [...open, ...act((step) => orderPayouts(step, isAsked))];',
      replace:
        'const payouts = [...act((step) => orderPayouts(step, isAsked))].slice(open.length);',
      cases: ['a02'],
      exposedBy: /✖ a02/,
    },
    {
      name: 'money that is paid before it is due',
      file: `${HOST}/settlement/payouts.ts`,
      find: 'laterFen: laterFen + waitingFen };',
      replace: 'laterFen: 0 * laterFen + waitingFen };',
      cases: ['a10'],
      exposedBy: /✖ a10/,
    },
    {
      name: 'a surcharge that a void does not give back',
      file: `${HOST}/books/posting-rules.ts`,
      find: "'net'),\n    line('fees', '-', 'fee'),\n    line('surcharges', '-', 'surcharge'),\n  ],\n  // The issuer",
      replace:
        "'net'),\n    line('fees', '-', 'fee'),\n    line('unsettled', '-', 'surcharge'),\n  ],\n  // The issuer",
      cases: ['d06'],
      exposedBy: /✖ d06/,
    },
    {
      name: 'a terminal that does not ask what its card says to an approval',
      file: `${TERMINAL}/operations/financial-jobs.ts`,
      find: 'if (end?.isApproved === false) return refusedByCard(',
      replace: 'if (end?.isApproved === false && entry === "keyed") return refusedByCard(',
      cases: ['g14'],
      exposedBy: /✖ g14/,
    },
    {
      name: 'a terminal that uploads the request of a chip instead of its TC',
      file: `${TERMINAL}/operations/financial-jobs.ts`,
      find: '{ ...kept, 55: chip.chip }',
      replace: 'kept',
      cases: ['g14'],
      exposedBy: /✖ g14/,
    },
    {
      name: 'a card that believes any issuer',
      file: 'emulator/card/chip-card.ts',
      find: 'isWhole && authentication.slice(0, 16) === due',
      replace: 'isWhole && due !== ""',
      cases: ['g14'],
      exposedBy: /✖ g14/,
    },
    {
      name: 'an issuer that never looks at the track it decrypts',
      file: `${HOST}/switch/clear-tracks.ts`,
      find: 'fields[field] = decryptTrack(keys.tdk, track);',
      replace: 'fields[field] = track;',
      cases: ['g13', 'g15'],
      exposedBy: /✖ g1[35]/,
    },
    {
      name: 'a terminal that gives a reversal up after two sends',
      file: `${TERMINAL}/terminal-config.ts`,
      find: 'reversalSends: 3,',
      replace: 'reversalSends: 2,',
      cases: ['a07'],
      exposedBy: /✖ a07/,
    },
  ] satisfies (Mutant & { cases?: string[] })[])('finds $name', async (mutant) => {
    const { exposedBy, cases = [] } = mutant;
    await withMutant(mutant, (run) => {
      const { code, output } = run([...RUN, ...cases]);
      expect(output).toMatch(exposedBy);
      expect(code).toBe(1);
    });
  });
});
