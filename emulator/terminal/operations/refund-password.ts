import type { Title } from '../../events/party-event.ts';
import { SCREENS } from '../screens.ts';
import { persist, type TerminalStep } from '../terminal-step.ts';

/**
 * Judges the password of a refund (case B13); undefined when it is right. Wrong ones in a row are
 * counted in the durable record, so that a power cut gives no further tries, and at the limit only the
 * supervisor can go on.
 */
export function whyNotRefundPassword(step: TerminalStep, password: string): Title | undefined {
  const { record, config } = step.state;
  if (isRefundLocked(step)) return SCREENS.refundLocked;
  if (password !== config.refundPassword) {
    persist(step, { kind: 'refund-password-failed' });
    return isRefundLocked(step) ? SCREENS.refundLocked : SCREENS.wrongRefundPassword;
  }
  if (record.refundPasswordFailures > 0) persist(step, { kind: 'refund-password-cleared' });
  return undefined;
}

/** The supervisor allows refunds again. */
export function unlockRefunds(
  step: TerminalStep,
  password: string,
): { readonly outcome: 'approved' | 'refused'; readonly screen: Title } {
  if (password !== step.state.config.supervisorPassword) {
    return { outcome: 'refused', screen: SCREENS.wrongPassword };
  }
  persist(step, { kind: 'refund-password-cleared' });
  return { outcome: 'approved', screen: SCREENS.refundUnlocked };
}

function isRefundLocked({ state }: TerminalStep): boolean {
  return state.record.refundPasswordFailures >= state.config.refundPasswordTries;
}
