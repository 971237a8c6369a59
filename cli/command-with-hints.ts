import { Command } from 'commander';
import { CountersignError } from '../protocol/errors/countersign-error.ts';
import { withoutSecrets } from './shown.ts';

/** A command whose parser refuses as everything else here does: with a code, and a hint at its own help. */
export class CommandWithHints extends Command {
  override createCommand(name?: string): CommandWithHints {
    return new CommandWithHints(name);
  }

  /** @throws E_USAGE without what may have been meant as a secret: an argument is shown again */
  override error(message: string): never {
    const [what = '', meant] = message.replace(/^error: /, '').split('\n');
    const [, suggestion] = /^\(Did you mean (.*)\?\)$/.exec(meant ?? '') ?? [];
    const asked = suggestion === undefined ? '' : `did you mean ${withoutSecrets(suggestion)}? `;
    throw new CountersignError('E_USAGE', {
      text: withoutSecrets(what),
      hint: `${asked}${nameOf(this)} --help shows what it takes, with examples`,
    });
  }
}

/** With the groups that it is in: `countersign signature list`. */
function nameOf(command: Command): string {
  const { parent } = command;
  return parent === null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}
