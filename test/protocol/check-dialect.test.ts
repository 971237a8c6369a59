import { describe, expect, it } from 'vitest';
import { loadDialect } from '../../protocol/dialect/load-dialect.ts';
import { SHIPPED_SOURCES, shippedDialect, shippedSource } from '../../protocol/dialects/shipped.ts';
import { breaks, field, NAMED, passes, problemsOf, spoilt } from './spoilt-dialect.ts';

const TWO_DIGITS = { ...NAMED, class: 'n', length: 2 };

function prefix(encoding: string, size: number, most: number, includesItself = false): object {
  return { framing: { prefix: { encoding, bytes: size, includesItself }, maxFrameBytes: most } };
}

describe('the shipped dialects', () => {
  it('are six, each clean', () => {
    expect(SHIPPED_SOURCES.map(({ id }) => id + problemsOf({}, id))).toEqual([
      'unionpay-pos',
      'unionpay-pos-esign-0920',
      'unionpay-pos-qr-a',
      'iso87-ascii',
      'iso87-binary',
      'iso93-ascii',
    ]);
  });

  it('are loaded once; another name is not found', () => {
    for (const { id } of SHIPPED_SOURCES) {
      expect(shippedDialect(id)?.id).toBe(id);
      expect(shippedDialect(id)).toBe(shippedDialect(id));
    }
    expect(shippedDialect('unionpay')).toBeUndefined();
    expect(shippedDialect('__proto__')).toBeUndefined();
  });

  it.each([
    ['unionpay-pos-esign-0920', ['match', 'rules', 'transactions']],
    ['unionpay-pos-qr-a', ['fields', 'rules', 'transactions']],
  ])('%s changes %j of what it extends, and nothing else', (id, changed) => {
    const [base, other] = [Object.entries(spoilt({})), Object.entries(spoilt({}, id))];
    const different = other.filter(
      ([key, value]) =>
        JSON.stringify(value) !== JSON.stringify(base.find(([each]) => each === key)?.[1]),
    );
    expect(different.map(([key]) => key).sort()).toEqual(['id', 'title', ...changed].sort());
    expect(other).toHaveLength(base.length);
  });

  it('are read without being changed', () => {
    const before = JSON.stringify(SHIPPED_SOURCES);
    for (const source of SHIPPED_SOURCES) loadDialect(source, shippedSource);
    expect(JSON.stringify(SHIPPED_SOURCES)).toBe(before);
  });
});

