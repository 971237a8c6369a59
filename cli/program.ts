import { Command } from 'commander';
import { packageVersion } from './version.ts';

type Done = (exitCode: number) => void;

const EXAMPLES = `
Examples:
  countersign run                                   every documented case, simulated and over TCP
  countersign run a07 --target sim --verbose        one case with its exchanges
  countersign run my-cases/ --seed 7                scenario files of your own
  countersign serve --port 5000                     a host to connect a terminal to
  countersign run g01 --host tcp://127.0.0.1:5000   our terminal against a host
  countersign decode 0034600003...                  a message as a table, card data masked
  countersign explain a07 --lang zh                 a case as prose
  countersign prove --runs 1000 --seed 1            search for a day that breaks the laws

Exit codes: 0 as expected, 1 expectation failed or message damaged, 2 usage or bad file,
            3 environment, 70 a bug of countersign, 130 interrupted
`;

/** The command line; each command is loaded when it is called, so that --version stays quick. */
export function buildProgram(done: Done): Command {
  const program = new Command('countersign')
    .description('An electronic-signature payment terminal and its acquiring host, to test with')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(countersign --help lists commands and examples)')
    .addHelpText('after', EXAMPLES);

  program
    .command('run')
    .description('replay scenarios and write reports')
    .argument('[names...]', 'files, folders or ids; the whole catalogue when absent')
    .option('--target <list>', 'sim, tcp or both, comma-separated', 'sim,tcp')
    .option('--host <url>', 'run the terminal against this host, tcp://address:port')
    .option('--only <ids>', 'only these cases, comma-separated, such as a07/cut')
    .option('--tag <tags>', 'only cases with one of these tags, comma-separated')
    .option('--seed <number>', 'seed of everything random', '1')
    .option('--out <folder>', 'where the reports go', 'countersign-report')
    .option('--response-timeout <ms>', 'with --host: how long the terminal waits', '10000')
    .option('--list', 'list the cases and run nothing')
    .option('--verbose', 'show steps and exchanges')
    .option('--no-color', 'plain text')
    .action(async (names: string[], options: Record<string, string | boolean>) => {
      const { runCommand } = await import('./commands/run-command.ts');
      done(await runCommand(names, options));
    });

  program
    .command('serve')
    .description('keep the host up for terminals to connect to')
    .option('--port <number>', 'port; 0 for any free one', '5000')
    .option('--address <address>', 'loopback address to listen on', '127.0.0.1')
    .option(
      '--data <folder>',
      'keep the journal there; without it everything ends with the program',
    )
    .option('--verbose', 'show every message, masked')
    .action(async (options: Record<string, string | boolean>) => {
      const { serveCommand } = await import('./commands/serve-command.ts');
      done(await serveCommand(options));
    });

  program
    .command('decode')
    .description('show messages in clear words, card data masked')
    .argument('[input]', 'hex, or a file of it; standard input when absent or -')
    .option('--json', 'one JSON object a message')
    .action(async (input: string | undefined, options: { json?: boolean }) => {
      const { decodeCommand } = await import('./commands/decode-command.ts');
      done(await decodeCommand(input, options.json === true));
    });

  program
    .command('explain')
    .description('tell scenarios as prose')
    .argument('[names...]', 'files, folders or ids; the whole catalogue when absent')
    .option('--lang <lang>', 'zh or en', 'en')
    .action(async (names: string[], options: { lang: string }) => {
      const { explainCommand } = await import('./commands/explain-command.ts');
      done(explainCommand(names, options.lang));
    });

  program
    .command('prove')
    .description('play random days in the simulated world and check the laws after every step')
    .option('--runs <number>', 'how many days', '300')
    .option('--seed <number>', 'seed of the campaign', '1')
    .option('--path <path>', 'replay one counter-example, as a failure prints it')
    .action(async (options: Record<string, string>) => {
      const { proveCommand } = await import('./commands/prove-command.ts');
      done(proveCommand(options));
    });

  return program;
}
