import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';

/**
 * The text of a small file that nobody but its owner may read, judged by what was opened.
 * @throws E_FILE, E_SECRET_FILE
 */
export function readOwnedFile(path: string, mostBytes: number): string {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (cause) {
    throw new CountersignError('E_FILE', { text: shownPath(path), cause });
  }
  try {
    const status = fstatSync(handle);
    // Windows has other rights, which this number does not tell.
    if (status.isFile() && process.platform !== 'win32' && (status.mode & 0o077) !== 0) {
      const mode = (status.mode & 0o777).toString(8).padStart(3, '0');
      const hint = `take the rights of others away: chmod 600 ${path}`;
      throw new CountersignError('E_SECRET_FILE', { text: `${path} has mode ${mode}`, hint });
    }
    if (status.isDirectory() || status.size > mostBytes) {
      const hint = `a file of secrets has ${mostBytes} bytes at most`;
      throw new CountersignError('E_FILE', { text: `${path} is no such file`, hint });
    }
    return readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
}

/** What was meant as the secret itself must not be shown. */
export function shownPath(path: string): string {
  const bare = path.replaceAll(/[\s:.-]/g, '');
  return /^\d{4,}$|[0-9A-Fa-f]{16}/.test(bare) ? `a name of ${path.length} characters` : path;
}
