import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { encodeJbig } from '../../protocol/jbig/encode-jbig.ts';
import { featureCode, NO_RRN, NO_SETTLEMENT_DATE } from '../../protocol/message/feature-code.ts';
import { stampFeature } from '../../protocol/signature/feature-stamp.ts';
import { rasterise, USUAL_RASTER } from '../../protocol/signature/rasterise.ts';
import { SIGNATURE_LIMITS } from '../../protocol/signature/signature-limits.ts';
import type { Strokes } from '../../protocol/signature/strokes.ts';
import type { ArchiveOutcome } from '../../emulator/host/archive/archive-desk.ts';
import type { TransactionKeys } from '../../emulator/host/host-control.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import { BY_ARG, resultOf, STEP_ARG, controlOf } from './args.ts';
import { drawnStrokes, SEED_ARG } from './drawn.ts';
import { say, type ArgSpec, type StepContext, type StepResult, type Verb } from './verb.ts';

const acting = { needs: ['host-control'], isObservation: false } as const;
const looking = { needs: ['host-control'], isObservation: true } as const;

const ACT_SEES = { outcome: 'recorded or refused', why: 'why it was refused' } as const;

export const archive: Verb = {
  ...looking,
  name: 'archive',
  doc: 'looks for the signature of a transaction in the host’s archive',
  args: { of: STEP_ARG },
  sees: {
    state:
      'due, partial (packets are missing), stored, exempt, not-needed, or unknown (no such transaction)',
    size: 'of the picture, such as 320x138',
    packets: 'messages that it came in',
    feature: 'yes when the feature code of the transaction is burnt in, else no',
    drawn:
      'yes when its pixels are those that the holder has drawn in this case, else no; a pen of 1-3',
    missing: 'why the signature is missing',
    exemption: 'why there needs to be none: what a person has said, or the rule small-contactless',
    agreement: 'yes when an agreement with both signatures is filed, else absent',
  },
  explain: (args, lang) =>
    say(lang, {
      zh: `在存档中查 ${args['of'] ?? ''} 的签名`,
      en: `The archive is asked for the signature of ${args['of'] ?? ''}`,
    }),
  run(context, args) {
    const { control, keys } = askedOf(context, args['of']);
    const { operation } = resultOf(context, args['of'] ?? '');
    const strokes = context.drawn.get(`${keys.tid}-${keys.batchNo}-${keys.stan}`);
    const found = control.archived(keys);
    if (found === undefined) return Promise.resolve({ seen: { state: 'unknown' } });
    const { state, signature, exemption, agreement, missing, rule } = found;
    const excused = exemption?.reason ?? rule;
    const image = signature?.whole?.image;
    return Promise.resolve({
      seen: {
        state,
        ...(signature === undefined ? {} : { packets: String(signature.pieces.length) }),
        ...(image === undefined
          ? {}
          : { size: `${image.width}x${image.height}`, feature: image.hasFeature ? 'yes' : 'no' }),
        ...(signature === undefined || strokes === undefined || image === undefined
          ? {}
          : { drawn: isDrawn(signature.pieces.join(''), strokes, operation) ? 'yes' : 'no' }),
        ...(missing === undefined ? {} : { missing }),
        ...(excused === undefined ? {} : { exemption: excused }),
        ...(agreement === undefined ? {} : { agreement: 'yes' }),
      },
    });
  },
};

/** Decoded, the stored picture has the pixels of the strokes and of the stamp, and no others. */
export function isDrawn(
  jbig: string,
  strokes: Strokes,
  signed: OperationResult | undefined,
): boolean {
  const { bitmap } = decodeJbig(fromHex(jbig), SIGNATURE_LIMITS);
  const { width, height } = bitmap;
  const expected = rasterise(strokes, { ...USUAL_RASTER, width, height });
  stampFeature(expected, featureOf(signed));
  return toHex(expected.rows) === toHex(bitmap.rows);
}

const FEATURE_TEXTS = {
  noted: {
    zh: '特征码不符的签名照收并注明',
    en: 'takes a signature without the feature code of its transaction, and notes it',
  },
  required: {
    zh: '特征码不符的签名拒收',
    en: 'refuses a signature without the feature code of its transaction',
  },
} as const;

export const archiveRules: Verb = {
  ...acting,
  name: 'archive-rules',
  doc: 'what the archive takes from now on',
  args: {
    feature: {
      doc: 'a picture without the feature code of its transaction: noted or refused (30)',
      pattern: 'noted|required',
      required: true,
      example: 'required',
    },
  },
  sees: {},
  explain({ feature }, lang) {
    const { zh, en } = FEATURE_TEXTS[feature as keyof typeof FEATURE_TEXTS];
    return say(lang, { zh: `存档：${zh}`, en: `The archive ${en}` });
  },
  run(context, { feature }) {
    controlOf(context).setArchive(feature as keyof typeof FEATURE_TEXTS);
    return Promise.resolve({ seen: {} });
  },
};

