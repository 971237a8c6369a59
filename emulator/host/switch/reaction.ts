import type { FieldValues } from '../../../protocol/message/message.ts';

/** What a room makes of a request: a response code, and fields of the first bitmap that it adds to the answer. */
export interface Reaction {
  readonly rc: string;
  readonly fields?: FieldValues;
  /** Why, for the log; the code goes over the line. */
  readonly why?: string;
  /** 0510 gives its verdict in field 48 and has no field 39. */
  readonly withoutRc?: boolean;
}

/** Another party was asked: the answer comes when that one has said something, or nothing in time. */
export interface Waits {
  readonly waitsFor: string;
}

export function refuse(rc: string): Reaction {
  return { rc };
}
