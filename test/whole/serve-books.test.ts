import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BankEvent } from '../../emulator/bank/bank-book.ts';
import { benchTerminals, type Terminals } from '../../emulator/bench/bench.ts';
import { TEST_INSTITUTION } from '../../emulator/bench/test-institution.ts';
import type { Command } from '../../emulator/terminal/command.ts';
import type { OperationResult } from '../../emulator/terminal/operation-result.ts';
import type { TerminalEntry } from '../../emulator/terminal/terminal-record.ts';
import { TEST_PAYERS } from '../../emulator/wallet/test-payers.ts';
import type { NoticeEvent } from '../../emulator/notice-gateway/notice-gateway.ts';
import type { WalletEvent } from '../../emulator/wallet/wallet-book.ts';
import { civilTime, mmdd, parseCivilTime, toEpochMs } from '../../emulator/world/civil-time.ts';
import { realClock } from '../../emulator/world/real/real-clock.ts';
import { realNetwork } from '../../emulator/world/real/real-network.ts';
import { realWeb } from '../../emulator/world/real/real-web.ts';
import { seededRandom } from '../../emulator/world/seeded-random.ts';
import { memoryStore } from '../../emulator/world/simulated/memory-store.ts';
import type { WholeStore } from '../../emulator/world/store.ts';
import { createTasks } from '../../emulator/world/tasks.ts';
import { withJournal } from '../../cli/commands/journal-file.ts';
import { MID, TID } from '../emulator/host/host-desk.ts';
import { inFolder, start, type Started } from './command-line.ts';

const PAYER = TEST_PAYERS.find(({ name }) => name === 'alipay')!;
const DAYS = ['2026-01-15 09:30', '2026-01-16 09:30', '2026-01-16 10:30'] as const;

type TerminalStore = WholeStore<TerminalEntry>;

interface Served {
  readonly host: Started;
  readonly terminals: Terminals;
  perform(command: Command): Promise<OperationResult>;
  post(path: string, body: unknown): Promise<unknown>;
}

/** A host on a folder, at a time, with a terminal that remembers what it did before. */
async function serve(data: string, time: string, kept: TerminalStore): Promise<Served> {
  const host = start(['serve', '--port', '0', '--data', data, '--clock', time]);
  const [, url = ''] = await host.until(/host listens on tcp:\/\/(127\.0\.0\.1:\d+)/);
  const [, api = ''] = await host.until(/api {7}(http:\S+), the back office/);
  const terminals = benchTerminals(
    {
      clock: realClock(toEpochMs(parseCivilTime(time)!)),
      random: seededRandom(1),
      network: realNetwork(),
      web: realWeb(),
      tasks: createTasks(),
    },
    () => url,
    { institution: TEST_INSTITUTION, terminalStore: () => kept },
  );
  return {
    host,
    terminals,
    perform: (command) => new Promise((resolve) => terminals.operate(TID, command, resolve)),
    async post(path, body) {
      const authorization = `Bearer ${readFileSync(join(data, 'api-token'), 'utf8').trim()}`;
      const headers = { authorization, 'content-type': 'application/json' };
      const asked = { method: 'POST', headers, body: JSON.stringify(body) };
      return (await fetch(`${api}${path}`, asked)).json();
    },
  };
}

async function end({ host, terminals }: Served, signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
  terminals.stop();
  host.process.kill(signal);
  await host.over;
}

/** What a party has in its books; it may be running. */
function booksOf<Event>(data: string, party: 'bank' | 'wallet' | 'notice'): Event[] {
  const name = readdirSync(data).find(
    (each) => /^\w+-journal\.(?:sqlite|jsonl)$/.test(each) && each.startsWith(party),
  );
  return withJournal(join(data, name!), ({ entries }) => [
    ...(entries as Iterable<unknown>),
  ]) as Event[];
}

