import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { stampPlace } from '../../protocol/signature/feature-stamp.ts';
import { USUAL_RASTER, type RasterOptions } from '../../protocol/signature/rasterise.ts';
import { SIGNATURE_LIMITS } from '../../protocol/signature/signature-limits.ts';
import type { KeyForm } from '../../protocol/security/working-keys.ts';
import type { Texts } from '../plan/plan.ts';
import { TERMINAL_ARG, terminalOf } from './args.ts';
import { say, type Verb } from './verb.ts';

/** 60.3 of the sign-in by the name of its keys (spec 4.3). */
const KEY_FORMS: Readonly<Record<string, KeyForm>> = {
  single: '001',
  double: '003',
  'double-track': '004',
  sm4: '006',
};

/** Characters of a feature code (spec 7.4). */
const FEATURE_DIGITS = 8;

function stanOf({ stan }: Texts): { readonly nextStan?: number } {
  if (stan === undefined) return {};
  if (stan === '000000')
    throw new CountersignError('E_SCENARIO', { text: 'there is no STAN 000000' });
  return { nextStan: Number(stan) };
}

function rasterOf(args: Texts): RasterOptions {
  const [width = 0, height = 0] = (args['pad'] ?? '320x138').split('x').map(Number);
  const [thinnestPen = 1, thickestPen = 3] = (args['pen'] ?? '1-3').split('-').map(Number);
  const { width: mostWidth, height: mostHeight, pixels } = SIGNATURE_LIMITS;
  if (width > mostWidth || height > mostHeight || width * height > pixels) {
    const text = `a pad of ${width}x${height} pixels`;
    const hint = `at most ${mostWidth} columns, ${mostHeight} lines and ${pixels} pixels`;
    throw new CountersignError('E_SCENARIO', { text, hint });
  }
  if (stampPlace(width, height, FEATURE_DIGITS) === undefined) {
    const text = `a pad of ${width}x${height} pixels is too small for the feature code`;
    throw new CountersignError('E_SCENARIO', { text, hint: 'it takes 47 pixels in width' });
  }
  return { ...USUAL_RASTER, width, height, thinnestPen, thickestPen };
}

const KEYS_ZH: Readonly<Record<string, string>> = {
  single: '单长 DES 密钥',
  double: '双长 3DES 密钥',
  'double-track': '双长 3DES 密钥（含磁道密钥）',
  sm4: 'SM4 密钥（假定规范）',
};

const KEYS_EN: Readonly<Record<string, string>> = {
  single: 'single-length DES keys',
  double: 'double-length 3DES keys',
  'double-track': '3DES keys with a track key',
  sm4: 'SM4 keys (assumed profile)',
};

export const setUp: Verb = {
  name: 'set-up',
  doc: 'how a terminal is set up; it boots again with these settings',
  args: {
    keys: {
      doc: 'the keys that it asks for at sign-in; double-track when absent. sm4 is an assumed profile',
      pattern: Object.keys(KEY_FORMS).join('|'),
      example: 'sm4',
    },
    tracks: {
      doc: 'how it sends tracks; clear when absent',
      pattern: 'clear|encrypted',
      example: 'encrypted',
    },
    signatures: {
      doc: 'whether it asks for electronic signatures; off when absent',
      pattern: 'on|off',
      example: 'on',
    },
    packet: {
      doc: 'bytes of a signature in one message; 900 when absent',
      pattern: '[1-9]\\d{1,2}',
      example: '200',
    },
    pad: {
      doc: 'size of the picture of a signature in pixels; 320x138 when absent',
      pattern: '[1-9]\\d{1,3}x[1-9]\\d{1,3}',
      example: '240x100',
    },
    pen: {
      doc: 'width of the pen without and with pressure, in pixels; 1-3 when absent',
      pattern: '[1-9]\\d?-[1-9]\\d?',
      example: '1-4',
    },
    'most-signatures': {
      doc: 'signatures that the terminal holds before it sends the newest as well; 50 when absent',
      pattern: '[1-9]\\d{0,3}',
      example: '2',
    },
    stan: {
      doc: 'trace number of the next message, as an operator can set it',
      pattern: '\\d{6}',
      example: '000002',
    },
    terminal: TERMINAL_ARG,
  },
  sees: {},
  needs: ['terminal'],
  isObservation: false,
  explain(args, lang) {
    const { keys = 'double-track', tracks = 'clear' } = args;
    const isEncrypted = tracks === 'encrypted';
    const tid = terminalOf(args);
    const signs = args['signatures'] === 'on';
    const tracksEn = isEncrypted ? 'encrypted' : 'in clear';
    return say(lang, {
      zh: `终端 ${tid} 使用 ${KEYS_ZH[keys] ?? keys}，磁道${isEncrypted ? '加密' : '明文'}${signs ? '，启用电子签名' : ''}`,
      en: `Terminal ${tid} uses ${KEYS_EN[keys] ?? keys}, tracks ${tracksEn}${signs ? ', asks for signatures' : ''}`,
    });
  },
  run(context, args) {
    const { keys = 'double-track', tracks = 'clear' } = args;
    context.target.setUp(terminalOf(args, context), {
      keyForm: KEY_FORMS[keys] ?? '004',
      encryptsTracks: tracks === 'encrypted',
      signs: args['signatures'] === 'on',
      packetBytes: Number(args['packet'] ?? 900),
      mostSignatures: Number(args['most-signatures'] ?? 50),
      raster: rasterOf(args),
      ...stanOf(args),
    });
    return Promise.resolve({ seen: {} });
  },
};
