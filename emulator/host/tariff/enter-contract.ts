import { commit, hostMoment, type HostStep } from '../host-step.ts';
import { checkContract, inOneForm } from './check-contract.ts';
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
  const [why] = checkContract(state.institution.tariff, contract);
  if (why !== undefined) return why;
  const entered = inOneForm(contract);
  const earlier = (state.contracts.get(mid) ?? USUAL_CONTRACT).versions ?? [];
  const added = entered.versions ?? [];
  const now = hostMoment(step).dateTime;
  for (const { from } of added) {
    const shown = from.replace(/ 00:00:00$/, '');
    if (from < now) return `${shown} has begun already`;
    if (earlier.some((each) => each.from === from)) {
      return `there is a rate from ${shown} on already`;
    }
  }
  const versions = [...earlier, ...added];
  commit(step, {
    kind: 'contract-set',
    mid,
    contract: { ...entered, ...(versions.length === 0 ? {} : { versions }) },
    by,
  });
  return undefined;
}
