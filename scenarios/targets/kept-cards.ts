import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { cardBox, type CardBox } from '../../emulator/bench/card-box.ts';
import type { Institution } from '../../emulator/host/host-config.ts';

/** Cards whose chips go on counting where the last run ended. */
export interface KeptCards {
  readonly cards: CardBox;
  /** Writes the counters down; a folder that cannot be written costs the next run its start only. */
  keep(): void;
}

/**
 * A host that is not ours remembers what a chip has counted to, and refuses less. The counters are
 * kept in a file; where there is none, as in a fresh checkout, they begin at one a minute, which comes
 * round after six weeks.
 */
export function keptCards({ issuers }: Institution, path: string, civilMs: number): KeptCards {
  const earlier = readCounters(path);
  const ofTime = Math.floor(civilMs / 60_000) % 0xf000;
  const cards = cardBox(issuers, (id) => Math.max(ofTime, earlier[id] ?? 0));
  return {
    cards,
    keep() {
      const counters = { ...earlier, ...cards.counters() };
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, `${JSON.stringify(counters)}\n`);
      } catch {
        // Nothing of the run depends on it.
      }
    },
  };
}

function readCounters(path: string): Readonly<Record<string, number>> {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    if (typeof found !== 'object' || found === null) return {};
    const known = Object.entries(found).filter(
      (entry): entry is [string, number] =>
        Number.isInteger(entry[1]) && Number(entry[1]) >= 0 && Number(entry[1]) <= 0xffff,
    );
    return Object.fromEntries(known);
  } catch {
    return {};
  }
}
