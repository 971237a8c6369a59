import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { prove } from '../../scenarios/proof/prove.ts';
import { EXIT } from '../exit-codes.ts';
import { wholeNumber } from '../options.ts';

/** Runs a campaign and prints what it reached, or the shrunk day that broke a law. */
export function proveCommand(options: Record<string, string>): number {
  const seed = wholeNumber(options['seed'], 'seed', 0, 0x7fff_ffff);
  const runs = wholeNumber(options['runs'], 'runs', 1, 10_000_000);
  const { path } = options;
  if (path !== undefined && !/^\d+(:\d+)*$/.test(path)) {
    throw new CountersignError('E_USAGE', {
      text: `--path ${path}`,
      hint: 'a path is numbers joined by colons, as a failure prints it',
    });
  }
  const isLive = process.stderr.isTTY === true;
  const result = prove({
    seed,
    runs,
    ...(path === undefined ? {} : { path }),
    onRun: (done) => {
      if (isLive && done % 50 === 0) process.stderr.write(`\r${done}/${runs} days`);
    },
  });
  if (isLive) process.stderr.write('\r\u001B[2K');
  const { counterExample } = result;
  if (counterExample !== undefined) {
    const { violation, steps, shrinks } = counterExample;
    process.stdout.write(
      [
        `✖ law ${violation.law} broken: ${violation.text}`,
        `  seed ${seed}, ${result.runs} days played, shrunk ${shrinks} times to ${steps.length} step(s):`,
        ...steps.map((step) => `    ${step}`),
        `  replay  npx countersign prove --seed ${seed} --path ${counterExample.path}`,
        '',
      ].join('\n'),
    );
    return EXIT.expectationFailed;
  }
  const reached = [...result.hits].sort(([left], [right]) => (left < right ? -1 : 1));
  const mean = (result.actions / Math.max(1, result.runs)).toFixed(1);
  process.stdout.write(
    [
      `✔ no law broken  seed ${seed}, ${result.runs} days, ${result.actions} actions (${mean} a day)`,
      `  trace hash ${result.traceHash}`,
      '  reached:',
      ...reached.map(([what, count]) => `    ${String(count).padStart(7)}  ${what}`),
      '',
    ].join('\n'),
  );
  return EXIT.asExpected;
}
