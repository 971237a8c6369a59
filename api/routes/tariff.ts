import { PRODUCTS } from '../../emulator/host/tariff/tariff.ts';
import { object, word, words } from '../form.ts';
import { foundOr404, refused, route, type Route } from '../route.ts';
import { AMOUNT_FEN, fen, MID } from '../shared-forms.ts';

export const TARIFF_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/tariff/quotes',
    summary: 'what a sale would cost this merchant now',
    query: object({
      mid: MID,
      product: word(Object.keys(PRODUCTS), 'what is sold'),
      amountFen: AMOUNT_FEN,
    }),
    answer: object({
      amountFen: fen('amount'),
      line: words('line of the tariff'),
      from: words('since when the line holds'),
      feeFen: fen('fee'),
      surchargeFen: fen('surcharge of his device'),
      netFen: fen('what is left for him'),
    }),
    problems: [404, 409],
    reply({ office, query }) {
      foundOr404(office.state.merchants.get(query.mid), 'merchant');
      const { amountFen } = query;
      const product = foundOr404(PRODUCTS[query.product], 'product');
      const quote = office.control.quote(query.mid, { ...product, amountFen });
      if (quote === undefined) throw refused('no line of the tariff fits');
      const { line, from, feeFen, surchargeFen, netFen } = quote;
      return { amountFen, line: line.name, from, feeFen, surchargeFen, netFen };
    },
  }),
];
