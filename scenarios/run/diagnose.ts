import type { PartyEvent } from '../../emulator/events/party-event.ts';

interface Numbered {
  readonly number: number;
  readonly event: PartyEvent;
}

/** The exchange of a failed step from the terminal's side, a line an event (masked already). */
export function diagnose(trace: readonly Numbered[]): string[] {
  return trace.flatMap(({ number, event }) => {
    const text = lineOf(event);
    return text === undefined ? [] : [`#${number} ${text}`];
  });
}

/** One line for people; undefined for what the other side of the same exchange already says. */
export function lineOf(event: PartyEvent): string | undefined {
  switch (event.kind) {
    case 'message': {
      if (event.party === 'host') return undefined;
      const arrow = event.direction === 'sent' ? '→' : '←';
      const stan = event.fields[11] === undefined ? '' : ` STAN ${event.fields[11]}`;
      const rc = event.fields[39] === undefined ? '' : ` DE39 ${event.fields[39]}`;
      return `${arrow} ${event.mti} ${event.title.en}${stan}${rc}`;
    }
    case 'link':
      return `line ${event.what}: ${event.reason}`;
    case 'answer-refused':
      return `← arrived but did not match: ${event.why.join(', ')}`;
    case 'refused':
      return `host refused (${event.code}): ${event.text}; ${event.reaction}`;
    case 'fault':
      return `fault: ${event.text}`;
    case 'reversal':
      return `reversal ${event.what}, STAN ${event.stan}, reason ${event.reason}`;
    case 'screen':
      return `screen ${event.text.zh} (${event.text.en})`;
    case 'host-event':
      return `host ${event.name} ${event.text}`;
    case 'slip':
      return undefined;
  }
}
