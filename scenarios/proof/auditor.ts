import type { OperationResult, Outcome } from '../../emulator/terminal/operation-result.ts';
import type { Action, PayerName, Loss, ReversalLoss } from './action.ts';

/**
 * The auditor predicts what must come of every action from the rules alone; it shares no code with
 * the host or the terminal. It knows which message was harmed, so its predictions are exact.
 */
export interface Entry {
  readonly kind: 'sale' | 'void' | 'refund';
  readonly amountFen: number;
  readonly feeFen: number;
  readonly card: PayerName;
  /** Of a sale with a chip: its place among them, as the chip counts. */
  readonly counter: number | undefined;
  readonly original: Entry | undefined;
  /** As the host must hold it. */
  state: 'absent' | 'declined' | 'active' | 'voided' | 'reversed';
  refundedFen: number;
  /** Its reversal came first: the host must refuse it when it arrives. */
  isReversedAhead: boolean;
  /** In the log of the terminal's open batch. */
  isLogged: boolean;
  isVoidedAtTerminal: boolean;
  batch: number;
  isSettled: boolean;
  /** Batch and trace number of its request, once it was sent. */
  sentAs: string | undefined;
  /** What the slip says, once there is one. */
  slip:
    | {
        readonly stan: string;
        readonly rrn: string;
        readonly date: string;
        readonly batchNo: string;
        readonly authCode: string;
        readonly voucher: string;
      }
    | undefined;
}

export interface Expected {
  readonly outcome: Outcome;
  readonly rc?: string;
  /** The law that a different outcome breaks. */
  readonly law: string;
}

/** Whether a wallet has the payment of an entry, by the wallet's own books. */
export type IsPaid = (entry: Entry) => boolean;

/** What must come of an action. */
export interface Prediction {
  /** To be asked once the action is over and nothing is on its way any more. */
  readonly expected: (isPaid: IsPaid) => Expected;
  readonly entry: Entry | undefined;
}

export interface Books {
  readonly cards: Readonly<Record<PayerName, number>>;
  readonly merchantFen: number;
  readonly feesFen: number;
}

export interface CardRules {
  readonly openingFen: number;
  readonly singleLimitFen: number;
  readonly dailyLimitFen: number;
  readonly ppm: number;
  readonly capFen: number | undefined;
}

export class Auditor {
  readonly entries: Entry[] = [];
  readonly #cards: Readonly<Record<PayerName, CardRules>>;
  #pendingReversal: Entry | undefined;
  #pendingAdvice: Entry | undefined;
  #isSettlementOpen = false;
  #batch = 1;
  /** Batch that the host has closed although the terminal does not know. */
  #closedAtHost: number | undefined;
  #log: Entry[] = [];
  /** Counter of the last sale with each card's chip that the host has seen. */
  readonly #counted = new Map<PayerName, number>();
  #isSettling = false;
  /** Payments by code that reach the host when the settlement is about to; their wallet is still to be asked. */
  #atWallet: Entry[] = [];
  /** What the host makes of requests that are held back, when they arrive. */
  #late: ((isBatchOpen: boolean) => void)[] = [];

  constructor(cards: Readonly<Record<PayerName, CardRules>>) {
    this.#cards = cards;
  }

  get hasPendingReversal(): boolean {
    return this.#pendingReversal !== undefined;
  }

  /** Transactions whose slip the operator holds: what a void or refund can name. */
  get named(): Entry[] {
    return this.entries.filter((entry) => entry.slip !== undefined);
  }

  /** What the books must show now. */
  get books(): Books {
    const active = this.entries.filter((entry) => entry.state === 'active');
    const cards = { debit: 0, credit: 0, low: 0, alipay: 0 };
    let merchantFen = 0;
    let feesFen = 0;
    for (const name of Object.keys(cards) as PayerName[])
      cards[name] = this.#cards[name].openingFen;
    for (const { kind, amountFen, feeFen, card } of active) {
      if (kind === 'sale') {
        cards[card] -= amountFen;
        merchantFen += amountFen - feeFen;
        feesFen += feeFen;
      } else if (kind === 'refund') {
        cards[card] += amountFen;
        merchantFen -= amountFen;
      }
    }
    return { cards, merchantFen, feesFen };
  }

