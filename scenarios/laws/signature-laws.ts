import { fromHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { decodeJbig } from '../../protocol/jbig/decode-jbig.ts';
import { featureCode } from '../../protocol/message/feature-code.ts';
import { digest } from '../../protocol/security/digest.ts';
import { carriesFeature } from '../../protocol/signature/feature-stamp.ts';
import { SIGNATURE_LIMITS } from '../../protocol/signature/signature-limits.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import type { SignatureOutcome } from '../../emulator/terminal/signing/pending-signature.ts';
import { outcomeOf } from '../../emulator/terminal/signing/pending-signature.ts';
import type { Law } from './law.ts';

/**
 * Contactless up to this needs no signature (spec 2.5): the law's own figure is the policy's. Who pays
 * by code confirms it in his wallet.
 */
function isWaived(host: HostState, { entry, amountFen, wallet }: Transaction): boolean {
  if (wallet !== undefined) return true;
  return entry === 'contactless' && amountFen <= host.institution.policy.noPinLimitFen;
}

export const signedOrExempt: Law = {
  id: 'I-25',
  title: {
    zh: '结算后每笔须签名交易有且仅有一份存档签名，或终端登记了改签纸质的原因',
    en: 'once settled, what must be signed has one stored signature, or a reason why it is on paper',
  },
  violations({ host, terminals }) {
    return [...terminals].flatMap(([tid, record]) =>
      record.signatureOutcomes.flatMap((outcome) => {
        const id = `${tid}-${outcome.batchNo}-${outcome.stan}`;
        const transaction = host.transactions.get(id);
        if (transaction?.status !== 'active') return [];
        const why = whyOpen(host, transaction, outcome);
        return why === undefined ? [] : [`${id} ${why}`];
      }),
    );
  },
};

function whyOpen(
  host: HostState,
  transaction: Transaction,
  { ended }: SignatureOutcome,
): string | undefined {
  const isStored = host.archive.signatures.get(transaction.id)?.whole !== undefined;
  if (isStored && host.archive.exemptions.has(transaction.id)) return 'is stored and exempt';
  switch (ended) {
    case 'not-needed':
      return isWaived(host, transaction) ? undefined : 'was never asked for a signature';
    case 'not-uploaded':
      return 'was settled with its signature open';
    case 'uploaded':
      return isStored ? undefined : 'is called uploaded, and not stored';
    default:
      return isStored ? `is on paper (${ended}) and stored` : undefined;
  }
}

export const signatureAsDrawn: Law = {
  id: 'I-26',
  title: {
    zh: '存档签名与所签一致，特征码正确',
    en: 'a stored signature is the one drawn, with the feature code of its transaction',
  },
  violations({ host, terminals }) {
    return [...terminals].flatMap(([tid, record]) =>
      [...record.signatureOutcomes, ...record.signatures.map(outcomeOf)]
        .filter(({ ended }) => ended === 'uploaded')
        .flatMap(({ batchNo, stan, digest: drawn }) => {
          const id = `${tid}-${batchNo}-${stan}`;
          const stored = host.archive.signatures.get(id);
          const signed = host.transactions.get(id);
          if (stored?.whole === undefined || signed === undefined) return [];
          const image = stored.pieces.join('');
          if (digest(image) !== drawn) return [`${id}: another picture is stored than was drawn`];
          return hasFeature(image, signed) ? [] : [`${id}: its feature code is missing`];
        }),
    );
  },
};

function hasFeature(image: string, { settlementDate, rrn }: Transaction): boolean {
  try {
    const { bitmap } = decodeJbig(fromHex(image), SIGNATURE_LIMITS);
    return carriesFeature(bitmap, featureCode(settlementDate, rrn));
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return false;
  }
}
