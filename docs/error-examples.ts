import { checkForm } from '../api/check-form.ts';
import { object } from '../api/form.ts';
import { checkMedia, checkOrigin, checkToken, type Gate } from '../api/guard.ts';
import { foundOr404, refused } from '../api/route.ts';
import { AMOUNT_FEN } from '../api/shared-forms.ts';
import { TEST_INSTITUTION } from '../emulator/bench/test-institution.ts';
import { readImage } from '../emulator/host/archive/read-image.ts';
import { bootHost } from '../emulator/host/host-state.ts';
import type { MerchantContract } from '../emulator/host/tariff/tariff.ts';
import { fromHex, toHex } from '../protocol/bytes/hex.ts';
import type { DialectSource } from '../protocol/dialect/load-dialect.ts';
import { loadDialect } from '../protocol/dialect/load-dialect.ts';
import { shippedDialect, shippedSource } from '../protocol/dialects/shipped.ts';
import { UNIONPAY_POS } from '../protocol/dialects/unionpay-pos.ts';
import { CountersignError, type ErrorDetails } from '../protocol/errors/countersign-error.ts';
import type { ErrorCode } from '../protocol/errors/error-table.ts';
import { readEnvelope } from '../protocol/framing/envelope.ts';
import { FrameDecoder } from '../protocol/framing/frame-decoder.ts';
import { unwrapMessage } from '../protocol/framing/unwrap-message.ts';
import { makeBitmap } from '../protocol/jbig/bitmap.ts';
import { decodeJbig } from '../protocol/jbig/decode-jbig.ts';
import { encodeJbig } from '../protocol/jbig/encode-jbig.ts';
import { readPortableBitmap } from '../protocol/jbig/portable-bitmap.ts';
import { checkMessage, findingError } from '../protocol/message/check-message.ts';
import { decodeMessage } from '../protocol/message/decode-message.ts';
import { encodeMessage } from '../protocol/message/encode-message.ts';
import { messageFromJson } from '../protocol/message/message-json.ts';
import type { FieldValues } from '../protocol/message/message.ts';
import { desCipher } from '../protocol/security/block-cipher.ts';
import { cryptogramInput } from '../protocol/security/emv-cryptogram.ts';
import { decryptPinBlock } from '../protocol/security/pin-block.ts';
import { encryptTrack } from '../protocol/security/track-cipher.ts';
import { unwrapWorkingKeys } from '../protocol/security/working-keys.ts';
import { findCases } from '../scenarios/find-scenarios.ts';
import { readStrokes } from '../protocol/signature/strokes.ts';
import { readScenario } from '../scenarios/language/read-scenario.ts';
import { openDialect } from '../scenarios/dialect-file/read-dialect-file.ts';

/** How a code comes about: by really doing it, or told, where it takes another program or a fault. */
export type ErrorExample =
  | { readonly what: string; readonly run: () => unknown }
  | { readonly what: string; readonly told: ErrorDetails };

const ASCII = shippedDialect('iso87-ascii')!;

function decoding(hex: string): () => unknown {
  return () => {
    const result = decodeMessage(UNIONPAY_POS, fromHex(hex));
    if (!result.ok) throw result.error;
  };
}

function decodingText(text: string): () => unknown {
  return () => {
    const result = decodeMessage(ASCII, new TextEncoder().encode(text));
    if (!result.ok) throw result.error;
  };
}

function checking(mti: string, fields: FieldValues): () => unknown {
  return () => {
    const [finding] = checkMessage(UNIONPAY_POS, { mti, fields });
    if (finding !== undefined) throw findingError(finding, undefined);
  };
}

/** A stream of three lines a context, typical prediction and 128 lines a stripe. */
function decodingJbig(sizes: string, stripes = ''): () => unknown {
  return () => decodeJbig(fromHex(`${sizes} 00000080 00000008 ${stripes}`));
}

/** Chip data in a message without rules, so that only its inside is judged. */
function chip(hex: string): () => unknown {
  return checking('0200', { 55: hex });
}

function loading(source: Partial<DialectSource> & object): () => unknown {
  const base = { ...shippedSource('iso87-ascii'), id: 'mine', title: 'mine' };
  return () => loadDialect({ ...base, ...source } as DialectSource, () => undefined);
}

const GATE: Gate = { token: 'a-token', hosts: ['127.0.0.1:5001'] };
const ORIGIN_HEADERS: Readonly<Record<string, string>> = {
  host: '127.0.0.1:5001',
  origin: 'http://elsewhere.example',
};

const CYCLE: DialectSource = { id: 'one', title: 'one', extends: 'other' };
const OTHER: DialectSource = { id: 'other', title: 'other', extends: 'one' };

