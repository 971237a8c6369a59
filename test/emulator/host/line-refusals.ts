import { expect } from 'vitest';
import { saleFields, type HostDesk } from './host-desk.ts';

/** So many refusals were logged, and none of them holds card data. */
export function expectMaskedRefusal(desk: HostDesk, count = 1): void {
  expect(desk.refusals).toHaveLength(count);
  const text = JSON.stringify(desk.refusals);
  expect(text).not.toMatch(/\d{13,}/);
  expect(text).not.toContain('D3012');
  expect(text).not.toContain('BB4811E7B532AB3F');
}

/** The desk still trades for somebody else. */
export function expectAlive(desk: HostDesk): void {
  expect(desk.rc('0200', saleFields({ 11: '000555' }))).toBe('00');
}
