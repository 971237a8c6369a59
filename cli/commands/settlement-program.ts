import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { choiceOf } from '../options.ts';
import type { SettlementFileOptions, StatementOptions } from './settlement-command.ts';

/** Commands about what is handed to merchants after a settlement day. */
export function addSettlementCommands(program: Command, done: (exitCode: number) => void): void {
  program
    .command('settlement-file')
    .description('the settlement file of a day as CSV (清算文件)')
    .requiredOption('--data <folder>', 'a folder of serve --data or run --keep')
    .requiredOption('--date <date>', 'settlement day, such as 2026-01-15')
    .option('--merchant <number>', 'only his lines')
    .option('--keys <file>', 'the keys file that the host was started with')
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 the day was closed with another file, or has none, 2 usage or bad file

Example:
  countersign run h03 --target sim --keep kept
  countersign settlement-file --data kept/sim/h03 --date 2026-01-16
`,
    )
    .action(async (options: SettlementFileOptions) => {
      const { writeSettlementFile } = await import('./settlement-command.ts');
      done(writeSettlementFile(options));
    });
  program
    .command('statement')
    .description('what a merchant had, what moved it, what is left (商户对账单)')
    .requiredOption('--data <folder>', 'a folder of serve --data or run --keep')
    .requiredOption('--merchant <number>', 'merchant number')
    .requiredOption('--from <date>', 'first day, such as 2026-01-15')
    .requiredOption('--to <date>', 'last day')
    .option('--lang <lang>', 'zh or en', 'zh')
    .option('--keys <file>', 'the keys file that the host was started with')
    .option('--json', 'one JSON object, amounts in fen')
    .addHelpText(
      'after',
      examples(
        'countersign run h03 --target sim --keep kept',
        'countersign statement --data kept/sim/h03 --merchant 898110000000001 --from 2026-01-15 --to 2026-01-16',
      ),
    )
    .action(async (options: StatementOptions & { lang: string }) => {
      const { writeStatement } = await import('./settlement-command.ts');
      done(writeStatement({ ...options, lang: choiceOf(options.lang, 'lang', ['zh', 'en']) }));
    });
}
