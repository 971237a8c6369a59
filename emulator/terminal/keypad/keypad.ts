import { formatYuan } from '../../../protocol/message/amount.ts';
import type { Title } from '../../events/party-event.ts';
import type { CardPresented } from '../card-presented.ts';
import type { Command } from '../command.ts';
import { SCREENS } from '../screens.ts';
import type { TerminalConfig } from '../terminal-config.ts';
import type { TerminalRecord } from '../terminal-record.ts';

/** Functions of the menu, and what else can be pressed; `card` is a card that is read. */
export const KEYS = [
  'sale',
  'void',
  'refund',
  'settle',
  'enter',
  'cancel',
  'clear',
  'card',
] as const;

/** A key by its name, or a digit. */
export type Key = (typeof KEYS)[number] | `${number}`;

/** What is asked for, with what was entered before. */
type Prompt =
  | { readonly at: 'amount'; readonly refund?: RefundKeys }
  | { readonly at: 'card'; readonly command: (card: CardPresented) => Command }
  | { readonly at: 'password'; readonly next: 'void' | 'refund' }
  | { readonly at: 'stan' }
  | { readonly at: 'confirm-void'; readonly stan: string }
  | { readonly at: 'confirm-settle' }
  | { readonly at: 'rrn'; readonly password: string }
  | { readonly at: 'date'; readonly password: string; readonly rrn: string };

interface RefundKeys {
  readonly password: string;
  readonly rrn: string;
  readonly date: string;
}

/** Idle, or waiting for the next key of a function. Nothing of it survives a power cut. */
export type KeypadState =
  | { readonly at: 'idle' }
  | { readonly at: 'asking'; readonly prompt: Prompt; readonly typed: string };

export const IDLE_KEYPAD: KeypadState = { at: 'idle' };

/** What a key has led to; with the last one of a right order comes the command. */
export interface Pressed {
  readonly state: KeypadState;
  readonly screen: Title;
  readonly command?: Command;
}

/** Most digits that each prompt takes. */
const MOST_DIGITS: Readonly<Record<Prompt['at'], number>> = {
  amount: 12,
  card: 0,
  password: 12,
  stan: 6,
  'confirm-void': 0,
  'confirm-settle': 0,
  rrn: 12,
  date: 4,
};

/**
 * The keys in front of the terminal: only a whole function in its right order makes a command, and
 * whatever else is pressed ends in idle, with nothing sent (C06).
 *
 * @param card what is read when the key is `card`
 */
export function pressKey(
  { config, record }: { readonly config: TerminalConfig; readonly record: TerminalRecord },
  state: KeypadState,
  key: Key,
  card: CardPresented | undefined,
): Pressed {
  if (state.at === 'idle') return begun(record, key);
  const { prompt, typed } = state;
  if (key === 'cancel') return idle(SCREENS.cancelled);
  if (key === 'clear') return { state: { ...state, typed: '' }, screen: asked(prompt) };
  if (/^\d$/.test(key)) {
    const isRoom = typed.length < MOST_DIGITS[prompt.at];
    if (MOST_DIGITS[prompt.at] === 0) return idle(SCREENS.wrongKey);
    return { state: { ...state, typed: isRoom ? typed + key : typed }, screen: asked(prompt) };
  }
  if (key === 'card') {
    if (prompt.at !== 'card' || card === undefined) return idle(SCREENS.wrongKey);
    const command = prompt.command(card);
    return { state: IDLE_KEYPAD, screen: SCREENS.working, command };
  }
  return key === 'enter' ? entered(config, record, prompt, typed) : idle(SCREENS.wrongKey);
}

function begun({ settlement }: TerminalRecord, key: Key): Pressed {
  if (settlement !== undefined && key !== 'settle' && key !== 'cancel') {
    return idle(SCREENS.settleFirst);
  }
  switch (key) {
    case 'sale':
      return ask({ at: 'amount' });
    case 'void':
    case 'refund':
      return ask({ at: 'password', next: key });
    case 'settle':
      return ask({ at: 'confirm-settle' });
    case 'cancel':
    case 'clear':
      return idle(SCREENS.ready);
    default:
      return idle(SCREENS.wrongKey);
  }
}

function entered(
  config: TerminalConfig,
  record: TerminalRecord,
  prompt: Prompt,
  typed: string,
): Pressed {
  switch (prompt.at) {
    case 'amount': {
      const amountFen = Number(typed);
      if (amountFen === 0) return idle(SCREENS.badAmount);
      const { refund } = prompt;
      return ask({
        at: 'card',
        command: (card) =>
          refund === undefined
            ? { verb: 'sale', amountFen, card }
            : { verb: 'refund', amountFen, card, ...refund },
      });
    }
    case 'password':
      if (prompt.next === 'refund') return ask({ at: 'rrn', password: typed });
      return typed === config.supervisorPassword
        ? ask({ at: 'stan' })
        : idle(SCREENS.wrongPassword);
    case 'stan': {
      const sale = record.log.find((each) => each.kind === 'sale' && each.stan === typed);
      if (sale === undefined) return idle(SCREENS.notInBatch);
      if (sale.isVoided) return idle(SCREENS.alreadyVoided);
      const { zh, en } = SCREENS.confirmVoid;
      const amount = formatYuan(sale.amountFen);
      const screen = { zh: `${zh} ${typed} ${amount}`, en: `${en} ${typed} ${amount}` };
      return { ...ask({ at: 'confirm-void', stan: typed }), screen };
    }
    case 'confirm-void': {
      const { stan } = prompt;
      const { supervisorPassword: password } = config;
      return ask({ at: 'card', command: (card) => ({ verb: 'void', stan, card, password }) });
    }
    case 'confirm-settle':
      return { state: IDLE_KEYPAD, screen: SCREENS.working, command: { verb: 'settle' } };
    case 'rrn':
      if (typed.length !== 12) return idle(SCREENS.badEntry);
      return ask({ at: 'date', password: prompt.password, rrn: typed });
    case 'date': {
      if (!/^(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(typed)) return idle(SCREENS.badEntry);
      const { password, rrn } = prompt;
      return ask({ at: 'amount', refund: { password, rrn, date: typed } });
    }
    case 'card':
      return idle(SCREENS.wrongKey);
    default:
      return prompt satisfies never;
  }
}

function idle(screen: Title): Pressed {
  return { state: IDLE_KEYPAD, screen };
}

function ask(prompt: Prompt): Pressed {
  return { state: { at: 'asking', prompt, typed: '' }, screen: asked(prompt) };
}

function asked({ at }: Prompt): Title {
  switch (at) {
    case 'amount':
      return SCREENS.askAmount;
    case 'card':
      return SCREENS.askCard;
    case 'password':
      return SCREENS.askPassword;
    case 'stan':
      return SCREENS.askStan;
    case 'confirm-void':
      return SCREENS.confirmVoid;
    case 'confirm-settle':
      return SCREENS.confirmSettle;
    case 'rrn':
      return SCREENS.askRrn;
    case 'date':
      return SCREENS.askDate;
    default:
      return at satisfies never;
  }
}
