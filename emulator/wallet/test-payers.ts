import type { Payer } from './gateway.ts';

/** People with a wallet, one each, and one who has next to nothing: invented codes. */
export const TEST_PAYERS: readonly Payer[] = [
  {
    name: 'unionpay-qr',
    wallet: 'unionpay-qr',
    code: '6225000012345678901',
    openingFen: 5_000_000,
  },
  { name: 'alipay', wallet: 'alipay', code: '280000000000000017', openingFen: 5_000_000 },
  { name: 'wechat', wallet: 'wechat', code: '130000000000000025', openingFen: 5_000_000 },
  { name: 'wechat-empty', wallet: 'wechat', code: '130000000000000033', openingFen: 100 },
];
