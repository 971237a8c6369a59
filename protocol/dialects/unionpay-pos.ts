import { loadDialect, type DialectSource } from '../dialect/load-dialect.ts';
import unionpayPos from './unionpay-pos.json' with { type: 'json' };

/** The default dialect: the common UnionPay form of the terminal link. */
export const UNIONPAY_POS = loadDialect(unionpayPos as unknown as DialectSource, () => undefined);
