import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import {
  loadDialect,
  resolveDialect,
  type DialectSource,
} from '../../protocol/dialect/load-dialect.ts';
import { mergePatch } from '../../protocol/dialect/merge-patch.ts';
import { shippedDialect, shippedSource } from '../../protocol/dialects/shipped.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';

/** Links of a chain by name; a link that names nothing stands on its own. */
function linked(links: Readonly<Record<string, string | undefined>>): Map<string, DialectSource> {
  return new Map(
    Object.entries(links).map(([id, base]) => [
      id,
      (base === undefined
        ? { ...STANDING, id, title: id }
        : { id, title: id, extends: base, patch: {} }) as DialectSource,
    ]),
  );
}

const STANDING = { mti: { encoding: 'ascii' }, bitmap: { encoding: 'hex', fields: 64 } };

function resolved(sources: ReadonlyMap<string, DialectSource>, first: string): Dialect {
  return resolveDialect(sources.get(first)!, (name) => sources.get(name));
}

function refusal(work: () => unknown): CountersignError {
  try {
    work();
  } catch (error) {
    if (error instanceof CountersignError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** A dialect that extends the common one. */
function mine(patch: unknown): DialectSource {
  return { id: 'mine', title: 'Mine', extends: 'unionpay-pos', patch } as DialectSource;
}

function loaded(patch: unknown): Dialect {
  return loadDialect(mine(patch), shippedSource);
}

describe('a merge patch', () => {
  it.each([
    ['replaces a value', { a: 1 }, { a: 2 }, { a: 2 }],
    ['adds a member', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ['takes a member away', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['takes away what is not there', { a: 1 }, { b: null }, { a: 1 }],
    ['leaves no null in what it adds', { a: 1 }, { b: { c: null, d: 1 } }, { a: 1, b: { d: 1 } }],
    ['merges objects in depth', { a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
    ['replaces an array whole', { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
    ['keeps null inside an array', { a: 1 }, { a: [null] }, { a: [null] }],
    ['replaces text by an object', { a: 'x' }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['replaces an array by an object', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['replaces an object by text', { a: { b: 1 } }, { a: 'x' }, { a: 'x' }],
    ['keeps what is false, zero or empty', { a: 1 }, { a: false, b: 0, c: '' }, NOTHINGS],
    ['changes nothing when empty', { a: { b: [1] } }, {}, { a: { b: [1] } }],
  ])('%s', (_what, target, patch, expected) => {
    const before = JSON.stringify([target, patch]);
    expect(mergePatch(target, patch)).toEqual(expected);
    expect(JSON.stringify([target, patch])).toBe(before);
  });

  it('gives no object a prototype', () => {
    const patch: unknown = JSON.parse('{"__proto__":{"a":1},"b":{"__proto__":{"c":1}}}');
    const merged = mergePatch({ d: 1 }, patch) as Record<string, object>;
    expect(Object.keys(merged)).toEqual(['d', 'b']);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(merged['b'])).toBe(Object.prototype);
    expect('c' in merged['b']!).toBe(false);
    expect('a' in {}).toBe(false);
  });

  it('merges a member that has the name of something inherited', () => {
    const patch = { toString: { a: 1 }, constructor: { b: null } };
    expect(mergePatch({}, patch)).toEqual({ toString: { a: 1 }, constructor: {} });
  });
});

const NOTHINGS = { a: false, b: 0, c: '' };

describe('a dialect that extends another', () => {
  it('is its base with a patch, under its own id and title', () => {
    const base = shippedDialect('unionpay-pos')!;
    expect(loaded(undefined)).toEqual({ ...base, id: 'mine', title: 'Mine' });
    const patched = loaded({ fields: { 41: { name: 'Till', length: 9 }, 57: null } });
    expect(patched.fields[41]).toEqual({ ...base.fields[41], name: 'Till', length: 9 });
    expect(patched.fields).not.toHaveProperty('57');
    expect(patched.fields[42]).toEqual(base.fields[42]);
    expect(base.fields[41]?.name).toBe('TID');
  });

  it('loses what its patch takes away, and so what refers to it is a mistake', () => {
    const base = shippedDialect('unionpay-pos')!;
    const rest = loaded({ fields: { 54: { structure: null, secret: 'payload' } } });
    expect(rest.fields[54]).not.toHaveProperty('structure');
    expect(base.fields[54]).toHaveProperty('structure');
    const error = refusal(() => loaded({ fields: { 60: null } }));
    expect(error).toMatchObject({ code: 'E_DIALECT' });
    expect(error.message).toContain('field 60 is not defined');
  });

  it('takes patches in the order of the chain, the last one last', () => {
    const sources = new Map<string, DialectSource>([
      ['low', { ...mine({ fields: { 41: { name: 'low', zh: 'low' }, 42: { name: 'low' } } }) }],
      [
        'high',
        { id: 'high', title: 'High', extends: 'low', patch: { fields: { 41: { name: 'high' } } } },
      ],
    ]);
    const dialect = loadDialect(
      sources.get('high')!,
      (name) => sources.get(name) ?? shippedSource(name),
    );
    expect(dialect).toMatchObject({
      id: 'high',
      title: 'High',
      fields: { 41: { name: 'high', zh: 'low' }, 42: { name: 'low' } },
    });
    expect(dialect).not.toHaveProperty('extends');
  });

  it('tells the finder who asks, so that a file is looked for beside it', () => {
    const sources = linked({ one: 'two', two: 'three', three: undefined });
    const asked: string[] = [];
    resolveDialect(sources.get('one')!, (name, from) => {
      asked.push(`${from.id} → ${name}`);
      return sources.get(name);
    });
    expect(asked).toEqual(['one → two', 'two → three']);
  });

  it('is not changed by a patch in __proto__', () => {
    const patch: unknown = JSON.parse(
      '{"__proto__":{"macField":5},"fields":{"__proto__":{"x":1}}}',
    );
    expect(loaded(patch)).toEqual(loaded({}));
  });

  it.each([
    ['itself', { one: 'one' }, 'one → one'],
    ['one that extends it', { one: 'two', two: 'one' }, 'one → two → one'],
    ['a circle of three', { one: 'two', two: 'three', three: 'one' }, 'one → two → three → one'],
    ['a circle that it is no part of', { one: 'two', two: 'three', three: 'two' }, 'three → two'],
  ])('is refused when it extends %s', (_what, links, chain) => {
    const error = refusal(() => resolved(linked(links), 'one'));
    expect(error).toMatchObject({ code: 'E_DIALECT_CYCLE', path: 'extends' });
    expect(error.message).toContain(chain);
  });

  it('is refused when the base has its own id: nobody could tell them apart', () => {
    const error = refusal(() => loadDialect({ ...mine({}), id: 'unionpay-pos' }, shippedSource));
    expect(error.code).toBe('E_DIALECT_CYCLE');
    expect(error.message).toContain('unionpay-pos → unionpay-pos');
  });

  it('stands on at most seven others', () => {
    const chain = (length: number): Map<string, DialectSource> =>
      linked(
        Object.fromEntries(
          Array.from({ length }, (_, at) => [`d${at}`, at < length - 1 ? `d${at + 1}` : undefined]),
        ),
      );
    expect(resolved(chain(8), 'd0').id).toBe('d0');
    const error = refusal(() => resolved(chain(9), 'd0'));
    expect(error.code).toBe('E_DIALECT_CYCLE');
    expect(error.message).toContain('too deep: d0 → d1');
  });

  it('is refused when nobody knows its base', () => {
    const error = refusal(() => loadDialect({ ...mine({}), extends: 'unknown' }, shippedSource));
    expect(error).toMatchObject({ code: 'E_DIALECT_UNKNOWN', path: 'extends' });
    expect(error.message).toContain('"unknown", which mine extends');
  });

  it('is refused with its first mistake', () => {
    const twice = { match: { fields: [5] }, fields: { 41: { length: { max: 8 } } } };
    expect(refusal(() => loaded(twice))).toMatchObject({
      code: 'E_DIALECT',
      path: 'fields.41.length',
      message: expect.stringContaining('a length range needs a prefix') as string,
      hint: expect.stringContaining('"prefix": "LL"') as string,
    });
  });
});

describe('a dialect that says little', () => {
  it('has a usual framing, no messages and no codes', () => {
    const dialect = loadDialect(linked({ one: undefined }).get('one')!, () => undefined);
    expect(dialect).toMatchObject({
      id: 'one',
      framing: { prefix: { encoding: 'binary', bytes: 2 }, maxFrameBytes: 4096 },
      fields: {},
      macField: 64,
      mac: { algorithm: 'unionpay-ecb', output: 'hex' },
      rules: {},
      transactions: {},
      match: { fields: [] },
      responseCodes: {},
    });
    expect(dialect.framing).not.toHaveProperty('tpdu');
  });

  it('keeps what it does say', () => {
    const framing = { prefix: { encoding: 'ascii', bytes: 4 }, maxFrameBytes: 99 } as const;
    const mac = { algorithm: 'iso9797-3', padding: 2 };
    const source = { ...STANDING, id: 'one', title: 'One', framing, macField: 128, mac };
    const dialect = loadDialect(source as DialectSource, () => undefined);
    expect(dialect).toMatchObject({ framing, macField: 128 });
    expect(dialect.mac).toEqual(mac);
  });
});
