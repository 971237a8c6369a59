import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { NO_SETTLEMENT_DATE } from '../../protocol/message/feature-code.ts';
import type { FieldValues } from '../../protocol/message/message.ts';
import { encodeSlip } from '../../protocol/signature/slip-elements.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import { uploadCode, uploadMessage } from '../../emulator/terminal/signing/signature-upload.ts';
import { civilTime } from '../../emulator/world/civil-time.ts';
import type { Texts } from '../plan/plan.ts';
import { signatureImage } from './archive-verbs.ts';
import { AMOUNT_ARG, CARD_ARG, cardNamed, fenOf, resultOf, STEP_ARG } from './args.ts';
import { SEED_ARG } from './drawn.ts';
import { operate, OPERATION_SEES } from './operate.ts';
import { say, type StepContext, type Verb } from './verb.ts';

/** A right header (spec 10.2) that declares 2³²−1 columns of one line, and an empty stripe. */
const BOMB = '00000100FFFFFFFF000000010000000108000008FF02';
/** The first bytes of a PNG file. */
const NO_JBIG = '89504E470D0A1A0A0000000D49484452';
/** An element of five bytes that has one. */
const BAD_TAG = 'FF400531';
/** A merchant name of one byte that begins a Chinese character. */
const BAD_TEXT = 'FF0001B2';

/** Arguments that change the message, as a case tells them. */
const CHANGES: Readonly<Record<string, { zh: string; en: string }>> = {
  like: { zh: '冒用交易', en: 'named as' },
  code: { zh: '60.3 为', en: '60.3' },
  stamped: { zh: '特征码属于', en: 'with the feature code of' },
  stan: { zh: '流水号', en: 'STAN' },
  rrn: { zh: '参考号', en: 'RRN' },
  amount: { zh: '金额', en: 'amount' },
  card: { zh: '卡', en: 'card' },
};

const IMAGES: Readonly<Record<string, { zh: string; en: string }>> = {
  signature: { zh: '签名', en: 'a signature' },
  white: { zh: '空白图像', en: 'a white picture' },
  bomb: { zh: '声称宽 2³²−1 像素的图像', en: 'a picture of 2³²−1 columns' },
  'no-image': { zh: '非 JBIG 数据', en: 'bytes that are no JBIG' },
  cut: { zh: '截断的图像', en: 'half a picture' },
  empty: { zh: '空的 62 域', en: 'nothing in field 62' },
};

const ELEMENTS: Readonly<Record<string, { zh: string; en: string }>> = {
  right: { zh: '', en: '' },
  'bad-tag': { zh: '，凭条要素被截断', en: ', slip elements that are cut off' },
  'bad-text': { zh: '，商户名称不是 GBK', en: ', a merchant name that is no GBK' },
  none: { zh: '，无凭条要素', en: ', no slip elements' },
};

