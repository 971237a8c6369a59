import { describe } from 'vitest';
import { breaks, field, NAMED, passes } from './spoilt-dialect.ts';

const TWO_DIGITS = { ...NAMED, class: 'n', length: 2 };

const TWELVE = { values: { 12: 'twelve' } };

/** Field 57: at most 999 bytes that nothing else looks at. */
function bytes(structure: object): object {
  return field(57, { structure });
}

/** Field 54: at most 20 characters that nothing else looks at. */
function text(structure: object): object {
  return field(54, { structure });
}

function parts(...all: object[]): object {
  return { kind: 'positions', parts: all };
}

function part(name: string, size: number | 'rest', more: object = {}): object {
  return { name, zh: name, size, ...more };
}

describe('the check of structures', () => {
  const inText = 'fields.54.structure';
  const inBytes = 'fields.57.structure';
  const pair = (from: number, size: number | 'rest' = 2): object =>
    parts(part('one', 3), part('two', size, { from }));
  breaks([
    [
      `${inText}.parts.1.from: "two" begins at 3, inside the part before it`,
      text(pair(3)),
      'ends at 3',
    ],
    [`${inText}.parts.1.from: nothing covers 4 to 4`, text(pair(5)), 'reserved part'],
    [`${inText}.parts.1.from: nothing covers 4 to 5`, text(pair(6, 'rest')), 'reserved part'],
    [
      `${inText}.parts.0.size: only the last part takes the rest`,
      text(parts(part('one', 'rest'), part('two', 2))),
      'give its size',
    ],
    [
      `${inText}.parts.1.size: "two" ends at 21, behind the end of the field`,
      text(pair(4, 18)),
      '20 at most',
    ],
    [
      `${inText}.parts.0.class: a part of a text holds no bytes`,
      text(parts(part('one', 3, { class: 'b' }))),
      'leave the class out',
    ],
    [
      `${inText}.parts.0.values: "ab" has not the size of its part`,
      text(parts(part('one', 3, { values: { abc: 'good', ab: 'bad' } }))),
      '3 characters',
    ],
    [
      `${inBytes}.parts.0.values: "0" has not the size of its part`,
      bytes(parts(part('one', 1, { class: 'b', values: { '01': 'good', 0: 'bad' } }))),
      'due',
    ],
    [
      `${inBytes}.parts.0.values: "0102" has not the size of its part`,
      bytes(parts(part('one', 1, { class: 'b', values: { '01': 'good', '0102': 'bad' } }))),
      'due',
    ],
    [
      `${inBytes}.parts.0.values: "ZZ" has not the size of its part`,
      bytes(parts(part('one', 1, { class: 'b', values: { '01': 'good', ZZ: 'bad' } }))),
      'due',
    ],
    [
      `${inText}.parts.1.structure.parts.0.size: "in" ends at 3, behind the end of the field`,
      text(parts(part('one', 3), part('two', 2, { structure: parts(part('in', 3)) }))),
      '2 at most',
    ],
  ]);
  passes([
    ['parts that name where they begin', text(pair(4, 17))],
    ['a rest that nothing is left for', text(parts(part('one', 20), part('two', 'rest')))],
    ['values of text', bytes(parts(part('one', 2, { class: 'n', values: { '01': 'good' } })))],
    ['values of bytes', bytes(parts(part('one', 1, { class: 'b', values: { '0A': 'good' } })))],
    [
      'values inside a part of text in bytes',
      bytes(parts(part('one', 2, { class: 'n', structure: parts(part('in', 2, TWELVE)) }))),
    ],
    ['values of bytes by their field', bytes(parts(part('one', 1, { values: { '0A': 'good' } })))],
    [
      'Chinese values of two bytes a character',
      field(63, { variants: null, structure: parts(part('one', 2, { values: { 借: 'debit' } })) }),
    ],
  ]);

  const records = (countDigits: number, ...all: object[]): object => ({
    kind: 'records',
    countDigits,
    parts: all,
  });
  const tlv = (tags: object, more: object = {}): object => ({
    kind: 'text-tlv',
    tagCharacters: 2,
    lengthDigits: 3,
    tags,
    ...more,
  });
  const ber = (more: object): object => ({ kind: 'ber-tlv', ...more });
  const sub = (fields: object, bitmap: object | undefined): object => ({
    kind: 'sub-message',
    ...(bitmap === undefined ? {} : { bitmap }),
    fields,
  });
  const oneByte = { encoding: 'binary', bytes: 1 };
  breaks([
    [
      `${inText}.parts.1.size: a record has no rest`,
      text(records(2, part('one', 3), part('two', 'rest'))),
      'size of every part',
    ],
    [`${inText}.parts.0.size: a record has no rest`, text(records(2, part('one', 'rest'))), 'size'],
    [`${inText}: one record of 19 does not fit into 20`, text(records(2, part('one', 19))), ''],
    [`${inText}: BER-TLV is made of bytes`, text(ber({ tags: null })), 'class b'],
    [`${inBytes}.maxDepth: an impossible depth`, bytes(ber({ maxDepth: 13 })), '1 to 12'],
    [`${inBytes}.maxDepth: an impossible depth`, bytes(ber({ maxDepth: 0 })), '1 to 12'],
    [`${inBytes}.tags.9f26: "9f26" is no BER tag`, bytes(ber({ tags: { '9f26': NAMED } })), 'hex'],
    [`${inBytes}.tags.9F2: "9F2" is no BER tag`, bytes(ber({ tags: { '9F2': NAMED } })), '9F26'],
    [
      `${inBytes}.tags.9F26.structure.parts.0.size: "in" ends at 9, behind the end of the field`,
      bytes(ber({ tags: { '9F26': { ...NAMED, size: 8, structure: parts(part('in', 9)) } } })),
      '8 at most',
    ],
    [`${inBytes}.tags.A12: "A12" has not 2 characters`, bytes(tlv({ A12: NAMED })), 'tagChar'],
    [
      `${inText}.tags.A: "A" has not 2 characters`,
      text({ kind: 'fixed-tags', tagCharacters: 2, tags: { A: { ...NAMED, size: 3 } } }),
      'tagCharacters',
    ],
    [
      `${inText}.tags.A1.structure: BER-TLV is made of bytes`,
      text(tlv({ A1: { ...NAMED, structure: ber({}) } })),
      'class b',
    ],
    [
      `${inBytes}.parts.0.structure: BER-TLV is made of bytes`,
      bytes(parts(part('one', 4, { class: 'an', structure: ber({}) }))),
      'class b',
    ],
    [`${inText}: a sub-message is made of bytes`, text(sub({ 1: TWO_DIGITS }, oneByte)), 'class b'],
    [
      `${inBytes}.fields.9: sub-field 9 has no bit`,
      bytes(sub({ 8: TWO_DIGITS, 9: TWO_DIGITS }, oneByte)),
      'there are 8',
    ],
    [
      `${inBytes}.fields.193: sub-field 193 has no bit`,
      bytes(sub({ 193: TWO_DIGITS }, undefined)),
      'there are 192',
    ],
    [
      `${inBytes}.fields.2.length: a length range needs a prefix`,
      bytes(sub({ 2: { ...TWO_DIGITS, length: { max: 2 } } }, oneByte)),
      '"LL"',
    ],
    [
      'fields.57.variants.other.structure.parts.0.size: "in" ends at 1000, behind the end of the field',
      field(57, {
        variants: {
          other: { ...NAMED, when: { present: '3' }, structure: parts(part('in', 1000)) },
        },
      }),
      '999 at most',
    ],
  ]);
  passes([
    ['the deepest template', bytes(ber({ maxDepth: 12 }))],
    ['one record that just fits', text(records(2, part('one', 18)))],
    ['BER-TLV in a part of bytes', bytes(parts(part('one', 4, { structure: ber({}) })))],
    ['the same in so many words', bytes(parts(part('one', 4, { class: 'b', structure: ber({}) })))],
    ['tags of one to four bytes', bytes(ber({ tags: { 50: NAMED, DF8101: NAMED } }))],
  ]);
});
