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
  // messages
  E_TRUNCATED: {
    meaning: 'the bytes end inside a field',
    hint: 'a bit of the bitmap has no data, or a length before this point is wrong',
  },
  E_TRAILING: {
    meaning: 'bytes are left after the last field of the bitmap',
    hint: 'a bitmap bit is missing, or a length before this point is too small',
  },
  E_BAD_MTI: {
    meaning: 'the message type is not four decimal digits',
    hint: 'the message type follows the header as two BCD bytes, such as 02 00',
  },
  E_BAD_BITMAP: {
    meaning: 'the bitmap announces a second bitmap, which this dialect does not have',
    hint: 'bit 1 must be 0 on the terminal link',
  },
  E_UNDEFINED_FIELD: {
    meaning: 'the bitmap announces a field that the dialect does not define',
    hint: 'a private field belongs into a dialect patch',
  },
  E_BAD_LENGTH: {
    meaning: 'a length prefix is not decimal',
    hint: 'variable fields carry their length as BCD digits',
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
  E_BAD_PAD: {
    meaning: 'the pad nibble of an odd number of digits is not 0',
    hint: 'the leniency "pad-nibble" of the dialect accepts any pad',
  },
  E_BAD_CLASS: {
    meaning: 'a character does not belong to the class of the field',
    hint: 'an = letters and digits, ans = printable characters',
  },
  E_BAD_TLV: {
    meaning: 'a TLV structure is broken',
    hint: 'tag, length and value must fill the field exactly',
  },
  E_FIELD_VALUE: {
    meaning: 'a value cannot be written into its field',
    hint: 'see class and length of the field in the dialect',
  },
  // security
  E_KEY_LENGTH: {
    meaning: 'a key or key block has an impossible length',
    hint: 'keys are 8 or 16 bytes; the key block of form 001, 003 or 004 has 24, 40 or 60 bytes',
  },
  E_KCV: {
    meaning: 'a working key does not match its check value',
    hint: 'terminal and host must share the same terminal master key (TMK)',
  },
  E_PIN_BLOCK: {
    meaning: 'a PIN block does not decrypt to its format',
    hint: 'PIN key, block format and card number must be those of the terminal',
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
  // usage and environment
  E_USAGE: { meaning: 'the command line cannot be understood', hint: 'see --help' },
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
  E_INTERNAL: {
    meaning: 'a bug of Countersign',
    hint: 'please report it with the message and the command',
  },
} as const satisfies Record<string, { meaning: string; hint: string }>;

export type ErrorCode = keyof typeof ERROR_TABLE;
