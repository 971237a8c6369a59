import { describe, expect, it } from 'vitest';
import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
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

/** What every dialect has, whatever its file says. */
const MEMBERS = Object.keys(UNIONPAY_POS).filter(
  (member) => !['id', 'title', 'encryptedTrack'].includes(member),
);

/** A mistake in a patch: what it is, the patch with ¦ where it stands, what must be said of it. */
type Row = readonly [what: string, patch: string, said: RegExp];

function explains(rows: readonly Row[]): void {
  it.each(rows)('explains %s', (_what, patch, said) => {
    const { text, place } = marked(patched(patch));
    const found = mistakesIn({ 'mine.json': text });
    expect(found[0]).toMatch(new RegExp(`^mine.json:${place} `));
    expect(found[0]).toMatch(said);
    expect(found).toHaveLength(1);
  });
}

const PART = '"name": "a", "zh": "a"';
/** A variant of field 54. */
const whenOf = (members: string): string =>
  `{ "fields": { "54": { "variants": { "other": {\n${PART}, ${members} } } } } }`;

describe('a mistake of form in a patch', () => {
  explains([
    [
      'a mistyped member of a field',
      '{ "fields": {\n "41": { ¦"clas": "an" } } }',
      /fields\.41\.clas: there is no such member \| did you mean "class"/,
    ],
    ['a mistyped member of all', '{\n ¦"feilds": {} }', /feilds: .* \| did you mean "fields"/],
    [
      'a MAC that is not known',
      '{ "mac": {\n ¦"algorithm": "x9.91" } }',
      /mac\.algorithm: "x9\.91" is not possible \| did you mean "x9\.9"/,
    ],
    [
      'a padding that there is not',
      '{ "mac": { ¦"padding": 3 } }',
      /mac\.padding: 3 is not possible/,
    ],
    ['a member of one letter', '{\n ¦"x": {} }', /x: there is no such member/],
    [
      'a member of two letters inside',
      '{ "fields": { "41": {\n ¦"zz": 1 } } }',
      /fields\.41\.zz: there is no such member/,
    ],
    [
      'an id in the wrong place',
      '{\n ¦"extends": "iso87-ascii" }',
      /extends: there is no such member \| (?!did you mean "extends")/,
    ],
    [
      'a member far from any',
      '{\n ¦"quite-another-thing": {} }',
      /thing: there is no such member \| known: .*fields, /,
    ],
    [
      'a class that there is not',
      '{ "fields": { "41": {\n ¦"class": "anns" } } }',
      /fields\.41\.class: "anns" is not possible \| did you mean "ans"/,
    ],
    [
      'a word far from any possible one',
      '{ "fields": { "41": {\n ¦"justify": "center-of-it" } } }',
      /"center-of-it" is not possible \| one of left, right/,
    ],
    [
      'a word too long to be quoted whole',
      `{ "fields": { "41": {\n ¦"justify": "${'x'.repeat(200)}" } } }`,
      /justify: "x{40,80} is not possible/,
    ],
    [
      'an encoding that there is not',
      '{ "mti": {\n\n ¦"encoding": "asci" } }',
      /mti\.encoding: "asci" .* did you mean "ascii"/,
    ],
    [
      'a class that there is not among the defaults',
      '{ "defaults": { "encoding": {\n ¦"N": "bcd" } } }',
      /defaults\.encoding\.N: /,
    ],
    [
      'a mistyped member of a prefix',
      '{ "fields": { "2": { "prefix": { "form": "LL",\n ¦"encodng": "bcd" } } } }',
      /prefix\.encodng: .*did you mean "encoding"/,
    ],
    [
      'a number as text',
      '{ "framing": {\n ¦"maxFrameBytes": "4096" } }',
      /framing\.maxFrameBytes: .*(?:integer|number)/,
    ],
    ['a length as text', '{ "fields": { "41": {\n ¦"length": "8" } } }', /integer|number/],
    ['a length of nothing', '{ "fields": { "41": {\n ¦"length": 0 } } }', /length: must be >= 1/],
    [
      'a largest length as text',
      '{ "fields": { "2": { "length": {\n ¦"max": "19" } } } }',
      /fields\.2\.length\.max: .*(?:integer|number)/,
    ],
    ['a prefix that is too long', '{ "fields": { "2": {\n ¦"prefix": "LLLLL" } } }', /LLLL\b/],
    [
      'field numbers as text',
      '{ "rules": { "sale": { "mandatory": [3,\n ¦"4"] } } }',
      /rules\.sale\.mandatory\.1: .*(?:integer|number)/,
    ],
    [
      'a number of fields that no bitmap has',
      '{ "bitmap": {\n ¦"fields": 100 } }',
      /bitmap\.fields: 100 is not possible/,
    ],
    ['an array for an object', '{\n ¦"framing": [] }', /framing: must be object/],
    [
      'a field that has a name in place of its number',
      `{ "fields": {\n ¦"stan": { ${PART}, "class": "n", "length": 6 } } }`,
      /fields\.stan: .*stan.* \| .*number/,
    ],
    [
      'a variant whose name has a blank',
      '{ "fields": { "54": { "variants": {\n' +
        ` ¦"My own": { ${PART}, "when": { "present": "3" } } } } } }`,
      /variants\.My own: .*My own.* \| lower-case/,
    ],
    [
      'a missing member of a transaction',
      '{ "transactions": {\n ¦"other": { "mti": "0200", "request": "sale", "answer": "sale",' +
        ' "echo": [] } } }',
      /transactions\.other: .*'zh'/,
    ],
  ]);
});

