import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { readScenario } from './language/read-scenario.ts';
import { didYouMean } from './language/suggest.ts';
import { placeText } from './language/yaml-places.ts';
import type { PlannedCase } from './plan/plan.ts';

/** Folder of the package: the nearest one above this file that has the catalogue. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new CountersignError('E_FILE', { text: 'package.json' });
    folder = above;
  }
  return folder;
}

export function catalogueFolder(): string {
  return join(packageFolder(), 'scenarios', 'catalogue');
}

function yamlFilesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return yamlFilesIn(path);
      return /\.ya?ml$/.test(entry.name) ? [path] : [];
    });
}

function readCases(path: string): PlannedCase[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CountersignError('E_FILE', { text: path, cause });
  }
  const shown = relative(process.cwd(), path);
  return readScenario(shown.startsWith('..') ? path : shown, text);
}

/** Every documented case of the catalogue, in file order. */
export function catalogueCases(): PlannedCase[] {
  return yamlFilesIn(catalogueFolder()).flatMap(readCases);
}

/**
 * The cases that names stand for: files, folders, or ids of the catalogue (`a07` or `a07/cut`);
 * the whole catalogue for none.
 * @throws E_NO_SCENARIO with the nearest name, E_SCENARIO when two files share an id
 */
export function findCases(names: readonly string[]): PlannedCase[] {
  if (names.length === 0) return unique(catalogueCases());
  let catalogue: PlannedCase[] | undefined;
  return unique(names.flatMap((name) => casesNamed(name, () => (catalogue ??= catalogueCases()))));
}

function casesNamed(name: string, catalogue: () => readonly PlannedCase[]): PlannedCase[] {
  const path = resolve(name);
  if (existsSync(path)) {
    return (statSync(path).isDirectory() ? yamlFilesIn(path) : [path]).flatMap(readCases);
  }
  const known = catalogue();
  const found = known.filter(({ id }) => id === name || id.startsWith(`${name}/`));
  if (found.length > 0) return found;
  const ids = [...new Set(known.flatMap(({ id }) => [id, id.split('/')[0]!]))];
  const hint = didYouMean(name, ids);
  throw new CountersignError('E_NO_SCENARIO', {
    text: `"${name}" is no file and no id`,
    ...(hint === '' ? {} : { hint }),
  });
}

function unique(cases: PlannedCase[]): PlannedCase[] {
  const seen = new Map<string, PlannedCase>();
  for (const each of cases) {
    const other = seen.get(each.id);
    if (other !== undefined && other.place.file !== each.place.file) {
      throw new CountersignError('E_SCENARIO', {
        text: `the id "${each.id}" stands in ${placeText(other.place)} and ${placeText(each.place)}`,
      });
    }
    seen.set(each.id, each);
  }
  return [...seen.values()];
}
