import type { Command } from 'commander';
import { CommandWithHints } from './command-with-hints.ts';
import { addCryptoCommands } from './commands/crypto-program.ts';
import type { BooksOptions } from './commands/books-command.ts';
import type { DecodeOptions } from './commands/decode-command.ts';
import type { DiffOptions } from './commands/diff-command.ts';
import type { EncodeOptions } from './commands/encode-command.ts';
import { addExportCommands } from './commands/export-program.ts';
import type { IdentifyOptions } from './commands/identify-command.ts';
import type { RedactOptions } from './commands/redact-command.ts';
import { addJournalCommands } from './commands/journal-program.ts';
import { addSettlementCommands } from './commands/settlement-program.ts';
import { addSignatureCommands } from './commands/signature-program.ts';
import { addTariffCommands } from './commands/tariff-program.ts';
import type { WhyOptions } from './commands/why-command.ts';
import { examples, KEEP_A10, OTHER_MESSAGE, OWN_DIALECT, SAMPLE_MESSAGE } from './examples.ts';
import { choiceOf, wholeNumber } from './options.ts';
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
  countersign decode --json --unmask dump.txt | countersign encode
  countersign identify dump.txt                     framing and dialect of unknown bytes
  countersign dialect check mine.json               mistakes of a dialect file, with their lines
  countersign crypto mac --check --message dump.txt --key-file mak.key
  countersign signature inspect pen.jbg             what is inside the stream of a signature
  countersign run a10 --target sim --keep kept      a case whose host leaves its journal
  countersign why 093000000002 --data kept/sim/a10  why its money has not arrived
  countersign signature list --data kept/sim/a10    what the archive of a host holds
  countersign tariff quote --product debit --amount 10000.00
  countersign journal verify --data kept/sim/a10    whether anybody has changed the journal
  countersign explain a07 --lang zh                 a case as prose
  countersign prove --runs 1000 --seed 1            search for a day that breaks the laws

Exit codes: 0 as expected, 1 expectation failed or message damaged, 2 usage or bad file,
            3 environment, 70 a bug of countersign, 130 interrupted, 143 terminated
