import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { EXIT } from '../exit-codes.ts';
import { attempt } from '../message-lines.ts';
import { openArchive } from './archive-file.ts';

/** Recomputes the chain of an archive; exit 1 at the first record that does not fit. */
export function verifyArchive(data: string, expected: string | undefined): number {
  if (expected !== undefined && !/^[0-9a-fA-F]{64}$/.test(expected)) {
    const hint = 'the hash that an earlier verify has shown, 64 hex digits';
    throw new CountersignError('E_USAGE', { text: `--last ${expected.slice(0, 40)}`, hint });
  }
  const found = attempt(() => openArchive(data));
  if (found instanceof CountersignError) {
    if (found.code !== 'E_JOURNAL') throw found;
    process.stdout.write(`broken: ${found.message}\n`);
    return EXIT.expectationFailed;
  }
  const { archive, broken, isTorn } = found;
  const { sequence, hash } = archive.head;
  if (broken !== undefined) {
    process.stdout.write(`broken at record ${broken.sequence}, ${broken.id}: ${broken.why}\n`);
    return EXIT.expectationFailed;
  }
  if (expected !== undefined && expected.toLowerCase() !== hash) {
    process.stdout.write(`broken: ${sequence} records are as sealed, the last is ${hash}\n`);
    return EXIT.expectationFailed;
  }
  const torn = isTorn ? 'a last line that is not whole was passed over\n' : '';
  const advice =
    expected === undefined ? 'records cut off at the end show only with --last <hash>\n' : '';
  const count = `${sequence} ${sequence === 1 ? 'record' : 'records'}`;
  process.stdout.write(`${count}, all as they were sealed\nlast  ${hash}\n${torn}${advice}`);
  return EXIT.asExpected;
}
