import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../../emulator/bench/simulated-bench.ts';
import { readArchive } from '../../../emulator/host/archive/read-archive.ts';
import type { TransactionKeys } from '../../../emulator/host/host-control.ts';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { bootHost } from '../../../emulator/host/host-state.ts';
import { sampleStrokes } from '../../../emulator/signature/sample-strokes.ts';
import type { OperationResult } from '../../../emulator/terminal/operation-result.ts';
import { seededRandom } from '../../../emulator/world/seeded-random.ts';
import type { Store } from '../../../emulator/world/store.ts';
import { signatureImage } from '../../../scenarios/verbs/archive-verbs.ts';
import { accountOf, START_MS, TID } from './host-desk.ts';

interface Day {
  readonly bench: SimulatedBench;
  readonly journal: HostEvent[];
  readonly signed: OperationResult;
  readonly paper: OperationResult;
  readonly refund: OperationResult;
}

const keysOf = ({ batchNo = '', stan = '' }: OperationResult): TransactionKeys => ({
  tid: TID,
  batchNo,
  stan,
});

/** Two sales and a refund: one signed on the pad, one on paper, the refund with its agreement. */
function day(): Day {
  const journal: HostEvent[] = [];
  const hostStore: Store<HostEvent> = {
    append: (events) => void journal.push(...(JSON.parse(JSON.stringify(events)) as HostEvent[])),
    replay: () => journal,
  };
  const bench = simulatedBench({
    seed: 1,
    startMs: START_MS,
    terminal: { signs: true },
    hostStore,
  });
  const { perform, cards, host } = bench;
  const card = cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
  const strokes = (seed: number): ReturnType<typeof sampleStrokes> =>
    sampleStrokes(seededRandom(seed), { script: 'chinese' });
  const signed = perform(TID, { verb: 'sale', amountFen: 10_000, card });
  perform(TID, { verb: 'sign', stan: signed.stan!, strokes: strokes(1) });
  const paper = perform(TID, { verb: 'sale', amountFen: 6000, card });
  perform(TID, { verb: 'sign', stan: paper.stan!, strokes: undefined });
  expect(perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
  expect(host.control.exempt(keysOf(paper), { reason: 'signed on paper', by: 'li' })).toEqual({
    outcome: 'recorded',
  });
  const refund = perform(TID, {
    verb: 'refund',
    amountFen: 2500,
    rrn: signed.rrn!,
    date: signed.date!,
    card,
    password: '123456',
  });
  perform(TID, { verb: 'sign', stan: refund.stan!, strokes: strokes(2) });
  expect(perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
  const pictures = {
    holder: signatureImage(refund, 'chinese', '3'),
    merchant: signatureImage(refund, 'latin', '4'),
  };
  expect(host.control.fileAgreement(keysOf(refund), { ...pictures, by: 'li' })).toEqual({
    outcome: 'recorded',
  });
  return { bench, journal, signed, paper, refund };
}

type Sealed = Extract<
  HostEvent,
  { kind: 'signature-received' | 'signature-exempted' | 'agreement-filed' }
>;

const isSealed = (event: HostEvent): event is Sealed =>
  event.kind === 'signature-received' ||
  event.kind === 'signature-exempted' ||
  event.kind === 'agreement-filed';

describe('the chain of the archive', () => {
  it('seals every record with the one before, at the time of the host', () => {
    const { journal, bench } = day();
    const seals = journal
      .filter(isSealed)
      .map((event) => ('seal' in event ? event.seal : event.whole!.seal));
    expect(seals.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(seals[0]).toMatchObject({
      previous: '0'.repeat(64),
      at: expect.stringMatching(/^2026-01-15 09:3\d:\d\d$/) as string,
    });
    for (const [at, seal] of seals.entries()) {
      expect(seal.hash).toMatch(/^[0-9a-f]{64}$/);
      if (at > 0) expect(seal.previous).toBe(seals[at - 1]!.hash);
    }
    const read = readArchive(journal);
    expect(read.broken).toBeUndefined();
    expect(read.archive).toEqual(bench.host.state.archive);
    const sales = [...bench.host.state.transactions.values()];
    expect([...read.book.transactions.values()]).toEqual(sales);
    expect(bootHost(bench.host.state.institution, journal).state.archive).toEqual(read.archive);
  });

  const flipped = (text: string): string =>
    text.startsWith('0') ? `1${text.slice(1)}` : `0${text.slice(1)}`;

  it.each<[string, number, (journal: HostEvent[]) => void]>([
    [
      'a digit of a picture',
      1,
      (j) => change(j, 'signature-received', 0, (e) => ({ ...e, piece: flipped(e.piece) })),
    ],
    [
      'a slip element',
      1,
      (j) => change(j, 'signature-received', 0, (e) => ({ ...e, slip: `${e.slip}FF400131` })),
    ],
    [
      'the time of a seal',
      1,
      (j) =>
        change(j, 'signature-received', 0, (e) => ({
          ...e,
          whole: { ...e.whole!, seal: { ...e.whole!.seal, at: '2026-01-14 09:30:00' } },
        })),
    ],
    [
      'the amount of the sale',
      1,
      (j) =>
        change(j, 'sale-approved', 0, (e) => ({
          ...e,
          transaction: { ...e.transaction, amountFen: 10_001 },
        })),
    ],
    [
      'the card of the sale',
      1,
      (j) =>
        change(j, 'sale-approved', 0, (e) => ({
          ...e,
          transaction: { ...e.transaction, cardMasked: '622588******0000' },
        })),
    ],
    [
      'the reason of an exemption',
      2,
      (j) => change(j, 'signature-exempted', 0, (e) => ({ ...e, reason: 'forgotten' })),
    ],
    ['who said it', 2, (j) => change(j, 'signature-exempted', 0, (e) => ({ ...e, by: 'nobody' }))],
    [
      'the other signature of an agreement',
      4,
      (j) => change(j, 'agreement-filed', 0, (e) => ({ ...e, merchant: e.holder })),
    ],
    [
      'a record taken away',
      3,
      (j) =>
        void j.splice(
          j.findIndex((e) => e.kind === 'signature-exempted'),
          1,
        ),
    ],
    [
      'a hash',
      3,
      (j) =>
        change(j, 'signature-received', 1, (e) => ({
          ...e,
          whole: { ...e.whole!, seal: { ...e.whole!.seal, hash: flipped(e.whole!.seal.hash) } },
        })),
    ],
    [
      'the terminal of the sale',
      1,
      (j) =>
        change(j, 'sale-approved', 0, (e) => ({
          ...e,
          transaction: { ...e.transaction, authCode: '999999' },
        })),
    ],
    [
      'what is known of a picture',
      1,
      (j) =>
        change(j, 'signature-received', 0, (e) => ({
          ...e,
          whole: { ...e.whole!, image: { ...e.whole!.image, hasFeature: false } },
        })),
    ],
    [
      'the hash of the record before',
      2,
      (j) =>
        change(j, 'signature-exempted', 0, (e) => ({
          ...e,
          seal: { ...e.seal, previous: flipped(e.seal.previous) },
        })),
    ],
    [
      'a refusal of a transaction that there is not',
      5,
      (j) => void j.push({ kind: 'signature-refused', id: 'X-1-2', rc: '30', why: 'x' }),
    ],
  ])('tells when %s was changed (record %i)', (_, sequence, tamper) => {
    const { journal } = day();
    tamper(journal);
    expect(readArchive(journal).broken?.sequence).toBe(sequence);
  });

  it.each<[string, (journal: HostEvent[]) => HostEvent]>([
    [
      'a packet behind a whole signature',
      (j) => {
        const { whole: _, ...packet } = taken(j, 'signature-received', 0);
        return { ...packet, place: 0, piece: 'FF' };
      },
    ],
    ['a second transaction of the same STAN', (j) => taken(j, 'sale-approved', 0)],
    ['a sealed record that the journal says twice', (j) => taken(j, 'signature-received', 1)],
  ])('is damaged by %s', (_, more) => {
    const { journal } = day();
    journal.push(more(journal));
    expect(() => readArchive(journal)).toThrow(expect.objectContaining({ code: 'E_JOURNAL' }));
  });

  it('does not see that its end was cut off, but for the last hash', () => {
    const { journal, bench } = day();
    const cut = journal.filter(({ kind }) => kind !== 'agreement-filed');
    const read = readArchive(cut);
    expect(read.broken).toBeUndefined();
    expect(read.archive.head.hash).not.toBe(bench.host.state.archive.head.hash);
  });
});

function taken<Kind extends HostEvent['kind']>(
  journal: readonly HostEvent[],
  kind: Kind,
  at: number,
): Extract<HostEvent, { kind: Kind }> {
  const found = journal.filter((event) => event.kind === kind);
  return structuredClone(found[at]) as Extract<HostEvent, { kind: Kind }>;
}

function change<Kind extends HostEvent['kind']>(
  journal: HostEvent[],
  kind: Kind,
  nth: number,
  make: (event: Extract<HostEvent, { kind: Kind }>) => HostEvent,
): void {
  const places = journal.flatMap((event, at) => (event.kind === kind ? [at] : []));
  const at = places[nth]!;
  journal[at] = make(journal[at] as Extract<HostEvent, { kind: Kind }>);
}

describe('an open item', () => {
  it('is no sale that was voided, and its void is one', () => {
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
    const sale = bench.perform(TID, { verb: 'sale', amountFen: 10_000, card });
    const command = { verb: 'void', stan: sale.stan!, card, password: '123456' } as const;
    const voided = bench.perform(TID, command);
    expect(voided.outcome).toBe('approved');
    const items = bench.host.control.openItems().map(({ transaction }) => transaction.stan);
    expect(items).toEqual([voided.stan]);
    expect(bench.host.control.archived(keysOf(sale))?.state).toBe('not-needed');
  });

  it('is what is contactless and a fen above the limit, not at it', () => {
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    const tap = (amountFen: number): OperationResult =>
      bench.perform(TID, {
        verb: 'sale',
        amountFen,
        card: bench.cards.present(accountOf('debit'), { entry: 'contactless', pin: '123456' }),
      });
    const states = [100_000, 100_001].map(
      (fen) => bench.host.control.archived(keysOf(tap(fen)))?.state,
    );
    expect(states).toEqual(['not-needed', 'due']);
  });

  it('of one terminal is not settled by the batch of another', () => {
    const bench = simulatedBench({ seed: 1, startMs: START_MS });
    const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
    for (const tid of [TID, '10000002']) bench.perform(tid, { verb: 'sale', amountFen: 500, card });
    expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
    const settled = [...bench.host.state.transactions.values()].map(({ tid, isSettled }) => [
      tid,
      isSettled,
    ]);
    expect(settled).toEqual([
      [TID, true],
      ['10000002', false],
    ]);
  });
});

describe('what the archive desk refuses', () => {
  it('exemptions of what is stored, exempt, unknown, small and contactless, or has no reason', () => {
    const { bench, signed, paper } = day();
    const { control } = bench.host;
    const why = (keys: TransactionKeys, reason = 'on paper', by = 'li'): unknown => {
      const outcome = control.exempt(keys, { reason, by });
      return outcome.outcome === 'refused' ? outcome.why : outcome.outcome;
    };
    expect(why(keysOf(signed))).toBe('its signature is stored');
    expect(why(keysOf(paper))).toBe('it is exempt already');
    expect(why({ ...keysOf(paper), stan: '000999' })).toBe('no such transaction');
    const card = bench.cards.present(accountOf('debit'), { entry: 'contactless', pin: '' });
    const tapped = bench.perform(TID, { verb: 'sale', amountFen: 3000, card });
    expect(control.archived(keysOf(tapped))?.state).toBe('not-needed');
    expect(why(keysOf(tapped))).toBe('it needs no signature');
    const swiped = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
    const open = bench.perform(TID, { verb: 'sale', amountFen: 3000, card: swiped });
    expect(control.openItems().map(({ transaction }) => transaction.stan)).toEqual([open.stan]);
    expect(why(keysOf(open), ' ')).toBe('a reason is missing');
    expect(why(keysOf(open), 'on paper', '')).toBe('a name is missing');
    expect(why(keysOf(open), 'x'.repeat(201))).toBe('a reason of more than 200 characters');
    expect(control.archived(keysOf(open))).toMatchObject({ state: 'due', missing: 'nothing came' });
    expect(why(keysOf(open))).toBe('recorded');
    expect(control.openItems()).toEqual([]);
  });

  it('agreements on a sale, a reversed refund, with pictures that are none, white, the same or of another', () => {
    const { bench, signed, refund } = day();
    const { control, state } = bench.host;
    const good = {
      holder: signatureImage(refund, 'chinese', '5'),
      merchant: signatureImage(refund, 'latin', '6'),
    };
    const why = (
      keys: TransactionKeys,
      changes: Partial<typeof good> & { by?: string } = {},
    ): unknown => {
      const outcome = control.fileAgreement(keys, { by: 'li', ...good, ...changes });
      return outcome.outcome === 'refused' ? outcome.why : outcome.outcome;
    };
    const before = structuredClone(state.archive.head);
    expect(why(keysOf(signed))).toBe('it is a sale, not a refund');
    expect(why({ ...keysOf(refund), stan: '000999' })).toBe('no such transaction');
    expect(why(keysOf(refund))).toBe('an agreement on it is filed already');
    state.archive.agreements.clear();
    expect(why(keysOf(refund), { by: '' })).toBe('a name is missing');
    expect(why(keysOf(refund), { holder: '' })).toMatch(/^the signature of the holder: E_JBIG_/);
    expect(why(keysOf(refund), { holder: 'FFFF' })).toMatch(
      /^the signature of the holder: E_JBIG_/,
    );
    expect(why(keysOf(refund), { merchant: signatureImage(refund, 'none', '1') })).toMatch(
      /^the signature of the merchant: E_SIGNATURE_EMPTY/,
    );
    expect(why(keysOf(refund), { merchant: good.holder })).toBe(
      'both signatures are the same picture',
    );
    expect(why(keysOf(refund), { merchant: signatureImage(signed, 'latin', '6') })).toBe(
      'the signature of the merchant is not of this refund',
    );
    expect(state.archive.head).toEqual(before);
    state.transactions.get(`${TID}-${refund.batchNo!}-${refund.stan!}`)!.status = 'reversed';
    expect(why(keysOf(refund))).toBe('the refund is reversed');
  });
});
