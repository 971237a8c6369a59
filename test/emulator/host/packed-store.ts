import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { HOST_FORM } from '../../../emulator/host/packed-events.ts';
import type { WholeStore } from '../../../emulator/world/store.ts';

/** A journal in memory in the form in which hosts keep theirs: whoever boots from it reads packed sales. */
export function packedStore(): WholeStore<HostEvent> {
  const groups: string[] = [];
  return {
    append(events) {
      groups.push(JSON.stringify(HOST_FORM.pack(events)));
    },
    replay: () => groups.flatMap((text) => (JSON.parse(text) as object[]).flatMap(unpacked)),
  };
}

function unpacked(item: object): readonly HostEvent[] {
  if (!Array.isArray(item)) return [item as HostEvent];
  const events = HOST_FORM.unpack(item);
  if (events === undefined) throw new Error(`no sale: ${JSON.stringify(item)}`);
  return events;
}
