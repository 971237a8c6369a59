import type { Command } from 'commander';
import { examples } from '../examples.ts';
import type { TariffQuoteOptions } from './tariff-command.ts';

/** Commands about what a sale costs its merchant. */
export function addTariffCommands(program: Command, done: (exitCode: number) => void): void {
  const tariff = program
    .command('tariff')
    .description('what a sale costs its merchant')
    .addHelpText(
      'after',
      examples(
        'countersign tariff quote --product debit --amount 10000.00',
        'countersign tariff show',
      ),
    );
  tariff
    .command('quote')
    .description('fee, surcharge and net of one sale under the documented tariff')
    .requiredOption('--product <name>', 'credit, debit, qr, unionpay-qr or contactless')
    .requiredOption('--amount <yuan>', 'such as 10000.00')
    .option('--device <kind>', 'e-signature, mpos or big-pos', 'e-signature')
    .option('--at <time>', 'civil time of the sale, Shanghai; today when absent')
    .option('--json', 'one JSON object, amounts in yuan as text')
    .addHelpText(
      'after',
      `
Examples:
  countersign tariff quote --product debit --amount 10000.00
  countersign tariff quote --product qr --amount 88 --device mpos --json
`,
    )
    .action(async (options: TariffQuoteOptions) => {
      const { quoteTariff } = await import('./tariff-command.ts');
      done(quoteTariff(options));
    });
  tariff
    .command('show')
    .description('the documented tariff, its surcharges and the rates that contracts may agree on')
    .option('--json', 'as data')
    .addHelpText('after', examples('countersign tariff show'))
    .action(async (options: { json?: boolean }) => {
      const { showTariff } = await import('./tariff-command.ts');
      done(showTariff(options.json === true));
    });
}
