import type { Clock } from './clock.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { Tasks } from './tasks.ts';
import type { Web } from './web.ts';

/**
 * Everything from outside that a party may touch, with {@link Store} as one port more, which
 * belongs to one party and is handed to it.
 */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly web: Web;
  readonly tasks: Tasks;
  /**
   * Does something when this turn of the event loop is over: all that came in during it is decided and
   * journalled in one go. Absent in the simulated world, where everything that happens is a turn of its own.
   */
  readonly atTurnEnd?: (work: () => void) => void;
}
