import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { slipPng } from '../../reports/slip/slip-png.ts';
import { slipOfUpload, type SlipRecord } from '../../reports/slip/slip-record.ts';
import type { SlipLang } from '../../reports/slip/slip-rows.ts';
import { slipSvg } from '../../reports/slip/slip-svg.ts';
import { slipText } from '../../reports/slip/slip-text.ts';
import { openDialect } from '../../scenarios/dialect-file/read-dialect-file.ts';
import { looksLikeHex, readMessageLines } from '../message-lines.ts';
import { readMessage } from '../read-message.ts';
import { judgeStream, writeBytes } from './signature-files.ts';

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
  const messages = lines.map(({ text }) => readMessage(dialect, text, true).message);
  let record: SlipRecord | undefined;
  const exitCode = judgeStream(() => (record = slipOfUpload(dialect, messages)), {});
  if (record !== undefined) writeBytes(out, await draw(record, lang));
  return exitCode;
}
