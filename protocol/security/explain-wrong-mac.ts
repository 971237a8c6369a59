import type { Dialect } from '../dialect/dialect.ts';
import { diagnoseMac } from './diagnose-mac.ts';
import type { SessionKeys } from './session-keys.ts';

/** Keys that a message may have been sealed with, and what they are called. */
export interface NamedKeys {
  readonly name: string;
  readonly keys: SessionKeys | undefined;
}

/**
 * One sentence on a MAC that is wrong: which other way of making it, or which other key, would have
 * given it (F048, F049). It holds no key.
 *
 * @param message message type up to the end of field 64
 */
export function explainWrongMac(
  dialect: Dialect,
  message: Uint8Array,
  candidates: readonly NamedKeys[],
): string {
  const named = candidates.flatMap(({ name, keys }) =>
    keys === undefined
      ? []
      : [
          { name: `MAC key ${name}`, family: keys.family, key: keys.raw.mak },
          { name: `PIN key ${name}`, family: keys.family, key: keys.raw.pik },
        ],
  );
  const question = { message, head: dialect, spec: dialect.mac, keys: named };
  return diagnoseMac(question)[0]?.text ?? '';
}
