import type { SignatureImage } from '../../emulator/host/archive/archive-state.ts';
import type { ArchiveView } from '../../emulator/host/archive/archive-view.ts';
import type { OpenItem } from '../../emulator/host/archive/open-items.ts';
import type { Transaction } from '../../emulator/host/transaction-book.ts';
import { flag, object, optional, word, words, type ValueOf } from '../form.ts';
import { listRoute } from '../list-route.ts';
import { foundOr404, refused, route, type Office, type Route } from '../route.ts';
import { BY, count, MID, PICTURE, REASON, TRANSACTION_ID } from '../shared-forms.ts';
import { askedFor, KEYS_SHAPE, KEYS_SUMMARY } from './transactions.ts';

const SEAL = object({
  sequence: count('place in the chain of the archive, from 1 on'),
  at: words('when it was taken in'),
  previous: words('hash of the record before'),
  hash: words('SHA-256 of the record'),
});

const STATES = ['stored', 'partial', 'due', 'exempt', 'not-needed'] as const;

/** The picture itself, and the slip with it, stay in the archive: nobody needs them to see that they are there. */
const SIGNATURE = object({
  transactionId: words('its transaction'),
  rrn: words('reference number of its transaction'),
  state: word(STATES, 'what the archive holds'),
  rule: optional(words('the rule by which there needs to be none')),
  missing: optional(words('why it is missing')),
  packets: optional(count('packets that have come')),
  image: optional(
    object({
      width: count('pixels'),
      height: count('pixels'),
      bytes: count('bytes of the stream'),
      hasFeature: flag('whether the feature code of its transaction is burnt into it'),
      seal: SEAL,
    }),
  ),
  exemption: optional(object({ reason: words('why'), by: words('who said so'), seal: SEAL })),
  agreement: optional(object({ by: words('who filed it'), seal: SEAL })),
});

const OPEN_ITEM = object({
  transactionId: words('its transaction'),
  rrn: words('reference number'),
  mid: words('merchant'),
  state: word(['due', 'partial'], 'nothing, or not all of it, has come'),
  reason: words('why it is missing'),
});

function view({ control }: Office, transaction: Transaction): ValueOf<typeof SIGNATURE> {
  const { id, rrn, noSignature } = transaction;
  // A refund of the host's own has no keys, and needs no signature.
  const held: ArchiveView = control.archived(transaction) ?? {
    state: 'not-needed',
    ...(noSignature === undefined ? {} : { rule: noSignature }),
  };
  const { state, signature, exemption, agreement, rule, missing } = held;
  const whole = signature?.whole;
  return {
    transactionId: id,
    rrn,
    state,
    ...(rule === undefined ? {} : { rule }),
    ...(missing === undefined ? {} : { missing }),
    ...(signature === undefined ? {} : { packets: signature.pieces.length }),
    ...(whole === undefined ? {} : { image: { ...imageView(whole.image), seal: whole.seal } }),
    ...(exemption === undefined
      ? {}
      : { exemption: { reason: exemption.reason, by: exemption.by, seal: exemption.seal } }),
    ...(agreement === undefined ? {} : { agreement: { by: agreement.by, seal: agreement.seal } }),
  };
}

function imageView({ width, height, bytes, hasFeature }: SignatureImage): SignatureImage {
  return { width, height, bytes, hasFeature };
}

interface Place {
  readonly transaction: Transaction;
  readonly item: OpenItem | undefined;
}

/** Transactions that miss nothing are passed too: one that was open when it was shown still has its place. */
function* everyItem({ office }: { readonly office: Office }): Generator<Place> {
  const items = office.control.openItems();
  const open = new Map(items.map((item) => [item.transaction.id, item]));
  for (const transaction of office.state.transactions.values()) {
    yield { transaction, item: open.get(transaction.id) };
  }
}

const SETTING = object({
  signatureFeature: word(
    ['noted', 'required'],
    'a picture without the feature code of its transaction: stored with a note, or refused',
  ),
});

export const SIGNATURE_ROUTES: readonly Route[] = [
  listRoute({
    path: '/signatures',
    summary: `what the archive holds of transactions, asked ${KEYS_SUMMARY}`,
    query: KEYS_SHAPE,
    name: 'signatures',
    item: SIGNATURE,
    problems: [404],
    all: ({ office, query }) => askedFor(office, query),
    idOf: ({ transaction }) => transaction.id,
    show: ({ transaction }, office) => view(office, transaction),
  }),
  listRoute({
    path: '/signatures/open-items',
    summary: 'transactions that still miss their signature, and why',
    query: { mid: optional(MID) },
    name: 'openItems',
    item: OPEN_ITEM,
    all: everyItem,
    isChosen: ({ item, transaction }, { mid }) =>
      item !== undefined && (mid ?? transaction.mid) === transaction.mid,
    idOf: ({ transaction }) => transaction.id,
    show({ transaction: { id, rrn, mid }, item }) {
      const { state, reason } = foundOr404(item, 'open item');
      return { transactionId: id, rrn, mid, state, reason };
    },
  }),
  route({
    method: 'post',
    path: '/signatures/exemptions',
    summary: 'records that no electronic signature will come: signed on paper, the pad was broken',
    body: object({
      transactionId: TRANSACTION_ID,
      reason: REASON,
      by: BY,
    }),
    answer: SIGNATURE,
    status: 201,
    problems: [404, 409],
    reply({ office, body: { transactionId, reason, by } }) {
      const transaction = foundOr404(office.state.transactions.get(transactionId), 'transaction');
      const result = office.control.exempt(transaction, { reason, by });
      if (result.outcome === 'refused') throw refused(result.why);
      return view(office, transaction);
    },
  }),
  route({
    method: 'post',
    path: '/signatures/agreements',
    summary: 'files the agreement on a refund at a terminal, which both sides have signed',
    body: object({ transactionId: TRANSACTION_ID, holder: PICTURE, merchant: PICTURE, by: BY }),
    answer: SIGNATURE,
    status: 201,
    problems: [404, 409],
    reply({ office, body: { transactionId, ...order } }) {
      const transaction = foundOr404(office.state.transactions.get(transactionId), 'transaction');
      const result = office.control.fileAgreement(transaction, order);
      if (result.outcome === 'refused') throw refused(result.why);
      return view(office, transaction);
    },
  }),
  route({
    method: 'get',
    path: '/signatures/setting',
    summary: 'what the archive takes',
    answer: SETTING,
    reply: ({ office }) => ({ signatureFeature: office.state.signatureFeature }),
  }),
  route({
    method: 'put',
    path: '/signatures/setting',
    summary: 'sets what the archive takes, from now on',
    body: SETTING,
    answer: SETTING,
    reply({ office, body: { signatureFeature } }) {
      office.control.setArchive(signatureFeature);
      return { signatureFeature: office.state.signatureFeature };
    },
  }),
];
