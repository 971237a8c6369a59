import { CountersignError } from '../protocol/errors/countersign-error.ts';

/**
 * Everything on standard input.
 * @throws E_FILE with `hint` for more than so many bytes
 */
export async function standardInput(mostBytes = Infinity, hint?: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > mostBytes) throw tooLong('standard input', mostBytes, hint);
  }
  return Buffer.concat(chunks);
}

/** What is longer than anything that is meant. */
export function tooLong(name: string, mostBytes: number, hint?: string): CountersignError {
  const text = `${name} has over ${mostBytes} bytes`;
  return new CountersignError('E_FILE', { text, ...(hint === undefined ? {} : { hint }) });
}
