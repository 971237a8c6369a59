import { LAW_TABLE } from '../laws/law-table.ts';
import type { PlannedCase, PlannedStep } from '../plan/plan.ts';
import { say, type Lang } from '../verbs/verb.ts';
import { VERB_TABLE } from '../verbs/verb-table.ts';

/** Words of expectations in both languages; what is not here is shown as it stands. */
const SEEN_TEXTS: Readonly<Record<string, { zh: string; en: string }>> = {
  outcome: { zh: '结果', en: 'outcome' },
  rc: { zh: '应答码', en: 'response code' },
  screen: { zh: '屏幕', en: 'screen' },
  wire: { zh: '报文', en: 'messages' },
  stan: { zh: '流水号', en: 'STAN' },
  batch: { zh: '批次号', en: 'batch' },
  rrn: { zh: '参考号', en: 'RRN' },
  'auth-code': { zh: '授权码', en: 'authorisation code' },
  amount: { zh: '金额', en: 'amount' },
  'reversal-pending': { zh: '待冲正', en: 'reversal pending' },
  reversal: { zh: '冲正', en: 'reversal' },
  totals: { zh: '终端总额', en: 'terminal totals' },
  'host-totals': { zh: '主机总额', en: 'host totals' },
  available: { zh: '可用余额', en: 'available' },
  'spent-today': { zh: '当日已用限额', en: 'spent today' },
  'spent-this-month': { zh: '当月已用限额', en: 'spent this month' },
  unsettled: { zh: '未结算', en: 'unsettled' },
  payable: { zh: '应付商户', en: 'payable' },
  held: { zh: '冻结', en: 'held' },
  paid: { zh: '已出款', en: 'paid' },
  fees: { zh: '手续费', en: 'fees' },
  hold: { zh: '冻结编号', en: 'hold' },
  released: { zh: '已解冻', en: 'released' },
  why: { zh: '原因', en: 'because' },
  found: { zh: '找到', en: 'found' },
  status: { zh: '状态', en: 'status' },
  cause: { zh: '未到账原因', en: 'cause' },
  evidence: { zh: '依据', en: 'evidence' },
  signature: { zh: '电子签名', en: 'signature' },
  state: { zh: '存档状态', en: 'archive state' },
  size: { zh: '图像尺寸', en: 'image size' },
  packets: { zh: '分包数', en: 'packets' },
  feature: { zh: '特征码', en: 'feature code' },
  drawn: { zh: '与所签一致', en: 'as drawn' },
  signatures: { zh: '签名已存/纸质', en: 'signatures stored/on paper' },
  missing: { zh: '缺失原因', en: 'missing because' },
  exemption: { zh: '免电子签名', en: 'no signature because' },
  agreement: { zh: '退款协议', en: 'agreement' },
  fee: { zh: '手续费', en: 'fee' },
  surcharge: { zh: '附加费', en: 'surcharge' },
  surcharges: { zh: '附加费', en: 'surcharges' },
  net: { zh: '净额', en: 'net' },
  rate: { zh: '费率', en: 'rate' },
  next: { zh: '下一步', en: 'next' },
  on: { zh: '日期', en: 'on' },
  returned: { zh: '已退回', en: 'returned' },
  owed: { zh: '欠款', en: 'owed' },
  taken: { zh: '已扣划', en: 'taken' },
  transit: { zh: '在途', en: 'on its way' },
  open: { zh: '未确认', en: 'open' },
  problem: { zh: '银行回复', en: 'the bank said' },
  received: { zh: '已收款', en: 'received' },
  line: { zh: '费率项', en: 'tariff line' },
  voucher: { zh: '付款凭证号', en: 'voucher' },
  payments: { zh: '有效付款笔数', en: 'payments that stand' },
  count: { zh: '笔数', en: 'count' },
  stans: { zh: '流水号', en: 'STANs' },
  today: { zh: '当日收款', en: 'today' },
  month: { zh: '当月收款', en: 'this month' },
  version: { zh: '规则版本', en: 'version of the rules' },
  review: { zh: '复核编号', en: 'review' },
  rules: { zh: '命中规则', en: 'rules met' },
  events: { zh: '审计事件', en: 'entries' },
  people: { zh: '经办人', en: 'people' },
  adjustment: { zh: '调账编号', en: 'adjustment' },
  retrieval: { zh: '调单编号', en: 'request' },
  due: { zh: '期限', en: 'due' },
  with: { zh: '凭证', en: 'evidence' },
  sealed: { zh: '存档链序号', en: 'place in the chain' },
  chain: { zh: '存档链', en: 'chain' },
  slip: { zh: '签购单', en: 'slip' },
  overdue: { zh: '逾期', en: 'overdue' },
  masked: { zh: '已脱敏', en: 'masked' },
  detail: { zh: '说明', en: 'detail' },
};

