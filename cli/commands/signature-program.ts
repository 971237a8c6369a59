import type { Command } from 'commander';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { USUAL_RASTER, type RasterOptions } from '../../protocol/signature/rasterise.ts';
import { SIGNATURE_LIMITS } from '../../protocol/signature/signature-limits.ts';
import { examples } from '../examples.ts';
import { choiceOf, wholeNumber } from '../options.ts';
import type { SignatureEncodeOptions } from './signature-encode-command.ts';

type Done = (exitCode: number) => void;

const EXIT_CODES =
  '\nExit codes: 0 good, 1 the stream is refused, 2 usage or bad file, 3 environment\n';

/** Commands about signatures: strokes, PBM files, JBIG streams of field 62, and archives of them. */
export function addSignatureCommands(program: Command, done: Done): void {
  const signature = program
    .command('signature')
    .description('signatures: PBM to JBIG (ITU-T T.82) and back, slips, the archive of a host')
    .addHelpText(
      'after',
      EXIT_CODES +
        examples(
          'countersign signature sample -o strokes.json',
          'countersign signature draw strokes.json -o pen.jbg',
          'countersign signature inspect pen.jbg',
        ),
    );
  addEncode(signature, done);
  addDecode(signature, done);
  addInspect(signature, done);
  addRender(signature, done);
  addList(signature, done);
  addVerify(signature, done);
  addDraw(signature, done);
  addSample(signature, done);
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
  countersign signature sample -o strokes.json
  countersign signature draw strokes.json -o pen.pbm
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
  countersign signature sample -o strokes.json
  countersign signature draw strokes.json -o pen.jbg
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
Examples:
  countersign signature sample -o strokes.json
  countersign signature draw strokes.json -o pen.jbg
  countersign signature inspect pen.jbg
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
    .description('the electronic slip (电子签购单) of a signature, card number masked')
    .argument('[upload]', 'the 0820 as hex, or a file of it; of packets one a line')
    .option(
      '--data <folder>',
      'out of this archive instead: a folder of serve --data or run --keep',
    )
    .option('--rrn <number>', 'with --data: reference number of the transaction')
    .option('--signer <who>', 'with --data: holder or merchant of a refund agreement', 'slip')
    .requiredOption('-o, --out <file>', 'a .png, .svg or .txt file; - for text on standard output')
    .option('--lang <lang>', 'language of its labels: zh or en', 'zh')
    .option('--dialect <name|file>', 'the dialect of the message', 'unionpay-pos')
    .addHelpText(
      'after',
      `
From an archive also .pbm and .jbg, the picture alone, and .json with slip elements and seals;
of an agreement .png, .svg, .pbm and .jbg.

Exit codes: 0 good, 1 the stream is refused or the signature missing, 2 usage or bad file

Examples:
  countersign run e01 --target sim --keep kept
  countersign signature list --data kept/sim/e01
  countersign signature render --data kept/sim/e01 --rrn 093000000002 -o slip.png

With uploads of yours, packets a line each:
  countersign signature render upload.hex -o - --lang en
`,
    )
    .action(async (upload: string | undefined, options: Record<string, string>) => {
      const { renderArchived, renderSignature } = await import('./signature-render-command.ts');
      const lang = choiceOf(options['lang'], 'lang', ['zh', 'en']);
      const { out = '-', dialect = '', data, rrn } = options;
      const signer = choiceOf(options['signer'], 'signer', ['slip', 'holder', 'merchant']);
      if (data === undefined) {
        if (rrn !== undefined || signer !== 'slip') throw withoutData();
        done(await renderSignature(upload, { out, lang, dialect }));
        return;
      }
      if (rrn === undefined || upload !== undefined) throw withoutRrn();
      done(await renderArchived({ out, lang, data, rrn, signer }));
    });
}

function withoutData(): CountersignError {
  const hint = '--data names the folder of the archive that --rrn and --signer look into';
  return new CountersignError('E_USAGE', { text: '--rrn or --signer without --data', hint });
}

function withoutRrn(): CountersignError {
  const hint = 'countersign signature list --data <folder> shows the reference numbers';
  return new CountersignError('E_USAGE', { text: '--data takes --rrn, and no message', hint });
}

const DATA_OPTION = ['--data <folder>', 'a folder of serve --data or run --keep'] as const;

