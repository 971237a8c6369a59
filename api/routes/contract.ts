import { list, object, optional, text, whole, word, type Form } from '../form.ts';
import { AMOUNT_FEN } from '../shared-forms.ts';
import type { MerchantContract } from '../../emulator/host/tariff/tariff.ts';

const NAME = '[A-Za-z0-9-]{1,40}';
const FEN = whole(0, 999_999_999_999, 'fen');

const RATE = object({
  ppm: whole(0, 1_000_000, 'parts per million of the amount: 6000 is 0.60 %'),
  fixedFen: optional(FEN),
  minFen: optional(FEN),
  capFen: optional(FEN),
  rounding: optional(word(['half-up', 'half-even', 'up', 'down'], 'of half a fen')),
});

const DEPOSIT = object({
  amountFen: AMOUNT_FEN,
  turnoverFen: whole(1, 999_999_999_999, 'turnover at which it goes back, in fen'),
});

const LINE = object({
  name: text(NAME, 'name of the line', 'debit'),
  product: optional(word(['card', 'qr', 'unionpay-qr'], 'what is sold; any when absent')),
  class: optional(word(['debit', 'credit'], 'of the card; any when absent')),
  entry: optional(word(['swipe', 'chip', 'contactless', 'keyed'], 'any when absent')),
  rate: RATE,
});

const VERSION = object({
  from: text(
    '\\d{4}-\\d\\d-\\d\\d( \\d\\d:\\d\\d(:\\d\\d)?)?',
    'since when it holds',
    '2026-02-01',
  ),
  lines: list(LINE),
});

/** What a merchant has agreed on. */
export const CONTRACT: Form<MerchantContract> = object({
  device: word(['e-signature', 'mpos', 'big-pos'], 'the device that he has taken'),
  term: optional(
    object({
      kind: word(['T', 'D'], 'T counts working days, D calendar days'),
      days: whole(0, 365, 'after the settlement date'),
    }),
  ),
  instantFee: optional(RATE),
  deposit: optional(DEPOSIT),
  industry: optional(text(NAME, 'an industry of the tariff', 'catering')),
  versions: optional(list(VERSION)),
});
