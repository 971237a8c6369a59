import { isoDateTime } from '../../world/civil-time.ts';
import { commit, hostTime, type HostStep } from '../host-step.ts';
import { checkContract } from './check-contract.ts';
import { USUAL_CONTRACT, type MerchantContract } from './tariff.ts';

/**
 * Enters what a merchant has agreed on; his earlier rates stay on record for the sales that were made
 * under them. Returns why it is refused, or nothing.
 */
export function enterContract(
  step: HostStep,
  mid: string,
  contract: MerchantContract,
  by: string,
): string | undefined {
  const { state } = step;
  if (!state.merchants.has(mid)) return 'the merchant is unknown';
  const earlier = (state.contracts.get(mid) ?? USUAL_CONTRACT).versions ?? [];
  const added = contract.versions ?? [];
  const [why] = checkContract(state.institution.tariff, contract);
  if (why !== undefined) return why;
  const now = isoDateTime(hostTime(step));
  for (const { from } of added) {
    if (padded(from) < now) return `${from} has begun already`;
    if (earlier.some((each) => padded(each.from) === padded(from))) {
      return `there is a rate from ${from} on already`;
    }
  }
  const versions = [...earlier, ...added];
  commit(step, {
    kind: 'contract-set',
    mid,
    contract: { ...contract, ...(versions.length === 0 ? {} : { versions }) },
    by,
  });
  return undefined;
}

/** A date alone is its midnight. */
function padded(from: string): string {
  return from.length === 10 ? `${from} 00:00:00` : from;
}
