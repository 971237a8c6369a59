import { describe, expect, it } from 'vitest';
import { FAMILIES, joinPieces, replacePiece, type Family } from './dialect-families.ts';
import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import type { FieldSpec, PrefixSpec } from '../../protocol/dialect/dialect.ts';
import { shippedDialect } from '../../protocol/dialects/shipped.ts';
import { decodeMessage, locateFields } from '../../protocol/message/decode-message.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';

describe.each(FAMILIES)('the family $name', ({ dialect, message, pieces, damages }) => {
  const worked = joinPieces(pieces);

  it('writes its message as the bytes that were worked out by hand', () => {
    expect(toHex(encodeMessage(dialect, message))).toBe(worked);
  });

  it('reads these bytes as its message, and finds every field where its piece is', () => {
    expect(decodeMessage(dialect, fromHex(worked))).toEqual({ ok: true, message, warnings: [] });
    const places = locateFields(dialect, fromHex(worked));
    const found = places.map(({ field, offset, lengthBytes }) => ({
      key: String(field),
      hex: worked.slice(offset * 2, (offset + lengthBytes) * 2),
    }));
    expect(found).toEqual(pieces.filter(({ key }) => /^\d+$/.test(key)));
  });

  it('comes back from either side', () => {
    const bytes = encodeMessage(dialect, message);
    const decoded = decodeMessage(dialect, bytes);
    if (!decoded.ok) throw decoded.error;
    expect(decoded.message).toEqual(message);
    expect(encodeMessage(dialect, decoded.message)).toEqual(bytes);
  });

  it.each(damages)('refuses in $key $why', ({ key, hex, refusal, offset }) => {
    const bytes = fromHex(joinPieces(replacePiece(pieces, { key, hex })));
    const decoded = decodeMessage(dialect, bytes);
    if (decoded.ok) expect.fail(`accepted as ${JSON.stringify(decoded.message.fields)}`);
    const { code, path = '-', offset: found } = decoded.error;
    expect(`${code} ${path} at ${found}`).toBe(`${refusal} at ${offset}`);
  });
});

function fieldsOf({ dialect }: Family): FieldSpec[] {
  return Object.values(dialect.fields);
}

/** Prefixes with what the defaults of their dialect add. */
function prefixesOf(family: Family): PrefixSpec[] {
  return fieldsOf(family).flatMap(({ prefix }) => {
    if (prefix === undefined) return [];
    const given = typeof prefix === 'string' ? { form: prefix } : prefix;
    return [{ ...family.dialect.defaults.prefix, ...given }];
  });
}

describe('the families together', () => {
  const fields = FAMILIES.flatMap(fieldsOf);
  const prefixes = FAMILIES.flatMap(prefixesOf);

  it('are ten, and five of them extend no other dialect', () => {
    expect(FAMILIES).toHaveLength(10);
    expect(FAMILIES.filter(({ isWhole }) => isWhole)).toHaveLength(5);
  });

  it.each(['n', 'a', 'an', 'anp', 'ans', 'z', 'b', 'x+n'])('have fields of class %s', (cls) => {
    expect(fields.some((field) => field.class === cls)).toBe(true);
  });

  it.each(['L', 'LL', 'LLL', 'LLLL'])('have lengths of the form %s', (form) => {
    expect(prefixes.some((prefix) => prefix.form === form)).toBe(true);
  });

  it.each(['ascii', 'ebcdic-037', 'ebcdic-500', 'ebcdic-1047', 'bcd', 'binary'])(
    'have lengths in %s',
    (encoding) => {
      expect(prefixes.some((prefix) => prefix.encoding === encoding)).toBe(true);
    },
  );

  it.each(['digits', 'characters', 'bytes'])('have lengths that count %s', (unit) => {
    expect(prefixes.some((prefix) => prefix.counts === unit)).toBe(true);
  });

  it('have lengths that count themselves, and trimmed fills of both kinds on both sides', () => {
    expect(prefixes.some((prefix) => prefix.includesItself === true)).toBe(true);
    const trimmed = fields.filter(({ trim }) => trim === true);
    const kinds = trimmed.map(({ fill, justify = 'left' }) => `${fill} ${justify}`);
    expect(kinds).toEqual(expect.arrayContaining(['space left', 'space right', 'zero right']));
  });

  it('have one, two and three bitmaps', () => {
    const sizes = new Set(FAMILIES.map(({ dialect }) => dialect.bitmap.fields));
    expect([...sizes].sort((a, b) => a - b)).toEqual([64, 128, 192]);
  });
});

describe('the shipped tables of both editions', () => {
  it.each(['iso87-ascii', 'iso87-binary', 'iso93-ascii'])('%s define 2 to 128 but 65', (id) => {
    const { fields } = shippedDialect(id)!;
    const all = Array.from({ length: 127 }, (_, at) => at + 2).filter((field) => field !== 65);
    expect(Object.keys(fields).map(Number)).toEqual(all);
    const secrets = [2, 34, 35, 36, 45, 52, 55].map((field) => fields[field]?.secret);
    expect(secrets).toEqual(['pan', 'pan', 'track', 'track', 'track', 'pin', 'emv']);
  });
});
