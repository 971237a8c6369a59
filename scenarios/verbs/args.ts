import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { parseYuan } from '../../protocol/message/amount.ts';
import { TEST_INSTITUTION, UNKNOWN_CARD } from '../../emulator/bench/test-institution.ts';
import type { HostControl } from '../../emulator/host/host-control.ts';
import type { CardAccount } from '../../emulator/host/host-config.ts';
import type { CardPresented } from '../../emulator/terminal/card-presented.ts';
import type { Texts } from '../plan/plan.ts';
import type { ArgSpec, StepContext, StepResult } from './verb.ts';

export const FIRST_TERMINAL = '10000001';

export const TERMINAL_ARG: ArgSpec = {
  doc: `terminal number; ${FIRST_TERMINAL} when absent`,
  pattern: '[0-9A-Za-z]{8}',
  example: FIRST_TERMINAL,
};

export const AMOUNT_ARG: ArgSpec = {
  doc: 'amount in yuan',
  pattern: '\\d{1,3}([ ,]\\d{3})+(\\.\\d{1,2})?|\\d+(\\.\\d{1,2})?',
  example: '100.00',
};

export const CARD_ARG: ArgSpec = {
  doc: 'name of a test card',
  pattern: [...TEST_INSTITUTION.cards, UNKNOWN_CARD].map(({ id }) => id).join('|'),
  example: 'debit',
};

export const ENTRY_ARG: ArgSpec = {
  doc: 'how the card is read; swipe when absent; fallback: the stripe, after the chip has failed',
  pattern: 'swipe|chip|contactless|keyed|fallback',
  example: 'chip',
};

export const PIN_ARG: ArgSpec = {
  doc: 'PIN the holder enters; none when absent',
  pattern: '\\d{4,12}',
  example: '123456',
};

export const PASSWORD_ARG: ArgSpec = {
  doc: 'supervisor password; the right one when absent',
  pattern: '\\d{1,12}',
  example: '123456',
};

export const REFUND_PASSWORD_ARG: ArgSpec = {
  ...PASSWORD_ARG,
  doc: 'refund password; the right one when absent',
};

export const RIGHT_PASSWORD = '123456';

export const STEP_ARG: ArgSpec = {
  doc: 'an earlier step, by the name of its `as`',
  pattern: '\\$[a-z][a-z0-9-]*',
  required: true,
  example: '$sale1',
};

export const MERCHANT_ARG: ArgSpec = {
  doc: 'merchant number; the merchant of the first terminal when absent',
  pattern: '\\d{15}',
  example: '898110000000001',
};

export const BY_ARG: ArgSpec = {
  doc: 'who does it',
  pattern: '[a-z][a-z0-9-]*',
  required: true,
  example: 'li',
};

/** The back office of the emulated host; steps that need it are not run without. */
export function controlOf({ target }: StepContext): HostControl {
  if (target.control === undefined) throw new CountersignError('E_INTERNAL');
  return target.control;
}

/** The terminal of a step: the one it names, or the first of the institution. */
export function terminalOf(args: Texts, context?: StepContext): string {
  const [first] = context?.target.institution.terminals ?? [];
  return args['terminal'] ?? first?.tid ?? FIRST_TERMINAL;
}

export function merchantOf(context: StepContext, args: Texts): string {
  return args['merchant'] ?? context.target.institution.terminals[0]?.mid ?? '';
}

/** Yuan text to fen; the schema has checked its form. */
export function fenOf(text: string): number {
  const fen = parseYuan(text);
  if (fen === undefined) throw new CountersignError('E_SCENARIO', { text: `amount "${text}"` });
  return fen;
}

/** @throws E_SCENARIO naming the cards that exist */
export function cardNamed(context: StepContext, name: string): CardAccount {
  const cards = [...context.target.institution.cards, UNKNOWN_CARD];
  const card = cards.find(({ id }) => id === name);
  if (card !== undefined) return card;
  throw new CountersignError('E_SCENARIO', {
    text: `there is no test card "${name}"`,
    hint: `test cards: ${cards.map(({ id }) => id).join(', ')}`,
  });
}

export function presented(context: StepContext, args: Texts, pin = args['pin']): CardPresented {
  const card = cardNamed(context, args['card'] ?? 'debit');
  const entry = args['entry'] ?? 'swipe';
  const isFallback = entry === 'fallback';
  return context.target.cards.present(card, {
    entry: isFallback ? 'swipe' : (entry as CardPresented['entry']),
    pin: pin ?? '',
    isFallback,
  });
}

/** The result of the step that `$name` refers to. @throws E_SCENARIO */
export function resultOf(context: StepContext, reference: string): StepResult {
  const name = reference.slice(1).split('.')[0]!;
  const result = context.results.get(name);
  if (result !== undefined) return result;
  throw new CountersignError('E_SCENARIO', {
    text: `no step before this one has the name "${name}"`,
    hint: 'give the earlier step `as: name`, and refer to it as `$name`',
  });
}
