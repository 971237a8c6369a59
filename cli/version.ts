import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Version of the package; this file lies in `cli/`, its built form in `dist/`. */
export function packageVersion(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  for (const above of ['..', '../..']) {
    try {
      const manifest = JSON.parse(readFileSync(join(here, above, 'package.json'), 'utf8')) as {
        version?: string;
      };
      if (manifest.version !== undefined) return manifest.version;
    } catch {
      // not at this level
    }
  }
  return '0.0.0';
}
