import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { PayoutBank, PayoutOrder } from '../../../emulator/bank/payout-bank.ts';

/** What the bank has executed so far, in order; one line each. */
export function executedIn(file: string): PayoutOrder[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as PayoutOrder);
}

/**
 * A bank that lives on while the host dies: what it has executed is in its file. Now and then it
 * executes and says nothing.
 */
export function bankOfFile(file: string, isSilent: () => boolean): PayoutBank {
  const executed = new Set(executedIn(file).map(({ id }) => id));
  return {
    execute(order) {
      if (!executed.has(order.id)) {
        appendFileSync(file, `${JSON.stringify(order)}\n`);
        executed.add(order.id);
      }
      return isSilent() ? { kind: 'unreachable', reason: 'silence' } : { kind: 'paid' };
    },
  };
}
