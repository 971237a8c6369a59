import { simulatedBench } from '../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../emulator/bench/test-institution.ts';
import { sampleStrokes } from '../emulator/signature/sample-strokes.ts';
import { parseCivilTime, toEpochMs } from '../emulator/world/civil-time.ts';
import { seededRandom } from '../emulator/world/seeded-random.ts';
import { maskPan } from '../protocol/bytes/card-number.ts';
import { slipRecord, type SlipRecord } from '../reports/slip/slip-record.ts';

/** Where the README finds its picture. */
export const SAMPLE_SLIP_FILE = 'docs/slip.png';

const TID = '10000001';

/** The slip of a chip sale that was made in simulation, signed, uploaded, and read out of the archive. */
export function sampleSlip(seed = 5): SlipRecord {
  const startMs = toEpochMs(parseCivilTime('2026-01-15 09:30')!);
  const { host, cards, perform } = simulatedBench({ seed: 1, startMs, terminal: { signs: true } });
  const account = TEST_INSTITUTION.cards.find(({ id }) => id === 'debit')!;
  const card = cards.present(account, { entry: 'chip', pin: '123456' });
  const sale = perform(TID, { verb: 'sale', amountFen: 128_800, card });
  const strokes = sampleStrokes(seededRandom(seed), { script: 'chinese' });
  perform(TID, { verb: 'sign', stan: sale.stan ?? '', strokes });
  perform(TID, { verb: 'settle' });
  const [[id, signature]] = [...host.state.archive.signatures] as [
    [string, { readonly slip: string; readonly pieces: readonly string[] }],
  ];
  const sold = host.state.transactions.get(id)!;
  return slipRecord({
    mid: sold.mid,
    tid: sold.tid,
    batchNo: sold.batchNo,
    stan: sold.stan,
    rrn: sold.rrn,
    settlementDate: sold.settlementDate,
    amountFen: sold.amountFen,
    maskedPan: maskPan(account.pan),
    slip: signature.slip,
    image: signature.pieces.join(''),
  });
}
