import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { decodeTlv } from '../../protocol/structure/ber-tlv.ts';

/** An issuer script (template 71 or 72): an identifier of four bytes and commands for the chip. */
export interface IssuerScript {
  readonly id: string;
  readonly commands: readonly string[];
  readonly isReadable: boolean;
}

/** What the chip made of a script; `failedAt` counts its commands from 1. */
export interface ScriptOutcome {
  readonly id: string;
  readonly isReadable: boolean;
  readonly failedAt?: number;
}

const NO_ID = '00000000';

/** Reads the inside of a template: 9F18 identifier, 86 commands. Damage gives a script to refuse. */
export function readScript(template: string): IssuerScript {
  try {
    const items = decodeTlv(template);
    return {
      id: items.find(({ tag }) => tag === '9F18')?.value.padEnd(8, '0') ?? NO_ID,
      commands: items.filter(({ tag }) => tag === '86').map(({ value }) => value),
      isReadable: true,
    };
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return { id: NO_ID, commands: [], isReadable: false };
  }
}

/**
 * DF31, five bytes a script (spec 9.3): 2 done, 1 failed with the number of the command, 0 not
 * executed; then the identifier.
 */
export function scriptResult({ id, isReadable, failedAt }: ScriptOutcome): string {
  if (!isReadable) return `00${id}`;
  if (failedAt === undefined) return `20${id}`;
  return `1${Math.min(failedAt, 15).toString(16).toUpperCase()}${id}`;
}
