import { isDigits } from '../../../protocol/bytes/digits.ts';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import type { FieldValues } from '../../../protocol/message/message.ts';
import {
  buildPinBlock,
  encryptPinBytes,
  hasOneBlock,
  isPin,
  isPinBlock,
  translatePinBytes,
  type PinBlockForm,
  type PinZone,
} from '../../../protocol/security/pin-block.ts';
import { pinBlockOf } from '../../../protocol/security/pin-fields.ts';
import type { SessionKeys } from '../../../protocol/security/session-keys.ts';
import { balance } from '../books/ledger.ts';
import type { CardAccount, CardStatus } from '../host-config.ts';
import type { CardState } from '../card-state.ts';
import type { HostState } from '../host-state.ts';
import { businessDate, commit, hostMoment, type HostStep } from '../host-step.ts';
import { monthOf } from '../risk/limit-book.ts';
import { readingOf, type Reading, type Request } from '../switch/request.ts';
import { issuerAnswer, verifyChip, whyNotThisSale, type GenuineChip } from './verify-chip.ts';

const STATUS_CODES: Record<Exclude<CardStatus, 'active'>, string> = {
  lost: '41',
  stolen: '43',
  restricted: '62',
};

const APPROVED = '00';

/** What the issuer says to a sale. */
export interface Authorisation {
  /** 00, or the code of the refusal. */
  readonly rc: string;
  /** Field 55 of the approval of a chip, and the chip's counter. */
  readonly chip?: string;
  readonly atc?: number;
  /** Why it was refused, where the code alone does not say it. */
  readonly why?: string;
}

/** Whether the issuer lets this card pay this amount now. */
export function authorise(step: HostStep, request: Request, card: CardState): Authorisation {
  const { account } = card;
  if (account.status !== 'active') return { rc: STATUS_CODES[account.status] };
  const { yearMonth } = hostMoment(step);
  const { 14: field, 35: track } = request.message.fields;
  const wrongExpiry =
    whyExpired(account.expiry, account, yearMonth) ??
    (field === undefined ? undefined : whyExpired(field, account, yearMonth)) ??
    (track === undefined ? undefined : whyTrackExpired(track, account, yearMonth));
  if (wrongExpiry !== undefined) return wrongExpiry;
  const reading = readingOf(step.state, request);
  if (reading === undefined) return { rc: '30', why: 'field 22 names no way of reading a card' };
  const wrongCard = checkCard(step, request, card, reading);
  if (wrongCard !== undefined) return wrongCard;
  const chip = checkChip(step, request, card, reading);
  if ('rc' in chip) return chip;
  const pinCode = checkPin(step, request, card);
  if (pinCode !== APPROVED) return { rc: pinCode };
  const rc = checkLimits(step, request, card);
  if (rc !== APPROVED || chip.genuine === undefined) return { rc };
  const script = card.isScriptDone ? undefined : account.script;
  const answer = issuerAnswer(chip.genuine, rc, script, step.state.isArpcRight);
  return { rc, chip: answer, atc: chip.genuine.atc };
}

function checkLimits(step: HostStep, request: Request, card: CardState): string {
  const { account } = card;
  const { amountFen } = request;
  const spentFen = card.spentFen.get(businessDate(step)) ?? 0;
  if (amountFen > account.singleLimitFen) return '61';
  if (spentFen + amountFen > account.dailyLimitFen) return '61';
  const { monthlyLimitFen } = account;
  if (monthlyLimitFen !== undefined) {
    const spent = spentInMonth(card, monthOf(businessDate(step)));
    if (spent + amountFen > monthlyLimitFen) return '61';
  }
  const availableFen = balance(step.state.ledger, 'card', { card: account.id });
  return amountFen > availableFen ? '51' : APPROVED;
}

/** What a card has spent in a month such as `2026-01`: of the days that are on record. */
export function spentInMonth({ spentFen }: CardState, month: string): number {
  let sum = 0;
  for (const [date, fen] of spentFen) if (monthOf(date) === month) sum += fen;
  return sum;
}

/** Service codes of cards with a chip begin with 2 or 6. */
function hasChip({ track2 }: CardAccount): boolean {
  const separator = track2.indexOf('D');
  const code = separator < 0 ? undefined : track2[separator + 5];
  return code === '2' || code === '6';
}

/** The track must be the one on the card; the stripe of a chip card is taken by policy only. */
function checkCard(
  step: HostStep,
  request: Request,
  { account }: CardState,
  { entry, isFallback }: Reading,
): Authorisation | undefined {
  const { policy } = step.state.institution;
  const { 23: sequence, 35: track, 36: third } = request.message.fields;
  if (track !== undefined && track !== account.track2) {
    return { rc: policy.trackRefused, why: 'field 35 is not the track of this card' };
  }
  if (third !== undefined && !third.replace(/^99/, '').startsWith(account.pan)) {
    return { rc: '14', why: 'field 36 is the track of another card' };
  }
  if (sequence !== undefined && sequence !== account.sequence) {
    return { rc: policy.cryptogramRefused, why: 'field 23 is not the sequence of this card' };
  }
  const { chipCardSwiped } = step.state;
  if (entry === 'swipe' && hasChip(account) && chipCardSwiped !== 'allowed') {
    const isAfterFailure = chipCardSwiped === 'after-failure' && isFallback;
    if (!isAfterFailure) return { rc: '45', why: 'the stripe of a chip card' };
  }
  const isBare = entry === 'contactless' && request.message.fields[52] === undefined;
  if (isBare && request.amountFen > policy.noPinLimitFen) {
    return { rc: policy.pinNeeded, why: 'contactless without PIN above the limit' };
  }
  return undefined;
}

