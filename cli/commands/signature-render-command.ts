import { fromHex } from '../../protocol/bytes/hex.ts';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { unwrapMessage } from '../../protocol/framing/unwrap-message.ts';
import { decodeMessage } from '../../protocol/message/decode-message.ts';
import type { Message } from '../../protocol/message/message.ts';
import { slipPng } from '../../reports/slip/slip-png.ts';
import { slipOfUpload, type SlipRecord } from '../../reports/slip/slip-record.ts';
import type { SlipLang } from '../../reports/slip/slip-rows.ts';
import { slipSvg } from '../../reports/slip/slip-svg.ts';
import { slipText } from '../../reports/slip/slip-text.ts';
import { openDialect } from '../../scenarios/dialect-file/read-dialect-file.ts';
import { EXIT } from '../exit-codes.ts';
import { looksLikeHex, readMessageLines } from '../message-lines.ts';
import { writeBytes } from './signature-files.ts';

export interface SignatureRenderOptions {
  readonly out: string;
  readonly lang: SlipLang;
  readonly dialect: string;
}

type Draw = (record: SlipRecord, lang: SlipLang) => Promise<Uint8Array> | Uint8Array;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const FORMS: Readonly<Record<string, Draw>> = {
  png: (record, lang) => slipPng(slipSvg(record, lang)),
  svg: (record, lang) => utf8(slipSvg(record, lang)),
  txt: (record, lang) => utf8(slipText(record, lang)),
};

/** The slip of an uploaded signature, as picture or text by the name of the file. */
export async function renderSignature(
  upload: string | undefined,
  { out, lang, dialect: name }: SignatureRenderOptions,
): Promise<number> {
  const draw = FORMS[out === '-' ? 'txt' : (/\.([a-z]+)$/i.exec(out)?.[1] ?? '').toLowerCase()];
  if (draw === undefined) {
    const hint = 'the name of the file says what it is: .png, .svg or .txt';
    throw new CountersignError('E_USAGE', { text: `--out ${out.slice(0, 120)}`, hint });
  }
  const dialect = openDialect(name);
  const lines = await readMessageLines(upload, looksLikeHex, 'hex');
  const messages = lines.map(({ text }) => readUpload(dialect, text));
  writeBytes(out, await draw(slipOfUpload(dialect, messages), lang));
  return EXIT.asExpected;
}

function readUpload(dialect: Dialect, hex: string): Message {
  const bytes = fromHex(hex);
  const { start } = unwrapMessage(dialect, bytes);
  const result = decodeMessage(dialect, bytes, start, bytes.length, { isLenient: true });
  if (!result.ok) throw result.error;
  return result.message;
}