describe('the check of framing and fields', () => {
  const unsaid = (most: number): string =>
    `framing.maxFrameBytes: ${most} bytes cannot be said by the prefix`;
  breaks([
    ['framing.prefix: an ASCII length prefix has four digits', prefix('ascii', 2, 99), '4'],
    ['framing.prefix: a BCD length prefix has two bytes', prefix('bcd', 4, 99), '2'],
    [unsaid(65_536), prefix('binary', 2, 65_536), '65535'],
    [unsaid(65_537), prefix('binary-le', 2, 65_537), '65535'],
    [unsaid(10_000), prefix('ascii', 4, 10_000), '9999'],
    [unsaid(10_001), prefix('bcd', 2, 10_001), '9999'],
    // A prefix that counts itself has less to say.
    [unsaid(9996), prefix('ascii', 4, 9996, true), '9995'],
    [
      'framing.maxFrameBytes: 1048577 bytes are more than any message has',
      prefix('binary', 4, 1_048_577),
      '1048576',
    ],
    ['fields.1: field 1 has no bit', field(1, TWO_DIGITS), '2 to 64'],
    ['fields.65: field 65 has no bit', field(65, TWO_DIGITS), '2 to 64'],
  ]);
  breaks(
    [
      ['fields.65: field 65 has no bit', field(65, TWO_DIGITS), '1 and 65 announce'],
      ['fields.129: field 129 has no bit', field(129, TWO_DIGITS), '2 to 128'],
    ],
    'iso87-ascii',
  );
  passes([
    ['what two bytes can say', prefix('binary', 2, 65_535)],
    ['what four digits can say', prefix('ascii', 4, 9999)],
    ['what they can say with themselves', prefix('ascii', 4, 9995, true)],
    ['what BCD can say', prefix('bcd', 2, 9999)],
    ['a mebibyte', prefix('binary', 4, 1_048_576)],
  ]);
  passes([['fields 129 and 192 of 192', { bitmap: { fields: 192 }, fields: { 129: TWO_DIGITS } }]]);

  breaks([
    ['fields.52.class: class b cannot be bcd', field(52, { encoding: 'bcd' }), 'n, z, x+n'],
    ['fields.52.class: class b cannot be ascii', field(52, { encoding: 'ascii' }), 'or ebcdic-hex'],
    ['fields.37.class: class an cannot be bcd', field(37, { encoding: 'bcd' }), 'bcd carries'],
    ['fields.14.class: class n cannot be binary', field(14, { encoding: 'binary' }), 'carries b'],
    ['fields.14.class: class n cannot be hex', field(14, { encoding: 'hex' }), 'hex carries b'],
    ['fields.14.class: class n cannot be ebcdic-hex', field(14, { encoding: 'ebcdic-hex' }), 'b'],
    ['fields.14.class: class n cannot be gbk', field(14, { encoding: 'gbk' }), 'carries ans'],
    [
      'fields.57.class: class anp cannot be binary',
      { defaults: { encoding: { anp: 'binary' } }, fields: { 57: { class: 'anp' } } },
      'binary carries b',
    ],
  ]);

  const lengths = (what: string): string => `fields.57.length: lengths from ${what} are impossible`;
  breaks([
    [lengths('9 to 8'), field(57, { length: { min: 9, max: 8 } }), '0 ≤ min ≤ max ≤ 99999'],
    [lengths('0 to 0'), field(57, { length: { max: 0 } }), 'max at least 1'],
    [lengths('-1 to 8'), field(57, { length: { min: -1, max: 8 } }), '0 ≤ min'],
    [lengths('0 to 100000'), field(57, { length: { max: 100_000 } }), '99999'],
  ]);
});

describe('the check of prefix and fill', () => {
  const at = 'fields.57.prefix: ';
  const counts = (form: string, more: object): object => ({ prefix: { form, ...more } });
  const digits = (max: number, more: object): object =>
    field(57, { class: 'n', length: { min: 2, max }, ...more });
  const byBytes = counts('LLL', { counts: 'bytes' });
  breaks([
    [`${at}a field of fixed length has no prefix`, field(57, { length: 9 }), '{ "max": … }'],
    ['fields.57.length: a length range needs a prefix', field(57, { prefix: null }), '"LL"'],
    [`${at}LL cannot say 999`, field(57, { prefix: 'LL' }), 'largest number is 99'],
    [`${at}L cannot say 10`, field(57, { length: { max: 10 }, prefix: 'L' }), 'longer prefix'],
    [`${at}LLL cannot say 1001`, field(57, counts('LLL', { includesItself: true })), '999'],
    [
      `${at}LLL cannot say 1998`,
      field(57, { encoding: 'hex', ...counts('LLL', { counts: 'characters' }) }),
      'largest number is 999',
    ],
    [
      `${at}L cannot say 256`,
      field(57, { length: { max: 256 }, ...counts('L', { encoding: 'binary' }) }),
      'largest number is 255',
    ],
    [
      `${at}a signed amount cannot be counted in bytes`,
      field(57, { class: 'x+n', encoding: 'bcd', length: { max: 8 }, ...byBytes }),
      'count its digits',
    ],
    [
      `${at}bytes cannot tell an odd number of digits from its pad nibble 0`,
      digits(9, byBytes),
      '"padNibble": "F"',
    ],
    [
      `${at}bytes cannot tell an odd number of digits from its pad nibble 0`,
      field(57, { class: 'n', length: { min: 3, max: 8 }, ...byBytes }),
      'or even lengths',
    ],
  ]);
  passes([
    ['even digits counted in bytes', digits(8, byBytes)],
    ['odd digits whose pad is F', digits(9, { ...byBytes, padNibble: 'F' })],
    ['198 digits in 99 bytes by LL', digits(198, counts('LL', { counts: 'bytes' }))],
    ['hex that counts bytes', field(57, { encoding: 'hex', ...byBytes })],
    ['255 of a binary byte', digits(255, counts('L', { encoding: 'binary' }))],
    ['99 of LL with itself', digits(97, { encoding: 'ascii', ...counts('LL', {}) })],
  ]);

  const long = { prefix: { form: 'LLL', encoding: 'binary' } };
  passes([
    ['the largest length', field(57, { length: { max: 99_999 }, ...long })],
    ['a range of one length', field(57, { length: { min: 9, max: 9 } })],
  ]);

  const fill = (number: number, how: string, more: object = {}): object =>
    field(number, { fill: how, justify: 'right', ...more });
  const wrong = (number: number, cls: string, how: string): string =>
    `fields.${number}.fill: class ${cls} is not filled with ${how}`;
  breaks([
    ['fields.37.trim: there is no fill to trim', field(37, { trim: true }), '"fill": "space"'],
    ['fields.54.fill: a field with a prefix is not filled', fill(54, 'space'), 'fixed fields only'],
    [wrong(14, 'n', 'space'), fill(14, 'space'), 'digits take zero'],
    [wrong(64, 'b', 'zero'), fill(64, 'zero'), 'digits take zero'],
    [wrong(14, 'x+n', 'zero'), fill(14, 'zero', { class: 'x+n' }), 'digits take zero'],
    [wrong(14, 'z', 'space'), fill(14, 'space', { class: 'z' }), 'digits take zero'],
    [wrong(38, 'a', 'zero'), fill(38, 'zero', { class: 'a' }), 'text space'],
    ['fields.37.fill: a blank is not of class an', fill(37, 'space'), 'anp allows blanks'],
    ['fields.43.fill: GBK text is filled with blanks', fill(43, 'zero'), '"fill": "space"'],
    [
      'fields.14.fill: zeros behind a number change it',
      fill(14, 'zero', { justify: 'left' }),
      '"justify": "right"',
    ],
  ]);
  passes([
    ['digits filled with zeros', fill(14, 'zero', { trim: true })],
    ['text filled with blanks', fill(42, 'space', { trim: true, justify: 'left' })],
    ['text filled with zeros', fill(37, 'zero')],
    ['Chinese text filled with blanks', fill(43, 'space')],
  ]);
  it('finds letters filled with blanks, which are no letters: no such value can be written', () => {
    expect(problemsOf(fill(38, 'space', { class: 'a' }))).not.toBe('');
  });
});

