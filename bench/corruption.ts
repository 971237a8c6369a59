import { parseArgs } from 'node:util';
import { corruptMessages, type CorruptionResult } from './corrupt-messages.ts';

/**
 * How much damage a decoder notices: three random bytes of a message of 22 fields set to random
 * values, for npm iso_8583 and for our strict decoder.
 *
 *     npx tsx bench/corruption.ts [--runs 20000] [--seed 1]
 *
 * Ends with exit code 1 when ours accepts something that is no message.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
});

const runs = Number(values.runs);
const seed = Number(values.seed);

function share(count: number): string {
  const percent = ((count / runs) * 100).toFixed(2);
  return `${String(count).padStart(7)}  ${percent.padStart(6)} %`;
}

function print(result: CorruptionResult): void {
  const { messageBytes, unchanged, kinds } = result;
  console.log(
    `${runs} times three random bytes in a message of 22 fields, ${messageBytes} bytes, seed ${seed}`,
  );
  console.log('');
  console.log(`accepted by iso_8583    ${share(result.acceptedByIso8583)}`);
  console.log(`accepted by our strict  ${share(result.acceptedByUs)}`);
  console.log(`iso_8583 threw          ${share(result.thrownByIso8583)}`);
  console.log(`bytes left unchanged    ${share(unchanged)}`);
  console.log('');
  console.log(
    'what we accepted, by kind of changed byte; every one encodes to the same bytes again',
  );
  for (const [kind, { count, example }] of [...kinds].sort(([, a], [, b]) => b.count - a.count)) {
    console.log(`${String(count).padStart(7)}  ${kind.padEnd(36)}  ${example}`);
  }
}

const result = corruptMessages({ seed, runs });
print(result);
for (const bug of result.bugs) console.log(`BUG ${bug}`);
if (result.bugs.length > 0) process.exitCode = 1;