export const upload: Verb = {
  name: 'upload',
  doc: 'the terminal sends a signature at once, with whatever is wrong about it; it remembers nothing of that',
  args: {
    of: { ...STEP_ARG, doc: 'the transaction that it is for, by the name of its `as`' },
    image: {
      doc: 'what is in field 62; signature when absent',
      pattern: Object.keys(IMAGES).join('|'),
      example: 'bomb',
    },
    draws: {
      doc: 'whose signature; chinese when absent',
      pattern: 'chinese|latin',
      example: 'latin',
    },
    seed: SEED_ARG,
    part: {
      doc: 'one part of several that the picture is cut into; the whole when absent',
      pattern: '[1-9]/[2-9]',
      example: '2/3',
    },
    code: {
      doc: '60.3, where it is not that of the part',
      pattern: '80\\d',
      example: '803',
    },
    like: {
      doc: 'another transaction, whose STAN, batch and reference number it names instead',
      pattern: '\\$[a-z][a-z0-9-]*',
      example: '$other',
    },
    stamped: {
      doc: 'the transaction whose feature code is burnt in; the right one when absent',
      pattern: '\\$[a-z][a-z0-9-]*',
      example: '$other',
    },
    stan: { doc: 'STAN instead of the right one', pattern: '\\d{6}', example: '000099' },
    rrn: { doc: 'reference number instead', pattern: '[0-9A-Za-z]{12}', example: '000000000000' },
    amount: { ...AMOUNT_ARG, doc: 'amount in yuan instead of the right one' },
    card: { ...CARD_ARG, doc: 'the card of another holder; field 2 is absent when this is' },
    elements: {
      doc: 'slip elements, field 55; right when absent',
      pattern: Object.keys(ELEMENTS).join('|'),
      example: 'bad-tag',
    },
  },
  sees: { ...OPERATION_SEES, outcome: 'approved, declined (94 as well), unknown or not-sent' },
  needs: ['terminal'],
  isObservation: false,
  explain(args, lang) {
    const { of = '', image = 'signature', part, elements = 'right' } = args;
    const changed = Object.entries(CHANGES).flatMap(([name, texts]) =>
      args[name] === undefined
        ? []
        : [{ zh: `${texts.zh} ${args[name]}`, en: `${texts.en} ${args[name]}` }],
    );
    const { zh, en } = IMAGES[image] ?? { zh: image, en: image };
    const wrong = ELEMENTS[elements] ?? { zh: elements, en: elements };
    const isChanged = changed.length > 0;
    const moreZh = isChanged ? `（${changed.map((each) => each.zh).join('，')}）` : '';
    const moreEn = isChanged ? ` (${changed.map((each) => each.en).join(', ')})` : '';
    return say(lang, {
      zh: `为 ${of} 直接上送${zh}${part === undefined ? '' : `第 ${part} 包`}${wrong.zh}${moreZh}`,
      en: `Uploads ${en}${part === undefined ? '' : `, part ${part},`} for ${of}${wrong.en}${moreEn}`,
    });
  },
  run(context, args) {
    const signed = resultOf(context, args['of'] ?? '');
    const named = args['like'] === undefined ? signed : resultOf(context, args['like']);
    const stamped = args['stamped'] === undefined ? signed : resultOf(context, args['stamped']);
    const { dialect } = context.target.institution;
    const tid = signed.tid ?? '';
    const mid = context.target.institution.terminals.find((each) => each.tid === tid)?.mid ?? '';
    const [piece, code] = pieceOf(args, imageOf(args, stamped.operation));
    const { stan = '', batchNo = '' } = named.operation ?? {};
    const message = uploadMessage(dialect, {
      tid,
      mid,
      batchNo,
      stan: args['stan'] ?? stan,
      fields: fieldsOf(context, args, signed.operation, named.operation),
      slip: slipOf(context, args, mid, signed.operation?.date ?? '0101'),
      piece,
      code,
    });
    for (const field of [55, 62]) {
      if (message.fields[field] === '') delete message.fields[field];
    }
    return operate(context, tid, { verb: 'send', message });
  },
};

function imageOf(args: Texts, signed: OperationResult | undefined): string {
  const { image = 'signature', draws = 'chinese', seed = '1' } = args;
  switch (image) {
    case 'bomb':
      return BOMB;
    case 'no-image':
      return NO_JBIG;
    case 'empty':
      return '';
    default: {
      const whole = signatureImage(signed, image === 'white' ? 'none' : draws, seed);
      return image === 'cut' ? whole.slice(0, Math.floor(whole.length / 4) * 2) : whole;
    }
  }
}

/** Field 62 and 60.3 of the part that is asked for. @throws E_SCENARIO when there is no such part */
function pieceOf(args: Texts, image: string): [string, number] {
  const [place = 1, count = 1] = (args['part'] ?? '1/1').split('/').map(Number);
  if (place > count) {
    const hint = 'part 2/3 is the second of three';
    throw new CountersignError('E_SCENARIO', { text: `part ${place} of ${count}`, hint });
  }
  const digits = Math.ceil(image.length / 2 / count) * 2;
  const code = Number(args['code'] ?? uploadCode(place - 1, count));
  return [image.slice((place - 1) * digits, place * digits), code];
}

function fieldsOf(
  context: StepContext,
  args: Texts,
  signed: Partial<OperationResult> = {},
  named: Partial<OperationResult> = {},
): FieldValues {
  const { amount, card, rrn = named.rrn ?? '' } = args;
  const fen = amount === undefined ? (signed.amountFen ?? 0) : fenOf(amount);
  const { settlementDate = '' } = signed;
  const isDated = settlementDate !== '' && settlementDate !== NO_SETTLEMENT_DATE;
  return {
    ...(card === undefined ? {} : { 2: cardNamed(context, card).pan }),
    4: String(fen).padStart(12, '0'),
    ...(isDated ? { 15: settlementDate } : {}),
    37: rrn,
  };
}

function slipOf(
  context: StepContext,
  { elements = 'right' }: Texts,
  mid: string,
  date: string,
): string {
  if (elements === 'none') return '';
  // The same in all packets, whenever they are sent (spec 7.3).
  const { year } = civilTime(context.target.civilMs());
  const { merchants } = context.target.institution;
  const right = encodeSlip({
    merchantName: merchants.find((each) => each.mid === mid)?.name ?? mid,
    typeName: '消费',
    operator: '01',
    dateTime: `${year}${date}000000`,
    printedSlips: '01',
  });
  if (elements === 'bad-tag') return right + BAD_TAG;
  return elements === 'bad-text' ? BAD_TEXT + right.slice(right.indexOf('FF01')) : right;
}
