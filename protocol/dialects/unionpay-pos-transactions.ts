import type { TransactionSpec } from '../dialect/dialect.ts';

type Row = Pick<TransactionSpec, 'name' | 'zh' | 'mti'> & Partial<TransactionSpec>;

const FINANCIAL = [3, 4, 11, 22, 25, 41, 42, 49, 60, 64];
const CARD = [[2, 35]];
const FINANCIAL_ECHO = [2, 3, 4, 11, 14, 23, 25, 41, 42, 49, 53, 60];

function financial(row: Row): TransactionSpec {
  return {
    condition: '00',
    mandatory: FINANCIAL,
    oneOf: CARD,
    echo: FINANCIAL_ECHO,
    reversible: true,
    advice: false,
    mac: true,
    ...row,
  };
}

/** Advices are repeated until answered, never reversed (spec 2.1 `adv`). */
function advice(row: Row): TransactionSpec {
  return financial({ reversible: false, advice: true, ...row });
}

function management(row: Row): TransactionSpec {
  return {
    type: '00',
    mandatory: [11, 41, 42, 60],
    echo: [11, 41, 42, 60],
    reversible: false,
    advice: false,
    mac: false,
    ...row,
  };
}

/** Requests of the terminal link, spec 2.1–2.4 and 2.6. */
export const UNIONPAY_POS_TRANSACTIONS: readonly TransactionSpec[] = [
  financial({
    name: 'balance',
    zh: '余额查询',
    mti: '0200',
    processing: '31',
    type: '01',
    mandatory: FINANCIAL.filter((field) => field !== 4),
    reversible: false,
  }),
  financial({
    name: 'sale',
    zh: '消费',
    mti: '0200',
    processing: '00',
    type: '22',
    oneOf: [[2, 35, 59]],
  }),
  financial({
    name: 'void',
    zh: '消费撤销',
    mti: '0200',
    processing: '20',
    type: '23',
    mandatory: [...FINANCIAL, 37, 61],
    oneOf: [[2, 35, 59]],
    echo: [2, 3, 4, 11, 14, 23, 25, 41, 42, 49, 60],
  }),
  advice({
    name: 'refund',
    zh: '退货',
    mti: '0220',
    processing: '20',
    type: '25',
    mandatory: [...FINANCIAL, 37, 61, 63],
    oneOf: [[2, 35, 59]],
    echo: [2, 3, 4, 11, 25, 41, 42, 49, 60],
  }),
  financial({
    name: 'pre-auth',
    zh: '预授权',
    mti: '0100',
    processing: '03',
    condition: '06',
    type: '10',
  }),
  financial({
    name: 'pre-auth-void',
    zh: '预授权撤销',
    mti: '0100',
    processing: '20',
    condition: '06',
    type: '11',
    mandatory: [...FINANCIAL, 38, 61],
  }),
  financial({
    name: 'completion',
    zh: '预授权完成(请求)',
    mti: '0200',
    processing: '00',
    condition: '06',
    type: '20',
    mandatory: [...FINANCIAL, 38, 61],
  }),
  financial({
    name: 'completion-void',
    zh: '预授权完成撤销',
    mti: '0200',
    processing: '20',
    condition: '06',
    type: '21',
    mandatory: [...FINANCIAL, 37, 38, 61],
  }),
  advice({
    name: 'completion-advice',
    zh: '预授权完成(通知)',
    mti: '0220',
    processing: '00',
    condition: '06',
    type: '24',
    mandatory: [...FINANCIAL, 38, 61],
  }),
  // Takes its codes over from its original, so none of them tells it apart.
  {
    name: 'reversal',
    zh: '冲正',
    mti: '0400',
    mandatory: [...FINANCIAL, 39],
    echo: [2, 3, 4, 11, 25, 41, 42, 49, 60],
    reversible: false,
    advice: false,
    mac: true,
  },
  management({
    name: 'script-result',
    zh: '脚本结果通知',
    mti: '0620',
    network: ['951'],
    mandatory: [3, 4, 11, 22, 37, 41, 42, 49, 55, 60, 61, 64],
    echo: [3, 4, 11, 41, 42, 49, 60, 61],
    advice: true,
    mac: true,
  }),
  management({ name: 'sign-in', zh: '签到', mti: '0800', network: ['001', '003', '004'] }),
  management({ name: 'sign-off', zh: '签退', mti: '0820', network: ['002'] }),
  management({
    name: 'settlement',
    zh: '批结算',
    mti: '0500',
    network: ['201'],
    mandatory: [11, 41, 42, 48, 49, 60, 63],
    echo: [11, 41, 42, 60, 63],
  }),
  management({
    name: 'upload',
    zh: '批上送',
    mti: '0320',
    network: ['201'],
    mandatory: [11, 41, 42, 48, 60],
  }),
  management({
    name: 'upload-chip',
    zh: 'IC卡批上送',
    mti: '0320',
    network: ['203', '205'],
    mandatory: [4, 11, 22, 41, 42, 60, 62],
  }),
  management({
    name: 'upload-advice',
    zh: '通知类批上送',
    mti: '0320',
    type: '25',
    network: ['204', '206', '000'],
    mandatory: [3, 4, 11, 22, 25, 37, 41, 42, 49, 60, 61],
  }),
  management({
    name: 'upload-end',
    zh: '批上送结束',
    mti: '0320',
    network: ['202', '207'],
    mandatory: [11, 41, 42, 48, 60],
  }),
  management({
    name: 'echo',
    zh: '回响测试',
    mti: '0820',
    network: ['301'],
    mandatory: [41, 42, 60],
    echo: [41, 42, 60],
  }),
  management({
    name: 'signature-upload',
    zh: '电子签名上送',
    mti: '0820',
    type: '07',
    network: ['800', '801', '802', '803', '804', '805', '806', '807', '808', '809'],
    mandatory: [4, 11, 37, 41, 42, 55, 60, 62, 64],
    mac: true,
  }),
  management({
    name: 'download',
    zh: '参数下载',
    mti: '0800',
    network: ['350', '360', '361', '364', '365', '370', '371', '380', '381', '394', '395'],
    mandatory: [41, 42, 60],
    echo: [41, 42, 60],
  }),
  management({
    name: 'download-query',
    zh: '参数查询',
    mti: '0820',
    network: ['362', '372', '373', '382'],
    mandatory: [41, 42, 60],
    echo: [41, 42, 60],
  }),
];
