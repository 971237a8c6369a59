import { readFileSync } from 'node:fs';

/** Test vectors with their provenance inside; see the files. */
export interface MessageVector {
  name: string;
  origin: string;
  hex: string;
  form?: string;
  tpdu: string;
  header: string;
  mti: string;
  fields: Record<string, string | { hex: string; gbk: string | null }>;
  mac?: { algorithm: string; key: string; f64Ascii: string; xor?: string; mab?: string };
}

interface MessageVectors {
  keys: Record<string, string>;
  messages: MessageVector[];
  negative: { name: string; hex: string; expected: string }[];
}

export interface SecurityVectors {
  keys: Record<string, string>;
  kcv: { name: string; alg: string; key: string; full: string; kcv: string }[];
  workingKeys: {
    name: string;
    tmk: string;
    alg?: string;
    f62?: string;
    expected: Record<string, string | number>;
  }[];
  pinBlock: {
    name: string;
    pin: string;
    pan?: string;
    format: string;
    clear: string;
    key?: string;
    encrypted?: string;
  }[];
  mac: {
    name: string;
    algorithm: string;
    key: string;
    data?: string;
    xor?: string;
    enc1?: string;
    enc2?: string;
    f64ascii?: string;
  }[];
  arqc: {
    name: string;
    imk?: string;
    pan?: string;
    psn?: string;
    udk: string;
    atc: string | undefined;
    tags?: Record<string, string>;
    sk: string;
    acInput?: string;
    acPadded: string;
    arqc: string;
    arc: string;
    arpc: string;
  }[];
  featureCode: { name: string; settleDate: string; rrn: string; expected: string }[];
}

function load(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8'));
}

export const messageVectors = load('messages') as MessageVectors;
export const securityVectors = load('security') as SecurityVectors;

export function messageVector(name: string): MessageVector {
  const vector = messageVectors.messages.find((each) => each.name === name);
  if (vector === undefined) throw new Error(`no vector ${name}`);
  return vector;
}

/** Bytes from TPDU on: some dumps carry the length prefix, some do not. */
export function vectorBodyHex(vector: MessageVector): string {
  const hasLength = !(vector.form ?? 'length').startsWith('tpdu');
  return hasLength ? vector.hex.slice(4) : vector.hex;
}

/** TPDU and header in front of the message of every vector. */
export const ENVELOPE_BYTES = 11;
