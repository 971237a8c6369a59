import { adjust, decide } from './adjustment-verbs.ts';
import { agreement, archive, archiveRules, exempt, openItems } from './archive-verbs.ts';
import { audit } from './audit.ts';
import {
  cardAccount,
  enquire,
  freeze,
  issuer,
  merchantAccount,
  release,
  returnHold,
  take,
} from './back-office-verbs.ts';
import { channel, slowAnswers } from './channel.ts';
import { payoutRun, settlementFile, statement } from './settlement-verbs.ts';
import { bank, crash, payout, settleAccount } from './payout-verbs.ts';
import {
  refundApply,
  refundConsent,
  refundExecute,
  refundProgress,
  refundReview,
  refundSign,
  refundWithdraw,
} from './refund-case-verbs.ts';
import {
  answerComplaint,
  complain,
  otherSale,
  refundDay,
  refundMaintenance,
  refundPolicy,
} from './refund-desk-verbs.ts';
import { deviceAccount, deviceOrder, deviceRefund, deviceShip } from './device-verbs.ts';
import { notices } from './notice-verbs.ts';
import { refund } from './refund.ts';
import { review, riskRule } from './review-verbs.ts';
import { keys } from './keys.ts';
import { exportCase, openRetrievals, retrieve } from './evidence-verbs.ts';
import { limits } from './risk-verbs.ts';
import { sale } from './sale.ts';
import { echo, powerCut, settle, signIn, signOff, unlock } from './session-verbs.ts';
import { setUp } from './set-up.ts';
import { sign } from './sign.ts';
import { standing } from './standing.ts';
import { contract, quote } from './tariff-verbs.ts';
import { upload } from './upload.ts';
import type { Verb } from './verb.ts';
import { scan, walletAccount, walletFault } from './wallet-verbs.ts';
import { voidSale } from './void.ts';
import { advance, fault } from './world-verbs.ts';

const VERBS: readonly Verb[] = [
  setUp,
  signIn,
  signOff,
  echo,
  sale,
  scan,
  sign,
  upload,
  voidSale,
  refund,
  settle,
  keys,
  powerCut,
  unlock,
  fault,
  advance,
  channel,
  slowAnswers,
  walletFault,
  issuer,
  standing,
  limits,
  riskRule,
  review,
  audit,
  retrieve,
  openRetrievals,
  exportCase,
  contract,
  quote,
  freeze,
  release,
  returnHold,
  take,
  adjust,
  decide,
  payout,
  bank,
  settleAccount,
  payoutRun,
  settlementFile,
  statement,
  crash,
  cardAccount,
  merchantAccount,
  walletAccount,
  enquire,
  archive,
  archiveRules,
  openItems,
  exempt,
  agreement,
  refundApply,
  refundReview,
  refundConsent,
  refundSign,
  refundWithdraw,
  refundExecute,
  refundProgress,
  refundDay,
  refundPolicy,
  refundMaintenance,
  otherSale,
  complain,
  answerComplaint,
  notices,
  deviceOrder,
  deviceShip,
  deviceRefund,
  deviceAccount,
];

/** All words of the scenario language, by name. */
export const VERB_TABLE: ReadonlyMap<string, Verb> = new Map(
  VERBS.map((verb) => [verb.name, verb]),
);
