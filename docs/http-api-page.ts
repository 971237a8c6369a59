import type { JsonSchema } from '../api/form.ts';
import type { Route } from '../api/route.ts';
import { ROUTES } from '../api/routes/route-table.ts';

/** Where the page lies. */
export const HTTP_API_PAGE_FILE = 'docs/http-api.md';

/** Every call of the back office on one page: what it does, and what it takes. */
export function httpApiPage(): string {
  const rooms = [...new Set(ROUTES.map(roomOf))].flatMap((room) => [
    `## ${room}`,
    '',
    '| call | what | query | body |',
    '|---|---|---|---|',
    ...ROUTES.filter((each) => roomOf(each) === room).map(row),
    '',
  ]);
  return [
    '<!-- Made by `npm run docs`; change the code instead. -->',
    '',
    '# The back office over HTTP',
    '',
    `All ${ROUTES.length} calls of the API that \`countersign serve\` prints the address of.`,
    '`GET /openapi.json` has the whole forms, answers among them, and can be read without the token;',
    'so can what is marked "no token" here. All others take `authorization: Bearer TOKEN`, and but for GET a body with',
    '`content-type: application/json`, `{}` where none is named.',
    '',
    'A name with `?` may be left out; `[]` is a list, `{}` an object. `by` is who acts: what one person begins,',
    'another ends. Amounts (`…Fen`) are whole fen, days are `YYYY-MM-DD`. A list that can grow is given out in',
    'parts: `limit` at most, and `next` of an answer is the `after` of the part behind.',
    '',
    ...rooms,
  ].join('\n');
}

function roomOf({ path }: Route): string {
  return path.split('/')[1] ?? '';
}

function row({ method, path, summary, isOpen, query, body }: Route): string {
  const what = isOpen === true ? `${summary} (no token)` : summary;
  const cells = [`\`${method.toUpperCase()} ${path}\``, what, taken(query?.schema)];
  return `| ${[...cells, taken(body?.schema)].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Names of members; of a choice of forms those of each, by the word that tells them apart. */
function taken(schema: JsonSchema | undefined): string {
  if (schema === undefined) return '';
  const forms = schema['oneOf'] as readonly JsonSchema[] | undefined;
  if (forms === undefined) return members(schema);
  const { propertyName } = schema['discriminator'] as { readonly propertyName: string };
  return forms.map((form) => members(form, propertyName)).join('; or ');
}

function members(schema: JsonSchema, chosenBy?: string): string {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = (schema['required'] ?? []) as readonly string[];
  const names = Object.entries(properties).map(([name, form]) => {
    const words = (form['enum'] ?? []) as readonly string[];
    if (name === chosenBy) return `\`${name}\`: ${words.join(' or ')}`;
    return `\`${name}${markOf(form)}${required.includes(name) ? '' : '?'}\``;
  });
  return names.join(', ');
}

function markOf({ type }: JsonSchema): string {
  const types = [type].flat();
  if (types.includes('array')) return '[]';
  return types.includes('object') ? '{}' : '';
}
