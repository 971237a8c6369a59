/** What a refund is about; each kind needs papers of its own (case B21). */
export type RefundCategory = 'transaction' | 'service' | 'policy' | 'device';

/** Where the goods of a sale stand; `none` when there are none, or nobody waits for them. */
export type GoodsState =
  | 'none'
  | 'pending-confirmation'
  | 'return-unconfirmed'
  | 'return-started'
  | 'return-confirmed';

/** What a holder may do himself: all of it, part of it, or only ask a person (B02 to B04). */
export type GoodsRule = 'full' | 'partial' | 'manual';

/** Papers by name, as applicants hand them in. */
export const PAPERS = [
  'slip',
  'contract',
  'service-record',
  'policy-notice',
  'failure-slip',
  'fault-report',
] as const;

export type Paper = (typeof PAPERS)[number];

/** Who pays what a refund costs. */
export type FeePayer = 'merchant' | 'holder';

/** The rules of the refund desk; days are calendar days unless they say otherwise. */
export interface RefundPolicy {
  /** Days after the sale within which a refund is applied for (B01). */
  readonly windowDays: number;
  readonly goods: Readonly<Record<GoodsState, GoodsRule>>;
  /** Working days after the sale, first and last, for goods of which a person decides (B03). */
  readonly manualDays: { readonly from: number; readonly to: number };
  /** Parts per million of the amount, nothing up to `freeDays` after the sale (B08). */
  readonly fee: { readonly ppm: number; readonly freeDays: number; readonly payer: FeePayer };
  /** Whether the merchant gets the fee of the sale back, in proportion (I-20, spec 8.3). */
  readonly saleFee: 'kept' | 'returned';
  readonly papers: Readonly<Record<RefundCategory, readonly Paper[]>>;
  /** Categories that a person reviews, and those whose agreement both sides sign (B20). */
  readonly reviewed: readonly RefundCategory[];
  readonly signed: readonly RefundCategory[];
  /** Most that a merchant may come to owe for the refund of an instantly settled sale (B12). */
  readonly debtLimitFen: number;
  /** Working days that a review and a complaint may take (B19). */
  readonly reviewDays: number;
  readonly complaintDays: number;
  /** Working days until the holder has the money, and the one on which this issuer books it (B15). */
  readonly arrival: {
    readonly leastDays: number;
    readonly usualDays: number;
    readonly mostDays: number;
  };
  /** A device that was shipped and is in order: until when it is taken back, and at what penalty (B22). */
  readonly device: { readonly days: number; readonly penaltyPpm: number };
}

/** A policy that holds from a moment on; a case keeps the one under which it was applied for (B18). */
export interface RefundPolicyVersion extends RefundPolicy {
  /** Civil time in the institution's zone, `2026-01-15 09:30:00` or a date. */
  readonly from: string;
}

/** Defaults of the documented cases (group B) and of spec 8.3. */
export const DOCUMENTED_REFUND_POLICY: RefundPolicyVersion = {
  from: '2016-09-06',
  windowDays: 30,
  goods: {
    none: 'full',
    'pending-confirmation': 'full',
    'return-unconfirmed': 'manual',
    'return-started': 'partial',
    'return-confirmed': 'full',
  },
  manualDays: { from: 7, to: 15 },
  fee: { ppm: 0, freeDays: 0, payer: 'merchant' },
  saleFee: 'kept',
  papers: {
    transaction: ['slip'],
    service: ['slip', 'contract', 'service-record'],
    policy: ['slip', 'policy-notice'],
    device: ['contract'],
  },
  reviewed: ['service', 'policy'],
  signed: ['service'],
  debtLimitFen: 0,
  reviewDays: 7,
  complaintDays: 7,
  arrival: { leastDays: 3, usualDays: 3, mostDays: 7 },
  device: { days: 7, penaltyPpm: 300_000 },
};

/** The version in force at a civil time; the later one of two that begin at once. */
export function policyAt(
  versions: readonly RefundPolicyVersion[],
  at: string,
): RefundPolicyVersion | undefined {
  return versions
    .filter(({ from }) => from <= at)
    .reduce<RefundPolicyVersion | undefined>(
      (best, each) => (best === undefined || each.from >= best.from ? each : best),
      undefined,
    );
}

/** Why a policy cannot be entered, or nothing. */
export function whyNotPolicy(policy: RefundPolicy): string | undefined {
  const { manualDays, arrival, fee, device } = policy;
  const counts = [
    ['the window', policy.windowDays],
    ['the first day of manual applications', manualDays.from],
    ['the free days', fee.freeDays],
    ['the days of a review', policy.reviewDays],
    ['the days of a complaint', policy.complaintDays],
    ['the days of arrival', arrival.leastDays],
    ['the debt limit', policy.debtLimitFen],
    ['the days of a device', device.days],
  ] as const;
  const bad = counts.find(([, count]) => !Number.isSafeInteger(count) || count < 0);
  if (bad !== undefined) return `${bad[0]} must be a whole number, not below zero`;
  if (manualDays.from > manualDays.to) return 'manual applications end before they begin';
  if (arrival.leastDays > arrival.usualDays || arrival.usualDays > arrival.mostDays) {
    return 'the days of arrival are out of order';
  }
  const shares = [fee.ppm, device.penaltyPpm];
  const isShare = shares.every((ppm) => Number.isSafeInteger(ppm) && ppm >= 0 && ppm < 1_000_000);
  return isShare ? undefined : 'a fee or penalty must be a share below the whole';
}
