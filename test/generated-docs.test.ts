import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from '../docs/generated.ts';

describe('generated pages', () => {
  it.each([...generatedFiles()])('%s is in step with the code (npm run docs)', (path, content) => {
    expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(content);
  });
});
