import { TEST_INSTITUTION } from '../../../emulator/bench/test-institution.ts';
import type { Institution } from '../../../emulator/host/host-config.ts';

/** Terminals that trade at once, of two merchants. */
export const TIDS: readonly string[] = Array.from({ length: 6 }, (_, place) => `1000010${place}`);

export function midOf(tid: string): string {
  return TEST_INSTITUTION.merchants[Number(tid.at(-1)) % 2]!.mid;
}

/** A card that never ends, and merchants who are paid on the day. */
export const KILLED_INSTITUTION: Institution = {
  ...TEST_INSTITUTION,
  merchants: TEST_INSTITUTION.merchants.map((merchant) => ({
    ...merchant,
    contract: { device: 'e-signature', term: { kind: 'D', days: 0 } },
  })),
  terminals: TIDS.map((tid) => ({
    tid,
    mid: midOf(tid),
    tmk: TEST_INSTITUTION.terminals[0]!.tmk,
  })),
  cards: TEST_INSTITUTION.cards
    .filter(({ id }) => id === 'debit')
    .map((card) => ({
      ...card,
      openingFen: 1e14,
      singleLimitFen: 1e12,
      dailyLimitFen: 1e14,
    })),
};
