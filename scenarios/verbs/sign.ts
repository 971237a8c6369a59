import type { SignCommand } from '../../emulator/terminal/command.ts';
import { resultOf, STEP_ARG } from './args.ts';
import { drawnStrokes, SEED_ARG, strokesOfFile } from './drawn.ts';
import { operate, OPERATION_SEES } from './operate.ts';
import type { Texts } from '../plan/plan.ts';
import { say, type StepContext, type Verb } from './verb.ts';

const DRAWN: Readonly<Record<string, { zh: string; en: string }>> = {
  chinese: { zh: '签中文名', en: 'signs in Chinese' },
  latin: { zh: '签西文名', en: 'signs in Latin letters' },
  dot: { zh: '只点了一下', en: 'only touches the pad' },
  cancel: { zh: '取消签名', en: 'cancels' },
  nobody: { zh: '未签名，签名超时', en: 'lets the time of the pad run out' },
};

export const sign: Verb = {
  name: 'sign',
  doc: 'the holder signs on the pad',
  args: {
    of: { ...STEP_ARG, doc: 'the approved transaction, by the name of its `as`' },
    draws: {
      doc: 'what is drawn; chinese when absent',
      pattern: Object.keys(DRAWN).join('|'),
      example: 'latin',
    },
    seed: SEED_ARG,
    strokes: {
      doc: 'a JSON file of strokes beside the scenario, such as signature_pad emits, instead of an invented signature',
      pattern: '[^$].*\\.json',
      example: 'strokes.json',
    },
    phone: {
      doc: 'mobile number for the slip',
      pattern: '1\\d{10}|0\\d{9,11}',
      example: '13800138000',
    },
  },
  sees: {
    ...OPERATION_SEES,
    outcome: 'approved when it was taken, else refused',
    signature: 'captured, due (draw again) or paper',
    exemption:
      'why it is signed on paper: cancelled, timed-out, empty, too-large, no-slip, refused-by-host or not-signed',
  },
  needs: ['terminal'],
  isObservation: false,
  explain(args, lang) {
    const { of = '', draws = 'chinese', strokes, phone } = args;
    const { zh, en } =
      strokes === undefined
        ? (DRAWN[draws] ?? { zh: draws, en: draws })
        : { zh: `签名（${strokes}）`, en: `signs as in ${strokes}` };
    return say(lang, {
      zh: `持卡人为 ${of} ${zh}${phone === undefined ? '' : '，并输入手机号'}`,
      en: `For ${of} the holder ${en}${phone === undefined ? '' : ' and enters a phone number'}`,
    });
  },
  run(context, args) {
    const { tid = '', operation } = resultOf(context, args['of'] ?? '');
    const { batchNo = '', stan = '' } = operation ?? {};
    const pen = drawn(context, args);
    if (pen.strokes !== undefined) context.drawn.set(`${tid}-${batchNo}-${stan}`, pen.strokes);
    return operate(context, tid, {
      verb: 'sign',
      stan,
      ...pen,
      ...(args['phone'] === undefined ? {} : { phone: args['phone'] }),
    });
  },
};

function drawn(context: StepContext, args: Texts): Pick<SignCommand, 'strokes' | 'isLeft'> {
  const { draws = 'chinese', seed, strokes } = args;
  if (strokes !== undefined) return { strokes: strokesOfFile(context, strokes) };
  if (draws === 'cancel') return { strokes: undefined };
  if (draws === 'nobody') return { strokes: undefined, isLeft: true };
  return { strokes: drawnStrokes(draws, seed) };
}
