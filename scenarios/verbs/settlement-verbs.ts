import { formatYuan } from '../../protocol/message/amount.ts';
import { totalsOf } from '../../emulator/host/settlement/clearing-rows.ts';
import { BY_ARG, controlOf, MERCHANT_ARG, merchantOf, resultOf, STEP_ARG } from './args.ts';
import { say, type ArgSpec, type Verb } from './verb.ts';

const looking = { needs: ['host-control'], isObservation: true } as const;

const DAY_ARG: ArgSpec = {
  doc: 'a day',
  pattern: '\\d{4}-\\d{2}-\\d{2}',
  required: true,
  example: '2026-01-15',
};

export const settlementFile: Verb = {
  ...looking,
  name: 'settlement-file',
  doc: 'looks at the settlement file of a day, or at the line of one transaction in it',
  args: {
    on: { ...DAY_ARG, doc: 'the settlement day' },
    of: {
      ...STEP_ARG,
      required: false,
      doc: 'a transaction, or an adjustment, whose line is looked at',
    },
  },
  sees: {
    state: 'closed, or open while its cut-off has not come',
    sales: 'sales in it, and their sum, such as 300.00/2',
    refunds: 'refunds in it, and their sum',
    adjustments: 'adjustments in it, and what they gave back',
    fees: 'yuan of fees, and of surcharges for devices',
    net: 'yuan that are left for the merchants; of the line where one is looked at',
    times: 'how often the transaction stands in it',
    line: 'type, amount and fee of its line',
    status: 'of its line: settled, ordered (its payout is on its way) or paid',
    payout: 'the payout of its line',
    'closed-at': 'when the day was closed, civil time at the host',
  },
  explain({ on = '', of }, lang) {
    return of === undefined
      ? say(lang, { zh: `查看 ${on} 的清算文件`, en: `The settlement file of ${on}` })
      : say(lang, {
          zh: `在 ${on} 的清算文件中查 ${of}`,
          en: `The line of ${of} in the settlement file of ${on}`,
        });
  },
  run(context, { on = '', of }) {
    const { settlement } = controlOf(context);
    const rows = settlement.clearingRows(on);
    const totals = totalsOf(rows);
    const closed = settlement.closedDay(on);
    const withCount = (fen: number, count: number): string => `${formatYuan(fen)}/${count}`;
    const day = {
      state: closed === undefined ? 'open' : 'closed',
      sales: withCount(totals.salesFen, totals.sales),
      refunds: withCount(totals.refundsFen, totals.refunds),
      adjustments: withCount(totals.adjustmentsFen, totals.adjustments),
      fees: formatYuan(totals.feesFen + totals.surchargesFen),
      net: formatYuan(totals.netFen),
      ...(closed === undefined ? {} : { 'closed-at': closed.at }),
    };
    if (of === undefined) return Promise.resolve({ seen: day });
    const { operation, seen } = resultOf(context, of);
    const rrn = operation?.rrn ?? seen['adjustment'] ?? '';
    const own = rows.filter((row) => row.rrn === rrn);
    const [row] = own;
    if (row === undefined) return Promise.resolve({ seen: { ...day, times: '0' } });
    const { type, amountFen, feeFen, surchargeFen, netFen, status, payoutId } = row;
    return Promise.resolve({
      seen: {
        ...day,
        times: String(own.length),
        line: `${type} ${formatYuan(amountFen)} ${formatYuan(feeFen + surchargeFen)}`,
        net: formatYuan(netFen),
        status,
        ...(payoutId === '' ? {} : { payout: payoutId }),
      },
    });
  },
};

export const statement: Verb = {
  ...looking,
  name: 'statement',
  doc: 'looks at a merchant’s statement over some days: what he had, what moved it, what is left',
  args: {
    merchant: MERCHANT_ARG,
    from: { ...DAY_ARG, doc: 'the first day' },
    to: { ...DAY_ARG, doc: 'the last day' },
  },
  sees: {
    opening: 'yuan at the beginning of the first day',
    sales: 'yuan of settled sales, and their number, such as 300.00/2',
    fees: 'yuan of fees and surcharges',
    refunds: 'yuan of refunds, and their number',
    adjustments: 'yuan moved by hand',
    chargebacks: 'yuan lost in disputes',
    payouts: 'yuan paid out, and how often',
    'payout-fees': 'yuan that instant payouts cost',
    closing: 'yuan at the end of the last day',
    held: 'yuan of it under a freeze',
    transit: 'yuan of it on its way to his bank',
    deposit: 'yuan of it in his deposit',
    owed: 'yuan that he owes, taken off',
    adds: 'yes when opening, lines and closing add up, else no',
  },
  explain: ({ from = '', to = '' }, lang) =>
    say(lang, {
      zh: `查看商户对账单 ${from} 至 ${to}`,
      en: `The merchant’s statement from ${from} to ${to}`,
    }),
  run(context, args) {
    const { from = '', to = '' } = args;
    const mid = merchantOf(context, args);
    const found = controlOf(context).settlement.statement(mid, { from, to });
    const { openingFen, closingFen, lines, places } = found;
    const yuan = (fen: number): string => formatYuan(fen);
    const counted = ({ fen, count }: { fen: number; count: number }): string =>
      `${formatYuan(fen)}/${count}`;
    const moved = Object.values(lines).reduce((sum, { fen }) => sum + fen, 0);
    const lying = Object.values(places).reduce((sum, fen) => sum + fen, 0);
    const adds = openingFen + moved === closingFen && closingFen === lying;
    return Promise.resolve({
      seen: {
        opening: yuan(openingFen),
        sales: counted(lines.sales),
        fees: yuan(lines.fees.fen + lines.surcharges.fen),
        refunds: counted(lines.refunds),
        adjustments: yuan(lines.adjustments.fen),
        chargebacks: yuan(lines.chargebacks.fen),
        payouts: counted(lines.payouts),
        'payout-fees': yuan(lines['payout-fees'].fen),
        closing: yuan(closingFen),
        held: yuan(places.held),
        transit: yuan(places.transit),
        deposit: yuan(places.deposit),
        owed: yuan(places.receivable === 0 ? 0 : 0 - places.receivable),
        adds: adds ? 'yes' : 'no',
      },
    });
  },
};

export const payoutRun: Verb = {
  needs: ['host-control'],
  isObservation: false,
  name: 'payout-run',
  doc:
    'when payouts are made without being asked for: on working days, on every day once a contract counts ' +
    'calendar days (D+1), and on a day for which a sale was promised so; off at the start',
  args: {
    at: {
      doc: 'time of day, or off',
      pattern: '([01]\\d|2[0-3]):[0-5]\\d|off',
      required: true,
      example: '08:30',
    },
    by: BY_ARG,
  },
  sees: { outcome: 'done or refused', why: 'why it was refused' },
  explain: ({ at = '', by = '' }, lang) =>
    at === 'off'
      ? say(lang, { zh: `${by} 关闭自动出款`, en: `${by} stops the payouts of the morning` })
      : say(lang, {
          zh: `${by} 设置出款日 ${at} 自动出款`,
          en: `${by} has payouts made at ${at} of the days of payouts`,
        }),
  run(context, { at = 'off', by = '' }) {
    const [hour = 0, minute = 0] = at.split(':').map(Number);
    const atMinutes = at === 'off' ? undefined : hour * 60 + minute;
    const why = controlOf(context).settlement.setPayoutRun(atMinutes, by);
    const seen = why === undefined ? { outcome: 'done' } : { outcome: 'refused', why };
    return Promise.resolve({ seen });
  },
};
