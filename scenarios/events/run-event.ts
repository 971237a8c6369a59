import type { PartyEvent, Title } from '../../emulator/events/party-event.ts';
import type { Place, Texts } from '../plan/plan.ts';

/** Version of the event stream; a stored run carries it in its first event. */
export const EVENT_VERSION = 1;

export interface Failure {
  readonly code: string;
  /** What was expected and what came instead, a line each. */
  readonly lines: readonly string[];
  readonly hint: string;
  readonly place: Place;
  readonly replay: string;
}

export type StepStatus = 'passed' | 'failed' | 'skipped' | 'not-run';
export type CaseStatus = 'passed' | 'failed' | 'skipped';

export interface CaseHeader {
  readonly id: string;
  readonly target: string;
  readonly title: Title;
  readonly tags: readonly string[];
  readonly file: string;
  readonly steps: number;
}

/** Everything that happens in a run, in order; every report is made from this stream alone. */
export type RunEvent =
  | {
      readonly kind: 'run-started';
      readonly v: typeof EVENT_VERSION;
      readonly version: string;
      readonly seed: number;
      readonly targets: readonly string[];
      readonly cases: number;
      /** ISO time of the machine. */
      readonly at: string;
    }
  | { readonly kind: 'case-started'; readonly case: CaseHeader }
  | {
      readonly kind: 'step-started';
      readonly index: number;
      readonly verb: string;
      readonly text: Title;
    }
  | { readonly kind: 'party'; readonly number: number; readonly event: PartyEvent }
  | {
      readonly kind: 'step-ended';
      readonly index: number;
      readonly verb: string;
      readonly status: StepStatus;
      readonly seen: Texts;
      readonly reason?: string;
      readonly failure?: Failure;
    }
  | {
      readonly kind: 'case-ended';
      readonly case: CaseHeader;
      readonly status: CaseStatus;
      readonly reason?: string;
      readonly failures: readonly Failure[];
      readonly skippedSteps: number;
      readonly traceHash?: string;
      readonly wallMs: number;
    }
  | {
      readonly kind: 'run-ended';
      readonly passed: number;
      readonly failed: number;
      readonly skipped: number;
      readonly interrupted: boolean;
      readonly wallMs: number;
    };

export type Listener = (event: RunEvent) => void;
