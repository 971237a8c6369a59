import type { Title } from '../../emulator/events/party-event.ts';
import { formatYuan } from '../../protocol/message/amount.ts';
import { displayWidth } from '../printable.ts';
import {
  STATEMENT_LINES,
  type MerchantStatement,
  type Place,
  type StatementLine,
} from '../../emulator/host/settlement/merchant-statement.ts';

const LINES: Readonly<Record<StatementLine, Title>> = {
  sales: { zh: '消费总额', en: 'sales' },
  fees: { zh: '手续费', en: 'fees' },
  surcharges: { zh: '附加费', en: 'surcharges' },
  refunds: { zh: '退货', en: 'refunds' },
  'refund-costs': { zh: '退货费用与返还', en: 'costs and returns of refunds' },
  adjustments: { zh: '调账', en: 'adjustments' },
  chargebacks: { zh: '退单扣划', en: 'chargebacks' },
  'payout-fees': { zh: '即时出款手续费', en: 'payout fees' },
  payouts: { zh: '已出款', en: 'payouts' },
  other: { zh: '其他', en: 'other' },
};

const PLACES: Readonly<Record<Place, Title>> = {
  payable: { zh: '应付', en: 'payable' },
  held: { zh: '冻结', en: 'held' },
  deposit: { zh: '押金', en: 'deposit' },
  transit: { zh: '在途', en: 'on its way' },
  receivable: { zh: '欠款', en: 'owed' },
};

const WORDS = {
  head: { zh: '商户对账单', en: 'merchant statement' },
  opening: { zh: '期初余额', en: 'opening balance' },
  closing: { zh: '期末余额', en: 'closing balance' },
  ofWhich: { zh: '其中', en: 'of which' },
} as const;

/** A statement as a table: a name, how many, yuan; lines of nothing are left out. */
export function statementText(statement: MerchantStatement, lang: 'zh' | 'en'): string {
  const { mid, from, to, openingFen, lines, closingFen, places } = statement;
  const rows: (readonly [string, string, number])[] = [
    [WORDS.opening[lang], '', openingFen],
    ...STATEMENT_LINES.filter((line) => lines[line].fen !== 0).map((line) => {
      const { count, fen } = lines[line];
      return [LINES[line][lang], count === 0 ? '' : String(count), fen] as const;
    }),
    [WORDS.closing[lang], '', closingFen],
    ...Object.entries(places)
      .filter(([, fen]) => fen !== 0)
      .map(([place, fen]) => {
        const name = PLACES[place as Place][lang];
        return [`  ${WORDS.ofWhich[lang]} ${name}`, '', fen] as const;
      }),
  ];
  const width = Math.max(...rows.map(([name]) => displayWidth(name)));
  const amounts = rows.map(([, , fen]) => formatYuan(fen));
  const widest = Math.max(...amounts.map((text) => text.length));
  const texts = rows.map(([name, count], at) => {
    const gap = ' '.repeat(width - displayWidth(name));
    return `${name}${gap}  ${count.padStart(5)}  ${amounts[at]!.padStart(widest)}\n`;
  });
  return `${WORDS.head[lang]}  ${mid}  ${from} … ${to}\n${texts.join('')}`;
}
