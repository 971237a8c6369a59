import { build } from 'rolldown';
import { AS_PUBLISHED } from './as-published.ts';

/** Builds the package (`npm run build`). */
await build({
  ...AS_PUBLISHED,
  input: 'cli/main.ts',
  output: { dir: 'dist', cleanDir: true },
});
