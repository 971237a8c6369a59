import { KEYS, type Key } from '../../emulator/terminal/keypad/keypad.ts';
import { CARD_ARG, ENTRY_ARG, PIN_ARG, presented, TERMINAL_ARG, terminalOf } from './args.ts';
import { operate, OPERATION_SEES } from './operate.ts';
import { say, type Verb } from './verb.ts';

/** A key, digits, or digits that an earlier step has left behind. */
const WORD = `(${KEYS.join('|')}|\\d{1,20}|\\$[a-z][a-z0-9-]*\\.[a-z-]+)`;

export const keys: Verb = {
  name: 'keys',
  doc: 'keys of the terminal; the last of a right order does what was asked, a wrong order ends in idle',
  args: {
    press: {
      doc: `keys with blanks between: ${KEYS.join(', ')} (a card is read), or digits, which may stand together`,
      pattern: `${WORD}( ${WORD})*`,
      required: true,
      example: 'sale 1000 enter card',
    },
    card: CARD_ARG,
    entry: ENTRY_ARG,
    pin: PIN_ARG,
    terminal: TERMINAL_ARG,
  },
  sees: {
    ...OPERATION_SEES,
    outcome: 'idle (nothing sent), asking (it waits for the next key), or that of the operation',
  },
  needs: ['terminal'],
  isObservation: false,
  explain({ press = '' }, lang) {
    const shown = withoutPassword(press);
    return say(lang, { zh: `操作员依次按键：${shown}`, en: `The operator presses: ${shown}` });
  },
  run(context, args) {
    const tid = terminalOf(args, context);
    const card = args['card'] === undefined ? undefined : presented(context, args);
    const pressed = context.target.press(tid, keysOf(args['press'] ?? ''), card);
    if (pressed.command !== undefined) return operate(context, tid, pressed.command);
    const outcome = pressed.state.at === 'idle' ? 'idle' : 'asking';
    return Promise.resolve({ seen: { outcome, screen: pressed.screen.zh }, tid });
  },
};

/** What follows a function that asks for the password is not told. */
function withoutPassword(press: string): string {
  return press.replace(/(void|refund) \d+/g, '$1 ****');
}

function keysOf(press: string): Key[] {
  return press.split(' ').flatMap((word) => (/^\d+$/.test(word) ? [...word] : [word])) as Key[];
}
