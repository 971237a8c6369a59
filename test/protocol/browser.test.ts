import { runInNewContext } from 'node:vm';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENVELOPE_BYTES, messageVectors, vectorBodyHex } from '../vectors.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const ENTRY = `
import { shippedDialect } from './protocol/dialects/shipped.ts';
import { decodeMessage } from './protocol/message/decode-message.ts';
import { encodeMessage } from './protocol/message/encode-message.ts';
import { checkMessage } from './protocol/message/check-message.ts';
import { describeMessage } from './protocol/message/describe-message.ts';
import { identify } from './protocol/identify/identify.ts';
import { FrameDecoder } from './protocol/framing/frame-decoder.ts';
import { fromHex, toHex } from './protocol/bytes/hex.ts';
const dialect = shippedDialect('unionpay-pos');
run = (hex, start) => {
  const bytes = fromHex(hex);
  const result = decodeMessage(dialect, bytes, start, bytes.length, { isLenient: true });
  if (!result.ok) throw result.error;
  new FrameDecoder(dialect).push(fromHex('0002AABB'), () => undefined);
  checkMessage(dialect, result.message);
  describeMessage(dialect, result.message);
  identify(bytes, [dialect]);
  return JSON.stringify({ fields: result.message.fields, again: toHex(encodeMessage(dialect, result.message)) });
};
`;

type Run = (hex: string, start: number) => string;

describe('the protocol floor in a browser', () => {
  const context: { run?: Run; TextDecoder: typeof TextDecoder } = { TextDecoder };
  let bundle = '';

  beforeAll(async () => {
    const { output } = await build({
      cwd: ROOT,
      input: 'entry',
      platform: 'browser',
      transform: { target: 'es2022' },
      plugins: [
        {
          name: 'entry',
          resolveId: (id) => (id === 'entry' ? `${ROOT}entry.js` : null),
          load: (id) => (id === `${ROOT}entry.js` ? ENTRY : null),
        },
      ],
      output: { format: 'iife' },
      write: false,
      logLevel: 'silent',
    });
    bundle = output[0].code;
    // No Buffer, no process, no require: what a page has.
    runInNewContext(`var run;${bundle}`, context);
  });

  it('bundles without a Node built-in', () => {
    expect(bundle).not.toMatch(/\bnode:/);
    expect(bundle).not.toMatch(/__require\(/);
    expect(bundle.length).toBeGreaterThan(50_000);
  });

  it.each(messageVectors.messages)('reads and writes $name as in Node', (vector) => {
    const hex = vectorBodyHex(vector);
    const { fields, again } = JSON.parse(context.run!(hex, ENVELOPE_BYTES)) as {
      fields: Record<string, string>;
      again: string;
    };
    for (const [field, value] of Object.entries(vector.fields)) {
      if (typeof value === 'string') expect(fields[field]).toBe(value);
    }
    if (vector.origin === 'computed here') expect(again).toBe(hex.slice(2 * ENVELOPE_BYTES));
  });
});
