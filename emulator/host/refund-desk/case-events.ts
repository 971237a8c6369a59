import type {
  FeePayer,
  GoodsState,
  Paper,
  RefundCategory,
  RefundPolicyVersion,
} from './refund-policy.ts';

/** Where a refund stands (documented cases, group B). */
export type CaseState =
  | 'applied'
  | 'under-review'
  | 'agreed'
  | 'sent'
  | 'arrived'
  | 'refused'
  | 'withdrawn';

/** Why a case was refused. */
export type RefusalReason =
  | 'incomplete'
  | 'window'
  | 'manual-only'
  | 'too-early'
  | 'too-late'
  | 'partial-only'
  | 'full-only'
  | 'other-channel'
  | 'nothing-debited'
  | 'nothing-left'
  | 'amount'
  | 'merchant-balance'
  | 'review';

/** Channels in which a sale can have been made beside this acquirer's terminals (B16). */
export type SalesChannel = 'web-shop' | 'other-acquirer' | 'wallet';

/** How an application came: by the holder himself, by a person, or as a refund at a terminal. */
export type ApplicationWay = 'self-service' | 'manual' | 'terminal';

/** Who has to agree to what a refund costs, and to sign its agreement. */
export type CaseSide = 'holder' | 'merchant';

/** What was applied for; nothing of it changes later. */
export interface CaseRecord {
  /** `R000001` */
  readonly id: string;
  /** The applicant's own number: the same one again is the same application (B11). */
  readonly requestNo: string;
  readonly mid: string;
  /** The sale, or the order of a device; neither for a sale of another channel. */
  readonly saleId?: string;
  readonly orderId?: string;
  readonly channel?: SalesChannel;
  /** Of what was paid, as much as is claimed back. */
  readonly amountFen: number;
  readonly category: RefundCategory;
  /** The payment had failed and was debited all the same: no fee of any kind (B05, B07). */
  readonly isFailure: boolean;
  /** A device that does not work. */
  readonly isFaulty: boolean;
  readonly goods: GoodsState;
  readonly way: ApplicationWay;
  /** The host sends the money back itself, or waits for a refund at the terminal. */
  readonly route: 'host' | 'terminal';
  readonly papers: readonly Paper[];
  /** How its changes are told. */
  readonly contact: 'sms' | 'mail';
  /** Business date. */
  readonly appliedOn: string;
  /** Since when the policy holds under which it is decided. */
  readonly policyFrom: string;
  /** What the refund costs, told before anybody agrees (B08). */
  readonly feeFen: number;
  readonly payer: FeePayer;
}

export interface ComplaintRecord {
  /** `C000001` */
  readonly id: string;
  readonly caseId: string;
  readonly by: string;
  readonly text: string;
  readonly openedOn: string;
  readonly dueOn: string;
}

export type RefundCaseEvent =
  | { readonly kind: 'refund-applied'; readonly case: CaseRecord }
  | {
      /** To any state but `applied` and `sent`; the refund itself does the latter. */
      readonly kind: 'refund-moved';
      readonly caseId: string;
      readonly to: Exclude<CaseState, 'applied' | 'sent'>;
      readonly on: string;
      readonly by: string;
      readonly reason?: RefusalReason;
      readonly why?: string;
      /** When a review has to be over, or the holder has his money. */
      readonly dueOn?: string;
    }
  | {
      readonly kind: 'refund-consented';
      readonly caseId: string;
      readonly side: CaseSide;
      readonly feeFen: number;
    }
  | {
      /** JBIG as hex. */
      readonly kind: 'refund-signed';
      readonly caseId: string;
      readonly side: CaseSide;
      readonly picture: string;
      readonly on: string;
    }
  | { readonly kind: 'complaint-opened'; readonly complaint: ComplaintRecord }
  | {
      readonly kind: 'complaint-closed';
      readonly id: string;
      readonly by: string;
      readonly on: string;
      readonly isUpheld: boolean;
    }
  | {
      readonly kind: 'refund-policy-entered';
      readonly version: RefundPolicyVersion;
      readonly by: string;
    }
  | { readonly kind: 'refund-maintenance-set'; readonly isOn: boolean; readonly by: string }
  | {
      /** A sale that this acquirer did not process, so that its refund can be shown the way. */
      readonly kind: 'other-sale-noted';
      readonly rrn: string;
      readonly mid: string;
      readonly channel: SalesChannel;
    };
