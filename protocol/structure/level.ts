import type { FieldClass, Secret } from '../dialect/dialect.ts';
import type { StructureSpec } from '../dialect/structure-spec.ts';
import type { ErrorCode } from '../errors/error-table.ts';
import type { Content } from './content.ts';

/** One part, tag, record or sub-field of a content. */
export interface LevelItem {
  /** Its step in a path: `2`, `A3`, `9F26`. */
  readonly key: string;
  readonly name: string;
  readonly zh: string;
  readonly content: Content;
  /** Where its value begins in the content that holds it. */
  readonly at: number;
  readonly class: FieldClass;
  readonly secret?: Secret;
  /** What its value means, where there is a list. */
  readonly meaning?: string;
  /** What is inside of it. */
  readonly structure?: StructureSpec;
}

/** One that is being made: members that are not always there are set, not spread, which is slow. */
export type Writable<Item> = { -readonly [Member in keyof Item]: Item[Member] };

/** Why a content does not follow its structure. */
export interface StructureProblem {
  readonly code: ErrorCode;
  /** Steps from the content to the item in question. */
  readonly keys: readonly string[];
  /** Where in the content. */
  readonly at: number;
  readonly text: string;
}

/** The items of one level, up to the first problem. */
export interface Level {
  readonly items: readonly LevelItem[];
  readonly problem?: StructureProblem;
}
