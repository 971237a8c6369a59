import { describe, expect, it } from 'vitest';
import type { Ended } from './command-line.ts';
import { countersign } from './in-thread.ts';

const quote = (...args: string[]): Ended => {
  const day = args.includes('--at') ? [] : ['--at', '2026-01-15'];
  return countersign(['tariff', 'quote', ...args, ...day]);
};

describe('countersign tariff', () => {
  it.each([
    ['credit', '10000.00', '60.00', '9940.00'],
    ['debit', '4999.99', '25.00', '4974.99'],
    ['debit', '10,000', '25.00', '9975.00'],
    ['qr', '10000', '38.00', '9962.00'],
    ['unionpay-qr', '10000', '60.00', '9940.00'],
    ['contactless', '10000', '60.00', '9940.00'],
  ])('quotes %s %s at %s', (product, amount, fee, net) => {
    const ended = quote('--product', product, '--amount', amount, '--json');
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ended.out)).toMatchObject({ product, fee, net, surcharge: '0.00' });
  });

  it('is as of today in Shanghai when no day is said', () => {
    const today = (): string =>
      new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, '2026-01-15'.length);
    const before = today();
    const { out } = countersign(['tariff', 'quote', '--product', 'qr', '--amount', '1', '--json']);
    const { at } = JSON.parse(out) as { at: string };
    // Midnight may have passed meanwhile.
    expect([`${before} 00:00:00`, `${today()} 00:00:00`]).toContain(at);
  });

  it('says fee, surcharge, net and line as text', () => {
    const { out, code } = quote('--product', 'debit', '--amount', '100', '--device', 'mpos');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^fee +0\.50\nsurcharge +3\.00\nnet +96\.50\nrate +0\.50 %, at most 25\.00$/m,
    );
  });

  it.each([
    [['--product', 'gold', '--amount', '1'], 'credit, debit'],
    [['--product', 'credit', '--amount', '0'], 'above 0'],
    [['--product', 'credit', '--amount', '-1'], 'above 0'],
    [['--product', 'credit', '--amount', '1.234'], 'above 0'],
    [['--product', 'credit', '--amount', '10000000000.00'], 'at most'],
    [['--product', 'credit', '--amount', '1', '--device', 'toaster'], 'e-signature'],
    [['--product', 'credit', '--amount', '1', '--at', '2026-02-30'], '2026-01-15'],
    [['--product', 'credit', '--amount', '1', '--at', '2016-09-05'], '2016-09-06'],
    [['--product', 'credit'], '--help'],
  ])('refuses %j with a hint', (args, hint) => {
    const ended = quote(...args);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain(hint);
  });

  it('shows the whole tariff, as text and as data', () => {
    const shown = countersign(['tariff', 'show']);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toMatch(/debit +card, debit +0\.50 %, at most 25\.00/);
    expect(shown.out).toContain('any contract    0.38 % to 0.60 %');
    expect(JSON.parse(countersign(['tariff', 'show', '--json']).out)).toMatchObject({
      range: { leastPpm: 3800, mostPpm: 6000 },
    });
  });
});
