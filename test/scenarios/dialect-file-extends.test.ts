import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SHIPPED_SOURCES, shippedDialect } from '../../protocol/dialects/shipped.ts';
import { openDialect, readDialectFile } from '../../scenarios/dialect-file/read-dialect-file.ts';
import {
  inFolder,
  marked,
  mistakesIn,
  partsOf,
  patched,
  read,
  refusal,
  useFolder,
} from './dialect-folder.ts';

useFolder();

const PART = '"name": "a", "zh": "a"';

/** A patch that gives a field a name. */
function renames(field: number, name: string): string {
  return `{ "fields": { "${field}": { "name": "${name}" } } }`;
}

/** A base in a file of its own. */
function base(patch: string): string {
  return patched(patch, 'unionpay-pos', 'base');
}

describe('a dialect file that extends another', () => {
  it('finds it beside itself, wherever both are', () => {
    const reading = read({
      'one/mine.json': patched('{}', '../two/base.json'),
      'two/base.json': patched(renames(41, 'low'), './deep/base.json', 'base'),
      'two/deep/base.json': patched(renames(42, 'deep'), 'unionpay-pos', 'deep'),
    });
    expect(reading).toMatchObject({
      ok: true,
      dialect: { id: 'mine', fields: { 41: { name: 'low' }, 42: { name: 'deep' } } },
    });
  });

  it.each([
    ['itself', { 'mine.json': patched('{}', './mine.json') }, 'mine → mine'],
    [
      'one that extends it',
      {
        'mine.json': patched('{}', 'other.json'),
        'other.json': patched('{}', './mine.json', 'other'),
      },
      'mine → other → mine',
    ],
    [
      'a circle through a folder',
      {
        'mine.json': patched('{}', 'sub/other.json'),
        'sub/other.json': patched('{}', 'third.json', 'other'),
        'sub/third.json': patched('{}', '../mine.json', 'third'),
      },
      'mine → other → third → mine',
    ],
  ])('is refused when it extends %s', (_what, files, chain) => {
    const error = refusal(() => read(files));
    expect(error.code).toBe('E_DIALECT_CYCLE');
    expect(error.message).toContain(chain);
    // Where the circle closes.
    const last = Object.keys(files).at(-1)!;
    expect(error.message).toMatch(new RegExp(`→ mine at \\S*${last}:\\d+:\\d+`));
  });

  it('is refused when there is no such dialect', () => {
    const error = refusal(() => read({ 'mine.json': patched('{}', 'nobody') }));
    expect(error.code).toBe('E_DIALECT_UNKNOWN');
    expect(error.message).toMatch(/"nobody", which mine extends at \S*mine\.json:\d+:\d+/);
  });

  it('is told the name that its base nearly has', () => {
    const error = refusal(() => read({ 'mine.json': patched('{}', 'unionpay-pso') }));
    expect(error.hint).toContain('did you mean "unionpay-pos"');
  });

  it('is refused when there is no such file, or no JSON in it', () => {
    const missing = refusal(() => read({ 'mine.json': patched('{}', './none.json') }));
    expect(missing.code).toBe('E_FILE');
    expect(missing.message).toContain(inFolder('none.json'));
    const broken = { 'mine.json': patched('{}', './base.json'), 'base.json': '{\n"id" }' };
    const error = refusal(() => read(broken));
    expect(error.code).toBe('E_JSON');
    expect(error.message).toContain(`${inFolder('base.json')}:2:`);
  });

  it.each([
    ['a mistyped member', base('{\n "fields": { "41": { ¦"clas": "an" } } }')],
    ['a mistyped "patch"', base(renames(41, 'x')).replace('"patch"', '¦"pach"')],
    ['a patch that is a number', base('5').replace('"patch"', '¦"patch"')],
    [
      'overlapping parts',
      base(partsOf(`{ ${PART}, "size": 2 }, { ${PART}, ¦"from": 1, "size": 2 }`)),
    ],
    ['nothing but null', '¦null'],
    ['no members', '¦{}'],
    ['a list', '¦[]'],
  ])('is told of %s in its base, with the place there', (_what, source) => {
    const { text, place } = marked(source);
    const found = mistakesIn({ 'mine.json': patched('{}', './base.json'), 'base.json': text });
    expect(found.join('\n')).toMatch(new RegExp(`^base.json:${place} `));
    expect(found.filter((each) => !each.startsWith('base.json:'))).toEqual([]);
  });

  it('is told of a mistake that it makes of a sound base, with the place in itself', () => {
    const { text, place } = marked(patched('{\n "match": { ¦"fields": [5] } }', './base.json'));
    const found = mistakesIn({ 'mine.json': text, 'base.json': base(renames(41, 'low')) });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/match: field 5 is not defined/);
    expect(found[0]).toMatch(new RegExp(`^mine.json:${place.split(':')[0]}:`));
  });

  it('is told of what neither file speaks of, in itself', () => {
    const text = patched('{ "macField": 5 }', './base.json');
    const found = mistakesIn({ 'mine.json': text, 'base.json': base(renames(41, 'low')) });
    expect(found.length).toBeGreaterThan(0);
    for (const each of found) expect(each).toMatch(/^mine\.json:/);
  });
});

describe('a dialect by its name', () => {
  it.each(SHIPPED_SOURCES.map(({ id }) => id))('is %s, as shipped and as written', (id) => {
    const shipped = shippedDialect(id)!;
    expect(openDialect(id)).toBe(shipped);
    const path = new URL(`../../protocol/dialects/${id}.json`, import.meta.url);
    expect(readDialectFile(fileURLToPath(path))).toEqual({ ok: true, dialect: shipped });
    // With everything filled in it is a dialect file again.
    expect(read({ 'mine.json': JSON.stringify(shipped) })).toEqual({ ok: true, dialect: shipped });
  });

  it('is a file when it looks like a path, and unknown otherwise', () => {
    read({ 'mine.json': patched('{}') });
    expect(openDialect(inFolder('mine.json')).id).toBe('mine');
    expect(refusal(() => openDialect('./none.json')).code).toBe('E_FILE');
    const typo = refusal(() => openDialect('unionpay-pso'));
    expect(typo.code).toBe('E_DIALECT_UNKNOWN');
    expect(typo.hint).toBe('did you mean "unionpay-pos"?');
    expect(refusal(() => openDialect('nothing')).hint).toContain('countersign dialect list');
  });
});
