import { MAC_ALGORITHMS } from './mac-spec.ts';

/**
 * The form of a dialect file as JSON Schema (draft-07), published as docs/dialect.schema.json. It
 * says what may stand where; `checkDialect` says what fits together.
 */
const text = { type: 'string', minLength: 1 } as const;
const wholeNumber = { type: 'integer', minimum: 0 } as const;
const fieldNumber = { type: 'integer', minimum: 1, maximum: 192 } as const;
const fieldNumbers = { type: 'array', items: fieldNumber } as const;
const codes = { type: 'array', items: { type: 'string' } } as const;
const lengths = { type: 'array', items: wholeNumber, minItems: 1 } as const;
const path = {
  type: 'string',
  pattern: '^(mti|[1-9][0-9]{0,2}(\\.[0-9A-Za-z]+)*)$',
} as const;

function ref(name: string): { readonly $ref: string } {
  return { $ref: `#/definitions/${name}` };
}

function oneOf(...values: readonly string[]): object {
  return { enum: values };
}

/** An object with these members; the ones with `!` must be there, and no others may. */
function record(members: Readonly<Record<string, object>>, description?: string): object {
  const entries = Object.entries(members).map(([name, schema]) => [name.replace('!', ''), schema]);
  const required = Object.keys(members).flatMap((name) =>
    name.endsWith('!') ? [name.slice(0, -1)] : [],
  );
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(entries) as object,
    ...(required.length === 0 ? {} : { required }),
    ...(description === undefined ? {} : { description }),
  };
}

/** One form for objects, another for the rest: a mistake is then told of the form that was meant. */
function byType(type: 'object' | 'string', then: object, otherwise: object): object {
  return { if: { type }, then, else: otherwise };
}

/** An object whose form depends on one member, or on which member it has. */
function chosenBy(forms: readonly (readonly [object, object])[]): object[] {
  return forms.map(([test, then]) => ({ if: test, then }));
}

function ofKind(kind: string): object {
  return { required: ['kind'], properties: { kind: { const: kind } } };
}

function mapOf(schema: object, names?: string): object {
  return {
    type: 'object',
    additionalProperties: schema,
    ...(names === undefined ? {} : { propertyNames: { pattern: names } }),
  };
}

const TEXT_ENCODINGS = ['ascii', 'ebcdic-037', 'ebcdic-500', 'ebcdic-1047'];
const FIELD_ENCODINGS = [...TEXT_ENCODINGS, 'bcd', 'binary', 'hex', 'ebcdic-hex', 'gbk'];
const CLASSES = ['n', 'a', 'an', 'anp', 'ans', 'z', 'b', 'x+n'];
const SECRETS = ['pan', 'track', 'pin', 'payload', 'details', 'emv', 'code'];
const FIELD_NAMES = '^[1-9][0-9]{0,2}$';
const KEBAB = '^[a-z0-9]+(-[a-z0-9]+)*$';
const bitmapEncoding = oneOf('binary', 'hex', 'ebcdic-hex');

const prefixMembers = {
  encoding: oneOf(...TEXT_ENCODINGS, 'bcd', 'binary'),
  counts: oneOf('digits', 'characters', 'bytes'),
  includesItself: { type: 'boolean' },
};

const partMembers = {
  'name!': text,
  'zh!': text,
  from: { type: 'integer', minimum: 1, description: 'first position, counted from 1' },
  'size!': byType('string', oneOf('rest'), { type: 'integer', minimum: 1 }),
  class: oneOf(...CLASSES.filter((each) => each !== 'x+n')),
  values: mapOf({ type: 'string' }),
  secret: oneOf(...SECRETS),
  structure: ref('structure'),
};

const tagMembers = {
  'name!': text,
  'zh!': text,
  secret: oneOf(...SECRETS),
  size: wholeNumber,
  structure: ref('structure'),
};

const parts = { type: 'array', items: ref('part'), minItems: 1 };
const tags = mapOf(ref('tag'));
const repeats = oneOf('keep', 'refuse');

