import type { Tariff } from './tariff.ts';

/**
 * The documented tariff of the e-signature terminal (spec 8.2, cases D01 to D06): it adds nothing to
 * a sale, an MPOS three yuan. The industries are those whose merchants were priced apart before the
 * reform of 2016; their ranges are assumed, no source gives today's.
 */
export const DOCUMENTED_TARIFF: Tariff = {
  versions: [
    {
      from: '2016-09-06',
      lines: [
        { name: 'qr', product: 'qr', rate: { ppm: 3800 } },
        { name: 'unionpay-qr', product: 'unionpay-qr', rate: { ppm: 6000 } },
        { name: 'contactless', product: 'card', entry: 'contactless', rate: { ppm: 6000 } },
        { name: 'debit', product: 'card', class: 'debit', rate: { ppm: 5000, capFen: 2500 } },
        { name: 'credit', product: 'card', rate: { ppm: 6000 } },
      ],
    },
  ],
  surchargeFen: { 'e-signature': 0, mpos: 300, 'big-pos': 0 },
  range: { leastPpm: 3800, mostPpm: 6000 },
  industries: {
    catering: { leastPpm: 3800, mostPpm: 12_500 },
    hotel: { leastPpm: 3800, mostPpm: 12_500 },
    'public-service': { leastPpm: 0, mostPpm: 6000 },
  },
};
