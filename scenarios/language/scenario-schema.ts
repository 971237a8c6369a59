import { LAW_TABLE } from '../laws/law-table.ts';
import type { ArgSpec, Verb } from '../verbs/verb.ts';
import { VERB_TABLE } from '../verbs/verb-table.ts';

/** A JSON Schema (draft-07) of as much shape as is needed here. */
export type JsonSchema = { readonly [key: string]: unknown };

const ID = '^[a-z][a-z0-9-]*$';

/** Every scalar is text; a reference to a row or an earlier step fits anywhere. */
function textSchema({ pattern, doc, example }: ArgSpec): JsonSchema {
  return {
    type: 'string',
    pattern: `^(${pattern}|\\$[a-z][a-z0-9-]*(\\.[a-z-]+)?)$`,
    description: `${doc} (for example ${example})`,
  };
}

export function argsSchema(verb: Verb): JsonSchema {
  const entries = Object.entries(verb.args);
  const required = entries.filter(([, spec]) => spec.required === true).map(([name]) => name);
  return {
    type: 'object',
    description: verb.doc,
    properties: Object.fromEntries(entries.map(([name, spec]) => [name, textSchema(spec)])),
    required,
    additionalProperties: false,
  };
}

export function expectSchema(verb: Verb): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(verb.sees).map(([name, doc]) => [name, { type: 'string', description: doc }]),
    ),
    additionalProperties: false,
  };
}

function stepSchema(verb: Verb): JsonSchema {
  const hasRequired = Object.values(verb.args).some(({ required }) => required === true);
  const args = argsSchema(verb);
  return {
    type: 'object',
    properties: {
      // `sign-in:` without arguments is an empty text.
      [verb.name]: hasRequired
        ? args
        : { anyOf: [args, { type: 'string', maxLength: 0 }, { type: 'null' }] },
      as: { type: 'string', pattern: ID, description: 'name for later steps' },
      expect: expectSchema(verb),
    },
    required: [verb.name],
    additionalProperties: false,
  };
}

const TITLE: JsonSchema = {
  type: 'object',
  properties: { zh: { type: 'string', minLength: 1 }, en: { type: 'string', minLength: 1 } },
  required: ['zh', 'en'],
  additionalProperties: false,
};

/** The parts of a file besides its steps, which are judged verb by verb for clearer messages. */
export function headSchema(): JsonSchema {
  return {
    type: 'object',
    properties: {
      id: {
        type: 'string',
        pattern: ID,
        description: 'lower-case letters, digits and hyphens, unique among all scenarios',
      },
      title: TITLE,
      tags: { type: 'array', items: { type: 'string', minLength: 1 } },
      source: { type: 'string', description: 'where the case is documented' },
      clock: {
        type: 'string',
        pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}(:\\d{2})?$',
        description: 'civil time at the start, Asia/Shanghai',
      },
      dialect: {
        type: 'string',
        minLength: 1,
        description:
          'what terminal and host speak: a shipped dialect, or a file beside the scenario; that of the run when absent',
      },
      each: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: { name: { type: 'string', pattern: ID } },
          required: ['name'],
          additionalProperties: { type: 'string' },
        },
        description: 'one run for each row; $column stands for the value of the row',
      },
      steps: { type: 'array', minItems: 1, items: { type: 'object' } },
      then: {
        type: 'array',
        items: { type: 'string', enum: [...LAW_TABLE.keys()] },
        description: 'laws that must hold at the end; all when absent',
      },
    },
    required: ['id', 'title', 'steps'],
    additionalProperties: false,
  };
}

/** The whole form, for editors. */
export function scenarioSchema(): JsonSchema {
  const head = headSchema();
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Countersign scenario',
    ...head,
    properties: {
      ...(head['properties'] as JsonSchema),
      steps: {
        type: 'array',
        minItems: 1,
        items: { anyOf: [...VERB_TABLE.values()].map(stepSchema) },
      },
    },
  };
}
