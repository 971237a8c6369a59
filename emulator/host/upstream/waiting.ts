import type { Asker } from '../switch/send-answer.ts';
import type { Request } from '../switch/request.ts';

/** Who waits for the answer to a pending transaction. No journal holds it: a restart hangs up. */
export interface Waiting {
  readonly asker: Asker;
  readonly request: Request;
}