describe('a mistake of form inside a structure or a condition', () => {
  explains([
    ['a missing member of a part', partsOf('\n ¦{ "name": "a", "size": 2 }'), /parts\.0: .*'zh'/],
    [
      'a member that a part does not have',
      partsOf(`{ ${PART}, "size": 2,\n ¦"valuse": {} }`),
      /parts\.0\.valuse: .*did you mean "values"/,
    ],
    [
      'a mistyped member of a part',
      partsOf('{ \n ¦"nmae": "a", "zh": "a", "size": 2 }'),
      /parts\.0\.nmae: .*did you mean "name"/,
    ],
    ['a size as text', partsOf(`{ ${PART},\n ¦"size": "2" }`), /size: .*(?:integer|number)/],
    [
      'a class that no part has',
      partsOf(`{ ${PART}, "size": 2,\n ¦"class": "x+n" }`),
      /parts\.0\.class: "x\+n" is not possible/,
    ],
    [
      'a mistyped member of BER-TLV',
      '{ "fields": { "55": { "structure": {\n ¦"maxDeph": 3 } } } }',
      /structure\.maxDeph: .*did you mean "maxDepth"/,
    ],
    [
      'a missing member of a text TLV',
      '{ "fields": { "59": {\n ¦"structure": { "lengthDigits": null } } } }',
      /structure: .*'lengthDigits'/,
    ],
    [
      'a number as text in a text TLV',
      '{ "fields": { "59": { "structure": {\n ¦"lengthDigits": "3" } } } }',
      /structure\.lengthDigits: .*(?:integer|number)/,
    ],
    [
      'a mistyped member of a condition',
      whenOf('"when": {\n ¦"pth": "mti", "is": ["0200"] }'),
      /variants\.other\.when\.pth: .*did you mean "path"/,
    ],
    [
      'a text for a list in a condition',
      whenOf('"when": { "path": "mti",\n ¦"is": "0200" }'),
      /variants\.other\.when\.is: must be array/,
    ],
    [
      'a number for a text in a condition',
      whenOf('"when": { "all": [{ "path": "mti", "is": [\n ¦200] }] }'),
      /variants\.other\.when\.all\.0\.is\.0: must be string/,
    ],
    [
      'a path that is none',
      whenOf('"when": {\n ¦"path": "MTI", "is": [] }'),
      /variants\.other\.when\.path: .*MTI.* \| it must match \^/,
    ],
  ]);
});

describe('an unknown kind of structure', () => {
  it('is explained with the kinds that there are', () => {
    const patch = partsOf(`{ ${PART}, "size": 2 }`).replace('positions', 'position');
    const found = mistakesIn({ 'mine.json': patched(patch) });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^mine\.json:[56]:\d+ fields\.57\.structure/);
    expect(found[0]).toMatch(/position.*did you mean "positions"|one of .*positions/);
  });
});

