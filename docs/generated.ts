import { DIALECT_SCHEMA } from '../protocol/dialect/dialect-schema.ts';
import { ERROR_TABLE, type ErrorCode } from '../protocol/errors/error-table.ts';
import { LAW_TABLE } from '../scenarios/laws/law-table.ts';
import { scenarioSchema } from '../scenarios/language/scenario-schema.ts';
import { VERB_TABLE } from '../scenarios/verbs/verb-table.ts';
import { BOOKS_PAGE_FILE, booksPage } from './books-page.ts';
import { HTTP_API_PAGE_FILE, httpApiPage } from './http-api-page.ts';
import { ERROR_EXAMPLES, exampleError } from './error-examples.ts';

/** Files that are made from the code, by path; `npm run docs` writes them, a test compares them. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/errors.md', errorsPage()],
    ['docs/dialect.schema.json', `${JSON.stringify(DIALECT_SCHEMA, null, 2)}\n`],
    ['docs/scenarios.md', scenariosPage()],
    [BOOKS_PAGE_FILE, booksPage()],
    [HTTP_API_PAGE_FILE, httpApiPage()],
    ['scenarios/scenario.schema.json', `${JSON.stringify(scenarioSchema(), null, 2)}\n`],
  ]);
}

const MADE = '<!-- Made by `npm run docs`; change the code, not this page. -->';

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function errorsPage(): string {
  const rows = Object.entries(ERROR_TABLE).map(([code, { meaning, hint }]) => {
    const example = `${ERROR_EXAMPLES[code as ErrorCode].what}: ${exampleError(code as ErrorCode).message}`;
    return `| \`${code}\` | ${cell(meaning)} | ${cell(hint)} | ${cell(example)} |`;
  });
  return [
    MADE,
    '# Error codes',
    '',
    'Every error carries one of these codes, where it can the field path and the byte offset, and a hint.',
    '',
    '| code | what happened | what to do | example |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function scenariosPage(): string {
  const verbs = [...VERB_TABLE.values()].flatMap((verb) => {
    const args = Object.entries(verb.args).map(([name, spec]) => {
      const due = spec.required === true ? ', required' : '';
      return `| \`${name}\` | argument${due} | ${cell(spec.doc)}${choices(spec.pattern)} | \`${spec.example}\` |`;
    });
    const sees = Object.entries(verb.sees).map(
      ([name, doc]) => `| \`${name}\` | expectation | ${cell(doc)} | |`,
    );
    const kind = verb.isObservation
      ? ' Only looks: a target that cannot is told about and passed over.'
      : '';
    const needs = verb.needs.join(', ');
    return [
      `### \`${verb.name}\``,
      '',
      `${verb.doc}. Needs: ${needs}.${kind}`,
      '',
      ...(args.length + sees.length === 0
        ? []
        : ['| name | kind | what | example |', '|---|---|---|---|', ...args, ...sees, '']),
    ];
  });
  const laws = [...LAW_TABLE.values()].map(
    ({ id, title }) => `| \`${id}\` | ${title.zh} | ${title.en} |`,
  );
  return [
    MADE,
    '# The scenario language',
    '',
    'A scenario is a YAML file in which every scalar is text: `00`, `000123` and 19-digit numbers stay as',
    'they are written. `countersign explain FILE --lang zh` tells it as prose; the JSON Schema for editors is',
    '`scenarios/scenario.schema.json`.',
    '',
    '```yaml',
    'id: my-first',
    'title: { zh: 一笔消费, en: One sale }',
    'each: # one run for each row; $amount stands for its value',
    '  - { name: small, amount: "1.00" }',
    '  - { name: large, amount: "900.00" }',
    'steps:',
    '  - sign-in:',
    '  - sale: { amount: $amount, card: debit, pin: "123456" }',
    '    as: paid # later steps say $paid',
    '    expect: { outcome: approved, rc: "00", wire: 0200 0210 }',
    '  - void: { of: $paid }',
    '    expect: { outcome: approved }',
    'then: [I-01, I-02] # laws at the end; all when absent',
    '```',
    '',
    'An expectation compares text, amounts as amounts; `contains too late` looks for a piece of it;',
    '`present` and `absent` ask only whether there is a value; `$paid.rrn` is what the step `paid` left',
    'behind, and `next $paid.batch` the number after it.',
    '',
    '## Steps',
    '',
    ...verbs,
    '## Laws',
    '',
    '| id | zh | en |',
    '|---|---|---|',
    ...laws,
    '',
  ].join('\n');
}

/** The words that an argument can be, where it is one of a few. */
function choices(pattern: string): string {
  if (!/^[a-z0-9-]+(\|[a-z0-9-]+)+$/.test(pattern)) return '';
  return `: ${pattern
    .split('|')
    .map((word) => `\`${word}\``)
    .join(', ')}`;
}
