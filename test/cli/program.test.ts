import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../cli/program.ts';
import type { CountersignError } from '../../protocol/errors/countersign-error.ts';

/** What a command line is refused with by the parser itself. */
async function refusalOf(line: string): Promise<string> {
  const args = line.split(' ').filter((part) => part !== '');
  try {
    await buildProgram(() => undefined).parseAsync(args, { from: 'user' });
  } catch (error) {
    const { code, message, hint } = error as CountersignError;
    return `${code}  ${message}; ${hint}`;
  }
  return 'nothing';
}

describe('a command line that its parser refuses', () => {
  it.each([
    ['books', "required option '--data <folder>' not specified", 'countersign books --help'],
    [
      'export case --data x',
      "missing required argument 'subject'",
      'countersign export case --help',
    ],
    ['decode --unmusk 00', "unknown option '--unmusk'", 'did you mean --unmask?'],
    ['run --seed', 'argument missing', 'countersign run --help'],
    ['signature lst', "unknown command 'lst'", 'did you mean list? countersign signature --help'],
    ['decod 00', "unknown command 'decod'", 'did you mean decode? countersign --help'],
    ['dialect list more', 'too many arguments', 'countersign dialect list --help'],
  ])('%s has a code, what is wrong, and the help that is about it', async (line, what, hint) => {
    const told = await refusalOf(line);
    expect(told).toMatch(/^E_USAGE {2}/);
    expect(told).toContain(what);
    expect(told).toContain(hint);
    expect(told).not.toContain('error:');
  });

  it('is not shown with what may be a key', async () => {
    const told = await refusalOf('crypto kcv --kee=0123456789ABCDEF0123456789ABCDEF');
    expect(told).toContain('(hidden)');
    expect(told).not.toContain('0123456789');
  });
});
