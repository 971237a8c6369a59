import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../cli/program.ts';
import { inFolder, pasted } from './command-line.ts';

function commandsOf(command: Command, above: readonly string[] = []): string[] {
  const name = [...above, command.name()];
  return [name.join(' '), ...command.commands.flatMap((each) => commandsOf(each, name))];
}

function helpOf(name: string): string {
  let command: Command = buildProgram(() => undefined);
  for (const part of name.split(' ').slice(1)) {
    command = command.commands.find((each) => each.name() === part)!;
  }
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

/** The lines under `Examples:`, up to the first that is none. */
function examplesOf(help: string): string[] {
  const [, after = ''] = /^Examples?:\n((?: {2}\S.*\n)+)/m.exec(help) ?? [];
  return after.split('\n').flatMap((line) => (line === '' ? [] : [line.trim()]));
}

const ALL = commandsOf(buildProgram(() => undefined));

/** What the examples need beside this program: keys, captured messages, a host that stays up. */
const NEEDS: readonly string[] = [
  'countersign',
  'countersign serve',
  'countersign crypto mac',
  'countersign crypto kcv',
  'countersign crypto keys',
  'countersign crypto keys unwrap',
  'countersign crypto pin-block',
  'countersign crypto track',
  'countersign crypto arqc',
];
const OTHERS_TOOLS = /\b(?:xxd|magick)\b/;

describe('the help of a command', () => {
  it.each(ALL)('%s has an example of it', (name) => {
    const lines = examplesOf(helpOf(name));
    expect(lines.filter((line) => line.includes(name)).length).toBeGreaterThan(0);
  });

  it('is no longer than a terminal is wide, but for messages', () => {
    const lines = ALL.flatMap((name) => examplesOf(helpOf(name)));
    const short = lines.map((line) => line.replaceAll(/\b[0-9A-F]{100,}\b/g, ''));
    expect(short.filter((line) => line.length > 120)).toEqual([]);
  });
});

describe('the examples of the help', () => {
  it.each(ALL.filter((name) => !NEEDS.includes(name)))(
    'of %s run one after the other where only the program is there',
    async (name) => {
      await inFolder((folder) => {
        for (const line of examplesOf(helpOf(name))) {
          if (OTHERS_TOOLS.test(line)) continue;
          const { code, err } = pasted(line, { cwd: folder });
          // Two messages that differ are what `diff` is shown with.
          const due = line.startsWith('countersign diff') ? 1 : 0;
          expect([line, code, err.replaceAll(/^warning: .*\n/gm, '')]).toEqual([line, due, '']);
        }
      });
    },
  );
});
