import type { Dialect } from '../../protocol/dialect/dialect.ts';
import type { Title } from '../../emulator/events/party-event.ts';

/** A place in a scenario file; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Texts = { readonly [name: string]: string };

export interface PlannedStep {
  readonly index: number;
  readonly verb: string;
  readonly args: Texts;
  readonly expect: Texts;
  /** Name under which later steps refer to this one. */
  readonly as: string | undefined;
  readonly place: Place;
  /** Where each expectation stands. */
  readonly expectPlaces: { readonly [name: string]: Place };
}

/** One run of a scenario file: the file itself, or one of its rows. */
export interface PlannedCase {
  /** `a07` or `a07/half-frame` */
  readonly id: string;
  readonly title: Title;
  readonly rowName: string;
  readonly tags: readonly string[];
  readonly source: string;
  /** Civil time at the start, Asia/Shanghai. */
  readonly clock: string;
  /** The dialect of terminal and host; the one of the run when absent. */
  readonly dialect?: Dialect;
  readonly steps: readonly PlannedStep[];
  /** Laws that must hold at the end. */
  readonly laws: readonly string[];
  readonly place: Place;
}
