import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClearingRow } from '../../emulator/host/settlement/clearing-rows.ts';
import type { MerchantStatement } from '../../emulator/host/settlement/merchant-statement.ts';
import { settlementFile } from '../../reports/settlement/settlement-file.ts';
import { statementText } from '../../reports/settlement/statement-text.ts';

const ROW: ClearingRow = {
  settleDate: '2026-01-15',
  merchantId: '898110000000001',
  terminalId: '10000001',
  batchNo: '000001',
  stan: '000002',
  rrn: '093000000002',
  authCode: '123456',
  type: 'sale',
  cardMasked: '622588******7898',
  cardClass: 'debit',
  amountFen: 10_000,
  feeFen: 50,
  surchargeFen: 300,
  netFen: 9650,
  status: 'paid',
  originalRrn: '',
  payoutId: 'P000001',
};

const HEADER =
  'settleDate,merchantId,terminalId,batchNo,stan,rrn,authCode,txnType,cardMasked,cardClass,' +
  'amount,fee,net,status,origRrn,payoutId';

/** Another reader of RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (const [, quoted, plain = '', end] of text.matchAll(cells)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('the settlement file', () => {
  it('has a header and a line a row, amounts in yuan', () => {
    const refund = {
      ...ROW,
      type: 'refund',
      amountFen: -3000,
      feeFen: 0,
      surchargeFen: 0,
    } as const;
    const more = {
      netFen: -3000,
      originalRrn: '093000000001',
      payoutId: '',
      status: 'settled',
    } as const;
    expect(settlementFile([ROW, { ...refund, ...more }])).toBe(
      `${HEADER}\r\n` +
        '2026-01-15,898110000000001,10000001,000001,000002,093000000002,123456,sale,' +
        '622588******7898,debit,100.00,3.50,96.50,paid,,P000001\r\n' +
        '2026-01-15,898110000000001,10000001,000001,000002,093000000002,123456,refund,' +
        '622588******7898,debit,-30.00,0.00,-30.00,settled,093000000001,\r\n',
    );
    expect(settlementFile([])).toBe(`${HEADER}\r\n`);
  });

  it('is read back by another reader, whatever stands in it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', '中') });
    fc.assert(
      fc.property(text, text, (merchantId, authCode) => {
        const [head, row] = parse(settlementFile([{ ...ROW, merchantId, authCode }]));
        expect(head).toHaveLength(16);
        expect([row?.[1], row?.[6], row?.[15]]).toEqual([merchantId, authCode, 'P000001']);
        expect(row).toHaveLength(16);
      }),
    );
  });
});

const NONE = { count: 0, fen: 0 };

const STATEMENT: MerchantStatement = {
  mid: '898110000000001',
  from: '2026-01-15',
  to: '2026-01-16',
  openingFen: 0,
  lines: {
    sales: { count: 2, fen: 30_000 },
    fees: { count: 0, fen: -150 },
    surcharges: NONE,
    refunds: { count: 1, fen: -3000 },
    'refund-costs': NONE,
    adjustments: NONE,
    chargebacks: NONE,
    'payout-fees': NONE,
    payouts: { count: 1, fen: -16_900 },
    other: NONE,
  },
  closingFen: 9950,
  places: { payable: 0, held: 9950, deposit: 0, transit: 0, receivable: 0 },
};

describe('the text of a statement', () => {
  it('is a table in English and in Chinese, without lines of nothing', () => {
    expect(statementText(STATEMENT, 'en')).toBe(
      [
        'merchant statement  898110000000001  2026-01-15 … 2026-01-16',
        'opening balance            0.00',
        'sales                2   300.00',
        'fees                      -1.50',
        'refunds              1   -30.00',
        'payouts              1  -169.00',
        'closing balance           99.50',
        '  of which held           99.50',
        '',
      ].join('\n'),
    );
    const zh = statementText(STATEMENT, 'zh');
    for (const text of ['商户对账单', '期初余额', '消费总额', '退货', '期末余额', '其中 冻结']) {
      expect(zh).toContain(text);
    }
  });
});
