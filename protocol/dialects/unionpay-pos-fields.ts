import type { FieldClass, FieldPart, FieldSpec } from '../dialect/dialect.ts';

type Extra = Partial<Pick<FieldSpec, 'justify' | 'secret' | 'parts' | 'tlv' | 'encoding'>>;

function encodingOf(fieldClass: FieldClass): FieldSpec['encoding'] {
  if (fieldClass === 'n' || fieldClass === 'z') return 'bcd';
  return fieldClass === 'b' ? 'binary' : 'ascii';
}

function fixed(
  name: string,
  zh: string,
  cls: FieldClass,
  size: number,
  extra: Extra = {},
): FieldSpec {
  return {
    name,
    zh,
    class: cls,
    encoding: encodingOf(cls),
    length: { kind: 'fixed', size },
    ...extra,
  };
}

function variable(
  name: string,
  zh: string,
  cls: FieldClass,
  prefixBytes: 1 | 2,
  max: number,
  extra: Extra & { min?: number } = {},
): FieldSpec {
  const { min = 0, ...rest } = extra;
  return {
    name,
    zh,
    class: cls,
    encoding: encodingOf(cls),
    length: { kind: 'variable', prefixBytes, min, max },
    ...rest,
  };
}

function part(name: string, zh: string, size: number | 'rest'): FieldPart {
  return { name, zh, size };
}

/** Data elements of the terminal link, spec 3.1; digits are left-justified except in field 23. */
export const UNIONPAY_POS_FIELDS: Readonly<Record<number, FieldSpec>> = {
  2: variable('PAN', '主账号', 'n', 1, 19, { secret: 'pan' }),
  3: fixed('Processing code', '交易处理码', 'n', 6),
  4: fixed('Amount', '交易金额', 'n', 12),
  11: fixed('STAN', '受卡方系统跟踪号', 'n', 6),
  12: fixed('Local time', '受卡方所在地时间', 'n', 6),
  13: fixed('Local date', '受卡方所在地日期', 'n', 4),
  14: fixed('Expiry', '卡有效期', 'n', 4),
  15: fixed('Settlement date', '清算日期', 'n', 4),
  22: fixed('Entry mode', '服务点输入方式码', 'n', 3, {
    parts: [part('PAN entry', '主账号输入方式', 2), part('PIN entry', 'PIN输入能力', 1)],
  }),
  23: fixed('PAN sequence', '卡序列号', 'n', 3, { justify: 'right' }),
  25: fixed('Condition code', '服务点条件码', 'n', 2),
  26: fixed('PIN capture', '服务点PIN获取码', 'n', 2),
  32: variable('Acquirer', '受理机构标识码', 'n', 1, 11),
  35: variable('Track 2', '二磁道数据', 'z', 1, 37, { secret: 'track' }),
  36: variable('Track 3', '三磁道数据', 'z', 2, 104, { secret: 'track' }),
  37: fixed('RRN', '检索参考号', 'an', 12),
  38: fixed('Auth code', '授权标识应答码', 'an', 6),
  39: fixed('Response code', '应答码', 'an', 2),
  41: fixed('TID', '终端号', 'ans', 8),
  42: fixed('MID', '商户号', 'ans', 15),
  43: fixed('Merchant name', '商户名称', 'ans', 40, { encoding: 'gbk' }),
  44: variable('Institutions', '附加响应数据', 'ans', 1, 25, {
    parts: [part('issuer', '发卡机构', 11), part('acquirer', '收单机构', 11)],
  }),
  46: variable('Private 46', '私有域46', 'b', 2, 999, { secret: 'payload' }),
  48: variable('Additional data', '附加数据', 'n', 2, 322, { secret: 'details' }),
  49: fixed('Currency', '交易货币代码', 'an', 3),
  52: fixed('PIN block', '个人标识码数据', 'b', 8, { secret: 'pin' }),
  53: fixed('Security control', '安全控制信息', 'n', 16, {
    parts: [
      part('PIN format', 'PIN格式', 1),
      part('algorithm', '加密算法', 1),
      part('track', '磁道加密', 1),
      part('reserved', '保留', 'rest'),
    ],
  }),
  54: variable('Additional amounts', '附加金额', 'ans', 2, 20, {
    parts: [
      part('account type', '账户类型', 2),
      part('amount type', '金额类型', 2),
      part('currency', '货币代码', 3),
      part('sign', '符号', 1),
      part('amount', '金额', 12),
    ],
  }),
  55: variable('IC data', 'IC卡数据域', 'b', 2, 255, { tlv: 'ber', secret: 'emv' }),
  56: variable('Private 56', '私有域56', 'b', 2, 999, { secret: 'payload' }),
  57: variable('Private 57', '私有域57', 'b', 2, 999, { secret: 'payload' }),
  58: variable('Private 58', '私有域58', 'b', 2, 100, { secret: 'payload' }),
  59: variable('Extended TLV', '扩展TLV数据', 'b', 2, 600, { secret: 'code' }),
  60: variable('Private: type, batch, network', '自定义域60', 'n', 2, 19, {
    min: 8,
    parts: [
      part('transaction type', '交易类型码', 2),
      part('batch', '批次号', 6),
      part('network code', '网络管理信息码', 3),
      part('read capability', '终端读取能力', 1),
      part('IC condition', 'IC卡条件代码', 1),
      part('partial approval', '部分扣款标志', 1),
      part('account type', '账户类型', 3),
      part('reserved', '保留', 'rest'),
    ],
  }),
  61: variable('Original transaction', '原始信息域', 'n', 2, 29, {
    parts: [
      part('batch', '原批次号', 6),
      part('STAN', '原流水号', 6),
      part('date', '原交易日期', 4),
      part('authorisation mode', '原授权方式', 2),
      part('institution', '原授权机构', 'rest'),
    ],
  }),
  62: variable('Private payload', '自定义域62', 'b', 2, 999, { secret: 'payload' }),
  63: variable('Private text', '自定义域63', 'ans', 2, 163, {
    encoding: 'gbk',
    parts: [
      part('operator or card organisation', '操作员/卡组织', 3),
      part('remarks', '备注', 'rest'),
    ],
  }),
  64: fixed('MAC', '报文鉴别码', 'b', 8),
};
