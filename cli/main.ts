import { CommanderError } from 'commander';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { errorText } from './error-text.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { buildProgram } from './program.ts';

/** Parses, dispatches, turns the end into an exit code; nothing else. */
async function main(): Promise<number> {
  // A reader that closes early (head, less) is no failure, and no reason to leave work undone.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.on('uncaughtException', (error) => process.exit(report(error)));
  let code: number = EXIT.asExpected;
  const program = buildProgram((ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(process.argv);
    return code;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.asExpected : EXIT.usage;
  }
  if (error instanceof CountersignError) {
    const code = exitCodeOf(error.code);
    process.stderr.write(errorText(error));
    if (code === EXIT.internal) process.stderr.write(`${error.stack ?? ''}\n`);
    return code;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`E_INTERNAL  this is a bug of countersign, please report it\n${text}\n`);
  return EXIT.internal;
}

process.exitCode = await main();
