import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  boundaries,
  findViolations,
  importsOf,
  layersOf,
  targetOf,
  violationText,
} from './boundaries.ts';

const root = new URL('../', import.meta.url);

const files = boundaries.floors.flatMap((floor) => {
  const folder = new URL(`${floor}/`, root);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${floor}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, source: readFileSync(new URL(name, root), 'utf8') }));
});

function rulesOf(file: string, source: string): string[] {
  return findViolations(file, source).map(violationText);
}

describe('the floors', () => {
  it('are read at all', () => {
    const imports = files.flatMap(({ source }) => importsOf(source));
    expect(files.length).toBeGreaterThan(80);
    expect(imports.length).toBeGreaterThan(200);
  });

  it('import downwards only, and from outside only what test/boundaries.json allows', () => {
    expect(files.flatMap(({ name, source }) => rulesOf(name, source))).toEqual([]);
  });

  it('need every exception that test/boundaries.json makes', () => {
    const imports = files.flatMap(({ name, source }) =>
      importsOf(source).map(({ specifier, types }) => ({
        name,
        target: targetOf(name, specifier),
        types: types ?? [],
      })),
    );
    for (const { under, target, names } of boundaries.exceptions) {
      const used = imports
        .filter((each) => each.name.startsWith(under) && each.target === target)
        .flatMap(({ types }) => types);
      expect([...new Set(used)].toSorted()).toEqual(names.toSorted());
    }
  });

  it('give a reason for every builtin, wall and exception', () => {
    const { builtins, walls, exceptions } = boundaries;
    for (const each of [...builtins, ...walls, ...exceptions]) {
      expect(each).toHaveProperty('reason', expect.stringMatching(/\w+ \w+/));
    }
  });
});

describe('the boundary checker', () => {
  it.each([
    ["import { a } from '../../cli/run.ts';", 'protocol lies below cli'],
    ["import type { A } from '../../emulator/a.ts';", 'protocol lies below emulator'],
    ["export { a } from '../../reports/a.ts';", 'protocol lies below reports'],
    ["export * from '../../scenarios/a.ts';", 'protocol lies below scenarios'],
    ["export type { A } from '../../scenarios/a.ts';", 'protocol lies below scenarios'],
    ["const a = await import('../../emulator/a.ts');", 'protocol lies below emulator'],
    ["import '../../emulator/a.ts';", 'protocol lies below emulator'],
    ["import {\n  a,\n  b,\n} from '../../emulator/a.ts';", 'protocol lies below emulator'],
    ['import a from "../../test/a.ts";', 'test/a.ts belongs to no floor'],
    ["import { readFileSync } from 'node:fs';", 'node:fs is not allowed here'],
    ["import { readFileSync } from 'fs';", 'node:fs is not allowed here'],
    ["import { createHash } from 'node:crypto';", 'node:crypto is not allowed here'],
    ["import { parse } from 'yaml';", 'protocol may not use the package yaml'],
    ["import { a } from '@scope/name/deep';", 'the package @scope/name'],
  ])('refuses %j in protocol/message', (source, rule) => {
    const text = rulesOf('protocol/message/a.ts', `// first line\n${source}\n`);
    expect(text).toEqual([expect.stringContaining(rule)]);
    expect(text[0]).toMatch(/^protocol\/message\/a\.ts:[2-5] imports '/);
  });

  it.each([
    ['protocol/message/a.ts', "import { a } from '../bytes/hex.ts';"],
    ['protocol/security/mac.ts', "import { createHash } from 'node:crypto';"],
    ['emulator/host/a.ts', "import { a } from '../../protocol/bytes/hex.ts';"],
    ['emulator/world/real/a.ts', "import { connect } from 'node:net';"],
    ['emulator/world/simulated/a.ts', "import { createHash } from 'node:crypto';"],
    ['emulator/host/a.ts', "import type { EntryMode } from '../terminal/card-presented.ts';"],
    [
      'emulator/bench/a.ts',
      "import { a } from '../host/a.ts';\nimport { b } from '../terminal/b.ts';",
    ],
    ['scenarios/a.ts', "import { parse } from 'yaml';\nimport { readFileSync } from 'node:fs';"],
    ['cli/a.ts', "import { Command } from 'commander';\nimport { a } from '../protocol/a.ts';"],
  ])('lets %s have %j', (file, source) => {
    expect(rulesOf(file, source)).toEqual([]);
  });

  it.each([
    ['emulator/world/simulated/a.ts', "import { connect } from 'node:net';"],
    ['emulator/world/a.ts', "import { createHash } from 'node:crypto';"],
    ['emulator/host/a.ts', "import { EntryMode } from '../terminal/card-presented.ts';"],
    ['emulator/host/a.ts', "import type { CardPresented } from '../terminal/card-presented.ts';"],
    ['emulator/host/a.ts', "import type { EntryMode } from '../terminal/screens.ts';"],
    ['emulator/terminal/a.ts', "import type { HostState } from '../host/host-state.ts';"],
    ['reports/a.ts', "import { parse } from 'yaml';"],
    ['scenarios/a.ts', "import { Command } from 'commander';"],
  ])('refuses %s what it lets others have: %j', (file, source) => {
    expect(rulesOf(file, source)).toHaveLength(1);
  });

  it('is not misled by comments, strings and templates', () => {
    const source = [
      "// import { a } from 'node:fs';",
      "/* export * from 'node:fs'; */",
      'const text = "import a from \'node:fs\'";',
      "const more = `import b from 'node:fs' ${text} import('node:fs')`;",
      "const pattern = /import c from 'node:fs'/;",
    ].join('\n');
    expect(importsOf(source)).toEqual([]);
  });

  it('sees the import after all of them', () => {
    const source = "const a = /['\"`]/; /* ' */ const b = `${`'`}`; export * from 'node:fs';";
    expect(importsOf(source).map(({ specifier }) => specifier)).toEqual(['node:fs']);
  });

  it('splits a source into layers of the same length', () => {
    const source = 'a("b") // c\n`d${e / 2}f` /* g */;';
    const { code, comments, codeAndStrings } = layersOf(source);
    expect(code).toBe('a(" ")     \n` ${e / 2} `        ;');
    expect(codeAndStrings).toBe('a("b")     \n`d${e / 2}f`        ;');
    expect(comments).toBe('       // c\n             /* g */ ');
  });
});
