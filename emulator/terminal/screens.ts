import type { Dialect } from '../../protocol/dialect/dialect.ts';
import type { Title } from '../events/party-event.ts';

/** Texts of the terminal that are not those of a response code. */
export const SCREENS = {
  busy: { zh: '正在交易，请稍候', en: 'busy, please wait' },
  notSent: { zh: '连接失败，请重试', en: 'no connection, try again' },
  unknown: { zh: '交易超时，待冲正', en: 'timed out, will be reversed' },
  adviceUnknown: { zh: '结果未知，请查询', en: 'outcome unknown, please enquire' },
  notAuthentic: { zh: '应答校验错，请重新签到', en: 'answer not authentic, sign in again' },
  powerLost: { zh: '断电重启', en: 'the power failed, started again' },
  badAnswer: { zh: '应答校验错，待冲正', en: 'answer not authentic, will be reversed' },
  signedIn: { zh: '签到成功', en: 'signed in' },
  signInFailed: { zh: '签到失败', en: 'sign-in failed' },
  keysRefused: { zh: '密钥校验失败，请重新签到', en: 'key check failed, keys not installed' },
  signedOff: { zh: '签退成功', en: 'signed off' },
  noAnswer: { zh: '无应答，请重试', en: 'no answer, try again' },
  echo: { zh: '线路正常', en: 'line in order' },
  reversalOpen: { zh: '冲正未完成，请重试', en: 'reversal not finished, try again' },
  wrongPassword: { zh: '主管密码错', en: 'wrong supervisor password' },
  wrongRefundPassword: { zh: '退货密码错', en: 'wrong refund password' },
  refundLocked: {
    zh: '退货已锁定，请主管解锁',
    en: 'refunds are locked, the supervisor unlocks them',
  },
  refundUnlocked: { zh: '退货已解锁', en: 'refunds are unlocked' },
  notInBatch: { zh: '当前批次无此交易，请做退货', en: 'not in this batch: make a refund' },
  alreadyVoided: { zh: '该交易已撤销', en: 'already voided' },
  badCode: { zh: '付款码无效，请重新扫码', en: 'not a payment code, scan again' },
  noCodes: { zh: '不支持扫码支付', en: 'payment by code is not supported' },
  otherCard: { zh: '卡号不符', en: 'not the card of the sale' },
  cardFailed: { zh: '卡片拒绝，待冲正', en: 'the card refuses, will be reversed' },
  chipSpent: { zh: '卡片无法交易，请换卡', en: 'the chip gives no cryptogram, use another card' },
  signed: { zh: '签名成功', en: 'signed' },
  signAgain: { zh: '签名无效，请重新签名', en: 'no signature, sign again' },
  signOnPaper: { zh: '请在签购单上签名', en: 'sign on the paper slip' },
  noSignatureDue: { zh: '该交易无需签名', en: 'no signature is due' },
  signaturesOpen: { zh: '电子签名未上送，请重试', en: 'signatures are not uploaded, try again' },
  cardNeeded: {
    zh: '请刷卡；持卡人不在场请做退货',
    en: 'present the card; without its holder make a refund',
  },
  ready: { zh: '请选择交易', en: 'ready' },
  working: { zh: '正在处理', en: 'working' },
  cancelled: { zh: '交易取消', en: 'cancelled' },
  wrongKey: { zh: '操作有误，请重新操作', en: 'wrong key, begin again' },
  badEntry: { zh: '输入有误，请重新操作', en: 'wrong entry, begin again' },
  askAmount: { zh: '请输入金额', en: 'enter the amount' },
  askCard: { zh: '请刷卡、插卡或挥卡', en: 'present the card' },
  askPassword: { zh: '请输入主管密码', en: 'enter the supervisor password' },
  askStan: { zh: '请输入原交易流水号', en: 'enter the trace number of the sale' },
  askRrn: { zh: '请输入原交易参考号', en: 'enter the reference number of the sale' },
  askDate: { zh: '请输入原交易日期', en: 'enter the date of the sale' },
  confirmVoid: { zh: '确认撤销？', en: 'void this sale?' },
  confirmSettle: { zh: '确认批结算？', en: 'settle the batch?' },
  badAmount: { zh: '金额无效', en: 'invalid amount' },
  refundOpen: { zh: '上笔退货结果未知，请先查询', en: 'outcome of the last refund is open' },
  settleFirst: { zh: '批结算未完成，请先结算', en: 'settlement unfinished, settle first' },
  balanced: { zh: '对账平', en: 'balanced' },
  unbalanced: { zh: '对账不平', en: 'not balanced' },
  uploadFailed: { zh: '批上送失败，请重新结算', en: 'batch upload failed, settle again' },
  settlementUnknown: { zh: '结算未完成，请重新结算', en: 'settlement unanswered, settle again' },
  failed: { zh: '交易失败', en: 'transaction failed' },
} as const satisfies Record<string, Title>;

/** What the screen shows for a response code; an unknown one is a failure (spec 5). */
export function screenOfCode(dialect: Dialect, rc: string): Title {
  const code = dialect.responseCodes[rc];
  return code === undefined ? SCREENS.failed : { zh: code.zh, en: code.en };
}
