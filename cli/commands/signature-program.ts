import type { Command } from 'commander';
import { choiceOf, wholeNumber } from '../options.ts';
import type { SignatureEncodeOptions } from './signature-encode-command.ts';

type Done = (exitCode: number) => void;

const EXIT_CODES = '\nExit codes: 0 good, 1 the stream is refused, 2 usage or bad file\n';

/** Commands about the image of a signature: PBM files and JBIG streams of field 62. */
export function addSignatureCommands(program: Command, done: Done): void {
  const signature = program
    .command('signature')
    .description('images of signatures: PBM to JBIG (ITU-T T.82) and back')
    .addHelpText('after', EXIT_CODES);
  addEncode(signature, done);
  addDecode(signature, done);
  addInspect(signature, done);
  addRender(signature, done);
}

function addEncode(signature: Command, done: Done): void {
  signature
    .command('encode')
    .description('a PBM image as a JBIG stream')
    .argument('<input>', 'a PBM file (P4 or P1), - for standard input')
    .requiredOption('-o, --out <file>', 'the stream, - for standard output')
    .option('--template <lines>', 'lines that a context looks at, 2 or 3', '3')
    .option('--no-typical', 'without typical prediction of lines like the one above')
    .option('--stripe <lines>', 'lines in a stripe', '128')
    .option('--reset', 'every stripe can be read without those before it')
    .addHelpText(
      'after',
      `${EXIT_CODES}
Examples:
  countersign signature encode pen.pbm -o pen.jbg
  magick pen.png -monochrome pbm:- | countersign signature encode - -o pen.jbg --template 2
`,
    )
    .action(async (input: string, options: Record<string, string | boolean>) => {
      const { encodeSignature } = await import('./signature-encode-command.ts');
      done(await encodeSignature(input, encodeOptions(options)));
    });
}

function encodeOptions(options: Record<string, string | boolean>): SignatureEncodeOptions {
  return {
    out: String(options['out']),
    template: wholeNumber(options['template'], 'template', 2, 3) === 2 ? 2 : 3,
    typicalPrediction: options['typical'] !== false,
    linesPerStripe: wholeNumber(options['stripe'], 'stripe', 1, 0xffffffff),
    resetEachStripe: options['reset'] === true,
  };
}

function addDecode(signature: Command, done: Done): void {
  signature
    .command('decode')
    .description('a JBIG stream as a PBM image')
    .argument('<input>', 'a JBIG file, - for standard input')
    .requiredOption('-o, --out <file>', 'the image (P4), - for standard output')
    .addHelpText(
      'after',
      `${EXIT_CODES}
Examples:
  countersign signature decode pen.jbg -o pen.pbm
  xxd -r -p field62.txt | countersign signature decode - -o - | magick - pen.png
`,
    )
    .action(async (input: string, options: { out: string }) => {
      const { decodeSignature } = await import('./signature-decode-command.ts');
      done(await decodeSignature(input, options.out));
    });
}

function addInspect(signature: Command, done: Done): void {
  signature
    .command('inspect')
    .description('header, stripes, markers and coder of a JBIG stream, not its image')
    .argument('<input>', 'a JBIG file, - for standard input')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `${EXIT_CODES}
Example:
  xxd -r -p field62.txt | countersign signature inspect -
`,
    )
    .action(async (input: string, options: { json?: boolean }) => {
      const { inspectSignature } = await import('./signature-inspect-command.ts');
      done(await inspectSignature(input, options.json === true));
    });
}

function addRender(signature: Command, done: Done): void {
  signature
    .command('render')
    .description('the electronic slip (电子签购单) of an uploaded signature, card number masked')
    .argument('[upload]', 'the 0820 as hex, or a file of it; of packets one a line')
    .requiredOption('-o, --out <file>', 'a .png, .svg or .txt file; - for text on standard output')
    .option('--lang <lang>', 'language of its labels: zh or en', 'zh')
    .option('--dialect <name|file>', 'the dialect of the message', 'unionpay-pos')
    .addHelpText(
      'after',
      `${EXIT_CODES}
Examples:
  countersign signature render upload.hex -o slip.png
  countersign signature render packets.hex -o - --lang en
`,
    )
    .action(async (upload: string | undefined, options: Record<string, string>) => {
      const { renderSignature } = await import('./signature-render-command.ts');
      const lang = choiceOf(options['lang'], 'lang', ['zh', 'en']);
      const { out = '-', dialect = '' } = options;
      done(await renderSignature(upload, { out, lang, dialect }));
    });
}