const VALUE_TEXTS: Readonly<Record<string, string>> = {
  approved: '批准',
  declined: '拒绝',
  unknown: '未知',
  'not-sent': '未发出',
  refused: '不予受理',
  balanced: '对账平',
  unbalanced: '对账不平',
  frozen: '已冻结',
  released: '已解冻',
  taken: '已扣划',
  returned: '已退回',
  'no-effect': '无效果',
  yes: '是',
  no: '否',
  done: '成功',
  'given-up': '放弃',
  kept: '保留',
  present: '有',
  absent: '无',
  active: '有效',
  reversed: '已冲正',
  voided: '已撤销',
  arrived: '已到账',
  'not-due-yet': '未到出款时间',
  'insufficient-funds': '余额不足',
  'channel-down': '渠道故障',
  'compliance-review': '合规审查',
  'system-delay': '系统延迟',
  'wrong-account': '账户信息有误',
  registered: '已登记',
  due: '待签名或待上送',
  captured: '已签名',
  paper: '改签纸质签购单',
  stored: '已存档',
  partial: '未收全',
  exempt: '已登记免签',
  'not-needed': '无需签名',
  recorded: '已登记',
  entered: '已登记',
  'power-lost': '断电',
  cancelled: '取消',
  'timed-out': '超时',
  empty: '空白',
  'manual-intervention': '人为干预',
  proposed: '待复核',
  booked: '已入账',
  rejected: '已驳回',
  answered: '已回复',
  open: '未结',
  image: '电子签名',
  rule: '免签规则',
  whole: '完整',
  broken: '被改动',
  idle: '回到待机',
  asking: '等待输入',
  cleared: '复核解除',
  confirmed: '确认风险',
  none: '无',
};

/** A case as prose, for people who do not read YAML. */
export function explainCase(planned: PlannedCase, lang: Lang): string {
  const { id, title, source, clock, steps, laws } = planned;
  const head = `${id}  ${say(lang, title)}`;
  const from = source === '' ? '' : say(lang, { zh: `来源：${source}`, en: `Source: ${source}` });
  const start = say(lang, {
    zh: `开始时间：${clock}（上海）`,
    en: `Starts at ${clock}, Shanghai`,
  });
  const lawTexts = laws.flatMap((law) => {
    const known = LAW_TABLE.get(law);
    return known === undefined ? [] : [`    ${law}  ${say(lang, known.title)}`];
  });
  return [
    head,
    ...(from === '' ? [] : [`  ${from}`]),
    `  ${start}`,
    ...steps.map((step) => stepText(step, lang)),
    `  ${say(lang, { zh: '结束时必须成立：', en: 'At the end these laws hold:' })}`,
    ...lawTexts,
    '',
  ].join('\n');
}

function stepText(step: PlannedStep, lang: Lang): string {
  const verb = VERB_TABLE.get(step.verb);
  const done = verb?.explain(step.args, lang) ?? step.verb;
  const name = step.as === undefined ? '' : ` ($${step.as})`;
  const expected = Object.entries(step.expect).map(([key, value]) => {
    const label = SEEN_TEXTS[key];
    const text = lang === 'zh' ? (VALUE_TEXTS[value] ?? value) : value;
    return `${label === undefined ? key : say(lang, label)} ${text}`;
  });
  const joined = expected.join(lang === 'zh' ? '，' : ', ');
  const then =
    expected.length === 0 ? '' : `\n       ${lang === 'zh' ? '应为：' : 'expected: '}${joined}`;
  return `  ${String(step.index).padStart(2)}. ${done}${name}${then}`;
}
