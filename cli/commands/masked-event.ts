import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { maskMessage } from '../../protocol/message/mask.ts';
import type { HostEvent } from '../../emulator/host/host-event.ts';

/** An event of the journal as anybody may see it: what could be used or forged is not in it. */
export function maskedEvent(event: HostEvent): unknown {
  switch (event.kind) {
    case 'session-opened':
      return { ...event, keyBlob: hidden(event.keyBlob) };
    case 'exchange-answered': {
      const answer = maskMessage(UNIONPAY_POS, { mti: '0210', fields: event.answer });
      return { ...event, answer };
    }
    case 'signature-received':
      return { ...event, piece: hidden(event.piece), slip: hidden(event.slip) };
    case 'agreement-filed':
      return { ...event, holder: hidden(event.holder), merchant: hidden(event.merchant) };
    default:
      return event;
  }
}

/** @param text hex */
function hidden(text: string): string {
  return `(${text.length / 2} bytes, hidden)`;
}