`;

/** The command line; each command is loaded when it is called, so that --version stays quick. */
export function buildProgram(done: Done): Command {
  const program = new CommandWithHints('countersign')
    .description('An electronic-signature payment terminal and its acquiring host, to test with')
    .version(packageVersion())
    .exitOverride()
    .addHelpText('after', EXAMPLES);

  program
    .command('run')
    .description('replay scenarios and write reports')
    .argument('[names...]', 'files, folders or ids; the whole catalogue when absent')
    .option('--target <list>', 'sim, tcp, or both as sim,tcp (default: both)')
    .option('--host <url>', 'run the terminal against this host, tcp://address:port')
    .option('--keys <file>', 'with --host: terminals and keys that it knows (docs/keys-file.md)')
    .option('--dialect <name|file>', 'what terminal and host speak, where a case does not say')
    .option(
      '--keep <folder>',
      'keep the journal of the emulated host there, signatures among it: a folder a case',
    )
    .option('--only <ids>', 'only these cases, comma-separated, such as a07/cut')
    .option('--tag <tags>', 'only cases with one of these tags, comma-separated')
    .option('--seed <number>', 'seed of everything random', '1')
    .option('--out <folder>', 'where the reports go', 'countersign-report')
    .option('--response-timeout <ms>', 'with --host: how long the terminal waits', '10000')
    .option(
      '--clock <time>',
      'with --host: the time at the terminal, as of a host whose clock was moved, such as "2026-01-15 09:30"',
    )
    .option('--list', 'list the cases and run nothing')
    .option('--verbose', 'show steps and exchanges')
    .option('--no-color', 'plain text')
    .addHelpText(
      'after',
      examples(
        'countersign run a07 --target sim --verbose',
        'countersign run --tag chip --target sim --out report',
        KEEP_A10,
      ),
    )
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
    .option('--keys <file>', 'terminals and keys instead of the built-in ones (docs/keys-file.md)')
    .option('--dialect <name|file>', 'what the host speaks', 'unionpay-pos')
    .option('--no-api', 'without the back office over HTTP')
    .option('--api-port <number>', 'its port, 0 for any free one; the one after --port when absent')
    .option('--token-file <file>', 'its token; otherwise one is made, and kept beside the journal')
    .option(
      '--clock <time>',
      'civil time to begin with, or now; POST /clock/advance can then move it on',
    )
    .option('--verbose', 'show the fields of every message, masked')
    .addHelpText(
      'after',
      examples('countersign serve', 'countersign serve --port 0 --data mine --clock now'),
    )
    .action(async (options: Record<string, string | boolean>) => {
      const { serveCommand } = await import('./commands/serve-command.ts');
      done(await serveCommand(options));
    });

  addMessageCommands(program, done);
  addDialectCommands(program, done);
  addCryptoCommands(program, done);
  addSignatureCommands(program, done);
  addTariffCommands(program, done);
  addJournalCommands(program, done);
  addExportCommands(program, done);
  addSettlementCommands(program, done);

  program
    .command('books')
    .description(
      'trial balance of a host: every account, made anew from its journal (docs/books.md)',
    )
    .requiredOption('--data <folder>', 'a folder of serve --data or run --keep')
    .option('--json', 'one JSON object, amounts in fen')
    .addHelpText('after', examples(KEEP_A10, 'countersign books --data kept/sim/a10'))
    .action(async (options: BooksOptions) => {
      const { trialBalance } = await import('./commands/books-command.ts');
      done(trialBalance(options));
    });

  program
    .command('why')
    .description('why has the money of a transaction not arrived? (未到账查询)')
    .argument('[transaction]', 'reference number, or terminal-batch-STAN')
    .requiredOption('--data <folder>', 'a folder of serve --data or run --keep')
    .option('--card <card>', 'instead of a transaction: a card by its masked number or its name')
    .option('--date <date>', 'with --card: the day on which it paid')
    .option(
      '--on <date>',
      'the day it is, for what is due or overdue; the last day that the journal tells of when absent',
    )
    .option('--lang <lang>', 'zh or en', 'zh')
    .option('--keys <file>', 'the keys file that the host was started with')
    .option('--json', 'one JSON object a transaction')
    .addHelpText(
      'after',
      `
Exit codes: 0 found, 1 there is no such transaction, 2 usage or bad file

Example:
  countersign run a10 --target sim --keep kept
  countersign why 093000000002 --data kept/sim/a10 --lang en
  countersign why --card '622588******7898' --date 2026-01-15 --data kept/sim/a10
