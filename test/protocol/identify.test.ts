import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES, messageVectors } from '../vectors.ts';
import { concatBytes } from '../../protocol/bytes/concat-bytes.ts';
import { fromHex } from '../../protocol/bytes/hex.ts';
import { SHIPPED_SOURCES, shippedDialect } from '../../protocol/dialects/shipped.ts';
import { KNOWN_PREFIXES } from '../../protocol/framing/guess-stranger.ts';
import { writePrefix } from '../../protocol/framing/frame-prefix.ts';
import { identify } from '../../protocol/identify/identify.ts';
import { encodeMessage } from '../../protocol/message/encode-message.ts';
import type { Message } from '../../protocol/message/message.ts';

const dialects = SHIPPED_SOURCES.map(({ id }) => shippedDialect(id)!);
const observed = messageVectors.messages.filter(({ origin }) => origin !== 'computed here');

const PRIVATE: Readonly<Record<string, string>> = {
  'observed-esign-upload-0920-private': 'unionpay-pos-esign-0920',
  'observed-esign-upload-0930-private': 'unionpay-pos-esign-0920',
  'observed-qr-sale-request-with-mac': 'unionpay-pos-qr-a',
};

describe('identify', () => {
  it.each(observed)('names framing and dialect of $name', ({ name, hex, form }) => {
    const [best] = identify(fromHex(hex), dialects);
    const isFramed = !(form ?? 'length').startsWith('tpdu');
    const framing = isFramed ? 'two bytes, big-endian' : 'no length prefix';
    expect(best).toMatchObject({
      dialect: PRIVATE[name] ?? 'unionpay-pos',
      framing: `${framing}, TPDU and header`,
      start: ENVELOPE_BYTES + (isFramed ? 2 : 0),
    });
    expect(best!.verdict).not.toBe('refused');
  });

  const ISO: Message = {
    mti: '0800',
    fields: { 7: '1122093015', 11: '000123', 37: '123456789012', 41: '10000001', 70: '301' },
  };

  it.each(KNOWN_PREFIXES)('names a prefix of $name', ({ name, prefix }) => {
    const dialect = shippedDialect('iso87-ascii')!;
    const bytes = encodeMessage(dialect, ISO);
    const head = new Uint8Array(prefix.bytes);
    writePrefix({ prefix, maxFrameBytes: 9999 }, bytes.length, head);
    const framed = concatBytes([head, bytes]);
    const [best] = identify(framed, dialects);
    expect(best).toMatchObject({ dialect: 'iso87-ascii', framing: name, start: prefix.bytes });
  });

  it.each(['iso87-ascii', 'iso87-binary'])('tells a bare message of %s', (id) => {
    const [best] = identify(encodeMessage(shippedDialect(id)!, ISO), dialects);
    expect(best).toMatchObject({ dialect: id, framing: 'no length prefix', start: 0 });
  });

  it('tells 1993 from 1987 where the fields differ', () => {
    const iso93 = shippedDialect('iso93-ascii')!;
    const message = { mti: '1804', fields: { 11: '000123', 12: '261122093015', 24: '831' } };
    const [best] = identify(encodeMessage(iso93, message), dialects);
    expect(best!.dialect).toBe('iso93-ascii');
  });

  const sale = messageVectors.messages.find(({ name }) => name === 'sale-mag-pin-request')!.hex;

  it('names a length prefix that does not fit', () => {
    for (const said of ['0074', '0076', '7500']) {
      const [best] = identify(fromHex(said + sale.slice(4)), dialects);
      expect(best).toMatchObject({ dialect: 'unionpay-pos', start: 13, verdict: 'strict' });
      expect(best!.framing).toMatch(
        /^two bytes, .*wrong, TPDU and header$|^two bytes, little-endian, TPDU/,
      );
    }
  });

  it('reads the first of several frames, and says that more follow', () => {
    const [best] = identify(fromHex(sale + sale), dialects);
    expect(best).toMatchObject({ dialect: 'unionpay-pos', start: 13, verdict: 'strict' });
    expect(best!.why.join()).toContain('another frame begins');
  });

  it('says of every reading that fails where it does', () => {
    const readings = identify(fromHex(messageVectors.messages[0]!.hex), dialects);
    const refused = readings.filter(({ verdict }) => verdict === 'refused');
    expect(refused.length).toBeGreaterThan(0);
    for (const { why } of refused) expect(why.at(-1)).toMatch(/byte \d+/);
  });

  it('ranks any bytes without an error, readings that fail below those that do not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const readings = identify(bytes, dialects);
        const scores = readings.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((one, other) => other - one));
      }),
      { numRuns: 200 },
    );
  });
});
