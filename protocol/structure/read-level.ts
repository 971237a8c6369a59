import type { FieldClass } from '../dialect/dialect.ts';
import type { BerTlvSpec, StructureSpec } from '../dialect/structure-spec.ts';
import { asciiBytes } from '../bytes/ascii.ts';
import { isTemplate, scanTlv } from './ber-tlv.ts';
import type { Content } from './content.ts';
import type { Level, LevelItem } from './level.ts';
import { readPositions, readRecords } from './positions.ts';
import { readSubMessage } from './sub-message.ts';
import { fitsTag, readFixedTags, readTextTlv, tagItem, tagOf, wrongSize } from './text-tlv.ts';

const USUAL_DEPTH = 4;

/** The items of one level of a structure; what is inside of them is read in the same way. */
export function readLevel(
  structure: StructureSpec,
  content: Content,
  fieldClass: FieldClass,
): Level {
  switch (structure.kind) {
    case 'positions':
      return readPositions(structure, content, fieldClass);
    case 'records':
      return readRecords(structure, content, fieldClass);
    case 'text-tlv':
      return readTextTlv(structure, content, fieldClass);
    case 'fixed-tags':
      return readFixedTags(structure, content, fieldClass);
    case 'ber-tlv':
      return readBerTlv(structure, bytesOf(content));
    case 'sub-message':
      return readSubMessage(structure, bytesOf(content));
  }
}

export function bytesOf(content: Content): Uint8Array {
  return typeof content === 'string' ? asciiBytes(content) : content;
}

function readBerTlv(spec: BerTlvSpec, bytes: Uint8Array): Level {
  const { places, problem } = scanTlv(bytes);
  const items: LevelItem[] = [];
  for (const { tag, from, to } of places) {
    const known = tagOf(spec.tags, tag);
    const item = tagItem(tag, known, bytes.subarray(from, to), from, 'b');
    const keys = [tag];
    if (spec.repeats === 'refuse' && items.some(({ key }) => key === tag)) {
      return { items, problem: { code: 'E_TLV_TAG', keys, at: from, text: 'the tag comes twice' } };
    }
    if (!fitsTag(known, item)) {
      const text = wrongSize(known, item);
      return { items, problem: { code: 'E_TLV_LENGTH', keys, at: from, text } };
    }
    if (item.structure !== undefined || !isTemplate(tag, spec.primitive)) items.push(item);
    else items.push({ ...item, structure: insideOf(spec) });
  }
  if (problem === undefined) return { items };
  const { code, tag, at, text } = problem;
  return { items, problem: { code, keys: tag === undefined ? [] : [tag], at, text } };
}

/** The same form one level deeper; a depth of 0 is refused by whoever reads or writes it. */
export function insideOf(spec: BerTlvSpec): BerTlvSpec {
  return { ...spec, maxDepth: (spec.maxDepth ?? USUAL_DEPTH) - 1 };
}
