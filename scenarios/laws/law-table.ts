import { agreement, totalsAgree } from './agreement-laws.ts';
import { feeFormula } from './fee-law.ts';
import type { Law, LawView } from './law.ts';
import {
  conservation,
  doubleEntry,
  holdsBalance,
  limitsConserved,
  oneFate,
  refundBound,
  settledOnce,
} from './money-laws.ts';
import { frozenIsKept } from './freeze-law.ts';
import { instantCovered } from './payout-laws.ts';
import { feesComeBack, refundWindow } from './refund-laws.ts';
import { nothingSecretTold } from './secrecy-law.ts';
import { signatureAsDrawn, signedOrExempt } from './signature-laws.ts';

const LAWS: readonly Law[] = [
  doubleEntry,
  conservation,
  agreement,
  oneFate,
  refundBound,
  refundWindow,
  totalsAgree,
  settledOnce,
  feeFormula,
  feesComeBack,
  holdsBalance,
  frozenIsKept,
  instantCovered,
  limitsConserved,
  signedOrExempt,
  signatureAsDrawn,
  nothingSecretTold,
];

/** All laws that can be checked at the end of a scenario, by id. */
export const LAW_TABLE: ReadonlyMap<string, Law> = new Map(LAWS.map((law) => [law.id, law]));

/** Every violation of the given laws, each beginning with the law's id. */
export function checkLaws(ids: readonly string[], view: LawView): string[] {
  return ids.flatMap((id) => {
    const law = LAW_TABLE.get(id);
    return law === undefined ? [] : law.violations(view).map((text) => `${id} ${text}`);
  });
}
