import { UNIONPAY_POS } from '../../protocol/dialects/unionpay-pos.ts';
import { SHANGHAI_OFFSET_MINUTES } from '../world/civil-time.ts';
import { POSTING_RULES } from '../host/books/posting-rules.ts';
import type { CardAccount, Institution } from '../host/host-config.ts';
import { DOCUMENTED_REFUND_POLICY } from '../host/refund-desk/refund-policy.ts';
import { DOCUMENTED_TARIFF } from '../host/tariff/documented-tariff.ts';

/** A published test key, worth nothing: KCV 08D7B4FB. */
const TEST_TMK = '0123456789ABCDEFFEDCBA9876543210';

/** A published test key for chips, worth nothing (spec 9.5). */
const TEST_IMK = '9E15204313F7318ACB79B90BD986AD29';

/** PIN key towards the issuer, invented. */
const TEST_ZONE_KEY = '31415926535897932384626433832795';

function card(account: Pick<CardAccount, 'id' | 'pan'> & Partial<CardAccount>): CardAccount {
  const expiry = account.expiry ?? '3012';
  const isLong = account.pan.length === 19;
  return {
    expiry,
    sequence: '001',
    track2: `${account.pan}D${expiry}${isLong ? '2200000000012' : '101123456789000'}`,
    pin: '123456',
    class: 'debit',
    issuer: '03080000',
    status: 'active',
    openingFen: 1_000_000,
    singleLimitFen: 5_000_000,
    dailyLimitFen: 10_000_000,
    ...account,
  };
}

/** An issuer script with the identifier 00000001 and one command, PUT DATA of a limit. */
const TEST_SCRIPT = '9F180400000001860F04DA9F580A00000005000000000000';

/** The acquirer, merchants and cards that a run starts with: invented, Luhn-correct numbers. */
export const TEST_INSTITUTION: Institution = {
  dialect: UNIONPAY_POS,
  acquirer: '48021000',
  merchants: [
    { mid: '898110000000001', name: '测试商户一', account: 'bank-a/0001' },
    { mid: '898110000000002', name: '测试商户二', account: 'bank-a/0002' },
  ],
  terminals: [
    { tid: '10000001', mid: '898110000000001', tmk: TEST_TMK },
    { tid: '10000002', mid: '898110000000001', tmk: TEST_TMK },
    { tid: '20000001', mid: '898110000000002', tmk: TEST_TMK },
  ],
  cards: [
    card({ id: 'debit', pan: '6225881234567898' }),
    card({
      id: 'credit',
      pan: '6228484123456789011',
      class: 'credit',
      issuer: '01030000',
      openingFen: 5_000_000,
    }),
    card({ id: 'low', pan: '6225880000000100', openingFen: 50_000 }),
    card({
      id: 'limited',
      pan: '6225880000000209',
      singleLimitFen: 50_000,
      dailyLimitFen: 80_000,
      monthlyLimitFen: 200_000,
    }),
    card({ id: 'lost', pan: '6225880000000308', status: 'lost' }),
    card({ id: 'stolen', pan: '6225880000000407', status: 'stolen' }),
    card({ id: 'restricted', pan: '6225880000000506', status: 'restricted' }),
    card({ id: 'expired', pan: '6225880000000704', expiry: '2512' }),
    card({ id: 'scripted', pan: '6225880000000803', script: TEST_SCRIPT }),
  ],
  issuers: [
    { bin: '622588', imk: TEST_IMK },
    { bin: '622848', imk: TEST_IMK },
  ],
  zonePinKey: TEST_ZONE_KEY,
  tariff: DOCUMENTED_TARIFF,
  refundPolicies: [DOCUMENTED_REFUND_POLICY],
  postings: POSTING_RULES,
  policy: {
    instantFromMinutes: 9 * 60,
    instantToMinutes: 22 * 60 + 30,
    newMerchantDays: 0,
    cutOffMinutes: 23 * 60,
    zoneOffsetMinutes: SHANGHAI_OFFSET_MINUTES,
    pinTries: 3,
    retrievalWorkingDays: 5,
    pinTriesUsedUp: '75',
    noPinLimitFen: 100_000,
    pinNeeded: '61',
    cryptogramRefused: '05',
    trackRefused: '59',
    chipCardSwiped: 'allowed',
    signatureFeature: 'noted',
    reversalNotFound: '00',
    reversalOfDeclined: '12',
    reversalAfterSettlement: '25',
    lateOriginal: '12',
    duringUpload: '90',
    voidedSaleInTotals: 'both',
    partialFrameMs: 15_000,
    noticeCallMs: 10_000,
    noticeRetryMs: 1000,
    terminalWaitMs: 60_000,
    issuerAnswerMs: 40_000,
    walletCallMs: 10_000,
    walletQueryMs: 5000,
    walletAnswerMs: 45_000,
    walletRetryMs: 10_000,
    voidFinalMs: 200_000,
  },
};

/** A card that no issuer knows, of a test BIN. */
export const UNKNOWN_CARD: CardAccount = card({ id: 'unknown', pan: '6228480000000000604' });