export const openItems: Verb = {
  ...looking,
  name: 'open-items',
  doc: 'transactions that still miss their signature at the host',
  args: {},
  sees: { count: 'how many there are', stans: 'their STANs, in the order in which they came' },
  explain: (_args, lang) =>
    say(lang, { zh: '查看待补签名的交易', en: 'Signatures that are missing' }),
  run(context) {
    const items = controlOf(context).openItems();
    const stans = items.map(({ transaction }) => transaction.stan).join(' ');
    return Promise.resolve({ seen: { count: String(items.length), stans } });
  },
};

export const exempt: Verb = {
  ...acting,
  name: 'exempt',
  doc: 'the back office records that a transaction has no electronic signature',
  args: {
    of: STEP_ARG,
    reason: {
      doc: 'why, such as signed on paper',
      pattern: '.{1,200}',
      required: true,
      example: 'signed on paper',
    },
    by: BY_ARG,
  },
  sees: ACT_SEES,
  explain: ({ of = '', reason = '', by = '' }, lang) =>
    say(lang, {
      zh: `${by} 登记 ${of} 免电子签名（${reason}）`,
      en: `${by} records that ${of} has no electronic signature (${reason})`,
    }),
  run(context, { of, reason = '', by = '' }) {
    const { control, keys } = askedOf(context, of);
    return acted(control.exempt(keys, { reason, by }));
  },
};

const DRAWS: ArgSpec = {
  doc: 'the signature, invented; none is a white picture',
  pattern: 'chinese|latin|none',
  example: 'latin',
};

export const agreement: Verb = {
  ...acting,
  name: 'agreement',
  doc: 'the agreement on a refund is filed, with the signatures of holder and merchant',
  args: {
    of: { ...STEP_ARG, doc: 'the refund, by the name of its `as`' },
    holder: { ...DRAWS, doc: 'the holder’s signature; chinese when absent' },
    merchant: { ...DRAWS, doc: 'the merchant’s signature; latin when absent' },
    seed: SEED_ARG,
    stamped: {
      doc: 'the transaction whose feature code both signatures carry; the refund when absent',
      pattern: '\\$[a-z][a-z0-9-]*',
      example: '$sale1',
    },
    by: BY_ARG,
  },
  sees: ACT_SEES,
  explain: ({ of = '', by = '' }, lang) =>
    say(lang, {
      zh: `${by} 归档 ${of} 的退款协议（双方电子签名）`,
      en: `${by} files the agreement on ${of}, signed by both sides`,
    }),
  run(context, args) {
    const { of = '', holder = 'chinese', merchant = 'latin', seed = '1', by = '' } = args;
    const { control, keys } = askedOf(context, of);
    const { operation } = resultOf(context, args['stamped'] ?? of);
    const pictures = {
      holder: signatureImage(operation, holder, seed),
      merchant: signatureImage(operation, merchant, String(Number(seed) + 1)),
    };
    return acted(control.fileAgreement(keys, { ...pictures, by }));
  },
};

function acted(outcome: ArchiveOutcome): Promise<StepResult> {
  return Promise.resolve({ seen: { ...outcome } });
}

function askedOf(
  context: StepContext,
  reference = '',
): { control: ReturnType<typeof controlOf>; keys: TransactionKeys } {
  const { operation, tid = '' } = resultOf(context, reference);
  const { batchNo = '', stan = '' } = operation ?? {};
  return { control: controlOf(context), keys: { tid, batchNo, stan } };
}

/** A signature under a transaction, with its feature code: JBIG as hex. */
export function signatureImage(
  signed: OperationResult | undefined,
  draws: string,
  seed: string,
): string {
  const strokes = drawnStrokes(draws, seed);
  const bitmap = rasterise(draws === 'none' ? { ...strokes, strokes: [] } : strokes);
  // A white picture stays white.
  if (draws !== 'none') stampFeature(bitmap, featureOf(signed));
  return toHex(encodeJbig(bitmap));
}

function featureOf({ settlementDate = '', rrn = '' }: Partial<OperationResult> = {}): string {
  return featureCode(
    settlementDate === '' ? NO_SETTLEMENT_DATE : settlementDate,
    rrn === '' ? NO_RRN : rrn,
  );
}
