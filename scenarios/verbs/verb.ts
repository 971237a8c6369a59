import type { Strokes } from '../../protocol/signature/strokes.ts';
import type { Title } from '../../emulator/events/party-event.ts';
import type { Command } from '../../emulator/terminal/command.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import type { Texts } from '../plan/plan.ts';
import type { Need, Target } from '../targets/target.ts';

export type Lang = 'zh' | 'en';

/** One argument of a verb; every scalar of a scenario is text. */
export interface ArgSpec {
  readonly doc: string;
  /** A regular expression for the whole text; references such as `$s1` always fit. */
  readonly pattern: string;
  readonly required?: boolean;
  /** Shown in messages about a value that does not fit. */
  readonly example: string;
}

/** What a step left behind, for expectations and for later steps. */
export interface StepResult {
  /** What can be expected, as text. */
  readonly seen: Texts;
  readonly operation?: OperationResult;
  readonly command?: Command;
  readonly tid?: string;
}

export interface StepContext {
  readonly target: Target;
  readonly results: ReadonlyMap<string, StepResult>;
  /** What holders have drawn in this case, by transaction id: a pad remembers it, a terminal need not. */
  readonly drawn: Map<string, Strokes>;
  /** The scenario file, beside which others are looked for. */
  readonly file: string;
}

/** One word of the scenario language: a file, a test and a line of documentation each. */
export interface Verb {
  readonly name: string;
  readonly doc: string;
  readonly args: Readonly<Record<string, ArgSpec>>;
  /** What its `expect` may name, each with what it says. */
  readonly sees: Readonly<Record<string, string>>;
  readonly needs: readonly Need[];
  /** It only looks: a target that cannot is no reason to leave out the whole case. */
  readonly isObservation: boolean;
  explain(args: Texts, lang: Lang): string;
  run(context: StepContext, args: Texts): Promise<StepResult>;
}

/** Two languages at once. */
export function say(lang: Lang, title: Title): string {
  return title[lang];
}
