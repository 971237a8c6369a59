import type { FieldClass } from '../dialect/dialect.ts';
import type { FixedTagsSpec, TagSpec, TextTlvSpec } from '../dialect/structure-spec.ts';
import type { ErrorCode } from '../errors/error-table.ts';
import { join, slice, textOf, type Content } from './content.ts';
import type { Level, LevelItem } from './level.ts';

/** Tag, decimal length, value (spec 3.7); unknown tags are kept in their order. */
export function readTextTlv(spec: TextTlvSpec, content: Content, fieldClass: FieldClass): Level {
  const { tagCharacters, lengthDigits, tags } = spec;
  const items: LevelItem[] = [];
  const refuse = (code: ErrorCode, keys: readonly string[], at: number, text: string): Level => ({
    items,
    problem: { code, keys, at, text },
  });
  let at = 0;
  while (at < content.length) {
    const head = textOf(slice(content, at, at + tagCharacters + lengthDigits), 'ans');
    const tag = head.slice(0, tagCharacters);
    if (!/^[0-9A-Za-z]+$/.test(tag) || tag.length < tagCharacters) {
      const isCut = content.length - at < tagCharacters;
      const text = isCut ? 'a tag is cut short' : 'there is no tag here';
      return refuse(isCut ? 'E_TLV_TRUNCATED' : 'E_TLV_TAG', [], at, text);
    }
    const digits = head.slice(tagCharacters);
    const from = at + tagCharacters + lengthDigits;
    if (from > content.length) {
      return refuse('E_TLV_TRUNCATED', [tag], at + tagCharacters, 'its length is cut short');
    }
    if (!/^\d+$/.test(digits)) {
      return refuse('E_TLV_LENGTH', [tag], at + tagCharacters, 'its length is no decimal number');
    }
    const to = from + Number(digits);
    if (to > content.length) {
      const text = `${Number(digits)} announced, ${content.length - from} left`;
      return refuse('E_TLV_TRUNCATED', [tag], from, text);
    }
    if (spec.repeats === 'refuse' && items.some(({ key }) => key === tag)) {
      return refuse('E_TLV_TAG', [tag], at, 'the tag comes twice');
    }
    const known = tagOf(tags, tag);
    const item = tagItem(tag, known, slice(content, from, to), from, textClass(fieldClass));
    if (!fitsTag(known, item)) return refuse('E_TLV_LENGTH', [tag], from, wrongSize(known, item));
    items.push(item);
    at = to;
  }
  return { items };
}

/** Tags whose sizes only the list knows (spec 3.10): nothing behind an unknown one can be read. */
export function readFixedTags(
  spec: FixedTagsSpec,
  content: Content,
  fieldClass: FieldClass,
): Level {
  const { tagCharacters, tags } = spec;
  const items: LevelItem[] = [];
  let at = 0;
  while (at < content.length) {
    const tag = textOf(slice(content, at, at + tagCharacters), 'ans');
    const known = tagOf(tags, tag);
    if (known === undefined) {
      const text = `no tag ${JSON.stringify(tag)} is known, and so not its size`;
      return { items, problem: { code: 'E_TLV_TAG', keys: [], at, text } };
    }
    const from = at + tagCharacters;
    const to = from + known.size;
    if (to > content.length) {
      const text = `${known.size} are due, ${content.length - from} left`;
      return { items, problem: { code: 'E_TLV_TRUNCATED', keys: [tag], at: from, text } };
    }
    items.push(tagItem(tag, known, slice(content, from, to), from, textClass(fieldClass)));
    at = to;
  }
  return { items };
}

/** What is known of a tag; an object has members that are no tags. */
export function tagOf<T extends TagSpec>(
  tags: Readonly<Record<string, T>> | undefined,
  tag: string,
): T | undefined {
  return tags !== undefined && Object.hasOwn(tags, tag) ? tags[tag] : undefined;
}

/** Values of text tags in a binary field are text. */
function textClass(fieldClass: FieldClass): FieldClass {
  return fieldClass === 'b' ? 'ans' : fieldClass;
}

export function tagItem(
  tag: string,
  spec: TagSpec | undefined,
  content: Content,
  at: number,
  fieldClass: FieldClass,
): LevelItem {
  return {
    key: tag,
    name: spec?.name ?? '',
    zh: spec?.zh ?? '',
    content,
    at,
    class: fieldClass,
    ...(spec?.secret === undefined ? {} : { secret: spec.secret }),
    ...(spec?.structure === undefined ? {} : { structure: spec.structure }),
  };
}

export function fitsTag(spec: TagSpec | undefined, item: LevelItem): boolean {
  return spec?.size === undefined || item.content.length === spec.size;
}

export function wrongSize(spec: TagSpec | undefined, item: LevelItem): string {
  return `${item.content.length} where ${spec?.size ?? 0} is due`;
}

/** Tags as they stand on the wire. */
export function joinTextTlv(
  spec: TextTlvSpec | FixedTagsSpec,
  items: readonly { readonly key: string; readonly content: Content }[],
): Content {
  return join(
    items.flatMap(({ key, content }) => {
      if (spec.kind === 'fixed-tags') return [key, content];
      return [key, String(content.length).padStart(spec.lengthDigits, '0'), content];
    }),
  );
}
