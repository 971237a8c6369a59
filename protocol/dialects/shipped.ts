import iso87Ascii from './iso87-ascii.json' with { type: 'json' };
import iso87Binary from './iso87-binary.json' with { type: 'json' };
import iso93Ascii from './iso93-ascii.json' with { type: 'json' };
import unionpayPos from './unionpay-pos.json' with { type: 'json' };
import unionpayPosEsign0920 from './unionpay-pos-esign-0920.json' with { type: 'json' };
import unionpayPosQrA from './unionpay-pos-qr-a.json' with { type: 'json' };
import { loadDialect, type DialectSource } from '../dialect/load-dialect.ts';
import type { Dialect } from '../dialect/dialect.ts';

/** What is shipped, as written: complete dialects and patches of them. */
export const SHIPPED_SOURCES: readonly DialectSource[] = [
  unionpayPos,
  unionpayPosEsign0920,
  unionpayPosQrA,
  iso87Ascii,
  iso87Binary,
  iso93Ascii,
] as unknown as DialectSource[];

export function shippedSource(id: string): DialectSource | undefined {
  return SHIPPED_SOURCES.find((source) => source.id === id);
}

const loaded = new Map<string, Dialect>();

/** A shipped dialect by its id, checked when it is first asked for; undefined for another id. */
export function shippedDialect(id: string): Dialect | undefined {
  const known = loaded.get(id);
  if (known !== undefined) return known;
  const source = shippedSource(id);
  if (source === undefined) return undefined;
  const dialect = loadDialect(source, shippedSource);
  loaded.set(id, dialect);
  return dialect;
}