const DEFINITIONS = {
  condition: {
    type: 'object',
    anyOf: ['present', 'absent', 'path', 'all', 'any', 'not'].map((name) => ({ required: [name] })),
    allOf: chosenBy([
      [{ required: ['present'] }, record({ 'present!': path })],
      [{ required: ['absent'] }, record({ 'absent!': path })],
      [{ required: ['path', 'is'] }, record({ 'path!': path, 'is!': codes })],
      [{ required: ['path', 'starts'] }, record({ 'path!': path, 'starts!': codes })],
      [{ required: ['path', 'lengths'] }, record({ 'path!': path, 'lengths!': lengths })],
      [
        {
          required: ['path'],
          not: { anyOf: ['is', 'starts', 'lengths'].map((name) => ({ required: [name] })) },
        },
        record({ 'path!': path, 'is!': codes }),
      ],
      [{ required: ['all'] }, record({ 'all!': { type: 'array', items: ref('condition') } })],
      [{ required: ['any'] }, record({ 'any!': { type: 'array', items: ref('condition') } })],
      [{ required: ['not'] }, record({ 'not!': ref('condition') })],
    ]),
  },
  field: record({
    'name!': text,
    'zh!': text,
    'class!': oneOf(...CLASSES),
    encoding: oneOf(...FIELD_ENCODINGS),
    'length!': byType(
      'object',
      record({ min: wholeNumber, 'max!': { type: 'integer', minimum: 1 } }),
      { type: 'integer', minimum: 1 },
    ),
    prefix: byType(
      'object',
      record({ 'form!': oneOf('L', 'LL', 'LLL', 'LLLL'), ...prefixMembers }),
      oneOf('L', 'LL', 'LLL', 'LLLL'),
    ),
    justify: oneOf('left', 'right'),
    padNibble: oneOf('0', 'F'),
    fill: oneOf('space', 'zero'),
    trim: { type: 'boolean' },
    secret: oneOf(...SECRETS),
    structure: ref('structure'),
    variants: mapOf(
      record({
        'name!': text,
        'zh!': text,
        'when!': ref('condition'),
        structure: ref('structure'),
      }),
      KEBAB,
    ),
  }),
  part: record(partMembers),
  tag: record(tagMembers),
  structure: {
    type: 'object',
    required: ['kind'],
    properties: {
      kind: oneOf('positions', 'records', 'text-tlv', 'fixed-tags', 'ber-tlv', 'sub-message'),
    },
    allOf: chosenBy([
      [ofKind('positions'), record({ 'kind!': { const: 'positions' }, 'parts!': parts })],
      [
        ofKind('records'),
        record({
          'kind!': { const: 'records' },
          'countDigits!': { type: 'integer', minimum: 0, maximum: 6 },
          max: wholeNumber,
          'parts!': parts,
        }),
      ],
      [
        ofKind('text-tlv'),
        record({
          'kind!': { const: 'text-tlv' },
          'tagCharacters!': { type: 'integer', minimum: 1, maximum: 8 },
          'lengthDigits!': { type: 'integer', minimum: 1, maximum: 6 },
          tags,
          repeats,
        }),
      ],
      [
        ofKind('fixed-tags'),
        record({
          'kind!': { const: 'fixed-tags' },
          'tagCharacters!': { type: 'integer', minimum: 1, maximum: 8 },
          'tags!': mapOf(record({ ...tagMembers, 'size!': wholeNumber })),
        }),
      ],
      [
        ofKind('ber-tlv'),
        record({
          'kind!': { const: 'ber-tlv' },
          tags,
          primitive: { type: 'array', items: { type: 'string', pattern: '^[0-9A-F]{2}$' } },
          maxDepth: { type: 'integer', minimum: 1, maximum: 12 },
          repeats,
        }),
      ],
      [
        ofKind('sub-message'),
        record({
          'kind!': { const: 'sub-message' },
          bitmap: record({
            'encoding!': bitmapEncoding,
            'bytes!': { type: 'integer', minimum: 1, maximum: 24 },
          }),
          'fields!': mapOf(ref('field'), FIELD_NAMES),
        }),
      ],
    ]),
  },
  rules: record({
    'mandatory!': fieldNumbers,
    optional: fieldNumbers,
    conditional: {
      type: 'array',
      items: record({
        'field!': fieldNumber,
        'when!': ref('condition'),
        otherwise: oneOf('optional', 'forbidden'),
      }),
    },
    forbidden: {
      type: 'array',
      items: record({ 'fields!': fieldNumbers, 'when!': ref('condition') }),
    },
    lengths: mapOf(lengths, FIELD_NAMES),
  }),
  transaction: record({
    'zh!': text,
    'mti!': { type: 'string', pattern: '^[0-9]{4}$' },
    processing: { type: 'string', pattern: '^[0-9]{2}$' },
    condition: text,
    type: text,
    network: codes,
    'request!': text,
    'answer!': text,
    'echo!': fieldNumbers,
    reversible: { type: 'boolean' },
    advice: { type: 'boolean' },
    mac: { type: 'boolean' },
  }),
  leniency: record({
    'en!': text,
    'zh!': text,
    'accepts!': oneOf('pad-nibble', 'charset', 'missing', 'unexpected', 'length', 'structure'),
    fields: fieldNumbers,
    when: ref('condition'),
    lengths,
  }),
  'response-code': record({ 'class!': oneOf('A', 'B', 'C', 'D', 'E'), 'zh!': text, 'en!': text }),
} as const;

