import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { layersOf } from './boundaries.ts';

/** A rule of our own that no linter has: what is banned where, and what to write in its place. */
interface Ban {
  readonly name: string;
  readonly pattern: RegExp;
  readonly instead: string;
  readonly layer: 'code' | 'comments' | 'text';
  readonly appliesTo: (file: string) => boolean;
}

const isTypeScript = (file: string): boolean => file.endsWith('.ts');

/** Code that runs in the simulated world as well: everything it knows comes in through a port. */
const isPartyCode = (file: string): boolean =>
  isTypeScript(file) &&
  (file.startsWith('protocol/') || file.startsWith('emulator/')) &&
  !file.startsWith('emulator/world/real/');

const isParty = (file: string): boolean =>
  isTypeScript(file) &&
  (file.startsWith('emulator/terminal/') || file.startsWith('emulator/host/'));

function party(name: string, pattern: RegExp, instead: string): Ban {
  return { name, pattern, instead, layer: 'code', appliesTo: isPartyCode };
}

function anywhere(name: string, layer: Ban['layer'], pattern: RegExp, instead: string): Ban {
  return { name, pattern, instead, layer, appliesTo: layer === 'text' ? () => true : isTypeScript };
}

const BANS: readonly Ban[] = [
  party('Date', /\bDate\b/g, 'Clock port: env.clock.civilMs() and emulator/world/civil-time.ts'),
  party('timers', /\bset(?:Timeout|Interval|Immediate)\b/g, 'Clock port: env.clock.after()'),
  party('queueMicrotask', /\bqueueMicrotask\b/g, 'Clock port: env.clock.after(0, …)'),
  party('Math.random', /\bMath\s*\.\s*random\b/g, 'Random port: env.random'),
  party('global crypto', /(?<![.\w])crypto\s*\./g, 'Random port: env.random; protocol/security'),
  party('process', /(?<![.\w])process\s*[.[]/g, 'an option of the caller'),
  party('fetch', /(?<![.\w])fetch\s*\(/g, 'Network port: world.network'),
  party('console', /(?<![.\w])console\s*[.[]/g, 'publish a party event'),
  party('require', /(?<![.\w])require\s*\(/g, 'a static import'),
  party('performance', /(?<![.\w])performance\s*[.[]/g, 'Clock port: env.clock.monotonicMs()'),
  party('globalThis', /\bglobalThis\b/g, 'a port of emulator/world/world.ts'),
  {
    name: 'await',
    pattern: /\b(?:await|async)\b/g,
    instead: 'effects of a step: emulator/host/host-step.ts, emulator/terminal/terminal-step.ts',
    layer: 'code',
    appliesTo: isParty,
  },
  anywhere('any', 'code', /(?::|\bas|<|,)\s*any\b(?!\s*[:(])/g, 'unknown, or the real type'),
  anywhere('suppression', 'comments', /@ts-(?:ignore|expect-error|nocheck)\b/g, 'mend the type'),
  {
    name: 'default export',
    pattern: /\bexport\s+default\b|\bas\s+default\b/g,
    instead: 'a named export',
    layer: 'code',
    appliesTo: (file) => isTypeScript(file) && file !== 'vitest.config.ts',
  },
  anywhere(
    'machine path',
    'text',
    /(?<![\w.~)}\]-])\/(?:work|root|tmp|home\/\w+|Users\/\w+)\/|\b[A-Z]:\\Users\\/g,
    'a path from import.meta.url or os.tmpdir()',
  ),
  anywhere(
    'registry host',
    'text',
    /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.\w+|\bnpm\.pkg\.github\.com/g,
    'the default of the client; .npmrc keeps hosts out of the lock file',
  ),
];

const MOST_LINES = 430;
const MOST_COLUMNS = 120;

/** Tables that one reads down; a limit would only cut them in two. */
const isTable = (file: string): boolean =>
  file.startsWith('protocol/dialects/') || file === 'protocol/errors/error-table.ts';

/** Prose and data wrap by other rules than code. */
const hasColumns = (file: string): boolean => /\.(?:[cm]?[jt]s|ya?ml)$/.test(file);

const KEBAB = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
/** Names that readers and tools expect at the root. */
const ROOT_NAMES = /^(?:[A-Z]+(?:\.zh-CN)?\.md|LICENSE)$/;
const VAGUE = /(?:^|[-.])(?:helpers?|utils?|managers?)(?=[-.]|$)/;

function findUntidy(file: string, text: string): string[] {
  const layers = isTypeScript(file) ? layersOf(text) : undefined;
  const found = BANS.filter(({ appliesTo }) => appliesTo(file)).flatMap((ban) => {
    const searched = ban.layer === 'text' ? text : (layers?.[ban.layer] ?? '');
    return [...searched.matchAll(ban.pattern)].map((match) => {
      const line = text.slice(0, match.index).split('\n').length;
      return `${file}:${line} ${ban.name} (${match[0].trim()}); instead: ${ban.instead}`;
    });
  });
  const lines = text.split('\n');
  const count = lines.length - (lines.at(-1) === '' ? 1 : 0);
  if (isTypeScript(file) && !isTable(file) && count > MOST_LINES) {
    found.push(`${file}:${count} file of ${count} lines; instead: ${MOST_LINES} at most, split it`);
  }
  if (hasColumns(file)) {
    for (const [index, line] of lines.entries()) {
      if (line.length <= MOST_COLUMNS) continue;
      found.push(`${file}:${index + 1} line of ${line.length}; instead: ${MOST_COLUMNS} at most`);
    }
  }
  return [...found, ...findBadName(file)];
}

function findBadName(file: string): string[] {
  const segments = file.split('/');
  const isRootName = segments.length === 1 && ROOT_NAMES.test(file);
  const bad = segments.filter((segment) => !KEBAB.test(segment));
  const found: string[] = [];
  if (!isRootName && bad.length > 0) found.push(`${file} name ${bad.join()}; instead: kebab-case`);
  if (VAGUE.test(basename(file))) {
    found.push(`${file} vague name; instead: the name of what it exports`);
  }
  return found;
}

const root = new URL('../', import.meta.url);

/** What belongs to the project: by git where there is one, else all but what is made or fetched. */
function projectFiles(): string[] {
  try {
    const options = { cwd: fileURLToPath(root), encoding: 'utf8', stdio: 'pipe' } as const;
    const listed = execFileSync(
      'git',
      ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
      options,
    );
    const names = new Set(listed.split('\0').filter((name) => name !== ''));
    // An export inside some other checkout lists nothing of its own.
    if (names.has('package.json'))
      return [...names].filter((name) => existsSync(new URL(name, root)));
  } catch {
    // no git, no checkout
  }
  return walk('');
}

const NOT_OURS = new Set([
  '.git',
  'node_modules',
  'dist',
  'countersign-report',
  '.countersign',
  '.DS_Store',
]);

function walk(folder: string): string[] {
  const entries = readdirSync(new URL(`./${folder}`, root), { withFileTypes: true });
  return entries
    .filter(({ name }) => !NOT_OURS.has(name) && !name.endsWith('.tgz'))
    .flatMap((entry) =>
      entry.isDirectory() ? walk(`${folder}${entry.name}/`) : [`${folder}${entry.name}`],
    );
}

describe('the tree', () => {
  const files = projectFiles();
  const texts = files
    .map((file) => ({ file, bytes: readFileSync(new URL(file, root)) }))
    .filter(({ bytes }) => !bytes.includes(0))
    .map(({ file, bytes }) => ({ file, text: bytes.toString('utf8') }));

  it('is found', () => {
    expect(texts.length).toBeGreaterThan(100);
    expect(walk('')).toEqual(expect.arrayContaining(files));
  });

  it('is tidy', () => {
    expect(texts.flatMap(({ file, text }) => findUntidy(file, text))).toEqual([]);
  });
});

describe('the tidy checker', () => {
  it.each([
    ['emulator/host/a.ts', 'const now = new Date();', 'Clock port: env.clock'],
    ['protocol/message/a.ts', 'const now = Date.now();', 'Clock port: env.clock'],
    ['emulator/bench/a.ts', 'setTimeout(() => 1, 5);', 'env.clock.after()'],
    ['emulator/bench/a.ts', 'setInterval(tick, 5);', 'env.clock.after()'],
    ['emulator/world/tasks.ts', 'setImmediate(tick);', 'env.clock.after()'],
    ['emulator/faults/a.ts', 'queueMicrotask(tick);', 'env.clock.after(0'],
    ['emulator/world/simulated/a.ts', 'const a = Math.random();', 'Random port: env.random'],
    ['emulator/host/a.ts', 'const id = crypto.randomUUID();', 'Random port: env.random'],
    ['emulator/host/a.ts', 'const a = process.env;', 'an option of the caller'],
    ['emulator/host/a.ts', "const a = fetch('http:');", 'Network port'],
    ['protocol/bytes/a.ts', 'console.log(1);', 'publish a party event'],
    ['protocol/bytes/a.ts', "const fs = require('fs');", 'a static import'],
    ['emulator/host/a.ts', 'const a = performance.now();', 'env.clock.monotonicMs()'],
    ['emulator/host/a.ts', 'globalThis.a = 1;', 'a port of emulator/world/world.ts'],
    ['emulator/host/a.ts', 'await ready;', 'effects of a step'],
    ['emulator/terminal/a.ts', 'const a = async () => 1;', 'effects of a step'],
    ['cli/a.ts', 'let a: any;', 'unknown'],
    ['test/a.ts', 'f(a as any);', 'unknown'],
    ['test/a.ts', 'const a = new Map<string, any>();', 'unknown'],
    ['cli/a.ts', '// @ts-ignore', 'mend the type'],
    ['cli/a.ts', '/* @ts-expect-error */', 'mend the type'],
    ['cli/a.ts', 'export default 1;', 'a named export'],
    ['cli/a.ts', 'export { a as default };', 'a named export'],
    ['README.md', `see ${['', 'work', 'main'].join('/')}`, 'import.meta.url'],
    ['cli/a.ts', `const a = '${['', 'tmp', 'a'].join('/')}';`, 'os.tmpdir()'],
    ['package-lock.json', `"https://${['registry', 'npmjs', 'org'].join('.')}/a"`, '.npmrc'],
    ['cli/runScenario.ts', '', 'kebab-case'],
    ['cli/Run.ts', '', 'kebab-case'],
    ['cli/run_scenario.ts', '', 'kebab-case'],
    ['Cli/run.ts', '', 'kebab-case'],
    ['cli/run-helper.ts', '', 'the name of what it exports'],
    ['test/utils.ts', '', 'the name of what it exports'],
    ['cli/key-manager.test.ts', '', 'the name of what it exports'],
  ])('finds in %s the untidy %j', (file, text, instead) => {
    expect(findUntidy(file, text)).toEqual([expect.stringContaining(instead)]);
  });

  it.each([
    [
      'emulator/host/a.ts',
      "// a Date, setTimeout and any: all in a comment\nconst a = 'new Date()';",
    ],
    ['emulator/host/a.ts', 'const text = `process.exit() ${a} as any`;'],
    ['emulator/host/a.ts', 'const settlementDate = message.fields[15]; a.process.b; fetched(1);'],
    ['emulator/world/real/real-clock.ts', 'const a = Date.now(); setTimeout(b, 1);'],
    ['scenarios/run/a.ts', 'const a = await b; process.exit(1);'],
    ['emulator/bench/a.ts', 'export async function run() { await b; }'],
    ['cli/a.ts', 'const company: anyone = { any: 1 }; const all = a ? many : few;'],
    ['cli/a.ts', "const hint = '@ts-ignore';"],
    ['vitest.config.ts', 'export default {};'],
    ['README.zh-CN.md', ''],
    ['.github/workflows/ci.yml', 'run: npm run check'],
    ['docs/a.md', 'see test/work/a.ts and ../tmp/a'],
  ])('finds nothing in %s with %j', (file, text) => {
    expect(findUntidy(file, text)).toEqual([]);
  });

  it('limits the lines of a file, tables excepted, and the columns of code', () => {
    expect(findUntidy('cli/a.ts', 'a;\n'.repeat(430))).toEqual([]);
    expect(findUntidy('cli/a.ts', 'a;\n'.repeat(431))).toEqual([
      'cli/a.ts:431 file of 431 lines; instead: 430 at most, split it',
    ]);
    expect(findUntidy('protocol/dialects/a.ts', 'a;\n'.repeat(431))).toEqual([]);
    expect(findUntidy('cli/a.ts', 'a'.repeat(120))).toEqual([]);
    expect(findUntidy('cli/a.ts', `;\n${'a'.repeat(121)}`)).toEqual([
      'cli/a.ts:2 line of 121; instead: 120 at most',
    ]);
    expect(findUntidy('README.md', 'a'.repeat(121))).toEqual([]);
  });

  it('names file and line, also inside an interpolation', () => {
    const source = 'const a = 1;\n\nconst b = `at ${Date.now()}`;\n';
    expect(findUntidy('protocol/a.ts', source)).toEqual([
      'protocol/a.ts:3 Date (Date); instead: ' +
        'Clock port: env.clock.civilMs() and emulator/world/civil-time.ts',
    ]);
  });
});
