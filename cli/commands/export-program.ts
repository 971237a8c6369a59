import type { Command } from 'commander';
import { examples } from '../examples.ts';
import type { CaseExportOptions } from './export-command.ts';

const EXAMPLES = examples(
  'countersign run f05 --target sim --keep kept',
  'countersign export case H000001 --data kept/sim/f05 --out case.json',
  'countersign export verify case.json',
);

/** Commands about what is handed to people outside. */
export function addExportCommands(program: Command, done: (exitCode: number) => void): void {
  const parent = program
    .command('export')
    .description('everything about a case, masked and chained, for a regulator (案卷导出)')
    .addHelpText('after', EXAMPLES);
  parent
    .command('case')
    .description('the case of a transaction, a hold, an adjustment or another record')
    .argument('<subject>', 'reference number, terminal-batch-STAN, or a number such as H000001')
    .requiredOption('--data <folder>', 'a folder of serve --data or run --keep')
    .option('--out <file>', 'where it is written; standard output when absent')
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 the journal has nothing about it, 2 usage or bad file

Example:
  countersign run f05 --target sim --keep kept
  countersign export case H000001 --data kept/sim/f05 --out case.json
  countersign export verify case.json
`,
    )
    .action(async (subject: string, options: CaseExportOptions) => {
      const { exportCase } = await import('./export-command.ts');
      done(exportCase(subject, options));
    });
  parent
    .command('verify')
    .description('whether an exported case is as it was made; one changed byte is found')
    .argument('<file>', 'an exported case')
    .option('--seal <hash>', 'the seal that was noted when it was handed over')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, { seal }: { seal?: string }) => {
      const { verifyExport } = await import('./export-command.ts');
      done(verifyExport(file, seal));
    });
}
