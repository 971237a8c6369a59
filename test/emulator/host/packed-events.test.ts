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
const VALUES = [
  '',
  'x',
  '0',
  'a longer text than any, 中文 "|" 64',
  0,
  -0,
  -1,
  7.5,
  1e15,
  2 ** 53,
  1e300,
  true,
  null,
  undefined,
  [],
  [null],
  {},
  { 15: '0115' },
];

/** They come back as JSON would give them back, their members in the same order. */
function expectBack(events: readonly HostEvent[]): void {
  const plain = JSON.stringify(events);
  expect(JSON.stringify(again(events))).toBe(plain);
  expect(again(events)).toEqual(JSON.parse(plain));
}

describe('the events of a sale', () => {
  it('are one list in the journal, which is less than half of them', () => {
    expect(SALE.map(({ kind }) => kind)).toEqual([
      'sequence-taken',
      'sale-approved',
      'exchange-answered',
    ]);
    expect(packed(SALE)).toHaveLength(1);
    expect(JSON.stringify(packed(SALE)).length).toBeLessThan(JSON.stringify(SALE).length / 2);
    expectBack(SALE);
  });

  it('are a list also where a chip has something to say before the sale', () => {
    const counted: HostEvent = { kind: 'chip-counted', cardId: 'debit', atc: 3 };
    const events = [TAKEN, counted, APPROVED, ANSWERED];
    expect(packed(events).map((item) => Array.isArray(item))).toEqual([false, false, true]);
    expectBack(events);
  });

  it.each(PLACES.map((path) => [path.join('.'), path] as const))(
    'come back whatever stands at %s',
    (_name, path) => {
      for (const value of VALUES) {
        expectBack(changed(path, (holder, key) => (holder[key] = value)));
      }
      const gone = changed(path, (holder, key) => {
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else delete holder[key];
      });
      expectBack(gone);
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
        expectBack(events);
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
    for (const events of orders) expectBack(events);
  });
});

describe('a record of a sale', () => {
  const { transaction } = APPROVED as unknown as { transaction: Record<string, unknown> };
  const sale = (changes: object, answer: object = {}): HostEvent[] => {
    const events = structuredClone(SALE) as unknown as Record<string, object>[];
    events[1]!['transaction'] = changes;
    events[2]!['answer'] = { ...events[2]!['answer'], ...answer };
    return events as unknown as HostEvent[];
  };

  it('has its members in their order, also those that not every sale has', () => {
    const { tariffLine, dueOn, ...first } = transaction;
    const orders = [
      { ...first, noSignature: 'small-contactless', surchargeFen: 100, tariffLine, dueOn, atc: 7 },
      { ...first, surchargeFen: 100, tariffLine, dueOn },
      { ...first, tariffLine, dueOn, atc: 7 },
    ];
    for (const each of orders) {
      expect(packed(sale(each)).map((item) => Array.isArray(item))).toEqual([true]);
      expectBack(sale(each));
    }
    const others = [
      { dueOn, ...first, tariffLine },
      { ...first, dueOn, tariffLine },
      { ...first, tariffLine, atc: 7, dueOn },
      { atc: 7, ...first, tariffLine, dueOn },
      Object.fromEntries(Object.entries(transaction).toReversed()),
    ];
    for (const each of others) expectBack(sale(each));
    for (const event of SALE.keys()) {
      const events = structuredClone(SALE) as object[];
      events[event] = Object.fromEntries(Object.entries(events[event]!).toReversed());
      expectBack(events as HostEvent[]);
    }
  });

  it('may say what nobody says, in both events', () => {
    for (const stan of ['1', '00001', '0000001', '', '中文', null, 7]) {
      const events = sale({ ...transaction, stan }) as { stan?: unknown }[];
      events[2]!.stan = stan;
      expectBack(events as HostEvent[]);
    }
    for (const value of [null, 7, true, '', {}, []]) {
      expectBack(sale({ ...transaction, authCode: value }, { 38: value }));
      expectBack(sale({ ...transaction, rrn: value }, { 37: value }));
    }
    for (const key of ['01', '0x10', '1e1', '-1', '1.5', 'x', '']) {
      expectBack(sale(transaction, { [key]: 'x' }));
    }
    const own = JSON.parse(
      `{"__proto__":{"a":1},${JSON.stringify(transaction).slice(1)}`,
    ) as object;
    expectBack(sale(own));
    const last = JSON.parse(`${JSON.stringify(transaction).slice(0, -1)},"__proto__":7}`) as object;
    expectBack(sale(last));
  });

  it('of nothing has no other nothing in its postings', () => {
    const events = structuredClone(SALE) as unknown as Record<string, Record<string, unknown>>[];
    Object.assign(events[1]!['transaction']!, { amountFen: 0, feeFen: 0 });
    const postings = events[1]!['postings'] as unknown as { fen: number }[];
    for (const posting of postings) posting.fen = 0;
    expect(again(events as unknown as HostEvent[])).toEqual(events);
  });
});

describe('a list that is no sale', () => {
  const [list] = packed(SALE) as unknown[][];

  it.each([[[]], [[1]], [Array.from({ length: 22 }, () => 0)], [[...list!, {}, {}]]])(
    'is none: %j',
    (each) => {
      expect(HOST_FORM.unpack(each)).toBeUndefined();
    },
  );

  it('is none where one of its places holds something else', () => {
    expect(HOST_FORM.unpack(list!)).toBeDefined();
    for (const [at, value] of list!.entries()) {
      for (const other of [null, undefined, true, {}, [1], ['15', '0115'], [15], 1.5, 2 ** 53]) {
        expect(HOST_FORM.unpack(list!.with(at, other))).toBeUndefined();
      }
      const swapped = typeof value === 'string' ? 1 : 'text';
      expect(HOST_FORM.unpack(list!.with(at, swapped))).toBeUndefined();
    }
    for (const beside of [null, 7, 'x', []]) {
      expect(HOST_FORM.unpack([...list!, beside])).toBeUndefined();
    }
  });
});
