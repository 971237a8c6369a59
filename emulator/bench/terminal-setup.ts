import { fromHex } from '../../protocol/bytes/hex.ts';
import { CountersignError } from '../../protocol/errors/countersign-error.ts';
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
  return {
    ...TERMINAL_DEFAULTS,
    dialect: institution.dialect,
    tid,
    mid: account.mid,
    merchantName: merchant?.name ?? account.mid,
    tmk: fromHex(account.tmk),
    ...changes,
  };
}
