import type { DeviceOrder } from '../../emulator/host/refund-desk/case-book.ts';
import type { DeviceOutcome } from '../../emulator/host/refund-desk/device-desk.ts';
import {
  flag,
  object,
  optional,
  text,
  whole,
  word,
  words,
  shownAs,
  type ValueOf,
} from '../form.ts';
import { listRoute } from '../list-route.ts';
import { foundOr404, refused, route, type Office, type Route } from '../route.ts';
import { fen, MID } from '../shared-forms.ts';
import { answered, CASE, CONTACT, PAPERS_IN_HAND, REQUEST_NO } from './refund-cases.ts';

const ORDER_ID = text('D\\d{6,}', 'number of an order of a device', 'D000001');
const DEVICE = word(['e-signature', 'mpos', 'big-pos'], 'the device');
const MOST_FEN = 999_999_999_999;

const ORDER = object({
  id: ORDER_ID,
  mid: MID,
  device: DEVICE,
  priceFen: fen('what it costs'),
  depositFen: fen('deposit'),
  orderedOn: words('day'),
  shippedOn: optional(words('day')),
  refundedBy: optional(words('the case that has brought the money back')),
});

function view(record: DeviceOrder): ValueOf<typeof ORDER> {
  return shownAs(ORDER, record);
}

function found({ state }: Office, id: string): DeviceOrder {
  return foundOr404(state.deviceOrders.get(id), 'order of a device');
}

/** The order after an act on it. @throws the refusal */
function after(office: Office, result: DeviceOutcome): ValueOf<typeof ORDER> {
  if (result.outcome === 'refused') throw refused(result.why);
  return view(found(office, result.orderId));
}

export const DEVICE_ROUTES: readonly Route[] = [
  listRoute({
    path: '/device-orders',
    summary: 'devices that merchants have ordered and paid for, in the order in which they did',
    query: { mid: optional(MID) },
    name: 'orders',
    item: ORDER,
    all: ({ office }) => office.state.deviceOrders.values(),
    isChosen: (each, { mid }) => (mid ?? each.mid) === each.mid,
    idOf: ({ id }) => id,
    show: view,
  }),
  route({
    method: 'get',
    path: '/device-orders/{id}',
    summary: 'one order of a device',
    id: ORDER_ID,
    answer: ORDER,
    problems: [404],
    reply: ({ office, id }) => view(found(office, id)),
  }),
  route({
    method: 'post',
    path: '/device-orders',
    summary: 'a merchant orders a device and pays for it from his own pocket',
    body: object({
      mid: MID,
      device: DEVICE,
      priceFen: whole(0, MOST_FEN, 'what it costs, in fen'),
      depositFen: whole(0, MOST_FEN, 'deposit, in fen'),
    }),
    answer: ORDER,
    status: 201,
    problems: [404, 409],
    reply({ office, body }) {
      foundOr404(office.state.merchants.get(body.mid), 'merchant');
      return after(office, office.control.refunds.orderDevice(body));
    },
  }),
  route({
    method: 'post',
    path: '/device-orders/{id}/ship',
    summary: 'the device leaves',
    id: ORDER_ID,
    answer: ORDER,
    problems: [404, 409],
    reply({ office, id }) {
      found(office, id);
      return after(office, office.control.refunds.shipDevice(id));
    },
  }),
  route({
    method: 'post',
    path: '/device-orders/{id}/refund',
    summary: 'applies for the money back; the same number again shows its case',
    id: ORDER_ID,
    body: object({
      requestNo: REQUEST_NO,
      mid: MID,
      isFaulty: flag('whether the device does not work'),
      papers: PAPERS_IN_HAND,
      contact: CONTACT,
    }),
    answer: CASE,
    status: 201,
    problems: [404, 409],
    reply({ office, id, body }) {
      found(office, id);
      return answered(office, office.control.refunds.applyForDevice({ ...body, orderId: id }));
    },
  }),
];
