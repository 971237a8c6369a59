import { formatYuan } from '../../protocol/message/amount.ts';
import type { HostState } from '../../emulator/host/host-state.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import type { LoggedTransaction, TerminalRecord } from '../../emulator/terminal/terminal-record.ts';
import type { Law } from './law.ts';

/** STANs whose outcome the terminal itself calls open. */
function openStans(record: TerminalRecord): Set<string> {
  const open = [record.reversal?.stan, record.advice?.stan, ...record.givenUp];
  return new Set(open.filter((stan) => stan !== undefined));
}

/** The law's own reading of a batch at the host. */
function atHost(host: HostState, tid: string, batchNo: string): Transaction[] {
  return [...host.transactions.values()].filter(
    (each) => each.tid === tid && each.batchNo === batchNo,
  );
}

export const agreement: Law = {
  id: 'I-07',
  title: { zh: '终端与主机对每笔交易结论一致', en: 'terminal and host agree on every transaction' },
  violations({ host, terminals }) {
    return [...terminals].flatMap(([tid, record]) => {
      const open = openStans(record);
      const byStan = new Map(atHost(host, tid, record.batchNo).map((each) => [each.stan, each]));
      const ours = record.log.filter(({ stan }) => !open.has(stan));
      const logged = new Set(ours.map(({ stan }) => stan));
      const missing = [...byStan.values()].filter(
        ({ stan, status }) =>
          (status === 'active' || status === 'voided') && !logged.has(stan) && !open.has(stan),
      );
      return [
        ...ours.flatMap((each) => disagreement(tid, each, byStan, open)),
        ...missing.map(({ stan, status }) => `${tid} ${stan}: host ${status}, terminal nothing`),
      ];
    });
  },
};

function disagreement(
  tid: string,
  ours: LoggedTransaction,
  byStan: ReadonlyMap<string, Transaction>,
  open: ReadonlySet<string>,
): string[] {
  const theirs = byStan.get(ours.stan);
  const state = ours.isVoided ? 'voided' : 'active';
  if (theirs?.status === state && theirs.amountFen === ours.amountFen) return [];
  // A void under way makes its sale's state open as well.
  const isVoidOpen = [...byStan.values()].some(
    (each) => each.kind === 'void' && each.originalId === theirs?.id && open.has(each.stan),
  );
  if (isVoidOpen) return [];
  return [`${tid} ${ours.stan}: terminal ${state}, host ${theirs?.status ?? 'nothing'}`];
}

/** `debit/count - credit/count` of anything that has kinds and amounts, summed here anew. */
function totalsOf(items: readonly { readonly kind: string; readonly amountFen: number }[]): string {
  const part = (fits: (kind: string) => boolean): string => {
    const some = items.filter(({ kind }) => fits(kind));
    return `${formatYuan(some.reduce((sum, { amountFen }) => sum + amountFen, 0))}/${some.length}`;
  };
  return `${part((kind) => kind === 'sale')} - ${part((kind) => kind !== 'sale')}`;
}

export const totalsAgree: Law = {
  id: 'I-13',
  title: { zh: '批次总额一致或可解释', en: 'batch totals agree or are explained' },
  violations({ host, terminals }) {
    return [...terminals].flatMap(([tid, record]) => {
      // An open outcome explains a difference; the law is checked again when it is closed.
      if (openStans(record).size > 0) return [];
      const inForce = atHost(host, tid, record.log[0]?.batchNo ?? record.batchNo).filter(
        ({ status }) => status === 'active' || status === 'voided',
      );
      const [ours, theirs] = [totalsOf(record.log), totalsOf(inForce)];
      return ours === theirs ? [] : [`${tid}: terminal ${ours}, host ${theirs}`];
    });
  },
};
