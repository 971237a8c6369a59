import type { Route } from '../route.ts';
import { ADJUSTMENT_ROUTES } from './adjustments.ts';
import { BOOKS_ROUTES } from './books.ts';
import { CARD_ROUTES } from './cards.ts';
import { CHANNEL_ROUTES } from './channels.ts';
import { CLOCK_ROUTES } from './clock.ts';
import { DEVICE_ROUTES } from './devices.ts';
import { ENQUIRY_ROUTES } from './enquiry.ts';
import { EVIDENCE_ROUTES } from './evidence.ts';
import { FREEZE_ROUTES } from './freezes.ts';
import { HEALTH_ROUTES } from './health.ts';
import { MERCHANT_ROUTES } from './merchants.ts';
import { PAYOUT_ROUTES } from './payouts.ts';
import { REFUND_CASE_ROUTES } from './refund-cases.ts';
import { REFUND_DESK_ROUTES } from './refund-desk.ts';
import { RETRIEVAL_ROUTES } from './retrievals.ts';
import { RISK_ROUTES } from './risk.ts';
import { RULE_SHEET_ROUTES } from './rule-sheets.ts';
import { SETTLEMENT_ROUTES } from './settlement.ts';
import { SIGNATURE_ROUTES } from './signatures.ts';
import { TARIFF_ROUTES } from './tariff.ts';
import { TERMINAL_ROUTES } from './terminals.ts';
import { TRANSACTION_ROUTES } from './transactions.ts';

/** Every route, a file a room; a new room adds its line here. */
export const ROUTES: readonly Route[] = [
  ...HEALTH_ROUTES,
  ...TERMINAL_ROUTES,
  ...MERCHANT_ROUTES,
  ...CARD_ROUTES,
  ...CHANNEL_ROUTES,
  ...TARIFF_ROUTES,
  ...TRANSACTION_ROUTES,
  ...ENQUIRY_ROUTES,
  ...FREEZE_ROUTES,
  ...RISK_ROUTES,
  ...RULE_SHEET_ROUTES,
  ...REFUND_CASE_ROUTES,
  ...REFUND_DESK_ROUTES,
  ...DEVICE_ROUTES,
  ...ADJUSTMENT_ROUTES,
  ...PAYOUT_ROUTES,
  ...SETTLEMENT_ROUTES,
  ...BOOKS_ROUTES,
  ...SIGNATURE_ROUTES,
  ...RETRIEVAL_ROUTES,
  ...EVIDENCE_ROUTES,
  ...CLOCK_ROUTES,
];