describe('a mistake of meaning in a patch', () => {
  explains([
    [
      'overlapping parts',
      partsOf(`{ ${PART}, "size": 2 },\n { ${PART}, ¦"from": 2, "size": 2 }`),
      /fields\.57\.structure\.parts\.1\.from: "a" begins at 2, .* \| the part before it ends at 2/,
    ],
    [
      'an impossible prefix',
      '{ "fields": { "46": {\n ¦"prefix": "LL" } } }',
      /fields\.46\.prefix: LL cannot say 999 \| .*longer prefix/,
    ],
    [
      'a condition on a field that there is not',
      whenOf('\n ¦"when": { "present": "5" }'),
      /variants\.other\.when: field 5 is not defined/,
    ],
    [
      'what is missing, where its nearest member stands',
      '{ "fields": {\n ¦"2": { "prefix": null } } }',
      /fields\.2\.length: a length range needs a prefix \| write "prefix": "LL"/,
    ],
  ]);

  it.each([
    ['tabs', (text: string) => text.replaceAll('  ', '\t')],
    ['carriage returns', (text: string) => text.replaceAll('\n', '\r\n')],
    ['one line', (text: string) => text.replaceAll('\n', ' ')],
    ['Chinese text before it', (text: string) => text.replace('Mine', '收单机构“一”')],
    ['escapes before it', (text: string) => text.replace('Mine', '\\"\\u4e2d\\/\\ud83d\\ude00')],
  ])('is found behind %s', (_what, change) => {
    const { text, place } = marked(change(patched('{\n  "fields": { "41": { ¦"clas": "an" } } }')));
    expect(mistakesIn({ 'mine.json': text })[0]).toMatch(new RegExp(`^mine.json:${place} `));
  });

  it('stands at the patch when the patch does not speak of it', () => {
    const found = mistakesIn({ 'mine.json': patched('{\n "macField": 5 }') });
    expect(found.length).toBeGreaterThan(5);
    for (const each of found) expect(each).toMatch(/^mine\.json:5:3 transactions\..* field 5 is/);
  });

  it('is listed with the others, twenty at most', () => {
    const typos = (count: number): string =>
      patched(
        `{ ${Array.from({ length: count }, (_, at) => `"nobody-knows-it-${at}": 1`).join(', ')} }`,
      );
    expect(mistakesIn({ 'mine.json': typos(3) })).toHaveLength(3);
    expect(mistakesIn({ 'mine.json': typos(30) })).toHaveLength(20);
    read({ 'mine.json': typos(3) });
    const error = refusal(() => openDialect(inFolder('mine.json')));
    expect(error.code).toBe('E_DIALECT');
    expect(error.message).toMatch(
      /it-0: there is no such member at .*mine\.json:5:14, and 2 more$/,
    );
    expect(error.hint).toContain('known: ');
  });

  it.each(MEMBERS)('is found, or mended, when a patch takes %s away', (member) => {
    // A dialect without it would break the first program that asks for it.
    const reading = read({ 'mine.json': patched(`{ "${member}": null }`) });
    if (reading.ok) expect(reading.dialect).toHaveProperty(member);
    else expect(reading.mistakes.length).toBeGreaterThan(0);
  });
});

