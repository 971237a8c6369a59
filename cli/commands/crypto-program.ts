import { Option, type Command } from 'commander';
import { examples } from '../examples.ts';
import type { ArqcOptions } from './crypto-arqc-command.ts';
import type { KcvOptions } from './crypto-kcv-command.ts';
import type { UnwrapOptions } from './crypto-keys-command.ts';
import type { MacOptions } from './crypto-mac-command.ts';
import type { PinBlockOptions } from './crypto-pin-block-command.ts';
import type { TrackOptions } from './crypto-track-command.ts';

type Done = (exitCode: number) => void;

const SECRETS = `
Keys, PINs, card numbers and tracks are never arguments. They come from files that only you can read
(chmod 600), from the terminal without echo, or from standard input, a line each in the order of the
options above.
`;

/** A test key that everybody knows. */
const GROUP_EXAMPLES = examples(
  '(umask 077; echo 0123456789ABCDEF > test.key)',
  'countersign crypto kcv --key-file test.key',
  'countersign crypto mac --message 0011223344556677 --key-file test.key',
);

const UNWRAP_EXAMPLE = `
Example:
  countersign crypto keys unwrap --block f62.txt --key-file tmk.key --out session.keys
  countersign crypto mac --check --message dump.txt --key-file session.keys:MAK
`;

const KEY_FILE = ['--key-file <file>', 'the key as hex; FILE:MAK for that line of a file'] as const;
const JSON_OPTION = ['--json', 'one JSON object'] as const;

/** Secrets somebody may try to pass: they are refused with words that say what to do. */
function neverAnArgument(...names: readonly string[]): Option[] {
  return names.map((name) => new Option(`--${name} [value]`).hideHelp());
}

/** Commands that compute and check with keys. */
export function addCryptoCommands(program: Command, done: Done): void {
  const crypto = program
    .command('crypto')
    .description('MACs, check values, PIN blocks, key blocks, tracks and chip cryptograms')
    .addHelpText(
      'after',
      `${SECRETS}\nExit codes: 0 good, 1 does not match, 2 usage or bad file\n${GROUP_EXAMPLES}`,
    );
  addMac(crypto, done);
  addKeys(crypto, done);
  addPinBlock(crypto, done);
  addTrack(crypto, done);
  addArqc(crypto, done);
}

function addMac(crypto: Command, done: Done): void {
  const mac = crypto
    .command('mac')
    .description(
      'the MAC of bytes; with --check whether a message has the right one, and if not, why',
    )
    .requiredOption('--message <hex>', 'hex, a file of it, or - for standard input')
    .option('--dialect <name>', 'says the algorithm where you do not', 'unionpay-pos')
    .option('--algorithm <name>', 'unionpay-ecb, x9.9, x9.19, iso9797-1, iso9797-3 or aes-cmac')
    .option('--padding <number>', '1 (zeros) or 2 (80, zeros), of the iso9797 algorithms')
    .option('--output <form>', 'hex (eight characters) or binary (eight bytes)')
    .option('--family <name>', 'what the key is for: des, sm4 (assumed profile) or aes')
    .option('--check', 'verify field 64 of a whole message, with or without its frame')
    .option(...KEY_FILE)
    .option(
      '--other-key-file <file>',
      'with --check: another key that may have been used; may come again',
      (file: string, before: string[]) => [...before, file],
      [],
    )
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `${SECRETS}
Example:
  countersign crypto mac --check --message dump.txt --key-file mak.key --other-key-file yesterday.key
`,
    )
    .action(async (options: MacOptions) => {
      const { macCommand } = await import('./crypto-mac-command.ts');
      done(await macCommand(options));
    });
  for (const option of neverAnArgument('key')) mac.addOption(option);
}