`,
    )
    .action(async (asked: string | undefined, options: WhyOptions & { lang: string }) => {
      const { why } = await import('./commands/why-command.ts');
      done(why(asked, { ...options, lang: choiceOf(options.lang, 'lang', ['zh', 'en']) }));
    });

  program
    .command('explain')
    .description('tell scenarios as prose')
    .argument('[names...]', 'files, folders or ids; the whole catalogue when absent')
    .option('--lang <lang>', 'zh or en', 'en')
    .addHelpText('after', examples('countersign explain a07 --lang zh'))
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
    .addHelpText('after', examples('countersign prove --runs 50 --seed 1'))
    .action(async (options: Record<string, string>) => {
      const { proveCommand } = await import('./commands/prove-command.ts');
      done(proveCommand(options));
    });

  return program;
}

const DIALECT_OPTION = ['--dialect <name>', 'a shipped dialect or a file', 'unionpay-pos'] as const;
const INPUT = 'hex, or a file of it, one message a line; standard input when absent or -';

/** Commands that turn bytes into words and back. */
function addMessageCommands(program: Command, done: Done): void {
  program
    .command('decode')
    .description('show messages in clear words, card data masked')
    .argument('[input]', INPUT)
    .option(...DIALECT_OPTION)
    .option('--lenient', 'what the leniencies of the dialect accept is a warning, not an error')
    .option('--json', 'one JSON object a message')
    .option('--unmask', 'show card data in clear')
    .addHelpText(
      'after',
      examples(
        `countersign decode ${SAMPLE_MESSAGE}`,
        `countersign decode --json ${SAMPLE_MESSAGE} > echo.json`,
      ),
    )
    .action(async (input: string | undefined, options: DecodeOptions) => {
      const { decodeCommand } = await import('./commands/decode-command.ts');
      done(await decodeCommand(input, options));
    });

  program
    .command('encode')
    .description('turn messages in JSON into hex, with the members that decode --json writes')
    .argument(
      '[input]',
      'JSON, or a file of it, one object a line; standard input when absent or -',
    )
    .option(...DIALECT_OPTION)
    .option('--json', 'one JSON object a message, errors among them')
    .addHelpText(
      'after',
      examples(`countersign decode --json --unmask ${SAMPLE_MESSAGE} | countersign encode`),
    )
    .action(async (input: string | undefined, options: EncodeOptions) => {
      const { encodeCommand } = await import('./commands/encode-command.ts');
      done(await encodeCommand(input, options));
    });

  program
    .command('diff')
    .description('compare two messages field by field, card data masked')
    .argument('<left>', 'hex, or a file of it; a file may hold both')
    .argument('[right]', 'hex, or a file of it')
    .option(...DIALECT_OPTION)
    .option('--lenient', 'read both leniently')
    .option('--json', 'one JSON object')
    .option('--unmask', 'show card data in clear')
    .addHelpText('after', examples(`countersign diff ${SAMPLE_MESSAGE} ${OTHER_MESSAGE}`))
    .action(async (left: string, right: string | undefined, options: DiffOptions) => {
      const { diffCommand } = await import('./commands/diff-command.ts');
      done(await diffCommand(left, right, options));
    });

  program
    .command('redact')
    .description('the same messages without card data, as hex that decodes')
    .argument('[input]', INPUT)
    .option(...DIALECT_OPTION)
    .option('--json', 'one JSON object a message, errors among them')
    .addHelpText('after', examples(`countersign redact ${SAMPLE_MESSAGE}`))
    .action(async (input: string | undefined, options: RedactOptions) => {
      const { redactCommand } = await import('./commands/redact-command.ts');
      done(await redactCommand(input, options));
    });

  program
    .command('identify')
    .description('find framing and dialect of unknown bytes')
    .argument('[input]', INPUT)
    .option(
      '--dialect <file>',
      'a dialect file to try beside the shipped ones; may come again',
      (file: string, before: string[]) => [...before, file],
      [],
    )
    .option('--top <number>', 'how many readings to show', '3')
    .option('--json', 'one JSON object a message')
    .addHelpText(
      'after',
      examples(
        `countersign identify ${SAMPLE_MESSAGE}`,
        `countersign identify --top 1 --json ${SAMPLE_MESSAGE}`,
      ),
    )
    .action(async (input: string | undefined, options: IdentifyOptions) => {
      const { identifyCommand } = await import('./commands/identify-command.ts');
      done(
        await identifyCommand(input, { ...options, top: wholeNumber(options.top, 'top', 1, 999) }),
      );
    });
}

/** Commands about dialects themselves. */
function addDialectCommands(program: Command, done: Done): void {
  const dialect = program
    .command('dialect')
    .description('list, show and check dialects')
    .addHelpText(
      'after',
      examples(
        'countersign dialect list',
        'countersign dialect show unionpay-pos > whole.json',
        'countersign dialect check whole.json',
      ),
    );
  dialect
    .command('list')
    .description('the shipped dialects')
    .addHelpText('after', examples('countersign dialect list'))
    .action(async () => {
      const { listDialects } = await import('./commands/dialect-command.ts');
      done(listDialects());
    });
  dialect
    .command('show')
    .description('a dialect with everything that it extends, as JSON')
    .argument('<name>', 'a shipped dialect or a file')
    .addHelpText('after', examples('countersign dialect show unionpay-pos-esign-0920'))
    .action(async (name: string) => {
      const { showDialect } = await import('./commands/dialect-command.ts');
      done(showDialect(name));
    });
  dialect
    .command('check')
    .description('name every mistake of a dialect file with its line')
    .argument('<file>', 'a JSON file')
    .option('--json', 'one JSON object a mistake')
    .addHelpText('after', examples(OWN_DIALECT, 'countersign dialect check mine.json'))
    .action(async (file: string, options: { json?: boolean }) => {
      const { checkDialectFile } = await import('./commands/dialect-command.ts');
      done(checkDialectFile(file, options.json === true));
    });
}