describe('the check of what refers to fields and rules', () => {
  const unknown = { present: '5' };
  const five = (path: string): string => `${path}: field 5 is not defined`;
  const define = 'define it in "fields"';
  const sale = (rules: object): object => ({ rules: { sale: rules } });
  const variant = (when: object): object => field(57, { variants: { other: { ...NAMED, when } } });
  const like = (more: object): object => ({
    transactions: {
      other: { zh: 'x', mti: '0999', request: 'sale', answer: 'sale', echo: [], ...more },
    },
  });
  breaks([
    [five('fields.57.variants.other.when'), variant(unknown), define],
    [five('fields.57.variants.other.when'), variant({ absent: '5.1' }), define],
    [five('fields.57.variants.other.when'), variant({ path: '5', is: ['1'] }), define],
    [five('fields.57.variants.other.when'), variant({ path: '5', starts: ['1'] }), define],
    [
      five('fields.57.variants.other.when'),
      variant({ all: [{ present: 'mti' }, unknown] }),
      define,
    ],
    [five('fields.57.variants.other.when'), variant({ any: [{ not: unknown }] }), define],
    [five('rules.sale'), sale({ mandatory: [5] }), define],
    [five('rules.sale'), sale({ optional: [5] }), define],
    [five('rules.sale'), sale({ conditional: [{ field: 5, when: { present: '3' } }] }), define],
    [five('rules.sale'), sale({ lengths: { 5: [1] } }), define],
    [
      five('rules.sale.conditional.1.when'),
      sale({
        mandatory: [3],
        conditional: [
          { field: 2, when: { present: '3' } },
          { field: 4, when: unknown },
        ],
      }),
      define,
    ],
    [
      five('rules.sale.forbidden.0'),
      sale({ forbidden: [{ fields: [4, 5], when: { present: '3' } }] }),
      define,
    ],
    [
      five('rules.sale.forbidden.0.when'),
      sale({ forbidden: [{ fields: [4], when: unknown }] }),
      define,
    ],
    [
      'rules.sale: field 4 is named twice',
      sale({ mandatory: [4], optional: [4], conditional: null, forbidden: null }),
      'mandatory, conditional or optional',
    ],
    [
      'transactions.other.request: there are no rules "sail"',
      like({ request: 'sail' }),
      'known rules: balance, sale',
    ],
    ['transactions.other.answer: there are no rules "sail"', like({ answer: 'sail' }), 'sale,'],
    [five('transactions.other.echo'), like({ echo: [4, 5] }), define],
    [
      'transactions.other: cannot be told from "status-report"',
      like(shippedDialect('unionpay-pos')!.transactions['status-report']!),
      'tell transactions apart',
    ],
    [five('leniencies.charset'), { leniencies: { charset: { fields: [5] } } }, define],
    [five('leniencies.free-text.when'), { leniencies: { 'free-text': { when: unknown } } }, define],
    [
      'leniencies.charset.when: bytes are judged before the message is known, so that it has no condition',
      { leniencies: { charset: { when: unknown } } },
      'name fields',
    ],
    [
      'leniencies.f60-length: it accepts lengths and names none',
      { leniencies: { 'f60-length': { lengths: null } } },
      '"lengths": [11, 13]',
    ],
    [five('match'), { match: { fields: [5] } }, define],
    [five('match'), { match: { needs: [{ field: 5 }] } }, define],
    [five('match'), { match: { mayLack: [{ fields: [5] }] } }, define],
    [five('match'), { match: { mayDiffer: [{ fields: [5], when: { present: '3' } }] } }, define],
    [five('encryptedTrack.field'), { encryptedTrack: { field: 5 } }, define],
    ['macField: field 64 is no place for a MAC', field(64, { length: 7 }), 'length 8'],
    ['macField: field 64 stands behind the MAC of field 52', { macField: 52 }, 'last field'],
    ...['unionpay-ecb', 'x9.9', 'x9.19', 'aes-cmac'].map((algorithm): [string, object, string] => [
      `mac.padding: ${algorithm} has a padding of its own`,
      { mac: { algorithm, padding: 1 } },
      'for iso9797-1 and iso9797-3',
    ]),
  ]);
  passes([
    ['a padding of iso9797-1', { mac: { algorithm: 'iso9797-1', padding: 1 } }],
    ['a padding of iso9797-3', { mac: { algorithm: 'iso9797-3', padding: 2, output: 'binary' } }],
    ['no padding of aes-cmac', { mac: { algorithm: 'aes-cmac' } }],
  ]);

  it('says of every transaction with a MAC that the field of the MAC is missing', () => {
    const { transactions } = shippedDialect('unionpay-pos')!;
    const withMac = Object.entries(transactions).filter(([, { mac }]) => mac === true);
    expect(withMac.length).toBeGreaterThan(5);
    const expected = withMac.map(([name]) => five(`transactions.${name}`));
    expect(problemsOf({ macField: 5 })).toBe(expected.join('\n'));
  });

  it('tells transactions apart by each of their five signs', () => {
    const { transactions } = shippedDialect('unionpay-pos')!;
    const sole = { ...transactions['status-report']!, network: ['999'] };
    for (const more of [
      { mti: '0199' },
      { processing: '99' },
      { condition: '99' },
      { type: '99' },
      { network: ['998'] },
    ]) {
      const twins = { transactions: { one: sole, two: { ...sole, ...more } } };
      expect([more, problemsOf(twins)]).toEqual([more, '']);
    }
    const shared = { transactions: { one: sole, two: { ...sole, network: ['998', '999'] } } };
    expect(problemsOf(shared)).toBe('transactions.two: cannot be told from "one"');
  });

  it.each([
    ['its own field', { 60: { path: '60.1', is: ['22'] } }],
    ['each other', { 60: { present: '61.1' }, 61: { present: '60.1' } }],
  ])('finds variants whose conditions look into %s: nobody could read them', (_what, whens) => {
    const fields = Object.entries(whens).map(([number, when]) => [
      number,
      { variants: { other: { ...NAMED, when } } },
    ]);
    expect(problemsOf({ fields: Object.fromEntries(fields) as object })).not.toBe('');
  });
});