describe('a dialect file without a base', () => {
  const whole = (more: string): string =>
    `{\n  "id": "mine",\n  "title": "Mine",\n  "mti": { "encoding": "ascii" },\n` +
    `  "bitmap": { "encoding": "hex", "fields": 64 },\n  "fields": {}${more}\n}\n`;

  it('is read', () => {
    const reading = read({ 'mine.json': whole(',\n  "$schema": "dialect.schema.json"') });
    expect(reading).toMatchObject({ ok: true, dialect: { id: 'mine', macField: 64, rules: {} } });
  });

  it('is told a name that it cannot have in plain quotes', () => {
    const [found] = mistakesIn({ 'mine.json': whole('').replace('"mine"', '"My Dialect"') });
    expect(found).toMatch(/^mine\.json:2:3 id: .*My Dialect/);
    expect(found).not.toContain('""');
  });

  it.each([
    ['"title"', whole('').replace('  "title": "Mine",\n', ''), /^mine.json:1:1 .*'title'/],
    ['"zh" of a field', whole('').replace('{}', `{\n "3": {\n}}`), /^mine.json:7:2 fields\.3: .*/],
    ['an id', whole('').replace('"mine"', '"My Dialect"'), /^mine.json:2:3 id: /],
    ['a base', whole(',\n "extend": "unionpay-pos"'), /7:2 extend: .*did you mean "extends"/],
  ])('says where %s is missing or wrong', (_what, text, said) => {
    expect(mistakesIn({ 'mine.json': text }).join('\n')).toMatch(said);
  });

  it.each(['[]', 'null', '"text"', '5'])('says that %s is none', (text) => {
    expect(mistakesIn({ 'mine.json': text })[0]).toMatch(/^mine\.json:1:1 must be object/);
  });

  it('is told of behind empty lines, where it begins', () => {
    expect(mistakesIn({ 'mine.json': '\n\n  []' })[0]).toMatch(/^mine\.json:3:3 must be object/);
  });
});

describe('a file that is no JSON', () => {
  it.each([
    ['a comma too many', '{\n  "id": "a",\n¦}'],
    ['a comma missing', '{\n  "id": "a"\n  ¦"title": "b"\n}'],
    ['a word without quotes', '{\n  "id": "a",\n  "title": ¦mine\n}'],
    ['NaN', '{\n  "id": "a",\n  "title": ¦NaN\n}'],
    ['a comment', '{\n  ¦// mine\n  "id": "a"\n}'],
    ['single quotes', "{\n  ¦'id': 'a'\n}"],
    ['a text without end', '{\n  "id": "a¦'],
    ['an end too early', '{\n  "id": "a",\n  "title": ¦'],
    ['something behind it', '{}\n¦{}'],
    ['nothing at all', '¦'],
  ])('says the line of %s', (_what, source) => {
    const { text, place } = marked(source);
    const error = refusal(() => read({ 'mine.json': text }));
    expect(error.code).toBe('E_JSON');
    expect(error.message).toContain(`mine.json:${place.split(':')[0]}:`);
    expect(error.message).not.toContain('\n');
    // It is a file that is wrong, not a line of messages.
    expect(error.message).not.toContain('a line is no message');
    expect(error.hint).toContain('JSON');
  });

  it.each([
    ['a comma too many', '{\n  "id": "a",\n  ¦}'],
    ['a comma missing', '{\n  "id": "a"\n  ¦"title": "b"\n}'],
    ['a comment', '{\n  ¦// mine\n  "id": "a"\n}'],
  ])('says the column of %s', (_what, source) => {
    const { text, place } = marked(source);
    const { message } = refusal(() => read({ 'mine.json': text }));
    expect(message).toMatch(new RegExp(`mine\\.json:${place}(?!\\d)`));
  });

  it('is read when an editor has put a byte order mark in front, or says so', () => {
    const text = `\uFEFF${patched('{}')}`;
    let said = 'it is read';
    try {
      expect(read({ 'mine.json': text }).ok).toBe(true);
    } catch (error) {
      said = String(error);
    }
    expect(said).toMatch(/it is read|byte order mark|BOM/);
  });

  it('is refused when it is too large, and read up to four mebibytes', () => {
    const sized = (size: number): string => JSON.stringify({ id: 'a'.repeat(size - 9) });
    const error = refusal(() => read({ 'mine.json': sized(10 * 1024 * 1024) }));
    expect(error.code).toBe('E_JSON');
    expect(error.message).toMatch(/10485760 characters, at most 4194304/);
    expect(refusal(() => read({ 'mine.json': sized(4 * 1024 * 1024 + 1) })).code).toBe('E_JSON');
    expect(read({ 'mine.json': sized(4 * 1024 * 1024) }).ok).toBe(false);
  });

  it('is refused when it is a folder, or nothing', () => {
    for (const path of [inFolder(), inFolder('none.json')]) {
      const error = refusal(() => readDialectFile(path));
      expect(error.code).toBe('E_FILE');
      expect(error.message).toContain(path);
    }
  });
});
