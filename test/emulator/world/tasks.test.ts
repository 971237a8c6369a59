import { describe, expect, it } from 'vitest';
import { createTasks, type Running, type Tasks } from '../../../emulator/world/tasks.ts';

/** Tasks whose parties write down what happens to them. */
function observed(): { tasks: Tasks; log: string[]; boot: (name: string) => () => Running } {
  const log: string[] = [];
  const tasks = createTasks();
  const boot = (name: string) => () => {
    log.push(`boot ${name}`);
    return { kill: () => void log.push(`kill ${name}`) };
  };
  return { tasks, log, boot };
}

describe('tasks', () => {
  it('start and kill a party', () => {
    const { tasks, log, boot } = observed();
    tasks.start('host', boot('host'));
    tasks.kill('host');
    expect(log).toEqual(['boot host', 'kill host']);
  });

  it('kill what runs only once', () => {
    const { tasks, log, boot } = observed();
    tasks.start('host', boot('host'));
    tasks.kill('host');
    tasks.kill('host');
    tasks.killAll();
    expect(log).toEqual(['boot host', 'kill host']);
  });

  it('restart a running party: it is dead before it boots', () => {
    const { tasks, log, boot } = observed();
    tasks.start('host', boot('host'));
    tasks.restart('host');
    expect(log).toEqual(['boot host', 'kill host', 'boot host']);
  });

  it('restart a killed party without killing it again', () => {
    const { tasks, log, boot } = observed();
    tasks.start('host', boot('host'));
    tasks.kill('host');
    tasks.restart('host');
    tasks.kill('host');
    expect(log).toEqual(['boot host', 'kill host', 'boot host', 'kill host']);
  });

  it('replace a party of the same name, which restarts as the new one', () => {
    const { tasks, log, boot } = observed();
    tasks.start('host', boot('old'));
    tasks.start('host', boot('new'));
    tasks.restart('host');
    expect(log).toEqual(['boot old', 'kill old', 'boot new', 'kill new', 'boot new']);
  });

  it('leave other parties alone', () => {
    const { tasks, log, boot } = observed();
    tasks.start('host', boot('host'));
    tasks.start('terminal', boot('terminal'));
    tasks.restart('terminal');
    tasks.kill('terminal');
    expect(log).toEqual([
      'boot host',
      'boot terminal',
      'kill terminal',
      'boot terminal',
      'kill terminal',
    ]);
  });

  it('kill all that run, each once', () => {
    const { tasks, log, boot } = observed();
    for (const name of ['a', 'b', 'c', 'd']) tasks.start(name, boot(name));
    tasks.kill('b');
    log.length = 0;
    tasks.killAll();
    tasks.killAll();
    expect(log).toEqual(['kill a', 'kill c', 'kill d']);
  });

  it('know nothing of names that were never started', () => {
    const { tasks } = observed();
    tasks.kill('nobody');
    tasks.restart('nobody');
    tasks.killAll();
  });
});
