import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { OriginalKeys } from '../../emulator/terminal/command.ts';
import {
  AMOUNT_ARG,
  CARD_ARG,
  ENTRY_ARG,
  fenOf,
  PASSWORD_ARG,
  presented,
  resultOf,
  RIGHT_PASSWORD,
  STEP_ARG,
  TERMINAL_ARG,
} from './args.ts';
import { operate, OPERATION_SEES } from './operate.ts';
import type { Texts } from '../plan/plan.ts';
import { say, type StepContext, type StepResult, type Verb } from './verb.ts';

export const voidSale: Verb = {
  name: 'void',
  doc: 'same-batch cancel of a completed sale (消费撤销)',
  args: {
    of: STEP_ARG,
    card: {
      ...CARD_ARG,
      doc: 'card presented, or none; that of the sale when absent',
      pattern: `${CARD_ARG.pattern}|none`,
    },
    entry: ENTRY_ARG,
    amount: { ...AMOUNT_ARG, doc: 'only with unchecked: another amount than that of the sale' },
    unchecked: {
      doc: 'yes: sent although the terminal would refuse it, as a faulty terminal does',
      pattern: 'yes|no',
      example: 'yes',
    },
    password: PASSWORD_ARG,
    terminal: { ...TERMINAL_ARG, doc: 'terminal number; that of the sale when absent' },
  },
  sees: OPERATION_SEES,
  needs: ['terminal'],
  isObservation: false,
  explain(args, lang) {
    const forced = args['unchecked'] === 'yes';
    return say(lang, {
      zh: `撤销 ${args['of'] ?? ''}${forced ? '（跳过终端自身检查）' : ''}`,
      en: `Void of ${args['of'] ?? ''}${forced ? ' (past the terminal’s own checks)' : ''}`,
    });
  },
  run(context, args) {
    const original = resultOf(context, args['of'] ?? '');
    const card = cardOfStep(context, original, args);
    const isUnchecked = args['unchecked'] === 'yes';
    return operate(context, args['terminal'] ?? original.tid ?? '', {
      verb: 'void',
      stan: original.operation?.stan ?? '',
      card:
        card === undefined || card === 'none'
          ? undefined
          : presented(context, { ...args, card }, ''),
      password: args['password'] ?? RIGHT_PASSWORD,
      ...(isUnchecked
        ? { unchecked: keysOf(original, args['amount']), ...voucherOf(original) }
        : {}),
    });
  },
};

function voucherOf({ operation }: StepResult): { readonly voucher?: string } {
  return operation?.voucher === undefined ? {} : { voucher: operation.voucher };
}

/** The card that a step says, or that of the sale; none for a payment by code. */
export function cardOfStep(
  { target }: StepContext,
  original: StepResult,
  args: Texts,
): string | undefined {
  if (args['card'] !== undefined) return args['card'];
  if (original.command?.verb === 'scan') return undefined;
  return cardNameOf(target.institution.cards, original);
}

/** The test card that a sale was made with. @throws E_SCENARIO when the step was no card operation */
export function cardNameOf(
  cards: readonly { id: string; pan: string }[],
  { command }: StepResult,
): string {
  const pan = command !== undefined && 'card' in command ? command.card?.pan : undefined;
  const card = cards.find((each) => each.pan === pan);
  if (card !== undefined) return card.id;
  throw new CountersignError('E_SCENARIO', { text: 'the step referred to used no known card' });
}

function keysOf({ operation }: StepResult, amount: string | undefined): OriginalKeys {
  return {
    batchNo: operation?.batchNo ?? '000000',
    rrn: operation?.rrn ?? '000000000000',
    authCode: operation?.authCode ?? '',
    amountFen: amount === undefined ? (operation?.amountFen ?? 0) : fenOf(amount),
  };
}
