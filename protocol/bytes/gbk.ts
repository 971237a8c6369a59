/**
 * GBK text, lossless: bytes that are no GBK character are written as `\xHH`, a backslash as `\\`,
 * so that decoding and encoding again gives the same bytes (spec 3.1, private text fields).
 */
let encodeTable: Map<string, number> | undefined;
let decodeTable: Map<number, string> | undefined;

function buildTables(): { encode: Map<string, number>; decode: Map<number, string> } {
  if (encodeTable !== undefined && decodeTable !== undefined) {
    return { encode: encodeTable, decode: decodeTable };
  }
  const decoder = new TextDecoder('gbk');
  const encode = new Map<string, number>();
  const decode = new Map<number, string>();
  const pair = new Uint8Array(2);
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      pair[0] = lead;
      pair[1] = trail;
      const text = decoder.decode(pair);
      if (text.length !== 1 || text === '\uFFFD' || encode.has(text)) continue;
      encode.set(text, (lead << 8) | trail);
      decode.set((lead << 8) | trail, text);
    }
  }
  encodeTable = encode;
  decodeTable = decode;
  return { encode, decode };
}

/** Offset of the first byte that is neither printable ASCII nor half of a GBK character, or -1. */
export function findBadGbk(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x20 && byte < 0x7f) continue;
    const isPair =
      byte > 0x80 && at + 1 < end && buildTables().decode.has((byte << 8) | bytes[at + 1]!);
    if (!isPair) return at;
    at++;
  }
  return -1;
}

function escaped(byte: number): string {
  return `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

export function decodeGbk(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0x5c) text += '\\\\';
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else {
      const character =
        byte > 0x80 && at + 1 < end
          ? buildTables().decode.get((byte << 8) | bytes[at + 1]!)
          : undefined;
      if (character === undefined) text += escaped(byte);
      else {
        text += character;
        at++;
      }
    }
  }
  return text;
}

/**
 * Bytes of a text as {@link decodeGbk} writes it; undefined when a character has no GBK form, or an
 * escape stands for what would be read as a character.
 */
export function encodeGbk(text: string): Uint8Array | undefined {
  const plain = plainBytes(text);
  if (plain !== undefined) return plain;
  const bytes = gbkBytes(text);
  const isRoundTrip = bytes === undefined || !text.includes('\\x') || decodeGbk(bytes) === text;
  return isRoundTrip ? bytes : undefined;
}

/** Of a text of ASCII that escapes nothing. */
function plainBytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code >= 0x7f || code === 0x5c) return undefined;
    bytes[at] = code;
  }
  return bytes;
}

function gbkBytes(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) {
      const hex = /^\\x([0-9A-F]{2})/.exec(text.slice(at, at + 4));
      if (text[at + 1] === '\\') {
        bytes.push(0x5c);
        at++;
      } else if (hex !== null) {
        bytes.push(Number.parseInt(hex[1]!, 16));
        at += 3;
      } else return undefined;
    } else if (code >= 0x20 && code < 0x7f) bytes.push(code);
    else {
      const pair = buildTables().encode.get(text[at]!);
      if (pair === undefined) return undefined;
      bytes.push(pair >> 8, pair & 0xff);
    }
  }
  return new Uint8Array(bytes);
}
