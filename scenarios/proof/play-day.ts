import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { formatYuan } from '../../protocol/message/amount.ts';
import { balance } from '../../emulator/host/books/ledger.ts';
import type { CardBox } from '../../emulator/bench/card-box.ts';
import { simulatedBench, type SimulatedBench } from '../../emulator/bench/simulated-bench.ts';
import type { CardAccount, Institution } from '../../emulator/host/host-config.ts';
import type { Command } from '../../emulator/terminal/command.ts';
import { parseCivilTime, toEpochMs } from '../../emulator/world/civil-time.ts';
import { checkLaws, LAW_TABLE } from '../laws/law-table.ts';
import { TEST_PAYERS } from '../../emulator/wallet/test-payers.ts';
import { CARDS, type Action, type PayerName } from './action.ts';
import { Auditor, refundFen, type CardRules, type Entry, type Expected } from './auditor.ts';

/** A law that a day broke, and at which action. */
export interface Violation {
  readonly law: string;
  readonly text: string;
  readonly step: number;
}

export interface DayResult {
  readonly violation: Violation | undefined;
  readonly traceHash: string;
  /** Operations by kind and outcome, and faults that struck: what the day reached. */
  readonly hits: ReadonlyMap<string, number>;
}

const TID = '10000001';
const START_MS = toEpochMs(parseCivilTime('2026-01-15 09:30')!);
const LINE_AT_REST_MS = 1000;
const MTIS = { sale: '0200', void: '0200', refund: '0220', settle: '0500' } as const;

/** Plays a day on terminal and host and audits it after every action. */
export function playDay(
  actions: readonly Action[],
  institution: Institution,
  seed: number,
): DayResult {
  const bench = simulatedBench({ seed, startMs: START_MS, institution });
  const auditor = new Auditor(rulesOf(institution));
  const hits = new Map<string, number>();
  const hit = (what: string): void => void hits.set(what, (hits.get(what) ?? 0) + 1);
  let violation: Violation | undefined;
  let step = 0;
  try {
    const first = bench.perform(TID, { verb: 'sign-in' });
    if (first.outcome !== 'approved') violation = { law: 'I-27', text: 'no sign-in', step: 0 };
    for (const [index, action] of actions.entries()) {
      if (violation !== undefined) break;
      step = index + 1;
      const found = playAction(bench, auditor, institution, action, hit);
      if (found !== undefined) violation = { ...found, step };
    }
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    // Books that refuse an entry that does not add up are the host's own alarm.
    const law = error.code === 'E_BOOKS' ? 'I-01' : error.code;
    violation = { law, text: error.message, step };
  }
  bench.terminals.stop();
  return { violation, traceHash: bench.world.traceHash(), hits };
}

function playAction(
  bench: SimulatedBench,
  auditor: Auditor,
  institution: Institution,
  action: Action,
  hit: (what: string) => void,
): Omit<Violation, 'step'> | undefined {
  const { faults } = bench.terminals;
  const command = commandOf(auditor, institution, bench.cards, action);
  if (command === undefined) return undefined;
  const hadReversal = auditor.hasPendingReversal;
  if (hadReversal) {
    for (const fault of action.reversalLosses) faults.order({ fault, mti: '0400', times: 1 });
  }
  if (action.loss !== 'none') faults.order({ fault: action.loss, mti: MTIS[action.do], times: 1 });
  const predicted = auditor.expect(action);
  if (predicted === undefined) return undefined;
  const result = bench.perform(TID, command);
  // What was overtaken is still on its way: the audit is of a line at rest.
  bench.world.advance(LINE_AT_REST_MS);
  faults.clear();
  hit(`${action.do} ${result.outcome}`);
  if (action.loss !== 'none' && result.outcome === 'unknown') hit(`fault ${action.loss}`);
  if (hadReversal) hit(`reversal ${result.reversal ?? 'still pending'}`);
  if (predicted.entry !== undefined) auditor.slip(predicted.entry, result);
  const payments = bench.host.wallet.payments();
  const expected = predicted.expected(
    ({ sentAs = '' }) => payments.get(`${TID}-${sentAs}`)?.state === 'paid',
  );
  if (!isExpected(expected, result.outcome, result.rc)) {
    const wanted = `${expected.outcome}${expected.rc === undefined ? '' : ` ${expected.rc}`}`;
    return {
      law: expected.law,
      text: `expected ${wanted}, got ${result.outcome} ${result.rc ?? ''}`,
    };
  }
  return wrongBooks(bench, auditor, hadReversal) ?? brokenLaw(bench);
}

function isExpected(expected: Expected, outcome: string, rc: string | undefined): boolean {
  return expected.outcome === outcome && (expected.rc === undefined || expected.rc === rc);
}