/** A chip proves itself, and its counter only goes up. */
function checkChip(
  step: HostStep,
  request: Request,
  card: CardState,
  { entry }: Reading,
): Authorisation | { readonly genuine: GenuineChip | undefined } {
  const { institution } = step.state;
  if (entry !== 'chip' && entry !== 'contactless') return { genuine: undefined };
  const rc = institution.policy.cryptogramRefused;
  const verdict = verifyChip(institution, card.account, request.message);
  if (verdict.kind === 'refused') return { rc, why: verdict.why };
  const why = whyNotThisSale(verdict.tags, businessDate(step));
  if (why !== undefined) return { rc, why };
  if (verdict.information !== CID_ARQC) return { rc, why: '9F27 says it is no request (ARQC)' };
  if (verdict.atc <= card.atc) return { rc, why: 'the counter 9F36 was used before' };
  commit(step, { kind: 'chip-counted', cardId: card.account.id, atc: verdict.atc });
  return { genuine: verdict };
}

const CID_ARQC = '80';

/** YYMM, of a month that there is. */
function isYearMonth(text: string): boolean {
  const month = text.slice(2);
  return isDigits(text, 4, 4) && month >= '01' && month <= '12';
}

/** What is wrong with an expiry that a card has, or that a message says it has. */
function whyExpired(
  expiry: string,
  account: CardAccount,
  yearMonth: string,
): Authorisation | undefined {
  if (!isYearMonth(expiry)) return { rc: '30' };
  if (expiry < yearMonth) return { rc: '54' };
  if (expiry === account.expiry) return undefined;
  return { rc: '54', why: 'not the expiry of this card' };
}

/** The same of the expiry behind the separator of track 2. */
function whyTrackExpired(
  track: string,
  account: CardAccount,
  yearMonth: string,
): Authorisation | undefined {
  const separator = track.indexOf('D');
  if (separator < 0) return undefined;
  return whyExpired(track.slice(separator + 1, separator + 5), account, yearMonth);
}

/**
 * Whether the PIN is that of the card. A block that is not that of the right PIN goes out of the
 * terminal's zone into the one between acquirer and issuer, and is compared there; the right one would
 * be found the same.
 * @throws E_PIN_BLOCK when the block does not decrypt to its format
 */
function isRightPin(
  { issuerZone }: HostState,
  keys: SessionKeys,
  fields: FieldValues,
  card: CardState,
): boolean {
  const { pan, pin } = card.account;
  const { zone, block } = pinBlockOf(keys, fields, pan);
  const clear = rightBlock(card, zone.form);
  if (clear !== undefined && isPinBlock(zone.key, block, clear)) return true;
  const atIssuer: PinZone = { key: issuerZone, form: { format: 'iso-0', pan } };
  const translated = translatePinBytes(zone, atIssuer, block);
  if (!isPin(pin)) return false;
  const right = encryptPinBytes(atIssuer.key, atIssuer.form, pin);
  return translated.every((byte, at) => byte === right[at]);
}

/** The clear block of the card's PIN, where there is exactly one. */
function rightBlock(card: CardState, form: PinBlockForm): Uint8Array | undefined {
  const { format } = form;
  if (card.pinBlock?.format === format) return card.pinBlock.clear;
  const { pin } = card.account;
  if (!isPin(pin) || !hasOneBlock(format)) return undefined;
  // In the zone of the issuer it would be an ISO-0 block, which not every card number can have.
  buildPinBlock({ ...form, format: 'iso-0' }, pin);
  card.pinBlock = { format, clear: buildPinBlock(form, pin) };
  return card.pinBlock.clear;
}

/** Counts wrong PINs; an exhausted card stays refused (F03). */
function checkPin(step: HostStep, request: Request, card: CardState): string {
  const { message, session } = request;
  const { dialect, policy } = step.state.institution;
  const { 22: entry, 26: capture, 52: block } = message.fields;
  const isAnnounced = entry?.[2] === dialect.pinDigits.entered;
  if (block === undefined) return isAnnounced ? '30' : APPROVED;
  if (capture === undefined) return '30';
  if (card.pinFailures >= policy.pinTries) return policy.pinTriesUsedUp;
  if (session.keys === undefined) return '77';
  let isRight: boolean;
  try {
    isRight = isRightPin(step.state, session.keys, message.fields, card);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return '99';
  }
  const cardId = card.account.id;
  if (!isRight) {
    commit(step, { kind: 'pin-failed', cardId });
    return card.pinFailures >= policy.pinTries ? policy.pinTriesUsedUp : '55';
  }
  if (card.pinFailures > 0) commit(step, { kind: 'pin-accepted', cardId });
  return APPROVED;
}
