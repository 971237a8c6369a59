import { formatYuan } from '../../protocol/message/amount.ts';
import {
  PAPERS,
  type GoodsState,
  type Paper,
  type RefundCategory,
} from '../../emulator/host/refund-desk/refund-policy.ts';
import type { RefundApplication } from '../../emulator/host/refund-desk/apply-refund.ts';
import { transactionId } from '../../emulator/host/transaction-index.ts';
import type { CaseView } from '../../emulator/host/refund-desk/case-view.ts';
import type { CaseSide } from '../../emulator/host/refund-desk/case-events.ts';
import type { DeskAnswer, RefundDesk } from '../../emulator/host/refund-desk/refund-desk.ts';
import type { Texts } from '../plan/plan.ts';
import { signatureImage } from './archive-verbs.ts';
import {
  AMOUNT_ARG,
  BY_ARG,
  controlOf,
  fenOf,
  MERCHANT_ARG,
  merchantOf,
  resultOf,
  STEP_ARG,
} from './args.ts';
import { SEED_ARG } from './drawn.ts';
import { say, type ArgSpec, type StepContext, type StepResult, type Verb } from './verb.ts';

const acting = { needs: ['host-control'], isObservation: false } as const;

/** What every act on a refund case lets one see. */
export const CASE_SEES = {
  outcome:
    'state of the case: applied, under-review, agreed, sent, arrived, refused, withdrawn; or turned-away',
  case: 'number of the case; of the one to look at instead when it was turned away',
  repeat: 'yes when the same request had been made before',
  amount: 'yuan that are claimed',
  fee: 'yuan that the refund costs',
  'to-card': 'yuan that the card gets',
  'from-merchant': 'yuan that the merchant gives',
  reason: 'why the case was refused, in one word',
  why: 'why it was refused, was turned away, or waits',
  next: 'what happens next, in English',
  on: 'the day on which it came into its state',
  earliest: 'first day on which the money can arrive',
  latest: 'last day on which it should have',
  'refund-rrn': 'reference number of the refund',
  policy: 'since when the policy holds that decides',
  'policy-now': 'since when the policy in force today holds',
  complaint: 'number of its last complaint',
  'complaint-due': 'day by which that is answered',
} as const;

export const CASE_ARG: ArgSpec = { ...STEP_ARG, doc: 'the application, by the name of its `as`' };

export function refundsOf(context: StepContext): RefundDesk {
  return controlOf(context).refunds;
}

/** Number of the case that a step has opened or shown. */
export function caseNumber(context: StepContext, reference: string | undefined): string {
  return resultOf(context, reference ?? '').seen['case'] ?? '';
}

export function seenOfCase(view: CaseView): { [name: string]: string } {
  const { caseId, state, amountFen, feeFen, toCardFen, fromMerchantFen, complaint } = view;
  const known: { [name: string]: string | undefined } = {
    outcome: state,
    case: caseId,
    amount: formatYuan(amountFen),
    fee: formatYuan(feeFen),
    'to-card': formatYuan(toCardFen),
    'from-merchant': formatYuan(fromMerchantFen),
    reason: view.reason,
    why: view.why,
    next: view.next.en,
    on: view.dates[state],
    earliest: view.earliest,
    latest: view.latest,
    'refund-rrn': view.refundRrn,
    policy: view.policy,
    'policy-now': view.policyNow,
    complaint: complaint?.id,
    'complaint-due': complaint?.dueOn,
  };
  const seen: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(known)) if (value !== undefined) seen[name] = value;
  return seen;
}

export function answered(answer: DeskAnswer): Promise<StepResult> {
  if (answer.kind === 'refused') {
    const { why, openId } = answer;
    const open = openId === undefined ? {} : { case: openId };
    return Promise.resolve({ seen: { outcome: 'turned-away', why, ...open } });
  }
  const repeat = answer.isRepeat ? { repeat: 'yes' } : {};
  return Promise.resolve({ seen: { ...seenOfCase(answer.view), ...repeat } });
}

