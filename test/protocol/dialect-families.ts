import { readFileSync, readdirSync } from 'node:fs';
import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { loadDialect, type DialectSource } from '../../protocol/dialect/load-dialect.ts';
import { shippedSource } from '../../protocol/dialects/shipped.ts';
import type { Message } from '../../protocol/message/message.ts';

/**
 * A way in which messages are written in the field: a dialect in `families/NAME.json`, and in
 * `families/NAME.txt` a message of it worked out by hand. A new family is these two files.
 *
 * Rows of a table are `field | value | bytes | why`, with `MTI` first and `bitmap`, `bitmap-2`,
 * `bitmap-3` behind it. Rows of damage are `! piece | bytes | code and path | where | why`: with
 * these bytes in place of the piece the message is refused at `where`, a piece and bytes from its
 * first one on.
 */
export interface Family {
  readonly name: string;
  /** Whether it extends no other dialect. */
  readonly isWhole: boolean;
  readonly dialect: Dialect;
  readonly message: Message;
  readonly pieces: readonly Piece[];
  readonly damages: readonly Damage[];
}

/** Bytes of a message type, a bitmap or a field, its length included. */
export interface Piece {
  readonly key: string;
  readonly hex: string;
}

export interface Damage extends Piece {
  /** Code and path, such as `E_BAD_PAD 22`; the path is - for none. */
  readonly refusal: string;
  readonly offset: number;
  readonly why: string;
}

const folder = new URL('families/', import.meta.url);

/** All families, by name. */
export const FAMILIES: readonly Family[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => readFamily(file.replace('.json', '')));

/** The bytes of pieces one after another, as hex without blanks. */
export function joinPieces(pieces: readonly Piece[]): string {
  return pieces.map(({ hex }) => hex).join('');
}

function readFamily(name: string): Family {
  const source = JSON.parse(read(`${name}.json`)) as DialectSource;
  const rows = read(`${name}.txt`)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const table = rows.filter(([key]) => !key!.startsWith('!'));
  const pieces = table.map(([key, , bytes]) => ({ key: key!, hex: unspaced(bytes) }));
  const fields: Message['fields'] = {};
  for (const [key, value] of table) if (/^\d+$/.test(key!)) fields[Number(key)] = value!;
  return {
    name,
    isWhole: source.extends === undefined,
    dialect: loadDialect(source, shippedSource),
    message: { mti: table[0]![1]!, fields },
    pieces,
    damages: rows.filter(([key]) => key!.startsWith('!')).map((row) => readDamage(pieces, row)),
  };
}

function readDamage(pieces: readonly Piece[], row: readonly string[]): Damage {
  const [key, bytes, refusal, where, why] = row;
  const place = /^(.+)\+(\d+)$/.exec(where!)!;
  const damaged = replacePiece(pieces, { key: key!.slice(1).trim(), hex: unspaced(bytes) });
  const before = damaged.slice(
    0,
    damaged.findIndex((piece) => piece.key === place[1]),
  );
  const offset = joinPieces(before).length / 2 + Number(place[2]);
  return { key: key!.slice(1).trim(), hex: unspaced(bytes), refusal: refusal!, offset, why: why! };
}

/** The pieces with another one in the place of that of the same key. */
export function replacePiece(pieces: readonly Piece[], other: Piece): Piece[] {
  return pieces.map((piece) => (piece.key === other.key ? other : piece));
}

function read(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

function unspaced(hex: string | undefined): string {
  return (hex ?? '').replaceAll(' ', '');
}
