import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { decryptPinBlock } from '../../../protocol/security/pin-block.ts';
import { balance } from '../books/ledger.ts';
import type { CardStatus } from '../host-config.ts';
import type { CardState } from '../host-state.ts';
import { businessDate, commit, type HostStep } from '../host-step.ts';
import { panOf, type Request } from '../switch/request.ts';

const STATUS_CODES: Record<Exclude<CardStatus, 'active'>, string> = {
  lost: '41',
  stolen: '43',
  restricted: '62',
};

const APPROVED = '00';

/** Whether the issuer lets this card pay this amount now: 00 or the code of the refusal. */
export function authorise(step: HostStep, request: Request, card: CardState): string {
  const { account } = card;
  if (account.status !== 'active') return STATUS_CODES[account.status];
  const yearMonth = businessDate(step).slice(2, 7).replace('-', '');
  for (const expiry of [account.expiry, ...claimedExpiries(request)]) {
    if (!/^\d\d(0[1-9]|1[0-2])$/.test(expiry)) return '30';
    if (expiry < yearMonth) return '54';
  }
  const pinCode = checkPin(step, request, card);
  if (pinCode !== APPROVED) return pinCode;
  const { amountFen } = request;
  const spentFen = card.spentFen.get(businessDate(step)) ?? 0;
  if (amountFen > account.singleLimitFen) return '61';
  if (spentFen + amountFen > account.dailyLimitFen) return '61';
  const availableFen = balance(step.state.ledger, 'card', { card: account.id });
  return amountFen > availableFen ? '51' : APPROVED;
}

/** What the message says of the card's expiry: field 14 and track 2, each YYMM. */
function claimedExpiries({ message }: Request): string[] {
  const { 14: field, 35: track } = message.fields;
  const onTrack = track?.split('D')[1]?.slice(0, 4);
  return [field, onTrack].filter((expiry) => expiry !== undefined);
}

/** Counts wrong PINs; an exhausted card stays refused (F03). */
function checkPin(step: HostStep, request: Request, card: CardState): string {
  const { message, session } = request;
  const { dialect, policy } = step.state.institution;
  const block = message.fields[52];
  const isAnnounced = message.fields[22]?.[2] === dialect.pinDigits.entered;
  if (block === undefined) return isAnnounced ? '30' : APPROVED;
  if (card.pinFailures >= policy.pinTries) return '75';
  if (session.pik === undefined) return '77';
  let pin: string;
  try {
    pin = decryptPinBlock(session.pik, block, panOf(message) ?? '');
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return '99';
  }
  const cardId = card.account.id;
  if (pin !== card.account.pin) {
    commit(step, { kind: 'pin-failed', cardId });
    return card.pinFailures >= policy.pinTries ? '75' : '55';
  }
  if (card.pinFailures > 0) commit(step, { kind: 'pin-accepted', cardId });
  return APPROVED;
}
