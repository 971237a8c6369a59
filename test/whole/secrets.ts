import { expect } from 'vitest';
import { TEST_INSTITUTION, UNKNOWN_CARD } from '../../emulator/bench/test-institution.ts';

/** Whatever a run writes: no card number, track, PIN, PIN block or key may stand in it (I-36). */
export function expectNoSecrets(text: string): void {
  expect(text.length).toBeGreaterThan(100);
  for (const { pan, track2 } of [...TEST_INSTITUTION.cards, UNKNOWN_CARD]) {
    expect(text).not.toContain(pan);
    expect(text).not.toContain(track2);
    expect(text).not.toContain(track2.split('D')[1]);
  }
  for (const { tmk } of TEST_INSTITUTION.terminals) {
    expect(text.toUpperCase()).not.toContain(tmk);
  }
  // All test cards share this PIN; it is also the supervisor's password.
  expect(text).not.toMatch(/(?<!\d)123456(?!\d)/);
  for (const [, value] of text.matchAll(/"(?:52|62)":"([^"]*)"/g)) {
    // The last one belongs to the upload of a chip: it holds an amount.
    expect(value).toMatch(/hidden|^Sequence No|^610000\*+\d{4}$/);
  }
  for (const [, value] of text.matchAll(/"35":"([^"]*)"/g)) {
    expect(value).toMatch(/\*{6,}.*hidden|^\(encrypted track of \d+ digits, hidden\)$/);
  }
  for (const [, value] of text.matchAll(/"2":"([^"]*)"/g)) expect(value).toMatch(/\*{6,}/);
}