const hex = { type: 'string', pattern: '^([0-9A-F]{2})*$' } as const;

const WHOLE = record({
  $schema: text,
  'id!': { type: 'string', pattern: KEBAB },
  'title!': text,
  framing: record({
    'prefix!': record({
      'encoding!': oneOf('binary', 'binary-le', 'ascii', 'bcd'),
      'bytes!': { enum: [2, 4] },
      includesItself: { type: 'boolean' },
    }),
    'maxFrameBytes!': { type: 'integer', minimum: 1 },
    tpdu: { ...hex, minLength: 10, maxLength: 10 },
    header: hex,
    zeroFrame: oneOf('keep-alive', 'refuse'),
  }),
  'mti!': record({ 'encoding!': oneOf(...TEXT_ENCODINGS, 'bcd') }),
  'bitmap!': record({ 'encoding!': bitmapEncoding, 'fields!': { enum: [64, 128, 192] } }),
  defaults: record({
    encoding: record(Object.fromEntries(CLASSES.map((name) => [name, oneOf(...FIELD_ENCODINGS)]))),
    prefix: record(prefixMembers),
    justify: oneOf('left', 'right'),
    padNibble: oneOf('0', 'F'),
  }),
  'fields!': mapOf(ref('field'), FIELD_NAMES),
  macField: fieldNumber,
  mac: record({
    'algorithm!': oneOf(...MAC_ALGORITHMS),
    padding: { enum: [1, 2], description: 'of iso9797-1 and iso9797-3; 1 when absent' },
    output: {
      ...oneOf('hex', 'binary'),
      description: 'hex: four bytes as eight characters; binary: eight bytes',
    },
  }),
  leniencies: mapOf(ref('leniency'), KEBAB),
  rules: mapOf(ref('rules'), KEBAB),
  transactions: mapOf(ref('transaction'), KEBAB),
  assumed: {
    type: 'array',
    description: 'messages that rest on something no source states for certain',
    items: record({ 'when!': ref('condition'), 'en!': text, 'zh!': text }),
  },
  match: record({
    'fields!': fieldNumbers,
    mayLack: {
      type: 'array',
      items: record({ 'fields!': fieldNumbers, when: ref('condition') }),
    },
    mayDiffer: {
      type: 'array',
      items: record({ 'fields!': fieldNumbers, 'when!': ref('condition') }),
    },
    needs: {
      type: 'array',
      items: record({ 'field!': fieldNumber, unless: ref('condition') }),
    },
  }),
  responseCodes: mapOf(ref('response-code'), '^[0-9A-Z]{2,3}$'),
  reversalReasons: record({ 'noResponse!': text, 'terminalFault!': text, 'macError!': text }),
  reversalFinal: codes,
  signInAgain: codes,
  entryModes: record({
    'swipe!': text,
    'chip!': text,
    'contactless!': text,
    'keyed!': text,
    qr: text,
  }),
  otherEntryModes: mapOf(oneOf('swipe', 'chip', 'contactless', 'keyed', 'fallback'), '^[0-9]{2}$'),
  paymentCodes: mapOf(record({ 'starts!': codes, 'digits!': lengths }), '^[a-z][a-z-]*$'),
  pinDigits: record({ 'entered!': text, 'none!': text }),
  encryptedTrack: record({ 'field!': fieldNumber, 'digit!': wholeNumber, 'value!': text }),
  reversalWithPan: codes,
});

const PATCH = record({
  $schema: text,
  'id!': { type: 'string', pattern: KEBAB },
  'title!': text,
  'extends!': { ...text, description: 'the id of a shipped dialect, or a file beside this one' },
  patch: {
    type: 'object',
    description: 'a merge patch (RFC 7396): objects are merged, null takes away, the rest replaces',
  },
});

/** A file that stands on its own, one that extends another, and a dialect after its patches. */
export const DIALECT_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'A dialect of Countersign',
  definitions: { ...DEFINITIONS, whole: WHOLE, patch: PATCH },
  if: { required: ['extends'] },
  then: ref('patch'),
  else: ref('whole'),
};
