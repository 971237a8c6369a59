import { CountersignError } from '../protocol/errors/countersign-error.ts';

/** Bytes of a body. */
export const MOST_BODY_BYTES = 64 * 1024;

/**
 * The JSON value in a body; no more of it is read than is allowed.
 * @throws E_API_SIZE, E_API_INPUT
 */
export async function readBody(request: Request): Promise<unknown> {
  const bytes = await bytesOf(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // What the parser says would show a piece of the body.
    throw new CountersignError('E_API_INPUT', { text: 'the body is no JSON in UTF-8' });
  }
}

async function bytesOf({ body }: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > MOST_BODY_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof CountersignError) throw error;
    // Its caller has gone, or was too slow: that is no fault of ours.
    throw new CountersignError('E_API_INPUT', { text: 'the body ended before it was whole' });
  }
  return Buffer.concat(chunks);
}

function tooLarge(): CountersignError {
  return new CountersignError('E_API_SIZE', { text: `${MOST_BODY_BYTES} bytes at most` });
}
