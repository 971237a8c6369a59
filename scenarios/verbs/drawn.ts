import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { readStrokes, type Strokes } from '../../protocol/signature/strokes.ts';
import { sampleStrokes } from '../../emulator/signature/sample-strokes.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import type { ArgSpec, StepContext } from './verb.ts';

export const SEED_ARG: ArgSpec = {
  doc: 'which of the invented signatures; 1 when absent',
  pattern: '\\d{1,9}',
  example: '7',
};

/** More than a pad of a minute writes. */
const MOST_BYTES = 4_000_000;

/** An invented signature, or a touch of the pad that is none. */
export function drawnStrokes(draws: string, seed = '1'): Strokes {
  if (draws === 'dot') {
    const point = { x: 100, y: 60, timeMs: 0, pressure: 0.5 };
    return { width: 320, height: 138, strokes: [[point]] };
  }
  const script = draws === 'latin' ? 'latin' : 'chinese';
  return sampleStrokes(seededRandom(Number(seed)), { script });
}

/**
 * Strokes from a JSON file beside the scenario: our own form, or what signature_pad emits.
 * @throws E_FILE, E_STROKES
 */
export function strokesOfFile({ file }: StepContext, name: string): Strokes {
  const path = resolve(dirname(file), name);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const hint = 'a file of strokes is looked for beside its scenario';
    throw new CountersignError('E_FILE', { text: join(dirname(file), name), hint, cause });
  }
  if (text.length > MOST_BYTES) {
    throw new CountersignError('E_STROKES', { path: name, text: `more than ${MOST_BYTES} bytes` });
  }
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new CountersignError('E_STROKES', { path: name, text: 'no JSON', cause });
  }
  return readStrokes(found);
}
