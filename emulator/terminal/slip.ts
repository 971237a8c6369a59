import { maskPan } from '../../protocol/bytes/card-number.ts';
import type { Message } from '../../protocol/message/message.ts';
import { decodeTags } from '../../protocol/structure/ber-tlv.ts';
import { formatYuan } from '../../protocol/message/amount.ts';
import type { EntryMode } from './card-presented.ts';
import type { TerminalConfig } from './terminal-config.ts';
import type { LoggedTransaction } from './terminal-record.ts';

const KIND_TITLES = { sale: '消费 SALE', void: '消费撤销 VOID', refund: '退货 REFUND' } as const;
const ENTRY_LETTERS: Record<EntryMode, string> = {
  swipe: 'S',
  chip: 'I',
  contactless: 'C',
  keyed: 'M',
  qr: 'Q',
};

/** Lines of the slip (签购单), elements of spec 6.11; the card number is masked. */
export function slipLines(
  config: TerminalConfig,
  transaction: LoggedTransaction,
  answer: Message,
): string[] {
  const { pan, entry, kind, batchNo, stan, authCode, rrn, amountFen } = transaction;
  const lines = [
    `商户名称 ${config.merchantName}`,
    `商户编号 ${config.mid}`,
    `终端编号 ${config.tid}  操作员 ${config.operator}`,
    entry === 'qr' ? '扫码支付/Q' : `卡号 ${maskPan(pan)}/${ENTRY_LETTERS[entry]}`,
    `交易类型 ${KIND_TITLES[kind]}`,
    `批次号 ${batchNo}  凭证号 ${stan}`,
    `参考号 ${rrn}${authCode === '' ? '' : `  授权码 ${authCode}`}`,
    `日期时间 ${answer.fields[13] ?? ''} ${answer.fields[12] ?? ''}`,
    `金额 RMB ${formatYuan(amountFen)}`,
  ];
  if (transaction.voucher !== undefined) lines.push(`付款凭证号 ${transaction.voucher}`);
  if (transaction.originalStan !== undefined) lines.push(`原凭证号 ${transaction.originalStan}`);
  return [...lines, ...chipLines(transaction)];
}

const CRYPTOGRAMS: Readonly<Record<string, string>> = { 40: 'TC', 80: 'ARQC' };

/** What the chip said, with its last cryptogram; nothing of a card without one. */
function chipLines({ request, tsi }: LoggedTransaction): string[] {
  if (request[55] === undefined) return [];
  const tags = decodeTags(request[55]);
  const text = (tag: string): string => tags.get(tag) ?? '';
  const status = tsi === undefined ? '' : `  TSI ${tsi}`;
  return [
    `${CRYPTOGRAMS[text('9F27')] ?? 'AC'} ${text('9F26')}  ATC ${text('9F36')}`,
    `AID ${text('84')}  TVR ${text('95')}${status}`,
    `UN ${text('9F37')}  AIP ${text('82')}  IAD ${text('9F10')}`,
  ];
}
