import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../../emulator/host/host-event.ts';
import { HOST_FORM } from '../../../emulator/host/packed-events.ts';
import { HostDesk, saleFrame } from './host-desk.ts';

function packed(events: readonly HostEvent[]): readonly unknown[] {
  return JSON.parse(JSON.stringify(HOST_FORM.pack(events))) as unknown[];
}

/** As the journal gives them back. */
function again(events: readonly HostEvent[]): HostEvent[] {
  return packed(events).flatMap((item) =>
    Array.isArray(item) ? HOST_FORM.unpack(item)! : [item as HostEvent],
  );
}

const DESK = new HostDesk();
const OPENED = DESK.journal.length;
DESK.ask(saleFrame());
/** The events of one plain sale. */
const SALE = DESK.journal.slice(OPENED);
const [TAKEN, APPROVED, ANSWERED] = SALE as [HostEvent, HostEvent, HostEvent];

type Path = readonly (string | number)[];

/** Places of all values in the events, those of lists and records among them. */
function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...at, key]))];
}

/** The events with something done to the record or list that holds a place. */
function changed(path: Path, change: (holder: Record<string, unknown>, key: string) => void) {
  const events = structuredClone(SALE);
  let holder = events as unknown as Record<string, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  change(holder, String(path.at(-1)));
  return events;
}

const PLACES = pathsOf(SALE).filter(({ length }) => length > 1);
const VALUES = ['', 'x', '0', 'a longer text than any, 中文 "|" 64', 0, -1, 7.5, 1e15, [], {}];

describe('the events of a sale', () => {
  it('are one list in the journal, which is less than half of them', () => {
    expect(SALE.map(({ kind }) => kind)).toEqual([
      'sequence-taken',
      'sale-approved',
      'exchange-answered',
    ]);
    expect(packed(SALE)).toHaveLength(1);
    expect(JSON.stringify(packed(SALE)).length).toBeLessThan(JSON.stringify(SALE).length / 2);
    expect(again(SALE)).toEqual(SALE);
    // In the order that they have in a journal of whole events.
    expect(JSON.stringify(again(SALE))).toBe(JSON.stringify(SALE));
  });

  it('are a list also where a chip has something to say before the sale', () => {
    const counted: HostEvent = { kind: 'chip-counted', cardId: 'debit', atc: 3 };
    const events = [TAKEN, counted, APPROVED, ANSWERED];
    expect(packed(events).map((item) => Array.isArray(item))).toEqual([false, false, true]);
    expect(again(events)).toEqual(events);
  });

  it.each(PLACES.map((path) => [path.join('.'), path] as const))(
    'come back whatever stands at %s',
    (_name, path) => {
      for (const value of VALUES) {
        const events = changed(path, (holder, key) => (holder[key] = value));
        expect(again(events)).toEqual(events);
      }
      const gone = changed(path, (holder, key) => {
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else delete holder[key];
      });
      expect(again(gone)).toEqual(gone);
    },
  );

  it.each(PLACES.map((path) => [path.join('.'), path] as const))(
    'come back with something new beside %s',
    (_name, path) => {
      for (const value of ['new', 4, { deep: ['er'] }]) {
        const events = changed(path, (holder) => {
          if (Array.isArray(holder)) holder.push(value);
          else holder['new'] = value;
        });
        expect(again(events)).toEqual(events);
      }
    },
  );

  it('come back in whatever company and order', () => {
    const orders: HostEvent[][] = [
      [],
      [TAKEN],
      [APPROVED],
      [ANSWERED],
      [TAKEN, TAKEN, APPROVED, ANSWERED],
      [TAKEN, APPROVED, TAKEN, ANSWERED],
      [ANSWERED, APPROVED, TAKEN],
      [APPROVED, ANSWERED, ANSWERED],
      [...SALE, ...SALE, APPROVED, ANSWERED, ...SALE, TAKEN],
    ];
    for (const events of orders) expect(again(events)).toEqual(events);
  });
});

describe('a list that is no sale', () => {
  it.each([[[]], [[1]], [Array.from({ length: 22 }, () => 0)]])('is none: %j', (list) => {
    expect(HOST_FORM.unpack(list)).toBeUndefined();
  });
});
