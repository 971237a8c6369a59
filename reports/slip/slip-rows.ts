import { formatYuan } from '../../protocol/message/amount.ts';
import type { SlipElement, SlipElements } from '../../protocol/signature/slip-elements.ts';
import type { SlipRecord } from './slip-record.ts';

export type SlipLang = 'zh' | 'en';

/** One row of a slip, from top to bottom. */
export type SlipRow =
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'pair'; readonly label: string; readonly value: string }
  | { readonly kind: 'rule' }
  | { readonly kind: 'signature'; readonly label: string }
  | { readonly kind: 'note'; readonly text: string };

type Label = Readonly<Record<SlipLang, string>>;

const TITLE: Label = { zh: '电子签购单', en: 'ELECTRONIC SLIP' };
const SIGNATURE: Label = { zh: '持卡人签名', en: 'Cardholder signature' };
const NOTE: Label = {
  zh: '持卡人同意按此金额入账',
  en: 'The cardholder agrees to this amount',
};

/** Elements that a slip shows as they are, in its order: before the amount, and after it. */
const SALE_ELEMENTS: readonly (readonly [SlipElement, Label])[] = [
  ['operator', { zh: '操作员号', en: 'Operator' }],
  ['acquirer', { zh: '收单机构', en: 'Acquirer' }],
  ['issuer', { zh: '发卡机构', en: 'Issuer' }],
];
const CHIP_ELEMENTS: readonly (readonly [SlipElement, Label])[] = [
  ['label', { zh: '应用标签', en: 'Label' }],
  ['oldLabel', { zh: '应用标签', en: 'Label' }],
  ['preferredName', { zh: '首选名称', en: 'Preferred name' }],
  ['oldPreferredName', { zh: '首选名称', en: 'Preferred name' }],
  ['aid', { zh: 'AID', en: 'AID' }],
  ['cryptogram', { zh: '应用密文', en: 'Cryptogram' }],
  ['tvr', { zh: 'TVR', en: 'TVR' }],
  ['tsi', { zh: 'TSI', en: 'TSI' }],
  ['atc', { zh: 'ATC', en: 'ATC' }],
  ['unpredictable', { zh: '不可预知数', en: 'UN' }],
  ['aip', { zh: 'AIP', en: 'AIP' }],
  ['issuerData', { zh: 'IAD', en: 'IAD' }],
];
const ORIGINAL_ELEMENTS: readonly (readonly [SlipElement, Label])[] = [
  ['originalStan', { zh: '原凭证号', en: 'Original trace' }],
  ['originalBatch', { zh: '原批次号', en: 'Original batch' }],
  ['originalRrn', { zh: '原参考号', en: 'Original RRN' }],
  ['originalDate', { zh: '原交易日期', en: 'Original date' }],
  ['originalAuthCode', { zh: '原授权码', en: 'Original auth' }],
  ['originalTid', { zh: '原终端号', en: 'Original terminal' }],
];

/** What a slip shows (spec 6.11), for any way of drawing it. */
export function slipRows(record: SlipRecord, lang: SlipLang): SlipRow[] {
  const { elements } = record;
  const pair = (label: Label, value: string | undefined): SlipRow[] =>
    value === undefined || value.trim() === ''
      ? []
      : [{ kind: 'pair', label: label[lang], value: value.trim() }];
  const each = (table: readonly (readonly [SlipElement, Label])[]): SlipRow[] =>
    table.flatMap(([name, label]) => pair(label, elements[name]));
  return [
    { kind: 'title', text: TITLE[lang] },
    ...pair({ zh: '商户名称', en: 'Merchant' }, elements.merchantName),
    ...pair({ zh: '商户编号', en: 'Merchant no.' }, record.mid),
    ...pair({ zh: '终端编号', en: 'Terminal' }, record.tid),
    ...each(SALE_ELEMENTS),
    { kind: 'rule' },
    ...pair({ zh: '交易类型', en: 'Type' }, elements.typeName),
    ...pair({ zh: '卡号', en: 'Card' }, record.maskedPan),
    ...pair({ zh: '批次号', en: 'Batch' }, record.batchNo),
    ...pair({ zh: '凭证号', en: 'Trace' }, record.stan),
    ...pair({ zh: '参考号', en: 'RRN' }, record.rrn),
    ...pair({ zh: '授权码', en: 'Auth code' }, elements.authCode),
    ...pair({ zh: '日期时间', en: 'Date, time' }, timeText(elements)),
    ...pair({ zh: '金额', en: 'Amount' }, `RMB ${formatYuan(record.amountFen)}`),
    ...pair({ zh: '小费', en: 'Tip' }, moneyText(elements.tip)),
    ...pair({ zh: '部分批准金额', en: 'Partly approved' }, moneyText(elements.partialAmount)),
    ...each(ORIGINAL_ELEMENTS),
    ...each(CHIP_ELEMENTS),
    ...pair({ zh: '备注', en: 'Remark' }, elements.remark),
    { kind: 'rule' },
    { kind: 'signature', label: SIGNATURE[lang] },
    ...pair({ zh: '手机号', en: 'Mobile' }, elements.maskedPhone),
    ...pair({ zh: '交易特征码', en: 'Feature code' }, record.feature),
    { kind: 'note', text: NOTE[lang] },
  ];
}

/** YYYYMMDDhhmmss as people write it. */
function timeText({ dateTime = '' }: SlipElements): string {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(dateTime) ?? [];
  return year === undefined ? dateTime : `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

function moneyText(fen: string | undefined): string | undefined {
  return fen === undefined ? undefined : `RMB ${formatYuan(Number(fen))}`;
}