export const refundApply: Verb = {
  ...acting,
  name: 'refund-apply',
  doc: 'somebody applies for a refund at the refund desk (退款申请)',
  args: {
    of: { ...STEP_ARG, doc: 'the sale, or the sale of another channel' },
    request: {
      doc: 'the applicant’s own number; the same one again is the same application',
      pattern: '[0-9A-Za-z-]{0,60}',
      required: true,
      example: 'q-1',
    },
    amount: {
      ...AMOUNT_ARG,
      pattern: `-?(${AMOUNT_ARG.pattern})`,
      doc: 'amount in yuan; all that is left when absent',
    },
    category: {
      doc: 'what it is about; transaction when absent',
      pattern: 'transaction|service|policy',
      example: 'service',
    },
    goods: {
      doc: 'where the goods stand; none when absent',
      pattern: 'none|pending-confirmation|return-unconfirmed|return-started|return-confirmed',
      example: 'return-started',
    },
    failed: {
      doc: 'yes: the payment had failed and was debited all the same',
      pattern: 'yes|no',
      example: 'yes',
    },
    way: {
      doc: 'by the holder himself, or through a person; self-service when absent',
      pattern: 'self-service|manual',
      example: 'manual',
    },
    route: {
      doc: 'the host sends the money back, or a refund at the terminal does; host when absent',
      pattern: 'host|terminal',
      example: 'terminal',
    },
    papers: {
      doc: `papers that are handed in: ${PAPERS.join(', ')}; none when absent`,
      pattern: `(${PAPERS.join('|')})( (${PAPERS.join('|')}))*`,
      example: 'slip contract',
    },
    contact: {
      doc: 'how the holder is told; sms when absent',
      pattern: 'sms|mail',
      example: 'mail',
    },
    merchant: { ...MERCHANT_ARG, doc: 'the merchant; that of the first terminal when absent' },
  },
  sees: CASE_SEES,
  explain({ of = '', amount, papers, way }, lang) {
    const sumZh = amount === undefined ? '全额' : `${amount} 元`;
    const sumEn = amount === undefined ? 'in full' : `${amount} yuan`;
    const personZh = way === 'manual' ? '人工' : '自助';
    const personEn = way === 'manual' ? 'Manual application' : 'Application';
    return say(lang, {
      zh: `${personZh}申请退款 ${of}，${sumZh}，材料：${papers ?? '无'}`,
      en: `${personEn} for a refund of ${of}, ${sumEn}, papers: ${papers ?? 'none'}`,
    });
  },
  run(context, args) {
    const original = resultOf(context, args['of'] ?? '');
    const { amount, papers } = args;
    return answered(
      refundsOf(context).apply({
        requestNo: args['request'] ?? '',
        mid: merchantOf(context, args),
        of: saleOf(original),
        category: (args['category'] ?? 'transaction') as RefundCategory,
        isFailure: args['failed'] === 'yes',
        goods: (args['goods'] ?? 'none') as GoodsState,
        way: args['way'] === 'manual' ? 'manual' : 'self-service',
        route: args['route'] === 'terminal' ? 'terminal' : 'host',
        papers: papers === undefined ? [] : (papers.split(' ') as Paper[]),
        contact: args['contact'] === 'mail' ? 'mail' : 'sms',
        ...(amount === undefined ? {} : { amountFen: signedFen(amount) }),
      }),
    );
  },
};

/** By its slip; a terminal that heard no answer has none, but knows what it has sent. */
function saleOf({ operation, seen, tid = '' }: StepResult): RefundApplication['of'] {
  const rrn = operation?.rrn ?? seen['rrn'];
  if (rrn !== undefined) return { rrn };
  const { batchNo = '', stan = '' } = operation ?? {};
  return { transactionId: transactionId(tid, batchNo, stan) };
}

function signedFen(text: string): number {
  return text.startsWith('-') ? -fenOf(text.slice(1)) : fenOf(text);
}

export const refundReview: Verb = {
  ...acting,
  name: 'refund-review',
  doc: 'a person decides an application (审核)',
  args: {
    case: CASE_ARG,
    decision: { doc: 'agree or refuse', pattern: 'agree|refuse', required: true, example: 'agree' },
    why: { doc: 'why it is refused', pattern: '.{1,200}', example: 'the goods were used' },
    by: BY_ARG,
  },
  sees: CASE_SEES,
  explain({ case: of = '', decision, why, by = '' }, lang) {
    const isAgreed = decision === 'agree';
    return say(lang, {
      zh: `${by} 审核 ${of}：${isAgreed ? '同意' : `拒绝（${why ?? ''}）`}`,
      en: `${by} reviews ${of} and ${isAgreed ? 'agrees' : `refuses (${why ?? ''})`}`,
    });
  },
  run(context, args) {
    const { decision, why, by = '' } = args;
    return answered(
      refundsOf(context).review(caseNumber(context, args['case']), {
        agrees: decision === 'agree',
        by,
        ...(why === undefined ? {} : { why }),
      }),
    );
  },
};