function pushing(hex: string, dialect = UNIONPAY_POS): () => unknown {
  return () => new FrameDecoder(dialect).push(fromHex(hex), () => undefined);
}

const DEAR_CONTRACT: MerchantContract = {
  device: 'e-signature',
  versions: [{ from: '2026-01-01', lines: [{ name: 'credit', rate: { ppm: 7000 } }] }],
};

/** One example for every code, for docs/errors.md and for the test that they hold. */
export const ERROR_EXAMPLES: Readonly<Record<ErrorCode, ErrorExample>> = {
  E_HEX: { what: '`decode 02 0G`', run: () => fromHex('020G') },
  E_FRAME_TOO_LONG: { what: 'prefix `7FFF`', run: pushing('7FFF') },
  E_FRAME_TRUNCATED: { what: 'the line closes inside a frame', told: { text: '3 of 117 bytes' } },
  E_FRAME_TIMEOUT: { what: 'prefix `0075`, then silence', told: { text: '2 bytes in 5 s' } },
  E_FRAME_LENGTH: {
    what: '`0005` before 13 bytes of a frame',
    run: () => unwrapMessage(UNIONPAY_POS, fromHex('0005 6000030000603100310000 0820')),
  },
  E_BAD_TPDU: {
    what: 'TPDU `61 0003 0000`',
    run: () => readEnvelope(fromHex('6100030000603100310000'), UNIONPAY_POS.framing),
  },
  E_FRAME_PREFIX: { what: 'ASCII prefix `00A0`', run: pushing('30304130', ASCII) },
  E_FRAME_SHORT: {
    what: 'prefix `0001` that counts itself',
    run: pushing('0001', {
      ...UNIONPAY_POS,
      framing: {
        prefix: { encoding: 'binary', bytes: 2, includesItself: true },
        maxFrameBytes: 100,
      },
    }),
  },
  E_TRUNCATED: { what: 'STAN of two bytes', run: decoding('0800 0020000000000000 0000') },
  E_BIT_WITHOUT_DATA: { what: 'bit 11, then nothing', run: decoding('0800 0020000000000000') },
  E_TRAILING: { what: 'one byte behind STAN', run: decoding('0800 0020000000000000 000001 FF') },
  E_DATA_WITHOUT_BIT: {
    what: 'a TID behind STAN, bit 41 clear',
    run: decoding('0800 0020000000000000 000001 3130303030303031'),
  },
  E_BAD_MTI: { what: 'message type `02F0`', run: decoding('02F0 0020000000000000 000001') },
  E_BAD_BITMAP: { what: 'bit 1 with 64 fields', run: decoding('0800 8020000000000000 000001') },
  E_EMPTY_BITMAP: {
    what: 'bit 1, and a second bitmap of zeros',
    run: decodingText(`0800${'8020000000000000'}${'0000000000000000'}000001`),
  },
  E_UNDEFINED_FIELD: { what: 'bit 5', run: decoding('0800 0800000000000000 000001') },
  E_BAD_LENGTH: { what: 'LL `1A`', run: decoding('0200 4000000000000000 1A12') },
  E_LENGTH_OVER_MAX: { what: 'LL `20` of a PAN', run: decoding('0200 4000000000000000 2012') },
  E_LENGTH_UNDER_MIN: {
    what: 'LLL `0007` of field 60',
    run: decoding('0800 0000000000000010 000722000000'),
  },
  E_BAD_BCD: { what: 'STAN `00000F`', run: decoding('0800 0020000000000000 00000F') },
  E_BAD_DIGIT: { what: 'STAN `00000X`', run: decodingText('0800002000000000000000000X') },
  E_BAD_PAD: { what: 'entry mode `021F`', run: decoding('0200 0000040000000000 021F') },
  E_BAD_CLASS: {
    what: 'TID with a line feed',
    run: decoding('0800 0000000000800000 310A303030303031'),
  },
  E_BAD_CHARSET: {
    what: 'half a GBK character in field 63',
    run: decoding('0800 0000000000000002 0001B2'),
  },
  E_BAD_HEX: { what: 'a bitmap in lower case', run: decodingText('080000200000000000ff000001') },
  E_BAD_SIGN: {
    what: 'field 28 `X00000100`',
    run: decodingText(`0200${'0000001000000000'}X00000100`),
  },
  E_TLV_TRUNCATED: { what: '`9F26 08 1122`', run: chip('9F26081122') },
  E_TLV_TAG: { what: '`00 00`', run: chip('0000') },
  E_TLV_LENGTH: { what: '`9F26 84 00000001`', run: chip('9F26840000000111') },
  E_TLV_INDEFINITE: { what: '`70 80 … 0000`', run: chip('70809A032601150000') },
  E_TLV_OVERRUN: { what: '`70 03 9F26 08`', run: chip('70039F2608') },
  E_TLV_DEPTH: {
    what: '12 templates in each other',
    run: chip(Array.from({ length: 12 }, (_, at) => `70${hexByte(2 * (12 - at - 1))}`).join('')),
  },
  E_STRUCTURE: { what: 'F60 `22000`', run: checking('0200', { 60: '22000' }) },
  E_PATH: {
    what: '`"41.1"` in JSON',
    run: () => messageFromJson(UNIONPAY_POS, { mti: '0800', fields: { '41.1': '1' } }),
  },
  E_FIELD_MISSING: {
    what: 'an echo test without field 42',
    run: checking('0820', { 41: '10000001', 60: '00000001301' }),
  },
  E_FIELD_FORBIDDEN: {
    what: 'an echo test with an amount',
    run: checking('0820', {
      4: '000000000100',
      41: '10000001',
      42: '898110000000001',
      60: '00000001301',
    }),
  },
  E_FIELD_LENGTH: {
    what: 'an echo test with 13 digits in field 60',
    run: checking('0820', { 41: '10000001', 42: '898110000000001', 60: '0000000130160' }),
  },
  E_UNKNOWN_MESSAGE: { what: '0800 with 60.3 `196`', run: checking('0800', { 60: '00000001196' }) },
  E_FIELD_VALUE: {
    what: 'encoding STAN `12`',
    run: () => encodeMessage(UNIONPAY_POS, { mti: '0800', fields: { 11: '12' } }),
  },
  E_DIALECT: {
    what: 'a prefix LL with a maximum of 120',
    run: loading({
      fields: {
        48: { name: 'x', zh: 'x', class: 'ans', length: { max: 120 }, prefix: 'LL' },
      },
    }),
  },
  E_DIALECT_CYCLE: {
    what: 'two dialects that extend each other',
    run: () => loadDialect(CYCLE, (name) => (name === 'one' ? CYCLE : OTHER)),
  },
  E_DIALECT_UNKNOWN: { what: '`--dialect unionpay`', run: () => openDialect('unionpay') },
  E_JSON: { what: '`{ "fields": {} }`', run: () => messageFromJson(UNIONPAY_POS, { fields: {} }) },
  E_BITMAP: { what: 'a bitmap of width 0', run: () => makeBitmap(0, 8) },
  E_PBM: { what: '`P4 8`', run: () => readPortableBitmap(new TextEncoder().encode('P4 8')) },
  E_JBIG_HEADER: { what: 'two planes', run: decodingJbig('00000200 00000001 00000001') },
  E_JBIG_LIMIT: { what: 'a width of 65536', run: decodingJbig('00000100 00010000 00000001') },
  E_JBIG_MARKER: { what: '`FF01`', run: decodingJbig('00000100 00000001 00000001', 'FF01') },
  E_JBIG_TRUNCATED: { what: 'no end', run: decodingJbig('00000100 00000001 00000001', 'E0') },
  E_JBIG_TRAILING: {
    what: 'a stripe too many',
    run: decodingJbig('00000100 00000001 00000001', 'FF02 FF02'),
  },
  E_KEYS_FILE: {
    what: 'a terminal whose key is too short',
    told: { text: 'keys.json: terminals[0].tmk must be 32 hex digits' },
  },
  E_KEY_LENGTH: { what: 'a key of 7 bytes', run: () => desCipher(new Uint8Array(7)) },
  E_KCV: {
    what: 'a key block of zeros',
    run: () => unwrapWorkingKeys('001', new Uint8Array(16), '00'.repeat(24)),
  },
  E_CRYPTOGRAM: {
    what: 'verifying field 55 without tag 9F02',
    run: () => cryptogramInput(new Map()),
  },
  E_PIN_BLOCK: {
    what: 'a PIN block of zeros',
    run: () => decryptPinBlock(desCipher(new Uint8Array(16)), '00'.repeat(8), '6225881234567898'),
  },
  E_TRACK: {
    what: 'encrypting a track of 17 digits',
    run: () => encryptTrack(desCipher(new Uint8Array(16)), '6225881234567898D'),
  },
  E_SECRET_FILE: { what: 'a key file of mode 644', told: { text: 'tmk.key has mode 644' } },
  E_SIGNATURE_EMPTY: {
    what: 'an upload whose picture is white',
    run: () => readImage(toHex(encodeJbig(makeBitmap(16, 8))), '00000000'),
  },
  E_STROKES: { what: 'a point without `y`', run: () => readStrokes([[{ x: 1 }]]) },
  E_HOST_DOWN: { what: 'a freeze, and the power fails in it', told: { text: 'before-commit' } },
  E_INSTITUTION: {
    what: 'a merchant whose contract says 0.70 %',
    run: () =>
      bootHost(
        {
          ...TEST_INSTITUTION,
          merchants: [{ mid: 'M', name: 'M', account: 'A', contract: DEAR_CONTRACT }],
        },
        [],
      ),
  },
  E_BOOKS: { what: 'a posting rule that is wrong', told: { text: 'lines add up to 1 fen' } },
  E_API_HTTP: { what: '`GET /health` without `HTTP/1.1`', told: {} },
  E_API_SLOW: { what: 'a call that ends in the middle of its headers', told: {} },
  E_API_HEADERS: { what: 'a header of 20 kB', told: {} },
  E_API_TOKEN: { what: 'a call without a token', run: () => checkToken(() => undefined, GATE) },
  E_API_ORIGIN: {
    what: 'a page of `http://elsewhere.example`',
    run: () => checkOrigin((name) => ORIGIN_HEADERS[name], GATE),
  },
  E_API_ROUTE: { what: '`GET /nothing`', told: {} },
  E_API_METHOD: { what: '`POST /cards`', told: { text: 'it takes GET' } },
  E_API_MEDIA: { what: 'a form', run: () => checkMedia(() => 'application/x-www-form-urlencoded') },
  E_API_SIZE: { what: 'a body of 10 MB', told: { text: '65536 bytes at most' } },
  E_API_INPUT: {
    what: '`"amountFen": 0`',
    run: () => checkForm(object({ amountFen: AMOUNT_FEN }), { amountFen: 0 }, 'body'),
  },
  E_API_NOT_FOUND: { what: '`GET /freezes/H000009`', run: () => foundOr404(undefined, 'freeze') },
  E_API_REFUSED: {
    what: 'a second release',
    run: () => {
      throw refused('H000001 was released by wang');
    },
  },
  E_YAML: { what: '`steps: [`', run: () => readScenario('mine.yaml', 'steps: [') },
  E_SCENARIO: { what: '`id: 1`, nothing else', run: () => readScenario('mine.yaml', 'id: a1') },
  E_NO_SCENARIO: { what: '`run z99`', run: () => findCases(['z99']) },
  E_EXPECT: { what: 'expect `rc: "00"`', told: { text: 'expected rc 00 but got 51' } },
  E_EXPECT_OUTCOME: { what: 'expect approved', told: { text: 'expected approved, got declined' } },
  E_LAW: { what: 'a fee that is not returned', told: { text: 'I-05 fees 25 where 0 is due' } },
  E_STEP_TIMEOUT: { what: 'a peer that keeps the line open', told: { text: 'step 3, 120 s' } },
  E_USAGE: { what: '`run --seed x`', told: { text: '--seed x' } },
  E_NO_RECORD: {
    what: '`export case X1` where nothing has that number',
    told: { text: 'there is no "X1"' },
  },
  E_FILE: { what: '`decode no-such-file`', told: { text: 'no-such-file' } },
  E_PORT_IN_USE: { what: '`serve` twice', told: { text: '127.0.0.1:5000' } },
  E_NETWORK: { what: '`run --host` without a host', told: { text: 'tcp://127.0.0.1:5000' } },
  E_NOT_LOOPBACK: { what: '`serve --address 0.0.0.0`', told: { text: '0.0.0.0' } },
  E_JOURNAL_BUSY: { what: '`serve --data day` twice', told: { text: 'day' } },
  E_JOURNAL_WRITE: { what: 'a full disk', told: { text: 'day/journal: ENOSPC' } },
  E_JOURNAL: { what: 'a flipped byte in the middle', told: { text: 'record 17' } },
  E_JOURNAL_VERSION: {
    what: '`serve --data day` with a journal of a later version',
    told: { text: 'day/host-journal.sqlite is of version 4, this program knows 3' },
  },
  E_CLOCK_BEHIND: {
    what: '`serve --data day --clock "2026-01-15 09:30"` a day later',
    told: { text: 'its last day is 2026-01-16, and the clock says 2026-01-15 09:30:00' },
  },
  E_SQLITE: {
    what: '`books --data day` where the package is missing',
    told: { text: 'better-sqlite3 cannot be loaded' },
  },
  E_INTERNAL: { what: 'a bug', told: {} },
};

function hexByte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}

/** The error of an example. */
export function exampleError(code: ErrorCode): CountersignError {
  const example = ERROR_EXAMPLES[code];
  if ('told' in example) return new CountersignError(code, example.told);
  try {
    example.run();
  } catch (error) {
    if (error instanceof CountersignError) return error;
    throw error;
  }
  throw new Error(`the example of ${code} is accepted`);
}
