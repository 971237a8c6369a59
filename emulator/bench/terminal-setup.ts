import { fromHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import type { KeyForm } from '../../protocol/security/working-keys.ts';
import type { Institution } from '../host/host-config.ts';
import { TERMINAL_DEFAULTS, type TerminalConfig } from '../terminal/terminal-config.ts';

/** The terminal that the institution has registered under this number. @throws E_USAGE */
export function terminalSetup(
  institution: Institution,
  tid: string,
  changes: Partial<TerminalConfig> = {},
): TerminalConfig {
  const account = institution.terminals.find((each) => each.tid === tid);
  if (account === undefined) {
    const known = institution.terminals.map((each) => each.tid).join(', ');
    throw new CountersignError('E_USAGE', { text: `terminal ${tid} is not one of ${known}` });
  }
  const merchant = institution.merchants.find((each) => each.mid === account.mid);
  const config: TerminalConfig = {
    ...TERMINAL_DEFAULTS,
    dialect: institution.dialect,
    tid,
    mid: account.mid,
    merchantName: merchant?.name ?? account.mid,
    tmk: fromHex(account.tmk),
    ...changes,
  };
  // Sent in clear instead, nobody would notice.
  if (config.encryptsTracks && !BRINGS_TRACK_KEY.includes(config.keyForm)) {
    const hint = 'form 004 (3DES) or 006 (SM4) does';
    const text = `a sign-in of form ${config.keyForm} brings no key to encrypt tracks with`;
    throw new CountersignError('E_SCENARIO', { text, hint });
  }
  return config;
}

const BRINGS_TRACK_KEY: readonly KeyForm[] = ['004', '006'];
