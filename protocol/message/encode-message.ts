import { takeRoom } from '../bytes/slab.ts';
import { codecOf } from '../codec/codec.ts';
import { FieldWriter } from '../codec/field-writer.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { WritableMessage } from './message.ts';

/** Room that many messages are written into, one behind the other: making room costs more than writing. */
const ROOM_BYTES = 32_768;
/** What a message must find free to begin; a longer one moves to a room of its own. */
const FREE_BYTES = 2048;

/** Kept beside its bytes: to ask them for it costs as much as a field. */
let memory = takeRoom(ROOM_BYTES);
let room = new Uint8Array(memory);
let free = 0;

const writers = new WeakMap<Dialect, FieldWriter>();

/**
 * Bytes of a message: message type, bitmaps, fields in ascending order. They may share their
 * ArrayBuffer with other messages, as those of a Buffer do.
 *
 * @throws E_BAD_MTI, E_FIELD_VALUE, E_UNDEFINED_FIELD, E_LENGTH_OVER_MAX, E_LENGTH_UNDER_MIN with
 *   the field; fields are looked for up to the bitmap behind the last one of the dialect
 */
export function encodeMessage(dialect: Dialect, { mti, fields }: WritableMessage): Uint8Array {
  if (ROOM_BYTES - free < FREE_BYTES) {
    memory = takeRoom(ROOM_BYTES);
    room = new Uint8Array(memory);
    free = 0;
  }
  const writer = writerOf(dialect);
  const start = writer.write(room, free, mti, fields);
  const { bytes, end } = writer;
  // A message that was too long for the room has one of its own.
  if (bytes !== room) return new Uint8Array(bytes.buffer, start, end - start);
  free = end;
  return new Uint8Array(memory, start, end - start);
}

function writerOf(dialect: Dialect): FieldWriter {
  if (dialect === lastDialect) return lastWriter!;
  const writer = writers.get(dialect) ?? new FieldWriter(codecOf(dialect));
  writers.set(dialect, writer);
  lastDialect = dialect;
  lastWriter = writer;
  return writer;
}

/** Whoever asks mostly asks for the same one again. */
let lastDialect: Dialect | undefined;
let lastWriter: FieldWriter | undefined;
