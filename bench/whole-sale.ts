import { simulatedBench, type SimulatedBench } from '../emulator/bench/simulated-bench.ts';
import { TEST_INSTITUTION } from '../emulator/bench/test-institution.ts';
import type { Work } from './measure-pairs.ts';

/** Sales of one terminal before it settles: a batch that grows would slow the later ones down. */
const SALES_A_BATCH = 200;

const TID = '10000001';

const START_MS = Date.UTC(2026, 0, 15, 1, 30);

function newBench(): SimulatedBench {
  return simulatedBench({ seed: 1, startMs: START_MS });
}

const [account] = TEST_INSTITUTION.cards;
const card = newBench().cards.present(account!, { entry: 'swipe', pin: '123456' });

/** Goes on from call to call: a new one costs more than many sales. */
let bench = newBench();
let sales = 0;

/** Sales by swipe and PIN between terminal and host in the simulated world. */
export const wholeSale: Work = (times) => {
  let sum = 0;
  for (let each = 0; each < times; each++) {
    if (++sales % SALES_A_BATCH === 0) bench = newBench();
    const { outcome, stan = '' } = bench.perform(TID, { verb: 'sale', amountFen: 1, card });
    if (outcome !== 'approved') throw new Error(`a sale was ${outcome}`);
    sum += stan.length;
  }
  return sum;
};
