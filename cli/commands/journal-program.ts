import type { Command } from 'commander';
import { examples, KEEP_A10 } from '../examples.ts';
import type { JournalVerifyOptions } from './journal-command.ts';

const DATA = ['--data <folder>', 'a folder of serve --data or run --keep'] as const;

/** Commands about the journal of a host; it may be running. */
export function addJournalCommands(program: Command, done: (exitCode: number) => void): void {
  const journal = program
    .command('journal')
    .description('the journal that a host keeps')
    .addHelpText('after', examples(KEEP_A10, 'countersign journal verify --data kept/sim/a10'));
  journal
    .command('verify')
    .description('read the whole journal anew, and name the first place that was changed')
    .requiredOption(...DATA)
    .option('--last <hash>', 'the last hash of an earlier verify: it must still be in the chain')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Exit codes: 0 all as it was written, 1 it is not, 2 usage or no journal, 3 environment

Examples:
  ${KEEP_A10}
  countersign journal verify --data kept/sim/a10
`,
    )
    .action(async (options: JournalVerifyOptions) => {
      const { verifyJournal } = await import('./journal-command.ts');
      done(verifyJournal(options));
    });
  journal
    .command('export')
    .description('every event on a line of JSON; keys, signatures and chip data are left out')
    .requiredOption(...DATA)
    .option('-o, --out <file>', 'a file; standard output when absent or -')
    .addHelpText(
      'after',
      `
Exit codes: 0 written, 2 usage, no journal or bad file, 3 the journal is damaged

Examples:
  ${KEEP_A10}
  countersign journal export --data kept/sim/a10 -o day.jsonl
`,
    )
    .action(async ({ data, out }: { data: string; out?: string }) => {
      const { exportJournal } = await import('./journal-command.ts');
      done(exportJournal(data, out));
    });
}
