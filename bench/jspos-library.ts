import { createRequire } from 'node:module';
import type { Message } from '../protocol/message/message.ts';

interface Packager {
  createISOMsg(): JsposMessage;
  setFieldPackager(fields: readonly (object | null)[]): void;
}

export interface JsposMessage {
  setMTI(mti: string): void;
  /** Bytes are given as hex. */
  setField(field: number, value: string): void;
  getMTI(): string;
  /** Bytes are read as an array of numbers. */
  getValue(field: number): string | number[];
  pack(): number[];
  unpack(bytes: ArrayLike<number>): void;
}

interface Interpreter {
  interpret(text: string, bytes: number[], offset: number): void;
}

type FieldPackager = new (length: number, name: string, isLeftPadded?: boolean) => object;

interface Jspos {
  readonly ISOBasePackager: new () => Packager;
  readonly BCDInterpreter: { default?: never } & (new (
    isLeftPadded: boolean,
    isFPadded: boolean,
  ) => Interpreter);
  readonly packer: Readonly<Record<string, FieldPackager>>;
}

// The package is CommonJS and has no types.
const jspos = createRequire(import.meta.url)('jspos') as Jspos;

/**
 * The package reads the separator of a track but writes 0 for it; this writes the separator. It
 * costs one search in a text of 37 characters.
 */
class TrackInterpreter extends jspos.BCDInterpreter {
  override interpret(text: string, bytes: number[], offset: number): void {
    super.interpret(text, bytes, offset);
    const at = text.indexOf('=');
    if (at >= 0) bytes[offset + (at >> 1)]! |= at % 2 === 0 ? 0xd0 : 0x0d;
  }
}

function trackPackager(): object {
  const packager = new jspos.packer['IFB_LLNUM']!(37, 'Track 2', false) as {
    setInterpreter(interpreter: Interpreter): void;
  };
  packager.setInterpreter(new TrackInterpreter(false, false));
  return packager;
}

/** Packager and size by field; digits stand left but where the third element says otherwise. */
const FIELDS: Readonly<Record<number, readonly [string, number, boolean?]>> = {
  0: ['IFB_NUMERIC', 4],
  1: ['IFB_BITMAP', 8],
  2: ['IFB_LLNUM', 19],
  3: ['IFB_NUMERIC', 6],
  4: ['IFB_NUMERIC', 12],
  11: ['IFB_NUMERIC', 6],
  14: ['IFB_NUMERIC', 4],
  22: ['IFB_NUMERIC', 3],
  23: ['IFB_NUMERIC', 3, true],
  25: ['IFB_NUMERIC', 2],
  26: ['IFB_NUMERIC', 2],
  41: ['IF_CHAR', 8],
  42: ['IF_CHAR', 15],
  49: ['IF_CHAR', 3],
  52: ['IFB_BINARY', 8],
  53: ['IFB_NUMERIC', 16],
  55: ['IFB_LLLBINARY', 255],
  60: ['IFB_LLLNUM', 19],
  64: ['IFB_BINARY', 8],
};

function createPackager(): Packager {
  const fields = Array.from({ length: 65 }, (_, field) => {
    if (field === 35) return trackPackager();
    const found = FIELDS[field];
    if (found === undefined) return null;
    const [name, length, isLeftPadded] = found;
    return new jspos.packer[name]!(length, String(field), isLeftPadded ?? false);
  });
  const packager = new jspos.ISOBasePackager();
  packager.setFieldPackager(fields);
  return packager;
}

/** Fields of the UnionPay purchase that is measured, no more. */
const packager = createPackager();

export function unpackJspos(bytes: ArrayLike<number>): JsposMessage {
  const message = packager.createISOMsg();
  message.unpack(bytes);
  return message;
}

export function packJspos(mti: string, fields: readonly (readonly [number, string])[]): number[] {
  const message = packager.createISOMsg();
  message.setMTI(mti);
  for (const [field, value] of fields) message.setField(field, value);
  return message.pack();
}

/** A message in the notation of the package: the separator of a track is "=". */
export function jsposFields({ fields }: Message): (readonly [number, string])[] {
  return Object.entries(fields).map(([field, value]) => [
    Number(field),
    field === '35' ? value.replace('D', '=') : value,
  ]);
}

/** A value that the package has read in our notation. */
export function jsposText(message: JsposMessage, field: number): string {
  const value = message.getValue(field);
  if (typeof value === 'string') return field === 35 ? value.replace('=', 'D') : value;
  return value
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}
