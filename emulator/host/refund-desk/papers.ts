import type { CaseRecord } from './case-events.ts';
import type { Paper, RefundPolicy } from './refund-policy.ts';

/** Papers that an application needs and does not bring, in the order of the policy (B21). */
export function missingPapers(
  policy: RefundPolicy,
  { category, isFailure, isFaulty, papers }: CaseRecord,
): Paper[] {
  const needed: Paper[] = [
    ...policy.papers[category],
    // Whoever says that a payment failed, or a device, shows it.
    ...(isFailure ? ['failure-slip' as const] : []),
    ...(isFaulty ? ['fault-report' as const] : []),
  ];
  return needed.filter((paper) => !papers.includes(paper));
}
