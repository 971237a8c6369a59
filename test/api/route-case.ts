import { expect } from 'vitest';
import { MID } from '../emulator/host/host-desk.ts';
import type { Answer, ApiDesk } from './api-desk.ts';

export const OTHER_MID = '898110000000002';
export const WHO = { reason: 'review', by: 'li' } as const;
export const RRN = '093000000002';
export const SALE_ID = '10000001-000001-000002';
export const PAPER_ID = '10000001-000001-000003';

export interface Case {
  readonly route: string;
  readonly path?: string;
  readonly body?: unknown;
  /** Calls that come first, and succeed. */
  readonly before?: readonly (readonly [route: string, body: unknown])[];
  /** What no call can do, before all of them. */
  readonly prepare?: (desk: ApiDesk) => void;
  readonly status: number;
  readonly gives: unknown;
}

export const FREEZE = ['POST /freezes', { scope: 'transaction', rrn: RRN, ...WHO }] as const;
export const amount = (amountFen: unknown): unknown => ({
  scope: 'amount',
  mid: MID,
  amountFen,
  ...WHO,
});

export const some = (shape: object): unknown => expect.objectContaining(shape);
export const list = (...items: unknown[]): unknown => expect.arrayContaining(items);

export async function calledFirst(desk: ApiDesk, { before = [], prepare }: Case): Promise<void> {
  prepare?.(desk);
  for (const [route, body] of before) {
    const [method, path] = route.split(' ');
    const { status, text } = await desk.call(method!, path!, { body });
    expect([route, status < 300, text]).toEqual([route, true, text]);
  }
}

export async function called(desk: ApiDesk, each: Case): Promise<Answer> {
  const [method, path] = each.route.split(' ');
  return desk.call(method!, each.path ?? path!, { body: each.body });
}

export const NOBODY = { status: 404, gives: some({ code: 'E_API_NOT_FOUND' }) } as const;

export function badForm(detail: string): Pick<Case, 'status' | 'gives'> {
  return { status: 400, gives: some({ code: 'E_API_INPUT', detail }) };
}

export function refusal(detail: string): Pick<Case, 'status' | 'gives'> {
  return { status: 409, gives: some({ code: 'E_API_REFUSED', detail }) };
}
