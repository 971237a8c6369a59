import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';

interface Boundaries {
  readonly floors: readonly string[];
  readonly builtins: readonly { under: string; modules: readonly string[] }[];
  readonly packages: Readonly<Record<string, readonly string[]>>;
  readonly walls: readonly { between: readonly [string, string]; reason: string }[];
  readonly exceptions: readonly {
    under: string;
    target: string;
    names: readonly string[];
    reason: string;
  }[];
}

export const boundaries = JSON.parse(
  readFileSync(new URL('boundaries.json', import.meta.url), 'utf8'),
) as Boundaries;

/** A source text in layers of equal length: what belongs to another layer is blank. */
export interface SourceLayers {
  /** Without comments, string contents and regular expressions. */
  readonly code: string;
  /** Without comments only. */
  readonly codeAndStrings: string;
  readonly comments: string;
}

/** After these a slash begins a regular expression and does not divide. */
const BEFORE_REGEX =
  /(?:^|[(,=:[!&|?{};<>+*%~^-]|\b(?:return|typeof|case|in|of|do|else|void|yield|await))\s*$/;

const blank = (text: string): string =>
  text
    .split('\n')
    .map((line) => ' '.repeat(line.length))
    .join('\n');

const layersFound = new Map<string, SourceLayers>();

/** Splits a TypeScript source into {@link SourceLayers}, once; quotes and slashes stay code. */
export function layersOf(source: string): SourceLayers {
  const known = layersFound.get(source) ?? findLayers(source);
  layersFound.set(source, known);
  return known;
}

function findLayers(source: string): SourceLayers {
  const code: string[] = [];
  const codeAndStrings: string[] = [];
  const comments: string[] = [];
  /** Depth of braces of each open `${`, innermost last. */
  const templates: number[] = [];
  let at = 0;
  const take = (until: number): { text: string; empty: string } => {
    const text = source.slice(at, until);
    at += text.length;
    return { text, empty: blank(text) };
  };
  const takeCode = (until: number): void => {
    const { text, empty } = take(until);
    code.push(text);
    codeAndStrings.push(text);
    comments.push(empty);
  };
  const takeString = (until: number): void => {
    const { text, empty } = take(until);
    code.push(empty);
    codeAndStrings.push(text);
    comments.push(empty);
  };
  const takeComment = (until: number): void => {
    const { text, empty } = take(until);
    code.push(empty);
    codeAndStrings.push(empty);
    comments.push(text);
  };
  const endOf = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.exec(source) === null ? source.length : pattern.lastIndex;
  };
  /** From inside a template up to its end or to its next `${`. */
  const template = (): void => {
    takeString(endOf(/(?:[^\\`$]|\\[^]|\$(?!\{))*/y));
    if (source.startsWith('${', at)) templates.push(0);
    takeCode(at + (source[at] === '$' ? 2 : 1));
  };
  const quoted = (end: number): void => {
    takeCode(at + 1);
    takeString(end - 1);
    takeCode(end);
  };
  while (at < source.length) {
    const character = source[at]!;
    if (source.startsWith('//', at)) takeComment(endOf(/(?=\n)/g));
    else if (source.startsWith('/*', at)) takeComment(endOf(/\*\//g));
    else if (character === "'") quoted(endOf(/'(?:[^'\\\n]|\\[^])*'?/y));
    else if (character === '"') quoted(endOf(/"(?:[^"\\\n]|\\[^])*"?/y));
    else if (character === '`') {
      takeCode(at + 1);
      template();
    } else if (character === '/' && BEFORE_REGEX.test(codeAndStrings.slice(-20).join(''))) {
      const end = endOf(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//y);
      if (source[end - 1] === '/') quoted(end);
      else takeCode(at + 1);
    } else if (character === '/') {
      takeCode(at + 1);
    } else if (character === '{' || character === '}') {
      const depth = templates.length - 1;
      takeCode(at + 1);
      if (depth < 0) continue;
      if (character === '{') templates[depth]!++;
      else if (templates[depth]!-- === 0) {
        templates.pop();
        template();
      }
    } else takeCode(endOf(/[^'"`/{}]+/y));
  }
  return {
    code: code.join(''),
    codeAndStrings: codeAndStrings.join(''),
    comments: comments.join(''),
  };
}

export interface ImportFound {
  readonly line: number;
  readonly specifier: string;
  /** Names of an `import type {…}`; undefined when values come along. */
  readonly types: readonly string[] | undefined;
}

const found = new Map<string, readonly ImportFound[]>();

/** Static and dynamic imports and re-exports of a source, which is read once. */
export function importsOf(source: string): readonly ImportFound[] {
  const known = found.get(source) ?? findImports(source);
  found.set(source, known);
  return known;
}

function findImports(source: string): ImportFound[] {
  const { code, codeAndStrings } = layersOf(source);
  const imports: ImportFound[] = [];
  // Quotes survive in the code layer, so a match there is no text inside a string.
  const pattern =
    /\b(?:import|export)\b(?<clause>[^;'"`()=]*?)\bfrom\s*(?=['"])|\bimport\s*(?=['"])|\bimport\s*\(\s*(?=['"`])/g;
  for (const match of code.matchAll(pattern)) {
    const start = match.index + match[0].length;
    const end = codeAndStrings.indexOf(codeAndStrings[start]!, start + 1);
    const types = /^\s*type\s*\{(?<names>[^}]*)\}\s*$/.exec(match.groups?.['clause'] ?? '');
    imports.push({
      line: source.slice(0, start).split('\n').length,
      specifier: codeAndStrings.slice(start + 1, end),
      types: types?.groups?.['names']
        ?.split(',')
        .map((name) => name.trim().split(/\s/)[0]!)
        .filter((name) => name !== ''),
    });
  }
  return imports;
}

export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly specifier: string;
  readonly rule: string;
}

/** As a failure reads: `emulator/a.ts:3 imports '../cli/b.ts': …`. */
export function violationText({ file, line, specifier, rule }: Violation): string {
  return `${file}:${line} imports '${specifier}': ${rule}`;
}

/** What a file of a floor imports although test/boundaries.json forbids it. */
export function findViolations(file: string, source: string): Violation[] {
  return importsOf(source).flatMap((each) => {
    const rule = brokenRule(file, each);
    return rule === undefined ? [] : [{ file, line: each.line, specifier: each.specifier, rule }];
  });
}

/** Path of a relative import, from the root of the project. */
export function targetOf(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

function brokenRule(file: string, imported: ImportFound): string | undefined {
  const { specifier } = imported;
  if (specifier.startsWith('.')) return brokenWall(file, targetOf(file, specifier), imported);
  const bare = specifier.replace(/^node:/, '');
  if (specifier.startsWith('node:') || builtinModules.includes(bare)) {
    const isAllowed = boundaries.builtins.some(
      ({ under, modules }) =>
        file.startsWith(under) && (modules.includes('*') || modules.includes(`node:${bare}`)),
    );
    return isAllowed ? undefined : `node:${bare} is not allowed here`;
  }
  const floor = floorOf(file);
  const name = bare.split('/', bare.startsWith('@') ? 2 : 1).join('/');
  if (boundaries.packages[floor]?.includes(name) === true) return undefined;
  return `${floor} may not use the package ${name}`;
}

function brokenWall(file: string, target: string, imported: ImportFound): string | undefined {
  const { floors, walls, exceptions } = boundaries;
  const from = floors.indexOf(floorOf(file));
  const to = floors.indexOf(floorOf(target));
  if (to < 0) return `${target} belongs to no floor`;
  if (to < from) return `${floors[from]} lies below ${floors[to]} and may not import from it`;
  const wall = walls.find(
    ({ between: [one, other] }) =>
      (file.startsWith(one) && target.startsWith(other)) ||
      (file.startsWith(other) && target.startsWith(one)),
  );
  if (wall === undefined) return undefined;
  const isExcepted = exceptions.some(
    (each) =>
      file.startsWith(each.under) &&
      target === each.target &&
      imported.types?.every((name) => each.names.includes(name)) === true,
  );
  return isExcepted
    ? undefined
    : `a wall stands between ${wall.between.join(' and ')}: ${wall.reason}`;
}

function floorOf(path: string): string {
  return path.split('/')[0]!;
}