function addList(signature: Command, done: Done): void {
  signature
    .command('list')
    .description('transactions of a host and what its archive holds of each')
    .requiredOption(...DATA_OPTION)
    .option('--open', 'only those whose signature is missing')
    .option('--json', 'one JSON object a transaction')
    .addHelpText(
      'after',
      examples(
        'countersign run e01 --target sim --keep kept',
        'countersign signature list --data kept/sim/e01',
      ),
    )
    .action(async (options: { data: string; open?: boolean; json?: boolean }) => {
      const { listSignatures } = await import('./signature-list-command.ts');
      const { data, open, json } = options;
      done(listSignatures({ data, isOpenOnly: open === true, isJson: json === true }));
    });
}

function addVerify(signature: Command, done: Done): void {
  signature
    .command('verify')
    .description('recompute the hash chain of an archive; exit 1 when a record was changed')
    .requiredOption(...DATA_OPTION)
    .option('--last <hash>', 'the last hash of an earlier verify: it must still be in the chain')
    .addHelpText(
      'after',
      examples(
        'countersign run e01 --target sim --keep kept',
        'countersign signature verify --data kept/sim/e01',
      ),
    )
    .action(async ({ data, last }: { data: string; last?: string }) => {
      const { verifyArchive } = await import('./signature-verify-command.ts');
      done(verifyArchive(data, last));
    });
}

function addDraw(signature: Command, done: Done): void {
  signature
    .command('draw')
    .description('strokes, such as signature_pad emits them, as the picture of a terminal')
    .argument('<input>', 'a JSON file, - for standard input')
    .requiredOption('-o, --out <file>', 'a .pbm, .jbg, .png or .svg file')
    .option('--size <pixels>', 'width x height of the picture', '320x138')
    .option('--pen <pixels>', 'width of the pen without and with pressure', '1-3')
    .option('--feature <code>', 'feature code to burn in, 8 hex digits')
    .addHelpText(
      'after',
      `
Example:
  countersign signature sample --script chinese --seed 7 -o strokes.json
  countersign signature draw strokes.json -o pen.jbg --feature 00151007
`,
    )
    .action(async (input: string, options: Record<string, string>) => {
      const { drawSignature } = await import('./signature-draw-command.ts');
      const { out = '', size, pen, feature } = options;
      if (feature !== undefined && !/^[0-9A-Fa-f]{8}$/.test(feature)) {
        const hint = '8 hex digits, made of settlement date and reference number';
        throw new CountersignError('E_USAGE', { text: `--feature ${feature.slice(0, 40)}`, hint });
      }
      const raster = rasterOf(size, pen);
      done(await drawSignature(input, { out, raster, feature: feature?.toUpperCase() }));
    });
}

function rasterOf(size = '', pen = ''): RasterOptions {
  const { width: most, pixels } = SIGNATURE_LIMITS;
  const [width, height] = pairOf(size, 'x', 'size', most);
  if (width * height > pixels) {
    throw new CountersignError('E_USAGE', {
      text: `--size ${size}`,
      hint: `at most ${pixels} pixels`,
    });
  }
  const [thinnestPen, thickestPen] = pairOf(pen, '-', 'pen', 99);
  return { ...USUAL_RASTER, width, height, thinnestPen, thickestPen };
}

function pairOf(text: string, mark: string, option: string, most: number): [number, number] {
  const parts = text.split(mark);
  if (parts.length !== 2) {
    const hint = `two whole numbers, such as ${option === 'size' ? '320x138' : '1-3'}`;
    throw new CountersignError('E_USAGE', { text: `--${option} ${text.slice(0, 40)}`, hint });
  }
  const [one, two] = parts.map((part) => wholeNumber(part, option, 1, most));
  return [one!, two!];
}

function addSample(signature: Command, done: Done): void {
  signature
    .command('sample')
    .description('an invented signature as strokes; every seed gives another')
    .option('-o, --out <file>', 'a JSON file, - for standard output', '-')
    .option('--script <script>', 'chinese or latin', 'chinese')
    .option('--seed <number>', 'which one', '1')
    .addHelpText('after', examples('countersign signature sample --seed 7 -o strokes.json'))
    .action(async (options: Record<string, string>) => {
      const { writeSample } = await import('./signature-draw-command.ts');
      const script = choiceOf(options['script'], 'script', ['chinese', 'latin']);
      const seed = wholeNumber(options['seed'], 'seed', 0, 0xffff_ffff);
      done(writeSample({ out: options['out'] ?? '-', script, seed }));
    });
}
