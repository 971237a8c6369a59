import type { JbigHeader } from './jbig-header.ts';
import { templateOf } from './template.ts';

/** From this line of the image on, the adaptive pixel of x is x - tx; 0 is its usual place. */
export interface AdaptiveMove {
  readonly line: number;
  readonly tx: number;
}

/** The least move: nearer pixels of the line belong to the template as they are. */
const LEAST = { 2: 5, 3: 3 } as const;

/** Why the adaptive pixel cannot be moved so; undefined when it can. */
export function mistakeInMove(tx: number, header: JbigHeader): string | undefined {
  const least = LEAST[templateOf(header)];
  if (tx === 0) return undefined;
  if (!Number.isInteger(tx)) return `by ${tx}`;
  if (tx < least) return `${tx} to the left, which is less than ${least}`;
  return tx > header.mx ? `${tx} to the left, MX ${header.mx}` : undefined;
}