const SIDE_ARG: ArgSpec = {
  doc: 'which side',
  pattern: 'holder|merchant',
  required: true,
  example: 'holder',
};

const SIDES_ZH: Readonly<Record<string, string>> = { holder: '持卡人', merchant: '商户' };

export const refundConsent: Verb = {
  ...acting,
  name: 'refund-consent',
  doc: 'one side agrees to what the refund costs, and says how much that is',
  args: {
    case: CASE_ARG,
    side: SIDE_ARG,
    fee: { ...AMOUNT_ARG, required: true, doc: 'yuan', example: '1.00' },
  },
  sees: CASE_SEES,
  explain: ({ case: of = '', side = '', fee = '' }, lang) =>
    say(lang, {
      zh: `${SIDES_ZH[side] ?? side}确认 ${of} 的退款费用 ${fee} 元`,
      en: `The ${side} agrees to the fee of ${of}, ${fee} yuan`,
    }),
  run(context, args) {
    const { side, fee = '0' } = args;
    const caseId = caseNumber(context, args['case']);
    return answered(refundsOf(context).consent(caseId, side as CaseSide, fenOf(fee)));
  },
};

export const refundSign: Verb = {
  ...acting,
  name: 'refund-sign',
  doc: 'one side signs the agreement on a refund; the second signature puts it into effect',
  args: {
    case: CASE_ARG,
    side: SIDE_ARG,
    of: { ...STEP_ARG, doc: 'the transaction whose feature code the signature carries' },
    draws: {
      doc: 'the signature, invented; none is a white picture; chinese when absent',
      pattern: 'chinese|latin|none',
      example: 'latin',
    },
    seed: SEED_ARG,
  },
  sees: CASE_SEES,
  explain: ({ case: of = '', side = '' }, lang) =>
    say(lang, {
      zh: `${SIDES_ZH[side] ?? side}签署 ${of} 的退款协议`,
      en: `The ${side} signs the agreement on ${of}`,
    }),
  run(context, args) {
    const { operation } = resultOf(context, args['of'] ?? '');
    const { side, draws = 'chinese', seed = '1' } = args;
    const picture = signatureImage(operation, draws, seed);
    const caseId = caseNumber(context, args['case']);
    return answered(refundsOf(context).sign(caseId, side as CaseSide, picture));
  },
};

export const refundWithdraw: Verb = {
  ...acting,
  name: 'refund-withdraw',
  doc: 'the applicant wants the refund no more',
  args: { case: CASE_ARG, by: BY_ARG },
  sees: CASE_SEES,
  explain: ({ case: of = '', by = '' }, lang) =>
    say(lang, { zh: `${by} 撤回退款申请 ${of}`, en: `${by} withdraws ${of}` }),
  run: (context, args) =>
    answered(refundsOf(context).withdraw(caseNumber(context, args['case']), args['by'] ?? '')),
};

export const refundExecute: Verb = {
  ...acting,
  name: 'refund-execute',
  doc: 'an agreed refund is sent now, by the host and on the original route',
  args: { case: CASE_ARG },
  sees: CASE_SEES,
  explain: ({ case: of = '' }, lang) => say(lang, { zh: `执行退款 ${of}`, en: `${of} is sent` }),
  run: (context, args) => answered(refundsOf(context).execute(caseNumber(context, args['case']))),
};

export const refundProgress: Verb = {
  needs: ['host-control'],
  isObservation: true,
  name: 'refund-progress',
  doc: 'asks how far a refund is, by the number of its case or by the sale (退款进度查询)',
  args: {
    case: { ...CASE_ARG, required: false },
    of: { ...STEP_ARG, required: false, doc: 'the sale, whose reference number is asked with' },
  },
  sees: { found: 'yes or no', ...CASE_SEES },
  explain: (args, lang) =>
    say(lang, {
      zh: `查询退款进度 ${asked(args)}`,
      en: `How far is the refund ${asked(args)}?`,
    }),
  run(context, args) {
    const { case: of, of: sale } = args;
    const rrn = sale === undefined ? '' : (resultOf(context, sale).operation?.rrn ?? '');
    const by = of === undefined ? { rrn } : { caseId: caseNumber(context, of) };
    const view = refundsOf(context).progress(by);
    if (view === undefined) return Promise.resolve({ seen: { found: 'no' } });
    return Promise.resolve({ seen: { found: 'yes', ...seenOfCase(view) } });
  },
};

function asked({ case: of, of: sale }: Texts): string {
  return of ?? sale ?? '';
}