/** What is true a moment later: it comes about in another process. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

const CLAIM = {
  requestNo: 'q-1',
  mid: MID,
  category: 'transaction',
  way: 'self-service',
  route: 'host',
  goods: 'none',
  isFailure: false,
  contact: 'sms',
} as const;

describe('a bank, wallets and notices that keep their books beside the host', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)(
    'pay out once and give back once, whatever was paid before a %s',
    async (signal) => {
      await inFolder(async (folder) => {
        const data = join(folder, 'day');
        const kept = memoryStore<TerminalEntry>();
        const first = await serve(data, DAYS[0], kept);
        const paid = await first.perform({ verb: 'scan', amountFen: 10_000, code: PAYER.code });
        expect(paid).toMatchObject({ outcome: 'approved' });
        const other = await first.perform({ verb: 'scan', amountFen: 20_000, code: PAYER.code });
        expect(other).toMatchObject({ outcome: 'approved' });
        expect(await first.perform({ verb: 'settle' })).toMatchObject({ outcome: 'balanced' });
        await end(first, signal);

        const second = await serve(data, DAYS[1], kept);
        const { lines } = (await second.post('/payouts', {})) as { lines: unknown[] };
        const [line] = lines;
        expect(line).toMatchObject({ problem: '', openFen: 0 });
        await end(second, signal);

        const third = await serve(data, DAYS[2], kept);
        expect(await third.post('/payouts', {})).toMatchObject({
          lines: Array(2).fill(expect.objectContaining({ paidFen: 0, openFen: 0 })),
        });
        const refund: Command = {
          verb: 'refund',
          amountFen: 10_000,
          rrn: paid.rrn!,
          date: mmdd(civilTime(toEpochMs(parseCivilTime(DAYS[0])!))),
          card: undefined,
          voucher: paid.voucher!,
          password: '123456',
        };
        expect(await third.perform(refund)).toMatchObject({ outcome: 'approved' });
        // The order leaves once the terminal has its answer.
        await until(() =>
          booksOf<WalletEvent>(data, 'wallet').some(({ kind }) => kind === 'refund-made'),
        );
        const refused = { ...CLAIM, rrn: other.rrn!, papers: [] };
        expect(await third.post('/refund-cases', refused)).toMatchObject({ state: 'refused' });
        await until(() =>
          booksOf<NoticeEvent>(data, 'notice').some(({ key }) => key === 'R000002/refused'),
        );
        const told = booksOf<NoticeEvent>(data, 'notice');
        await end(third, signal);

        const fourth = await serve(data, DAYS[2], kept);
        await end(fourth, 'SIGINT');
        expect(booksOf<NoticeEvent>(data, 'notice')).toEqual(told);
        expect(told[0]).toMatchObject({ kind: 'message-shown', channel: 'sms' });
        const wallet = booksOf<WalletEvent>(data, 'wallet');
        expect(wallet.map(({ kind }) => kind)).toEqual([
          'payment-made',
          'payment-made',
          'refund-made',
        ]);
        expect(wallet[2]).toMatchObject({ fen: 10_000 });
        const bank = booksOf<BankEvent>(data, 'bank');
        const { paidFen } = line as { readonly paidFen: number };
        expect(bank).toEqual([
          { kind: 'order-executed', order: expect.objectContaining({ fen: paidFen }) },
        ]);
        expect(paidFen).toBeGreaterThan(29_000);
        await refusedWithout(data, 'bank', /knows of payouts, and the bank's journal/);
        await refusedWithout(
          data,
          'host',
          /is empty, and the bank, the wallets or the notices beside it/,
        );
      });
    },
  );
});

/** A folder whose journals do not belong together any more is not gone on with. */
async function refusedWithout(data: string, party: string, text: RegExp): Promise<void> {
  const copy = `${data}-without-${party}`;
  cpSync(data, copy, { recursive: true });
  for (const name of readdirSync(copy)) {
    if (name.startsWith(`${party}-journal`)) rmSync(join(copy, name));
  }
  const host = start(['serve', '--port', '0', '--data', copy, '--clock', DAYS[2]]);
  expect(await host.over).toBe(3);
  expect(host.said).toMatch(/E_JOURNAL/);
  expect(host.said).toMatch(text);
}
