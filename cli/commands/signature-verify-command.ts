import { EXIT } from '../exit-codes.ts';
import { openArchive } from './archive-file.ts';

/** Recomputes the chain of an archive; exit 1 at the first record that does not fit. */
export function verifyArchive(data: string, expected: string | undefined): number {
  const { archive, broken } = openArchive(data);
  const { sequence, hash } = archive.head;
  if (broken !== undefined) {
    process.stdout.write(`broken at record ${broken.sequence}, ${broken.id}: ${broken.why}\n`);
    return EXIT.expectationFailed;
  }
  process.stdout.write(`${sequence} records, all as they were sealed\nlast  ${hash}\n`);
  if (expected === undefined || expected.toLowerCase() === hash) return EXIT.asExpected;
  process.stdout.write(`broken: the last record is not ${expected.slice(0, 64)}\n`);
  return EXIT.expectationFailed;
}
