/** The end of a help text: lines that can be pasted in turn, where only this program is there. */
export function examples(...lines: readonly string[]): string {
  const title = lines.length === 1 ? 'Example' : 'Examples';
  return `\n${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** A whole message, for examples: an echo request. */
export const SAMPLE_MESSAGE =
  '0034600003000060310031000008200000000000C000' +
  '1031303030303030313839383131303030303030303030310011000000013010';

/** The same one of another terminal. */
export const OTHER_MESSAGE = SAMPLE_MESSAGE.replace('3130303030303031', '3130303030303032');

/** Writes a small dialect. */
export const OWN_DIALECT = `echo '{ "id": "mine", "title": "Mine", "extends": "unionpay-pos" }' > mine.json`;

/** Makes the folder that examples look into. */
export const KEEP_A10 = 'countersign run a10 --target sim --keep kept';
