import { sampleStrokes } from '../../../emulator/signature/sample-strokes.ts';
import type { Command } from '../../../emulator/terminal/command.ts';
import type { TerminalConfig } from '../../../emulator/terminal/terminal-config.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import type { Strokes } from '../../../protocol/signature/strokes.ts';
import { SALE, signedIn, TerminalDesk } from './terminal-desk.ts';

export const SETTLE: Command = { verb: 'settle' };
export const DATE = '0115';
export const DRAWN = sampleStrokes(seededRandom(7), { script: 'chinese' });
export const DOT: Strokes = {
  width: 320,
  height: 138,
  strokes: [[{ x: 9, y: 9, timeMs: 0, pressure: 1 }]],
};

export function signingDesk(changes: Partial<TerminalConfig> = {}): TerminalDesk {
  return new TerminalDesk(signedIn(2), { signs: true, ...changes });
}

/** A sale with everything that goes before it answered with 00. */
export function sell(desk: TerminalDesk, sale: Command = SALE): string {
  desk.operate(sale).open();
  while (desk.request.mti !== '0200') desk.answer().open();
  const stan = desk.request.fields[11]!;
  desk.answer({ fields: { 15: DATE } });
  return stan;
}

export function sign(desk: TerminalDesk, stan: string, strokes: Strokes | undefined = DRAWN): void {
  desk.operate({ verb: 'sign', stan, strokes, phone: '13800138000' });
}

export function signedSale(desk: TerminalDesk): string {
  const stan = sell(desk);
  sign(desk, stan);
  return stan;
}

export function stateOf(desk: TerminalDesk, stan: string): unknown {
  const found = desk.state.record.signatures.find((each) => each.stan === stan);
  return found?.paper ?? found?.state;
}
