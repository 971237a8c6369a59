import { GOOD_DESK } from './desk-calls.ts';
import { GOOD_EVIDENCE } from './evidence-calls.ts';
import { GOOD } from './good-calls.ts';
import { GOOD_OFFICE } from './office-calls.ts';
import type { Case } from './route-case.ts';
import { GOOD_SETTLEMENT } from './settlement-calls.ts';
import { GOOD_SIGNATURES } from './signature-calls.ts';

/** At least one good call of every route. */
export const GOOD_CALLS: readonly Case[] = [
  ...GOOD,
  ...GOOD_OFFICE,
  ...GOOD_SETTLEMENT,
  ...GOOD_DESK,
  ...GOOD_SIGNATURES,
  ...GOOD_EVIDENCE,
];
