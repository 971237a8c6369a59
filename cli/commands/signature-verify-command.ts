import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { EXIT } from '../exit-codes.ts';
import { attempt } from '../message-lines.ts';
import { openArchive } from './archive-file.ts';
import { LOST, notedHash, sinceText } from './noted-hash.ts';

/**
 * Recomputes the chain of an archive; exit 1 at the first record that does not fit, or when the hash
 * that was noted is that of no record.
 */
export function verifyArchive(data: string, last: string | undefined): number {
  const noted = notedHash(last);
  const found = attempt(() =>
    openArchive(data, ({ sequence, hash }) => noted?.hear(sequence, hash)),
  );
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
  const count = `${sequence} ${sequence === 1 ? 'record' : 'records'}`;
  if (noted !== undefined && noted.at === undefined) {
    const other = `broken: the hash of --last is not in the chain: ${LOST}`;
    process.stdout.write(`${other}; ${count} are as they were sealed\nlast  ${hash}\n`);
    return EXIT.expectationFailed;
  }
  const torn = isTorn ? 'a last line that is not whole was passed over\n' : '';
  const advice =
    noted?.at === undefined
      ? 'records cut off at the end show only with --last <hash>\n'
      : `${sinceText('record', noted.at, sequence, 'sealed')}\n`;
  process.stdout.write(`${count}, all as they were sealed\nlast  ${hash}\n${torn}${advice}`);
  return EXIT.asExpected;
}
