import { sampleStrokes } from '../../emulator/signature/sample-strokes.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import type { Strokes } from '../../protocol/signature/strokes.ts';
import type { Texts } from '../plan/plan.ts';
import { resultOf, STEP_ARG } from './args.ts';
import { operate, OPERATION_SEES } from './operate.ts';
import { say, type Verb } from './verb.ts';

const DRAWN_ZH: Readonly<Record<string, string>> = {
  chinese: '签中文名',
  latin: '签西文名',
  dot: '只点了一下',
  cancel: '取消签名（或超时）',
};

const DRAWN_EN: Readonly<Record<string, string>> = {
  chinese: 'signs in Chinese',
  latin: 'signs in Latin letters',
  dot: 'only touches the pad',
  cancel: 'cancels, or lets the time run out',
};

export const sign: Verb = {
  name: 'sign',
  doc: 'the holder signs on the pad',
  args: {
    of: { ...STEP_ARG, doc: 'the approved transaction, by the name of its `as`' },
    draws: {
      doc: 'what is drawn; chinese when absent',
      pattern: 'chinese|latin|dot|cancel',
      example: 'latin',
    },
    seed: {
      doc: 'which of the invented signatures; 1 when absent',
      pattern: '\\d{1,9}',
      example: '7',
    },
    phone: { doc: 'mobile number for the slip', pattern: '\\d{1,12}', example: '13800138000' },
  },
  sees: {
    ...OPERATION_SEES,
    outcome: 'approved when it was taken, else refused',
    signature: 'captured, due (draw again) or paper',
  },
  needs: ['terminal'],
  isObservation: false,
  explain(args, lang) {
    const { of = '', draws = 'chinese', phone } = args;
    return say(lang, {
      zh: `持卡人为 ${of} ${DRAWN_ZH[draws] ?? draws}${phone === undefined ? '' : '，并输入手机号'}`,
      en: `For ${of} the holder ${DRAWN_EN[draws] ?? draws}${phone === undefined ? '' : ' and enters a phone number'}`,
    });
  },
  run(context, args) {
    const signed = resultOf(context, args['of'] ?? '');
    return operate(context, signed.tid ?? '', {
      verb: 'sign',
      stan: signed.operation?.stan ?? '',
      strokes: strokesOf(args),
      ...(args['phone'] === undefined ? {} : { phone: args['phone'] }),
    });
  },
};

function strokesOf({ draws = 'chinese', seed = '1' }: Texts): Strokes | undefined {
  if (draws === 'cancel') return undefined;
  if (draws === 'dot') {
    const point = { x: 100, y: 60, timeMs: 0, pressure: 0.5 };
    return { width: 320, height: 138, strokes: [[point]] };
  }
  const script = draws === 'latin' ? 'latin' : 'chinese';
  return sampleStrokes(seededRandom(Number(seed)), { script });
}
