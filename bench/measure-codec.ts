import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ALLOCATION_TIMES, allocatedBytes } from './allocated-bytes.ts';
import { checkReadings } from './check-readings.ts';
import { ENGINE_ROWS, indexUnionpay } from './engine-rows.ts';
import { decodeUnionpay, LIBRARY_ROWS } from './library-rows.ts';
import { checksum, measurePairs } from './measure-pairs.ts';
import { perByte, verdictOf, type MeasuredRow, type RatioRow } from './ratio-row.ts';
import { markdownTable, plainTable, type BenchResult } from './ratio-table.ts';
import { README_PAGES, writeTable } from './write-table.ts';

/** What bench/codec.ts starts; see there for the options. */
const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '61' },
    ms: { type: 'string', default: '30' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    root: { type: 'string', default: '.' },
  },
});

const pairs = Number(values.pairs);
const sampleMs = Number(values.ms);

function chosenRows(): RatioRow[] {
  const rows = [...LIBRARY_ROWS, ...ENGINE_ROWS];
  const only = values.only?.split(',');
  return only === undefined ? rows : rows.filter(({ id }) => only.includes(id));
}

function measure(row: RatioRow): MeasuredRow {
  process.stderr.write(`${row.id} ${row.what} …\n`);
  return { row, ratio: perByte(row, measurePairs(row.ours, row.theirs, { pairs, sampleMs })) };
}

checkReadings();
const result: BenchResult = {
  rows: chosenRows().map(measure),
  indexBytes: allocatedBytes(indexUnionpay),
  decodeBytes: allocatedBytes(decodeUnionpay),
  allocationTimes: ALLOCATION_TIMES,
  pairs,
  sampleMs,
};

console.log(plainTable(result));
process.stderr.write(`checksum ${checksum()}\n`);
if (result.rows.some((row) => verdictOf(row) === 'FAIL')) process.exitCode = 1;
if (values.write) {
  const missing = writeTable(
    markdownTable(result),
    README_PAGES.map((page) => join(values.root, page)),
  );
  for (const line of missing) console.error(line);
  if (missing.length > 0) process.exitCode = 1;
}