function addKeys(crypto: Command, done: Done): void {
  const kcv = crypto
    .command('kcv')
    .description('the check value of a key: zeros encrypted under it, the first four bytes')
    .option('--family <name>', 'what the key is for: des, sm4 or aes', 'des')
    .option(...KEY_FILE)
    .option('--expect <kcv>', 'compare with this, 6 or 8 digits')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `${SECRETS}
Example:
  countersign crypto kcv --key-file tmk.key --expect 08D7B4FB
`,
    )
    .action(async (options: KcvOptions) => {
      const { kcvCommand } = await import('./crypto-kcv-command.ts');
      done(await kcvCommand(options));
    });
  const unwrap = crypto
    .command('keys')
    .description('key blocks of a sign-in')
    .addHelpText('after', UNWRAP_EXAMPLE)
    .command('unwrap')
    .description('field 62 of a sign-in answer: lengths and check values of the keys in it')
    .requiredOption('--block <hex>', 'field 62 as hex, a file of it, or - for standard input')
    .option('--form <code>', '60.3 of the sign-in: 001, 003, 004, or 006 (SM4, assumed profile)')
    .option('--key-file <file>', 'the terminal master key (TMK) as hex')
    .option('--out <file>', 'write the keys to this new file, for its owner only')
    .option(...JSON_OPTION)
    .addHelpText('after', `${SECRETS}${UNWRAP_EXAMPLE}`)
    .action(async (options: UnwrapOptions) => {
      const { unwrapKeysCommand } = await import('./crypto-keys-command.ts');
      done(await unwrapKeysCommand(options));
    });
  for (const option of neverAnArgument('key')) kcv.addOption(option);
  for (const option of neverAnArgument('key')) unwrap.addOption(option);
}

function addPinBlock(crypto: Command, done: Done): void {
  const pinBlock = crypto
    .command('pin-block')
    .description('encrypt a PIN, or decrypt a block and say whether it has its format')
    .option('--format <name>', 'iso-0 to iso-4, x9.8-no-pan, or sm4 (assumed profile)', 'iso-0')
    .option('--decrypt <hex>', 'a block to decrypt; a PIN is encrypted when absent')
    .option(...KEY_FILE)
    .option('--pan-file <file>', 'the card number, for iso-0, iso-3, iso-4 and sm4')
    .option('--pin-file <file>', 'the PIN')
    .option('--reveal', 'with --decrypt: show the PIN')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `${SECRETS}
Example:
  countersign crypto pin-block --decrypt E0CB0B7BC787D25E --key-file pik.key --pan-file pan.txt
`,
    )
    .action(async (options: PinBlockOptions) => {
      const { pinBlockCommand } = await import('./crypto-pin-block-command.ts');
      done(await pinBlockCommand(options));
    });
  for (const option of neverAnArgument('key', 'pan', 'pin')) pinBlock.addOption(option);
}

function addTrack(crypto: Command, done: Done): void {
  const track = crypto
    .command('track')
    .description('encrypt the block of a track (field 35 or 36), or decrypt it')
    .option('--family <name>', 'what the key is for: des, or sm4 (assumed profile)', 'des')
    .option('--decrypt', 'decrypt; encrypt when absent')
    .option(...KEY_FILE)
    .option('--track-file <file>', 'the track, digits with D or = as separator')
    .option('--reveal', 'show the whole track')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `${SECRETS}
Example:
  countersign crypto track --decrypt --key-file session.keys:TDK --track-file track.txt
`,
    )
    .action(async (options: TrackOptions) => {
      const { trackCommand } = await import('./crypto-track-command.ts');
      done(await trackCommand(options));
    });
  for (const option of neverAnArgument('key', 'track')) track.addOption(option);
}

function addArqc(crypto: Command, done: Done): void {
  const arqc = crypto
    .command('arqc')
    .description('verify the cryptogram of a chip (9F26) and compute the answer of its issuer')
    .requiredOption('--tags <hex>', 'field 55 as hex, a file of it, or - for standard input')
    .option('--psn <digits>', 'sequence number of the card; tag 5F34 or 00 when absent')
    .option('--arc <code>', 'response code that the answer is for', '00')
    .option('--key-file <file>', 'the issuer master key (IMK) as hex')
    .option('--pan-file <file>', 'the card number; tag 5A when absent')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `${SECRETS}
Example:
  countersign crypto arqc --tags f55.txt --psn 01 --key-file imk.key --pan-file pan.txt
`,
    )
    .action(async (options: ArqcOptions) => {
      const { arqcCommand } = await import('./crypto-arqc-command.ts');
      done(await arqcCommand(options));
    });
  for (const option of neverAnArgument('key', 'pan')) arqc.addOption(option);
}
