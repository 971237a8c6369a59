import { fromHex } from '../../protocol/bytes/hex.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { SIGNATURE_LIMITS } from '../../protocol/signature/signature-limits.ts';
import { reasonOf } from '../../emulator/host/archive/open-items.ts';
import type { JournalledArchive } from '../../emulator/host/archive/read-archive.ts';
import type { Seal } from '../../emulator/host/archive/seal.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import { slipPng } from '../../reports/slip/slip-png.ts';
import { slipOfUpload, slipRecord, type SlipRecord } from '../../reports/slip/slip-record.ts';
import type { SlipLang } from '../../reports/slip/slip-rows.ts';
import { slipSvg } from '../../reports/slip/slip-svg.ts';
import { slipText } from '../../reports/slip/slip-text.ts';
import { openDialect } from '../../scenarios/dialect-file/read-dialect-file.ts';
import { EXIT } from '../exit-codes.ts';
import { looksLikeHex, readMessageLines } from '../message-lines.ts';
import { readMessage } from '../read-message.ts';
import { openArchive, transactionByRrn, warnBroken } from './archive-file.ts';
import { PICTURES } from './signature-draw-command.ts';
import { endingOf, judgeStream, writeBytes } from './signature-files.ts';

/** Whose signature is taken out of the archive. */
export type Signer = 'slip' | 'holder' | 'merchant';

export interface SignatureRenderOptions {
  readonly out: string;
  readonly lang: SlipLang;
  readonly dialect: string;
}

export interface ArchivedRenderOptions extends Omit<SignatureRenderOptions, 'dialect'> {
  /** Folder of the host's journal. */
  readonly data: string;
  readonly rrn: string;
  readonly signer: Signer;
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
  const draw = FORMS[out === '-' ? 'txt' : endingOf(out, Object.keys(FORMS))]!;
  const dialect = openDialect(name);
  const lines = await readMessageLines(upload, looksLikeHex, 'hex');
  const messages = lines.map(({ text }) => readMessage(dialect, text, true).message);
  let record: SlipRecord | undefined;
  const exitCode = judgeStream(() => (record = slipOfUpload(dialect, messages)), {});
  if (record !== undefined) writeBytes(out, await draw(record, lang));
  return exitCode;
}

/**
 * What an archive holds of a transaction: its slip as png, svg or txt, the picture alone as pbm or
 * jbg, everything as json. Exit 1 when its signature is missing.
 */
export async function renderArchived(options: ArchivedRenderOptions): Promise<number> {
  const { out, lang, data, rrn, signer } = options;
  const isSlip = signer === 'slip';
  const endings = isSlip ? ['png', 'svg', 'txt', 'pbm', 'jbg', 'json'] : Object.keys(PICTURES);
  const ending = out === '-' && isSlip ? 'txt' : endingOf(out, endings);
  const found = openArchive(data);
  const transaction = transactionByRrn(found, rrn);
  warnBroken(found);
  const { broken } = found;
  const done = broken === undefined ? EXIT.asExpected : EXIT.expectationFailed;
  if (ending === 'json') {
    writeBytes(out, utf8(`${JSON.stringify(retrieved(found, transaction), undefined, 2)}\n`));
    return done;
  }
  const image = imageOf(found, transaction, signer);
  if (image === undefined) {
    process.stderr.write(`${whyMissing(found, transaction, signer)}\n`);
    return EXIT.expectationFailed;
  }
  const draw = isSlip ? FORMS[ending] : undefined;
  if (draw !== undefined) {
    writeBytes(out, await draw(recordOf(found, transaction, image), lang));
    return done;
  }
  // The stream as it came, not one made anew.
  if (ending === 'jbg') writeBytes(out, fromHex(image));
  else {
    const { bitmap } = decodeJbig(fromHex(image), SIGNATURE_LIMITS);
    writeBytes(out, await PICTURES[ending]!(bitmap));
  }
  return done;
}

function imageOf(
  { archive }: JournalledArchive,
  { id }: Transaction,
  signer: Signer,
): string | undefined {
  if (signer !== 'slip') return archive.agreements.get(id)?.[signer];
  const signature = archive.signatures.get(id);
  return signature?.whole === undefined ? undefined : signature.pieces.join('');
}

function whyMissing(
  { archive }: JournalledArchive,
  { id, rrn }: Transaction,
  signer: Signer,
): string {
  if (signer !== 'slip') return `no agreement on ${rrn} is filed`;
  const exemption = archive.exemptions.get(id);
  return exemption === undefined
    ? `no signature of ${rrn} is stored: ${reasonOf(archive, id)}`
    : `${rrn} has no signature: ${exemption.reason} (${exemption.by})`;
}

function recordOf(
  { archive }: JournalledArchive,
  transaction: Transaction,
  image: string,
): SlipRecord {
  const { cardMasked, id } = transaction;
  return slipRecord({
    ...transaction,
    maskedPan: cardMasked,
    slip: archive.signatures.get(id)?.slip ?? '',
    image,
  });
}

/** Everything that answers a retrieval request (调单), with the seals that prove it. */
function retrieved(found: JournalledArchive, transaction: Transaction): unknown {
  const { archive } = found;
  const { id, kind, status, rrn, mid, tid, batchNo, stan, amountFen, date, cardMasked } =
    transaction;
  const image = imageOf(found, transaction, 'slip');
  const whole = archive.signatures.get(id)?.whole;
  const exemption = archive.exemptions.get(id);
  const agreement = archive.agreements.get(id);
  return {
    transaction: { kind, status, rrn, mid, tid, batchNo, stan, amountFen, date, card: cardMasked },
    ...(image === undefined || whole === undefined
      ? { missing: whyMissing(found, transaction, 'slip') }
      : {
          elements: recordOf(found, transaction, image).elements,
          image: { ...whole.image, jbig: image },
          seal: sealJson(whole.seal),
        }),
    ...(exemption === undefined
      ? {}
      : { exemption: { ...exemption, seal: sealJson(exemption.seal) } }),
    ...(agreement === undefined
      ? {}
      : { agreement: { ...agreement, seal: sealJson(agreement.seal) } }),
  };
}

function sealJson({ sequence, at, previous, hash }: Seal): unknown {
  return { sequence, at, previous, hash };
}