  /** Predicts an action; undefined when it cannot be done (nothing to void yet). */
  expect(action: Action): Prediction | undefined {
    const original = 'pick' in action ? this.#picked(action.pick) : undefined;
    if ('pick' in action && original === undefined) return undefined;
    if (action.do === 'settle') {
      this.#isSettling = true;
      this.#goFirst('none', action.reversalLosses);
      this.#isSettling = false;
      const expected = (isPaid: IsPaid): Expected => this.#settle(action.loss, isPaid);
      return { expected, entry: undefined };
    }
    const { expected, entry } = this.#expect(action, original);
    return { expected: () => expected, entry };
  }

  #expect(
    action: Exclude<Action, { do: 'settle' }>,
    original: Entry | undefined,
  ): { expected: Expected; entry: Entry | undefined } {
    const refusal = this.#terminalRefuses(action, original);
    if (refusal !== undefined) return { expected: refusal, entry: undefined };
    this.#goFirst(action.do === 'refund' ? action.loss : 'none', action.reversalLosses);
    if (action.do === 'refund') {
      if (this.#pendingAdvice !== undefined) {
        return { expected: { outcome: 'refused', law: 'I-03' }, entry: undefined };
      }
      return this.#refund(action, original!);
    }
    return action.do === 'sale' ? this.#sale(action) : this.#void(action, original!);
  }

  /** Notes what was sent, and what the slip of an approved transaction said. */
  slip(entry: Entry, result: OperationResult): void {
    const { stan = '', rrn = '', date = '', batchNo = '', authCode = '', voucher = '' } = result;
    if (stan !== '') entry.sentAs = `${batchNo}-${stan}`;
    if (rrn !== '') entry.slip = { stan, rrn, date, batchNo, authCode, voucher };
  }

  #picked(pick: number): Entry | undefined {
    const { named } = this;
    return named[pick % Math.max(1, named.length)];
  }

  #terminalRefuses(
    action: Exclude<Action, { do: 'settle' }>,
    original: Entry | undefined,
  ): Expected | undefined {
    if (this.#isSettlementOpen) return { outcome: 'refused', law: 'I-13' };
    if (action.do !== 'void' || action.isForced || original === undefined) return undefined;
    const isVoidable =
      original.kind === 'sale' && original.isLogged && !original.isVoidedAtTerminal;
    return isVoidable ? undefined : { outcome: 'refused', law: 'I-08' };
  }

  /** Reversal and advice that go out before the action itself. */
  #goFirst(adviceLoss: Loss, losses: readonly ReversalLoss[]): void {
    const reversal = this.#pendingReversal;
    if (reversal !== undefined) {
      const sends = losses.length >= 3 ? losses.slice(0, 3) : [...losses, 'arrives'];
      if (sends.some((send) => send !== 'request-lost')) {
        reverse(reversal);
        this.#answered(true);
      }
      this.#pendingReversal = undefined;
    }
    const advice = this.#pendingAdvice;
    if (advice === undefined) return;
    this.#arrive(adviceLoss, () => this.#decideRefund(advice));
    if (adviceLoss === 'none') {
      this.#pendingAdvice = undefined;
      if (advice.state === 'active') this.#logged(advice);
    }
  }

  #sale(action: Extract<Action, { do: 'sale' }>): { expected: Expected; entry: Entry } {
    const { amountFen, card, loss } = action;
    const feeFen = feeOf(this.#cards[card], amountFen);
    const hasChip = card !== 'alipay' && action.entry === 'chip';
    const counter = hasChip ? this.entries.length : undefined;
    const entry = this.#entry('sale', amountFen, card, undefined, feeFen, counter);
    return this.#reversible(entry, () => this.#saleCode(entry), loss, 'I-28');
  }

  #saleCode({ amountFen, card, counter }: Entry): string {
    const rules = this.#cards[card];
    if (counter !== undefined) {
      // A later sale with this chip has overtaken it: what it brings was used before.
      if (counter < (this.#counted.get(card) ?? -1)) return '05';
      this.#counted.set(card, counter);
    }
    const spentFen = this.entries
      .filter((each) => each.kind === 'sale' && each.card === card && each.state === 'active')
      .reduce((sum, each) => sum + each.amountFen, 0);
    if (amountFen > rules.singleLimitFen || spentFen + amountFen > rules.dailyLimitFen) return '61';
    return amountFen > this.books.cards[card] ? '51' : '00';
  }

  /** The host decides a request when it arrives: now, later, or never. */
  #arrive(loss: Loss, decide: (isBatchOpen: boolean) => void): void {
    if (loss === 'request-lost') return;
    if (loss === 'request-late') this.#late.push(decide);
    else {
      decide(true);
      this.#answered(true);
    }
  }

  /** The host has answered: what was overtaken arrives now. */
  #answered(isBatchOpen: boolean): void {
    const late = this.#late;
    this.#late = [];
    for (const decide of late) decide(isBatchOpen);
  }

  #void(
    action: Extract<Action, { do: 'void' }>,
    original: Entry,
  ): { expected: Expected; entry: Entry } {
    const entry = this.#entry('void', original.amountFen, original.card, original, 0);
    const code = (): string => {
      const isVoidable =
        original.kind === 'sale' &&
        original.state === 'active' &&
        !original.isSettled &&
        original.refundedFen === 0;
      return isVoidable ? '00' : '25';
    };
    const law = original.isSettled ? 'I-08' : 'I-09';
    return this.#reversible(entry, code, action.loss, law);
  }

  #reversible(
    entry: Entry,
    code: () => string,
    loss: Loss,
    law: string,
  ): { expected: Expected; entry: Entry } {
    let rc = '';
    this.#arrive(loss, (isBatchOpen) => {
      rc = entry.isReversedAhead || !isBatchOpen ? 'late' : code();
      const isByCode = entry.kind === 'sale' && entry.card === 'alipay';
      if (rc === '00' && isByCode && this.#isSettling) {
        this.#atWallet.push(entry);
        return;
      }
      entry.state = rc === '00' ? 'active' : 'declined';
      if (entry.state === 'active' && entry.kind === 'void') entry.original!.state = 'voided';
    });
    if (loss !== 'none') {
      this.#pendingReversal = entry;
      return { expected: { outcome: 'unknown', law: 'I-07' }, entry };
    }
    if (rc !== '00') return { expected: { outcome: 'declined', rc, law }, entry };
    this.#logged(entry);
    return { expected: { outcome: 'approved', rc, law }, entry };
  }

  #refund(
    action: Extract<Action, { do: 'refund' }>,
    original: Entry,
  ): { expected: Expected; entry: Entry } {
    const amountFen = refundFen(original, action.share);
    const entry = this.#entry('refund', amountFen, original.card, original, 0);
    this.#arrive(action.loss, () => this.#decideRefund(entry));
    if (action.loss !== 'none') {
      this.#pendingAdvice = entry;
      return { expected: { outcome: 'unknown', law: 'I-07' }, entry };
    }
    if (entry.state === 'active') {
      this.#logged(entry);
      return { expected: { outcome: 'approved', rc: '00', law: 'I-10' }, entry };
    }
    return { expected: { outcome: 'declined', law: 'I-10' }, entry };
  }

  /** The host decides an advice when it first arrives; a repeat changes nothing. */
  #decideRefund(entry: Entry): void {
    if (entry.state !== 'absent') return;
    const original = entry.original!;
    const leftFen = original.amountFen - original.refundedFen;
    const isAllowed =
      original.kind === 'sale' &&
      original.state === 'active' &&
      entry.amountFen <= leftFen &&
      leftFen > 0;
    entry.state = isAllowed ? 'active' : 'declined';
    if (isAllowed) original.refundedFen += entry.amountFen;
  }

  #settle(loss: Loss, isPaid: IsPaid): Expected {
    // A settlement that is overtaken by its own repeat finds its work done.
    const hasArrived = loss !== 'request-lost' && loss !== 'request-late';
    this.#decideAtWallet(hasArrived, loss, isPaid);
    const inBatch = this.#inBatch();
    const isEqual = this.#isEqual(inBatch);
    const isClosed = this.#closedAtHost === this.#batch;
    if (hasArrived && !isClosed && isEqual) {
      this.#closedAtHost = this.#batch;
      for (const entry of inBatch) entry.isSettled = true;
    }
    // Closed or in dispute: a transaction that arrives now is too late for this batch.
    if (hasArrived) this.#answered(false);
    if (loss !== 'none') {
      this.#isSettlementOpen = true;
      return { outcome: 'unknown', law: 'I-13' };
    }
    this.#isSettlementOpen = false;
    // Unbalanced: the details go up and the batch is closed by the host's own list.
    for (const entry of inBatch) entry.isSettled = true;
    this.#closedAtHost = this.#batch;
    for (const entry of this.#log) entry.isLogged = false;
    this.#log = [];
    this.#batch++;
    return isEqual ? { outcome: 'balanced', law: 'I-13' } : { outcome: 'unbalanced', law: 'I-14' };
  }

  /**
   * Nobody may pay in a batch that is closed, and whether its wallet or the settlement came first is a
   * matter of milliseconds: the wallet knows. It must have the payment where the batch stays open.
   */
  #decideAtWallet(hasArrived: boolean, loss: Loss, isPaid: IsPaid): void {
    const isClosing = hasArrived && (loss === 'none' || this.#isEqual(this.#inBatch()));
    for (const entry of this.#atWallet) {
      entry.state = isPaid(entry) || !isClosing ? 'active' : 'declined';
    }
    this.#atWallet = [];
  }

  /** What the host has in the terminal's open batch. */
  #inBatch(): Entry[] {
    return this.entries.filter(
      (each) => each.batch === this.#batch && (each.state === 'active' || each.state === 'voided'),
    );
  }

  #isEqual(inBatch: readonly Entry[]): boolean {
    return inBatch.length === this.#log.length && inBatch.every((each) => each.isLogged);
  }

  #entry(
    kind: Entry['kind'],
    amountFen: number,
    card: PayerName,
    original: Entry | undefined,
    feeFen: number,
    counter?: number,
  ): Entry {
    const entry: Entry = {
      kind,
      amountFen,
      feeFen,
      card,
      counter,
      original,
      state: 'absent',
      refundedFen: 0,
      isReversedAhead: false,
      isLogged: false,
      isVoidedAtTerminal: false,
      batch: this.#batch,
      isSettled: false,
      sentAs: undefined,
      slip: undefined,
    };
    this.entries.push(entry);
    return entry;
  }

  #logged(entry: Entry): void {
    entry.isLogged = true;
    this.#log.push(entry);
    if (entry.kind === 'void') entry.original!.isVoidedAtTerminal = true;
  }
}

/** What a refund of this share asks for; at least one fen. */
export function refundFen(original: Entry, share: number): number {
  return Math.max(1, Math.floor((original.amountFen * share) / 1000));
}

/** Half up, once, in whole fen; written anew so that it does not share the host's mistake. */
function feeOf({ ppm, capFen }: CardRules, amountFen: number): number {
  const exact = amountFen * ppm;
  const whole = Math.floor(exact / 1_000_000);
  const fee = exact - whole * 1_000_000 >= 500_000 ? whole + 1 : whole;
  return capFen !== undefined && fee > capFen ? capFen : fee;
}

/** A reversal undoes what the host had booked, once; undoing a void revives its sale. */
function reverse(entry: Entry): void {
  if (entry.state === 'absent') entry.isReversedAhead = true;
  if (entry.state !== 'active') return;
  if (entry.kind === 'void' && entry.original?.state === 'voided') entry.original.state = 'active';
  entry.state = 'reversed';
}
