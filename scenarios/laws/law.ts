import type { Title } from '../../emulator/events/party-event.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import type { WalletGateway } from '../../emulator/wallet/gateway.ts';
import type { TerminalRecord } from '../../emulator/terminal/terminal-record.ts';

/** What a law may look at: the emulated host, and every terminal that was used. */
export interface LawView {
  readonly host: HostState;
  readonly terminals: ReadonlyMap<string, TerminalRecord>;
  /** The wallets' own view. */
  readonly wallet?: Pick<WalletGateway, 'payments'>;
  /** What the run has told about itself, as text; nothing where nobody listened. */
  readonly told?: readonly string[];
}

/** A law of money or protocol; `violations` says with numbers what does not hold. */
export interface Law {
  readonly id: string;
  readonly title: Title;
  violations(view: LawView): string[];
}
