import fc, { type Arbitrary } from 'fast-check';
import { formatYuan } from '../../protocol/message/amount.ts';

/** What befalls the exchange of an action. */
export type Loss =
  | 'none'
  | 'request-lost'
  | 'request-late'
  | 'answer-lost'
  | 'answer-cut'
  | 'answer-half';

/** What befalls each send of a reversal that goes first. */
export type ReversalLoss = 'request-lost' | 'answer-cut';

interface Common {
  readonly loss: Loss;
  /** One entry for each send of a pending reversal that is harmed, from the first on. */
  readonly reversalLosses: readonly ReversalLoss[];
}

/** One thing an operator does on a random day; plain data, so that it prints, shrinks, replays. */
export type Action =
  | (Common & {
      readonly do: 'sale';
      readonly amountFen: number;
      readonly card: PayerName;
      /** Of a card; a wallet shows its code. */
      readonly entry: 'swipe' | 'chip';
    })
  | (Common & {
      readonly do: 'void';
      /** Which earlier transaction, modulo their number. */
      readonly pick: number;
      /** Past the terminal's own checks, as a faulty terminal would. */
      readonly isForced: boolean;
    })
  | (Common & {
      readonly do: 'refund';
      readonly pick: number;
      /** Share of the original amount, in thousandths; may exceed the whole. */
      readonly share: number;
    })
  | (Common & { readonly do: 'settle' });

/** Who pays: three cards, and one with a wallet. */
export const PAYERS = ['debit', 'credit', 'low', 'alipay'] as const;
export type PayerName = (typeof PAYERS)[number];
export const CARDS = PAYERS.filter((name) => name !== 'alipay');

const loss: Arbitrary<Loss> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Loss>('none') },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Loss[]>(
      'answer-lost',
      'request-lost',
      'answer-cut',
      'answer-half',
      'request-late',
    ),
  },
);

const common = {
  loss,
  reversalLosses: fc.oneof(
    { weight: 3, arbitrary: fc.constant<ReversalLoss[]>([]) },
    {
      weight: 2,
      arbitrary: fc.array(fc.constantFrom<ReversalLoss[]>('answer-cut', 'request-lost'), {
        maxLength: 3,
        size: 'max',
      }),
    },
  ),
};

/** Round, odd, tiny, around the cap of the debit fee, and above every balance. */
const amountFen = fc.oneof(
  fc.constantFrom(100, 10_000, 9999, 499_999, 500_000, 600_000, 50_000),
  fc.integer({ min: 1, max: 700_000 }),
);

const pick = fc.nat({ max: 30 });

export const actionArbitrary: Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant<'sale'>('sale'),
      amountFen,
      card: fc.constantFrom<PayerName[]>(...PAYERS),
      entry: fc.constantFrom<('swipe' | 'chip')[]>('swipe', 'chip'),
      ...common,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant<'void'>('void'),
      pick,
      isForced: fc.boolean(),
      ...common,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant<'refund'>('refund'),
      pick,
      share: fc.oneof(fc.constantFrom(1000, 500, 600, 1001), fc.integer({ min: 1, max: 1200 })),
      ...common,
    }),
  },
  // Mostly unharmed: a day whose settlement is open can do little else.
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant<'settle'>('settle'),
      ...common,
      loss: fc.oneof(
        { weight: 4, arbitrary: fc.constant<Loss>('none') },
        { weight: 1, arbitrary: loss },
      ),
    }),
  },
);

function payerText({ card, entry }: Extract<Action, { do: 'sale' }>): string {
  return card === 'alipay' ? `a code of ${card}` : `${card}, ${entry}`;
}

export function actionText(action: Action): string {
  const harmed = action.loss === 'none' ? '' : `, ${action.loss}`;
  const first =
    action.reversalLosses.length === 0
      ? ''
      : `, if a reversal goes first: ${action.reversalLosses.join(' ')}`;
  switch (action.do) {
    case 'sale':
      return `sale ${formatYuan(action.amountFen)} with ${payerText(action)}${harmed}${first}`;
    case 'void':
      return `void of #${action.pick}${action.isForced ? ' (forced)' : ''}${harmed}${first}`;
    case 'refund':
      return `refund of #${action.pick}, ${action.share / 10} %${harmed}${first}`;
    case 'settle':
      return `settle${harmed}${first}`;
  }
}
