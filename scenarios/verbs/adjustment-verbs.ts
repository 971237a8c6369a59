import type { AdjustmentOutcome } from '../../emulator/host/adjustments/adjust.ts';
import { AMOUNT_ARG, BY_ARG, controlOf, fenOf, resultOf, STEP_ARG } from './args.ts';
import { say, type StepResult, type Verb } from './verb.ts';

const acting = { needs: ['host-control'], isObservation: false } as const;

const REASON_ARG = { doc: 'why', pattern: '.{1,80}', example: 'refunded twice' } as const;

export const adjust: Verb = {
  ...acting,
  name: 'adjust',
  doc: 'an operator proposes to move money of a settled sale by hand; nothing moves before another person has agreed',
  args: {
    sale: { ...STEP_ARG, required: false, doc: 'the sale' },
    corrects: {
      ...STEP_ARG,
      required: false,
      doc: 'the adjustment that is taken back, by an entry of its own, instead of a sale',
    },
    amount: { ...AMOUNT_ARG, doc: 'how much of the sale' },
    to: {
      doc: 'who gets it; holder when absent',
      pattern: 'holder|merchant',
      example: 'holder',
    },
    reason: { ...REASON_ARG, required: true },
    by: BY_ARG,
  },
  sees: {
    outcome: 'proposed or refused',
    adjustment: 'its number',
    why: 'why it was refused',
  },
  explain({ sale = '', corrects, amount = '', to = 'holder', reason = '', by = '' }, lang) {
    if (corrects !== undefined) {
      return say(lang, {
        zh: `${by} 提请以新分录更正 ${corrects}（${reason}）`,
        en: `${by} proposes to take back ${corrects} by an entry of its own (${reason})`,
      });
    }
    const toZh = to === 'holder' ? '持卡人' : '商户';
    return say(lang, {
      zh: `${by} 提请手工调账：${sale} 的 ${amount} 元给${toZh}（${reason}）`,
      en: `${by} proposes to give ${amount} yuan of ${sale} to the ${to} by hand (${reason})`,
    });
  },
  run(context, { sale = '', corrects, amount = '0', to = 'holder', reason = '', by = '' }) {
    const { adjustments } = controlOf(context);
    if (corrects !== undefined) {
      const id = resultOf(context, corrects).seen['adjustment'] ?? '';
      return acted(adjustments.proposeCorrection(id, { reason, by }));
    }
    const rrn = resultOf(context, sale).operation?.rrn ?? '';
    const side = to === 'merchant' ? 'merchant' : 'holder';
    return acted(adjustments.propose({ rrn, to: side, amountFen: fenOf(amount), reason, by }));
  },
};

export const decide: Verb = {
  ...acting,
  name: 'decide',
  doc: 'another person books a proposed adjustment, or turns it down',
  args: {
    adjustment: { ...STEP_ARG, doc: 'the step that proposed it' },
    verdict: {
      doc: 'book or reject',
      pattern: 'book|reject',
      required: true,
      example: 'book',
    },
    reason: { ...REASON_ARG, doc: 'why it is turned down' },
    by: BY_ARG,
  },
  sees: { outcome: 'booked, rejected, no-effect or refused', why: 'why nothing happened' },
  explain({ adjustment = '', verdict, reason = '', by = '' }, lang) {
    const isBooked = verdict === 'book';
    return say(lang, {
      zh: `${by} ${isBooked ? '复核通过并入账' : '驳回'} ${adjustment}${isBooked ? '' : `（${reason}）`}`,
      en: `${by} ${isBooked ? 'books' : 'rejects'} ${adjustment}${isBooked ? '' : ` (${reason})`}`,
    });
  },
  run(context, { adjustment = '', verdict, reason = '', by = '' }) {
    const { adjustments } = controlOf(context);
    const id = resultOf(context, adjustment).seen['adjustment'] ?? '';
    return acted(
      verdict === 'book' ? adjustments.book(id, by) : adjustments.reject(id, { reason, by }),
    );
  },
};

function acted(result: AdjustmentOutcome): Promise<StepResult> {
  if (result.outcome !== 'proposed') return Promise.resolve({ seen: { ...result } });
  const { outcome, adjustmentId } = result;
  return Promise.resolve({ seen: { outcome, adjustment: adjustmentId } });
}