/** Cards, merchant and fees against the auditor's own sums. */
function wrongBooks(
  bench: SimulatedBench,
  auditor: Auditor,
  afterReversal: boolean,
): Omit<Violation, 'step'> | undefined {
  const { control, state } = bench.host;
  const { cards, merchantFen, feesFen } = auditor.books;
  const mid = state.terminals.get(TID)?.account.mid ?? '';
  const { unsettledFen, payableFen, heldFen, paidFen } = control.merchant(mid);
  const views: [string, number, number][] = [
    ...CARDS.map((name): [string, number, number] => {
      return [`card ${name}`, control.card(name, '')?.availableFen ?? 0, cards[name]];
    }),
    ['wallet', WALLET.openingFen + balance(state.ledger, 'wallet', WALLET), cards[WALLET.name]],
    ['merchant', unsettledFen + payableFen + heldFen + paidFen, merchantFen],
    ['fees', control.feesFen(), feesFen],
  ];
  for (const [what, booked, due] of views) {
    if (booked === due) continue;
    const text = `${what} shows ${formatYuan(booked)}, must be ${formatYuan(due)}`;
    return { law: afterReversal ? 'I-04, I-05, I-06' : 'I-02', text };
  }
  return undefined;
}

function brokenLaw(bench: SimulatedBench): Omit<Violation, 'step'> | undefined {
  const { running } = bench.terminals;
  const terminals = new Map([...running()].map(([tid, { record }]) => [tid, record]));
  const view = { host: bench.host.state, terminals, wallet: bench.host.wallet };
  for (const law of LAW_TABLE.keys()) {
    // Totals of a batch whose reversal was given up differ for a known reason; I-14 judges those.
    const [text] = checkLaws([law], view);
    if (text !== undefined) return { law, text };
  }
  return undefined;
}

function commandOf(
  auditor: Auditor,
  institution: Institution,
  cards: CardBox,
  action: Action,
): Command | undefined {
  if (action.do === 'settle') return { verb: 'settle' };
  if (action.do === 'sale' && action.card === WALLET.name) {
    return { verb: 'scan', amountFen: action.amountFen, code: WALLET.code };
  }
  if (action.do === 'sale') {
    const account = cardAccount(institution, action.card);
    return {
      verb: 'sale',
      amountFen: action.amountFen,
      card: cards.present(account, { entry: action.entry, pin: account.pin }),
    };
  }
  const { named } = auditor;
  const original: Entry | undefined = named[action.pick % Math.max(1, named.length)];
  if (original?.slip === undefined) return undefined;
  const { stan, rrn, date, batchNo, authCode, voucher } = original.slip;
  const card =
    original.card === WALLET.name
      ? undefined
      : cards.present(cardAccount(institution, original.card), { entry: 'swipe' });
  const byCode = card === undefined ? { voucher } : {};
  const password = '123456';
  if (action.do === 'refund') {
    const amountFen = refundFen(original, action.share);
    return { verb: 'refund', amountFen, rrn, date, card, password, ...byCode };
  }
  const unchecked = { batchNo, rrn, authCode, amountFen: original.amountFen };
  const forced = action.isForced ? { unchecked, ...byCode } : {};
  return { verb: 'void', stan, card, password, ...forced };
}

function cardAccount(institution: Institution, name: PayerName): CardAccount {
  const account = institution.cards.find(({ id }) => id === name);
  if (account === undefined) throw new CountersignError('E_USAGE', { text: `no card ${name}` });
  return account;
}

/** Who pays by code. */
const WALLET = { ...TEST_PAYERS.find(({ name }) => name === 'alipay')!, name: 'alipay' } as const;

/** The documented tariff, restated for swiped and inserted cards, and for codes (spec 8.2). */
const TARIFF = {
  debit: { ppm: 5000, capFen: 2500 },
  credit: { ppm: 6000, capFen: undefined },
  code: { ppm: 3800, capFen: undefined },
} as const;

function rulesOf(institution: Institution): Record<PayerName, CardRules> {
  const rules = (name: Exclude<PayerName, 'alipay'>): CardRules => {
    const {
      openingFen,
      singleLimitFen,
      dailyLimitFen,
      class: kind,
    } = cardAccount(institution, name);
    return { openingFen, singleLimitFen, dailyLimitFen, ...TARIFF[kind] };
  };
  // What a wallet allows is its own affair; none of its limits is documented.
  const unlimited = { singleLimitFen: Infinity, dailyLimitFen: Infinity };
  const alipay = { openingFen: WALLET.openingFen, ...unlimited, ...TARIFF.code };
  return { debit: rules('debit'), credit: rules('credit'), low: rules('low'), alipay };
}
