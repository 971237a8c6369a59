import { describe, expect, it } from 'vitest';
import { CLASS_BIT, CODE_PAGES, codePageOf } from '../../protocol/bytes/code-page.ts';
import { toHex } from '../../protocol/bytes/hex.ts';

const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at)).join('');

/** `iconv -f ASCII -t IBM037` of the printable characters, and of pages 500 and 1047. */
const BY_ICONV: Readonly<Record<string, string>> = {
  'ebcdic-037':
    '405A7F7B5B6C507D4D5D5C4E6B604B61F0F1F2F3F4F5F6F7F8F97A5E4C7E6E6F' +
    '7CC1C2C3C4C5C6C7C8C9D1D2D3D4D5D6D7D8D9E2E3E4E5E6E7E8E9BAE0BBB06D' +
    '79818283848586878889919293949596979899A2A3A4A5A6A7A8A9C04FD0A1',
  'ebcdic-500':
    '404F7F7B5B6C507D4D5D5C4E6B604B61F0F1F2F3F4F5F6F7F8F97A5E4C7E6E6F' +
    '7CC1C2C3C4C5C6C7C8C9D1D2D3D4D5D6D7D8D9E2E3E4E5E6E7E8E94AE05A5F6D' +
    '79818283848586878889919293949596979899A2A3A4A5A6A7A8A9C0BBD0A1',
  'ebcdic-1047':
    '405A7F7B5B6C507D4D5D5C4E6B604B61F0F1F2F3F4F5F6F7F8F97A5E4C7E6E6F' +
    '7CC1C2C3C4C5C6C7C8C9D1D2D3D4D5D6D7D8D9E2E3E4E5E6E7E8E9ADE0BD5F6D' +
    '79818283848586878889919293949596979899A2A3A4A5A6A7A8A9C04FD0A1',
};

describe('a code page', () => {
  it.each(Object.entries(BY_ICONV))('%s is what iconv makes of it', (encoding, hex) => {
    const page = CODE_PAGES.find((each) => each.encoding === encoding)!;
    const bytes = Uint8Array.from(
      PRINTABLE,
      (character) => page.fromAscii[character.charCodeAt(0)]!,
    );
    expect(toHex(bytes)).toBe(hex);
  });

  it.each(CODE_PAGES)('$encoding goes there and back, and knows no other byte', (page) => {
    let known = 0;
    for (let byte = 0; byte < 256; byte++) {
      const code = page.toAscii[byte]!;
      expect(code === 0).toBe(page.flags[byte] === 0);
      if (code === 0) continue;
      known++;
      expect(page.fromAscii[code]).toBe(byte);
    }
    expect(known).toBe(95);
  });

  it('037, 500 and 1047 differ at [ ] ! ^ | and nowhere else (F036)', () => {
    const [one, two, three] = ['ebcdic-037', 'ebcdic-500', 'ebcdic-1047'].map((encoding) =>
      codePageOf(encoding as 'ebcdic-037'),
    );
    const different = [...PRINTABLE].filter((character) => {
      const code = character.charCodeAt(0);
      return new Set([one, two, three].map((page) => page!.fromAscii[code])).size > 1;
    });
    expect(different.join('')).toBe('![]^|');
  });

  it.each<[keyof typeof CLASS_BIT, RegExp]>([
    ['n', /^\d$/],
    ['a', /^[A-Za-z]$/],
    ['an', /^[0-9A-Za-z]$/],
    ['anp', /^[0-9A-Za-z ]$/],
    ['ans', /^[\x20-\x7E]$/],
    ['z', /^[0-9=D]$/],
    ['hex', /^[0-9A-F]$/],
  ])('knows the characters of class %s', (name, pattern) => {
    for (const { fromAscii, flags } of CODE_PAGES) {
      for (const character of PRINTABLE) {
        const isMember = (flags[fromAscii[character.charCodeAt(0)]!]! & CLASS_BIT[name]) !== 0;
        expect(`${character} ${isMember}`).toBe(`${character} ${pattern.test(character)}`);
      }
    }
  });
});
