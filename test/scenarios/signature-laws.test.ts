import { describe, expect, it } from 'vitest';
import { simulatedBench, type SimulatedBench } from '../../emulator/bench/simulated-bench.ts';
import { sampleStrokes } from '../../emulator/signature/sample-strokes.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import type { TerminalRecord } from '../../emulator/terminal/terminal-record.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { toHex } from '../../protocol/bytes/hex.ts';
import type { LawView } from '../../scenarios/laws/law.ts';
import { checkLaws } from '../../scenarios/laws/law-table.ts';
import { accountOf, START_MS, TID } from '../emulator/host/host-desk.ts';

interface Scene {
  readonly bench: SimulatedBench;
  readonly record: TerminalRecord;
  readonly view: LawView;
  readonly signed: OperationResult;
  readonly paper: OperationResult;
}

const idOf = ({ batchNo = '', stan = '' }: OperationResult): string => `${TID}-${batchNo}-${stan}`;

/** A settled batch: one sale signed on the pad, one on paper, one small and contactless. */
function settled(): Scene {
  const bench = simulatedBench({ seed: 1, startMs: START_MS, terminal: { signs: true } });
  const { perform, cards } = bench;
  const sell = (amountFen: number, entry: 'swipe' | 'contactless' = 'swipe'): OperationResult =>
    perform(TID, {
      verb: 'sale',
      amountFen,
      card: cards.present(accountOf('debit'), { entry, pin: entry === 'swipe' ? '123456' : '' }),
    });
  const signed = sell(10_000);
  const strokes = sampleStrokes(seededRandom(1), { script: 'latin' });
  perform(TID, { verb: 'sign', stan: signed.stan!, strokes });
  const paper = sell(6000);
  perform(TID, { verb: 'sign', stan: paper.stan!, strokes: undefined });
  sell(2000, 'contactless');
  expect(perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
  const { record } = bench.terminals.running().get(TID)!;
  const view = { host: bench.host.state, terminals: new Map([[TID, record]]) };
  return { bench, record, view, signed, paper };
}

describe('law I-25, signature or exemption', () => {
  it('holds for a settled batch, and remembers how each signature ended', () => {
    const { view, record } = settled();
    expect(checkLaws(['I-25', 'I-26'], view)).toEqual([]);
    expect(record.signatureOutcomes.map(({ ended }) => ended)).toEqual([
      'uploaded',
      'cancelled',
      'not-needed',
    ]);
    expect(record.signatureOutcomes[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(record.signatureOutcomes[1]?.digest).toBe('');
  });

  it.each<[string, (scene: Scene) => void, RegExp]>([
    [
      'an upload that is not stored',
      ({ view, signed }) => void view.host.archive.signatures.delete(idOf(signed)),
      /called uploaded, and not stored/,
    ],
    [
      'a stored one that should be on paper',
      ({ view, paper, signed }) =>
        void view.host.archive.signatures.set(
          idOf(paper),
          view.host.archive.signatures.get(idOf(signed))!,
        ),
      /on paper \(cancelled\) and stored/,
    ],
    [
      'a sale that was never asked for',
      ({ record }) => {
        record.signatureOutcomes[1] = { ...record.signatureOutcomes[1]!, ended: 'not-needed' };
      },
      /was never asked for a signature/,
    ],
    [
      'a batch settled with its signature open',
      ({ record }) =>
        void record.signatureOutcomes.splice(1, 1, {
          ...record.signatureOutcomes[1]!,
          ended: 'not-uploaded',
        }),
      /settled with its signature open/,
    ],
    [
      'one that is stored and exempt',
      ({ view, signed }) => {
        const { archive } = view.host;
        const { seal } = archive.signatures.get(idOf(signed))!.whole!;
        archive.exemptions.set(idOf(signed), { reason: 'x', by: 'y', seal });
      },
      /stored and exempt/,
    ],
  ])('is broken by %s', (_, harm, text) => {
    const scene = settled();
    harm(scene);
    const broken = checkLaws(['I-25'], scene.view);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(text);
  });

  it('does not ask for the signature of a sale that a terminal without a pad has made', () => {
    const { bench, record, view } = settled();
    bench.terminals.setUp(TID, { signs: false });
    const card = bench.cards.present(accountOf('debit'), { entry: 'swipe', pin: '123456' });
    bench.perform(TID, { verb: 'sale', amountFen: 700, card });
    expect(bench.perform(TID, { verb: 'settle' }).outcome).toBe('balanced');
    expect(record.signatureOutcomes).toHaveLength(3);
    const terminals = new Map([[TID, bench.terminals.running().get(TID)!.record]]);
    expect(checkLaws(['I-25'], { ...view, terminals })).toEqual([]);
  });
});

describe('law I-26, the signature is the one drawn', () => {
  it.each<[string, (scene: Scene) => void, RegExp]>([
    [
      'another picture in the archive',
      ({ view, signed }) => {
        const stored = view.host.archive.signatures.get(idOf(signed))!;
        const [image = ''] = stored.pieces;
        const other = `${image.slice(0, 60)}${image[60] === '0' ? '1' : '0'}${image.slice(61)}`;
        view.host.archive.signatures.set(idOf(signed), { ...stored, pieces: [other] });
      },
      /another picture is stored than was drawn/,
    ],
    [
      'the feature code of another sale',
      ({ view, signed }) => {
        const sold = view.host.transactions.get(idOf(signed))!;
        Object.assign(sold, { rrn: '999999999999' });
      },
      /its feature code is missing/,
    ],
  ])('is broken by %s', (_, harm, text) => {
    const scene = settled();
    harm(scene);
    expect(checkLaws(['I-26'], scene.view)).toEqual([expect.stringMatching(text)]);
  });
});

describe('law I-36, nothing secret is told', () => {
  const { view, record, signed } = settled();
  const image = view.host.archive.signatures.get(idOf(signed))!.pieces.join('');

  it('holds where nothing, or nothing secret, was told', () => {
    expect(checkLaws(['I-36'], view)).toEqual([]);
    expect(checkLaws(['I-36'], { ...view, told: ['622588******7898', idOf(signed)] })).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['a card number', accountOf('debit').pan, /number of card debit/],
    ['a track', accountOf('credit').track2, /track of card credit/],
    ['the end of a track', accountOf('debit').track2.split('D')[1]!, /end of the track/],
    ['a master key, small letters', '0123456789abcdeffedcba9876543210', /master key/],
    ['a working key', toHex(record.keys!.mak), /the mak of 10000001/],
    ['a picture', image, /signature of 10000001/],
    ['a piece of a picture', image.slice(90, 230), /signature of 10000001/],
  ])('is broken by %s', (_, secret, text) => {
    const told = ['{"kind":"fault"}', `{"text":"xx${secret}yy"}`];
    expect(checkLaws(['I-36'], { ...view, told }).join('\n')).toMatch(text);
  });
});
