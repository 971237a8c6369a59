/**
 * Every error code of Countersign, of all floors, in one table: docs/errors.md is checked against it.
 * `meaning` is for the reader of a log, `hint` says what to do next.
 */
export const ERROR_TABLE = {
  // bytes and framing
  E_HEX: {
    meaning: 'the text is not an even number of hexadecimal digits',
    hint: 'give the bytes as 0-9 A-F, two digits a byte; blanks between bytes are allowed',
  },
  E_FRAME_TOO_LONG: {
    meaning: 'the length prefix announces more bytes than the frame limit',
    hint: 'the length prefix is two bytes, binary, big-endian, and does not count itself',
  },
  E_FRAME_TRUNCATED: {
    meaning: 'the connection or the input ended inside a frame',
    hint: 'compare the length prefix with the number of bytes that follow it',
  },
  E_FRAME_TIMEOUT: {
    meaning: 'a frame was begun and not completed within the partial-frame limit',
    hint: 'the length prefix may be larger than the message, or the sender stalled',
  },
  E_FRAME_LENGTH: {
    meaning: 'the length prefix does not match the bytes that follow',
    hint: 'the prefix counts TPDU, header and message, and not its own two bytes',
  },
  E_BAD_TPDU: {
    meaning: 'the frame does not start with a TPDU of id 60',
    hint: 'a frame is length, TPDU (5 bytes, first 60), header (6 bytes), message',
  },
  E_FRAME_PREFIX: {
    meaning: 'the length prefix of a frame is no number',
    hint: 'compare the framing of the dialect with what the peer sends',
  },
  E_FRAME_SHORT: {
    meaning: 'the length prefix announces fewer bytes than a frame has',
    hint: 'does the prefix count itself, or TPDU and header? see the framing of the dialect',
  },
  // messages
  E_TRUNCATED: {
    meaning: 'the bytes end inside a field',
    hint: 'a length before this point is wrong, or bytes were lost',
  },
  E_BIT_WITHOUT_DATA: {
    meaning: 'the bitmap announces a field, and nothing is left for it',
    hint: 'clear the bit, or add the field',
  },
  E_TRAILING: {
    meaning: 'bytes are left after the last field of the bitmap',
    hint: 'a length before this point is too small, or the bytes do not belong to the message',
  },
  E_DATA_WITHOUT_BIT: {
    meaning: 'bytes are left that fit a field whose bit is not set',
    hint: 'set the bit of the field in the bitmap',
  },
  E_BAD_MTI: {
    meaning: 'the message type is not four decimal digits',
    hint: 'is this the first byte of the message, and the encoding of the dialect?',
  },
  E_BAD_BITMAP: {
    meaning: 'the bitmap announces another bitmap, which this dialect does not have',
    hint: 'bits 1 and 65 announce the second and the third bitmap',
  },
  E_EMPTY_BITMAP: {
    meaning: 'a second or third bitmap is announced and has no bit set',
    hint: 'clear the bit that announces it and leave it out',
  },
  E_UNDEFINED_FIELD: {
    meaning: 'a field that the dialect does not define',
    hint: 'a private field belongs into a dialect patch',
  },
  E_BAD_LENGTH: {
    meaning: 'a length prefix is not a number',
    hint: 'see encoding and size of the prefix in the dialect',
  },
  E_LENGTH_OVER_MAX: {
    meaning: 'a field is longer than its maximum',
    hint: 'see the field table of the dialect',
  },
  E_LENGTH_UNDER_MIN: {
    meaning: 'a field is shorter than its minimum',
    hint: 'see the field table of the dialect',
  },
  E_BAD_BCD: {
    meaning: 'a nibble of a numeric field is not a decimal digit',
    hint: 'numeric fields hold 0-9 only; a track may hold D as its separator',
  },
  E_BAD_DIGIT: {
    meaning: 'a character of a numeric field is not a decimal digit',
    hint: 'numeric fields hold 0-9 only; blanks and signs are no digits',
  },
  E_BAD_PAD: {
    meaning: 'the spare nibble beside an odd number of digits is not the pad',
    hint: 'justification and pad nibble stand in the dialect; its leniency "pad-nibble" accepts any',
  },
  E_BAD_CLASS: {
    meaning: 'a character does not belong to the class of the field',
    hint: 'an = letters and digits, anp = these and blanks, ans = printable characters',
  },
  E_BAD_CHARSET: {
    meaning: 'a byte is no character of the code page of the field',
    hint: 'EBCDIC 037, 500 and 1047 differ at [ ] ! ^ | : is it the code page of the peer?',
  },
  E_BAD_HEX: {
    meaning: 'a byte is not an upper-case hex digit',
    hint: 'the field or bitmap is written as hex text; is it binary in truth?',
  },
  E_BAD_SIGN: {
    meaning: 'a signed amount does not begin with C or D',
    hint: 'C is credit, D is debit; the digits follow',
  },
  E_TLV_TRUNCATED: {
    meaning: 'a TLV item is cut short',
    hint: 'a length before this point is wrong, or the end of the field is missing',
  },
  E_TLV_TAG: {
    meaning: 'a TLV tag is impossible here',
    hint: 'a tag has at most four bytes and does not begin with 00; a dialect may refuse tags that come twice',
  },
  E_TLV_LENGTH: {
    meaning: 'a TLV length is impossible',
    hint: 'one byte up to 7F, or 81 and 82 with one or two more; text TLV has decimal digits',
  },
  E_TLV_INDEFINITE: {
    meaning: 'a TLV item has the indefinite form, which cards do not use',
    hint: 'write the length in front of the value',
  },
  E_TLV_OVERRUN: {
    meaning: 'a TLV item is longer than the template that holds it',
    hint: 'the length of the item, or that of the template, is wrong',
  },
  E_TLV_DEPTH: {
    meaning: 'TLV templates are nested too deep',
    hint: 'the depth limit stands in the dialect (maxDepth)',
  },
  E_STRUCTURE: {
    meaning: 'the inside of a field does not follow its structure',
    hint: 'see the structure of the field in the dialect',
  },
  E_PATH: {
    meaning: 'a path does not lead to a value',
    hint: 'a path is a field, a part or a tag of it: 60, 60.2, 55.9F26',
  },
  E_FIELD_MISSING: {
    meaning: 'a field is missing that this message must have',
    hint: 'see the rules of the message in the dialect',
  },
  E_FIELD_FORBIDDEN: {
    meaning: 'a field is there that this message must not have',
    hint: 'see the rules of the message in the dialect',
  },
  E_FIELD_LENGTH: {
    meaning: 'a field has a length that this message does not use',
    hint: 'see the rules of the message in the dialect',
  },
  E_UNKNOWN_MESSAGE: {
    meaning: 'the dialect knows no message of this type with these codes',
    hint: 'message type, fields 3 and 25, 60.1 and 60.3 tell which message it is',
  },
  E_FIELD_VALUE: {
    meaning: 'a value cannot be written into its field',
    hint: 'see class and length of the field in the dialect',
  },
  // dialects
  E_DIALECT: {
    meaning: 'a dialect cannot be used',
    hint: '`countersign dialect check FILE` names every mistake with its place',
  },
  E_DIALECT_CYCLE: {
    meaning: 'dialects extend each other in a circle, or too deep',
    hint: 'one of them must stand on its own',
  },
  E_DIALECT_UNKNOWN: {
    meaning: 'no dialect has this name',
    hint: '`countersign dialect list` shows the shipped ones; a file is named by its path',
  },
  E_JSON: {
    meaning: 'this is no JSON of the form that is due',
    hint: 'a message is one object a line: { "mti": "0800", "fields": { "11": "000001" } }',
  },
  // signatures
  E_BITMAP: {
    meaning: 'a bitmap has an impossible size, or rows that do not fit it',
    hint: 'both sides are at least 1; a row has ceil(width / 8) bytes',
  },
  E_PBM: {
    meaning: 'an image is not a PBM file',
    hint: 'P4 or P1, width, height, pixels; convert others: magick IN -monochrome OUT.pbm',
  },
  E_JBIG_HEADER: {
    meaning: 'a JBIG header says what is impossible or not supported',
    hint: 'one plane, one layer, options of 40 20 10 08 04, MX up to 127',
  },
  E_JBIG_LIMIT: {
    meaning: 'a JBIG stream asks for more than the limits allow',
    hint: 'is this a signature? who decodes larger images gives limits of their own',
  },
  E_JBIG_MARKER: {
    meaning: 'a JBIG marker is impossible here',
    hint: 'bytes were changed or lost before this point; FF in data is written FF00',
  },
  E_JBIG_TRUNCATED: {
    meaning: 'a JBIG stream ends before its image does',
    hint: 'field 62 may hold a part of it; every stripe ends with FF02 or FF03',
  },
  E_JBIG_TRAILING: {
    meaning: 'a JBIG stream has more bytes than its image needs',
    hint: 'damaged data, more stripes than the header announces, or padding behind it',
  },
  // security
  E_KEYS_FILE: {
    meaning: 'a keys file cannot be used',
    hint: 'lists "terminals" (tid, mid, tmk) and "issuers" (bin, imk), keys as 32 hex digits',
  },
  E_KEY_LENGTH: {
    meaning: 'a key or key block has an impossible length',
    hint: 'keys are 8 or 16 bytes; the key block of form 001, 003 or 004 has 24, 40 or 60 bytes',
  },
  E_KCV: {
    meaning: 'a working key does not match its check value',
    hint: 'terminal and host must share the same terminal master key (TMK)',
  },
  E_CRYPTOGRAM: {
    meaning: 'the chip data of a request cannot be verified',
    hint: 'field 55 needs the tags that the cryptogram covers, and 9F10 of version 01',
  },
  E_PIN_BLOCK: {
    meaning: 'a PIN block does not decrypt to its format',
    hint: 'PIN key, block format and card number must be those of the terminal',
  },
  E_TRACK: {
    meaning: 'a track cannot be encrypted or decrypted',
    hint: 'a track has digits and D as separator; DES needs 18 characters, SM4 34',
  },
  E_SECRET_FILE: {
    meaning: 'a file that holds a secret can be read by others',
    hint: 'take the rights of group and others away: chmod 600 FILE',
  },
  E_SIGNATURE_EMPTY: {
    meaning: 'the picture of a signature has no black pixel',
    hint: 'strokes are drawn inside the pad, and the holder signs again',
  },
  E_STROKES: {
    meaning: 'the strokes of a signature cannot be read',
    hint: 'a list of strokes, as signature_pad emits it: points with x, y, time and pressure',
  },
  E_HOST_DOWN: {
    meaning: 'the host has lost its power before it was certain',
    hint: 'it starts again from its journal; ask what has become of it',
  },
  E_INSTITUTION: {
    meaning: 'an institution cannot be served as it is described',
    hint: 'the text names the part and the reason',
  },
  E_BOOKS: {
    meaning: 'an entry of the books does not balance',
    hint: 'a posting rule is wrong: its lines must add up to nothing, in whole fen',
  },
  // scenarios and their runs
  E_YAML: { meaning: 'a scenario file is not YAML', hint: 'see line and column' },
  E_SCENARIO: {
    meaning: 'a scenario file does not follow the scenario form',
    hint: 'see line and column; `countersign explain` shows how a file is read',
  },
  E_NO_SCENARIO: {
    meaning: 'no scenario has this name',
    hint: 'give a file, a folder or an id; `countersign run --list` shows the ids',
  },
  E_EXPECT: {
    meaning: 'an expectation of a step does not hold',
    hint: 'the replay command shows the exchange with --verbose',
  },
  E_EXPECT_OUTCOME: {
    meaning: 'a step ended in another outcome than expected',
    hint: 'the replay command shows the exchange with --verbose',
  },
  E_LAW: {
    meaning: 'a law of money or protocol does not hold',
    hint: 'the law and its numbers are in the message',
  },
  E_STEP_TIMEOUT: {
    meaning: 'a step did not end within its limit',
    hint: 'the peer neither answered nor closed, and the terminal did not give up either',
  },
  // the back office over HTTP
  E_API_HTTP: {
    meaning: 'what came is no call that can be read; nothing was done',
    hint: 'send HTTP/1.1 with one Host header and a path that begins with /',
  },
  E_API_SLOW: {
    meaning: 'a call was not whole in time; nothing was done',
    hint: 'send it at once: it has 10 seconds',
  },
  E_API_HEADERS: {
    meaning: 'the headers of a call are too large',
    hint: 'no call needs so much',
  },
  E_API_TOKEN: {
    meaning: 'a call without the right token',
    hint: 'send `authorization: Bearer TOKEN`; serve says where the token is',
  },
  E_API_ORIGIN: {
    meaning: 'a call that comes from another site, or is meant for another host',
    hint: 'call the address that serve prints, and not from a page of another origin',
  },
  E_API_ROUTE: {
    meaning: 'there is nothing at this path',
    hint: 'GET /openapi.json describes what there is',
  },
  E_API_METHOD: {
    meaning: 'the path does not take this method',
    hint: 'the header `allow` of the answer names those that it takes',
  },
  E_API_MEDIA: {
    meaning: 'the body of a call is not said to be JSON',
    hint: 'send `content-type: application/json`',
  },
  E_API_SIZE: {
    meaning: 'the body of a call is too large',
    hint: 'no call needs so much',
  },
  E_API_INPUT: {
    meaning: 'a call is not of the form that is due; nothing was done',
    hint: 'GET /openapi.json has the forms; amounts are whole fen',
  },
  E_API_NOT_FOUND: {
    meaning: 'what is asked for is not there',
    hint: 'check number and day',
  },
  E_API_REFUSED: {
    meaning: 'the host refuses; nothing was done',
    hint: 'the detail says why',
  },
  // usage and environment
  E_USAGE: { meaning: 'the command line cannot be understood', hint: 'see --help' },
  E_NO_RECORD: {
    meaning: 'the journal has nothing about it',
    hint: 'check number and day; `countersign journal export --data FOLDER` shows what there is',
  },
  E_FILE: { meaning: 'a file cannot be read or written', hint: 'check path and permissions' },
  E_PORT_IN_USE: {
    meaning: 'another program listens on the port',
    hint: 'choose another with --port, or --port 0 for any free one',
  },
  E_NETWORK: {
    meaning: 'the peer cannot be reached',
    hint: 'is it running, and are address and port right?',
  },
  E_NOT_LOOPBACK: {
    meaning: 'the host would listen beyond this machine',
    hint: 'it holds test keys only; keep it on 127.0.0.1 or ::1',
  },
  E_JOURNAL_BUSY: {
    meaning: 'another program uses the journal',
    hint: 'stop it, or give this one a folder of its own',
  },
  E_JOURNAL_WRITE: {
    meaning: 'a durable journal cannot be written; nothing of this step was answered',
    hint: 'check space and permissions of the folder',
  },
  E_JOURNAL: {
    meaning: 'a durable journal is damaged',
    hint: 'a torn last record is cut by itself; damage elsewhere needs a person',
  },
  E_JOURNAL_VERSION: {
    meaning: 'a durable journal was written by another version',
    hint: 'use the version that wrote it, or a folder of its own',
  },
  E_CLOCK_BEHIND: {
    meaning: 'the clock is behind a durable journal; its business dates would go back',
    hint: 'start with --clock now, which goes on where the journal ends, or with a later date',
  },
  E_SQLITE: {
    meaning: 'a journal in SQLite needs an optional package that is not here',
    hint: 'npm install better-sqlite3@12; a fresh folder is kept in lines of JSON without it',
  },
  E_INTERNAL: {
    meaning: 'a bug of Countersign',
    hint: 'please report it with the message and the command',
  },
} as const satisfies Record<string, { meaning: string; hint: string }>;

export type ErrorCode = keyof typeof ERROR_TABLE;
