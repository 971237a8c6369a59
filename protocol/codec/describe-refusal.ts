import { CODE_PAGES } from '../bytes/code-page.ts';
import { toHex } from '../bytes/hex.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { BITMAP_FIELD, NO_FIELD, MessageIndex } from './message-index.ts';
import { indexField } from './index-field.ts';
import { KIND_GBK, SLOTS, SLOT_KIND, SLOT_PAGE } from './slots.ts';

/** The error for a message that the index has refused: code, field, byte, what was seen. */
export function describeRefusal(index: MessageIndex, parentPath = ''): CountersignError {
  const { field, offset } = index;
  const code = index.code ?? 'E_INTERNAL';
  // A byte or two fit too many fields.
  const isEnough = code === 'E_TRAILING' && index.seen >= 3;
  const found = isEnough ? fieldThatFits(index) : undefined;
  if (found !== undefined) {
    return new CountersignError('E_DATA_WITHOUT_BIT', {
      path: parentPath + found,
      offset,
      text: `${index.seen} bytes left, which would fit field ${parentPath}${found}`,
    });
  }
  const path =
    field === NO_FIELD
      ? parentPath.slice(0, -1)
      : field === BITMAP_FIELD
        ? `${parentPath}bitmap`
        : field === 0
          ? 'MTI'
          : `${parentPath}${field}`;
  const text = seenText(index);
  return new CountersignError(code, {
    offset,
    ...(path === '' ? {} : { path }),
    ...(text === '' ? {} : { text }),
  });
}

function seenText(index: MessageIndex): string {
  const { seen, due, field, bytes, start, end } = index;
  const hex = toHex(Uint8Array.of(seen & 0xff));
  switch (index.code) {
    case 'E_TRUNCATED':
      return `${due} bytes needed, ${seen} left`;
    case 'E_BIT_WITHOUT_DATA':
      return 'nothing is left';
    case 'E_TRAILING':
      return `${seen} left`;
    case 'E_BAD_MTI':
      return toHex(bytes, start, Math.min(end, start + (index.codec.mtiPage < 0 ? 2 : 4)));
    case 'E_LENGTH_OVER_MAX':
      return `${seen} where ${due} is the most`;
    case 'E_LENGTH_UNDER_MIN':
      return `${seen} where ${due} is the least`;
    case 'E_BAD_LENGTH':
      return `byte ${hex}`;
    case 'E_BAD_BCD':
      return `nibble ${hex[1]!}`;
    case 'E_BAD_PAD':
      return `pad nibble ${hex[1]!} where ${due === 15 ? 'F' : '0'} is due`;
    case 'E_BAD_CHARSET':
      return `byte ${hex} is no character of ${pageName(index, field)}`;
    case 'E_BAD_CLASS':
    case 'E_BAD_DIGIT':
      return `byte ${hex} in a field of class ${index.codec.fields[field]?.class ?? ''}`;
    case 'E_BAD_SIGN':
    case 'E_BAD_HEX':
      return `byte ${hex}`;
    default:
      return '';
  }
}

function pageName(index: MessageIndex, field: number): string {
  const base = field * SLOTS;
  const { table } = index.codec;
  if (table[base + SLOT_KIND] === KIND_GBK) return 'GBK';
  return CODE_PAGES[table[base + SLOT_PAGE]!]!.encoding.toUpperCase();
}

/** The field whose bit is missing: the first one behind the last whose bytes are what is left. */
function fieldThatFits(index: MessageIndex): number | undefined {
  const last = index.count === 0 ? 0 : index.numbers[index.count - 1]!;
  const trial = new MessageIndex(index.codec);
  trial.bytes = index.bytes;
  trial.end = index.end;
  for (const field of index.codec.defined) {
    if (field <= last || indexField(trial, field, index.offset) !== index.end) continue;
    if (trial.sizes[field]! > 0) return field;
  }
  return undefined;
}
