import { fromHex, toHex } from '../../protocol/bytes/hex.ts';
import {
  applicationCryptogram,
  cryptogramInput,
  deriveCardKey,
  responseCryptogram,
  sessionKey,
} from '../../protocol/security/emv-cryptogram.ts';
import { readScript, type ScriptOutcome } from './issuer-script.ts';

/** Tags by name, values as hex. */
export type Tags = ReadonlyMap<string, string>;

/** What a chip is made with. */
export interface ChipProfile {
  readonly pan: string;
  /** Card sequence number, two digits. */
  readonly psn: string;
  /** The issuer's key for these cards, from which the card's own is derived. */
  readonly imk: Uint8Array;
  /** Transactions so far. */
  readonly atc: number;
  /** Whether the chip refuses to complete when the issuer has not proved itself. */
  readonly needsIssuer?: boolean;
}

/** AID of the UnionPay debit application, and what it can do: issuer authentication among it. */
const AID = 'A000000333010101';
const AIP = '7C00';

/** 9F10 around the card verification results (spec 9.4). */
const IAD_HEAD = '070101';
const IAD_TAIL = '010A010000000000ED538FE4';

/**
 * Second byte of the card verification results: what the second and the first GENERATE AC gave, and
 * whether the issuer failed to prove itself. Counted as in the VSDC family, which spec 9.4 follows.
 */
const CVR_ARQC = 0xa0;
const CVR_TC = 0x60;
const CVR_AAC = 0x20;
const CVR_ISSUER_FAILED = 0x08;

/** 9F27: what kind of cryptogram 9F26 is. */
export const CID_ARQC = '80';
export const CID_TC = '40';
export const CID_AAC = '00';

const MOST_ATC = 0xffff;

interface OpenTransaction {
  readonly sk: Uint8Array;
  readonly arqc: string;
  readonly own: Tags;
  isIssuerTried: boolean;
}

/**
 * The chip of a card: it counts its transactions, asks the issuer with an ARQC, verifies the
 * issuer's answer and completes with a TC or an AAC. One transaction is open at a time; taking the
 * card out ends it.
 */
export class ChipCard {
  readonly aid = AID;
  readonly #udk: Uint8Array;
  readonly #needsIssuer: boolean;
  #atc: number;
  #open: OpenTransaction | undefined;
  #isIssuerAuthentic = false;

  constructor({ pan, psn, imk, atc, needsIssuer = false }: ChipProfile) {
    this.#udk = deriveCardKey(imk, pan, psn);
    this.#needsIssuer = needsIssuer;
    this.#atc = atc;
  }

  /** Transactions so far. */
  get atc(): number {
    return this.#atc;
  }

  /**
   * First GENERATE AC: the tags that the chip adds to those of the terminal.
   * @returns undefined when the chip has no transactions left
   */
  request(terminal: Tags): Tags | undefined {
    if (this.#atc >= MOST_ATC) return undefined;
    this.#atc++;
    const atc = this.#atc.toString(16).toUpperCase().padStart(4, '0');
    const sk = sessionKey(this.#udk, atc);
    const own = new Map([
      ['82', AIP],
      ['9F36', atc],
      ['84', AID],
    ]);
    const answer = generate(sk, terminal, own, CVR_ARQC, CID_ARQC);
    const arqc = answer.get('9F26')!;
    this.#open = { sk, arqc, own, isIssuerTried: false };
    this.#isIssuerAuthentic = false;
    return answer;
  }

  /**
   * EXTERNAL AUTHENTICATE: whether tag 91 (eight bytes and the response code) comes from the issuer.
   */
  authenticateIssuer(authentication: string): boolean {
    const open = this.#open;
    if (open === undefined || open.isIssuerTried) return false;
    open.isIssuerTried = true;
    const arc = String.fromCharCode(...fromHex(authentication.slice(16)));
    const isWhole = authentication.length === 20;
    const due = responseCryptogram(open.sk, open.arqc, arc.slice(0, 2));
    this.#isIssuerAuthentic = isWhole && authentication.slice(0, 16) === due;
    return this.#isIssuerAuthentic;
  }

  /**
   * Commands of an issuer script up to the first that fails: template 71 before the second GENERATE
   * AC, 72 after it.
   */
  runScript(template: string): ScriptOutcome {
    const script = readScript(template);
    // A script is worth nothing without the issuer behind it.
    const isTrusted = this.#isIssuerAuthentic;
    return script.commands.reduce<ScriptOutcome>(
      (outcome, command, at) =>
        outcome.failedAt !== undefined || (isTrusted && isKnownCommand(command))
          ? outcome
          : { ...outcome, failedAt: at + 1 },
      { id: script.id, isReadable: script.isReadable },
    );
  }

  /**
   * Second GENERATE AC: a TC when the terminal asks for one and nothing stands against it, an AAC
   * otherwise.
   */
  complete(terminal: Tags, wantsApproval: boolean): Tags {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return new Map([['9F27', CID_AAC]]);
    const isFailed = open.isIssuerTried && !this.#isIssuerAuthentic;
    const isMissing = this.#needsIssuer && !this.#isIssuerAuthentic;
    const isApproved = wantsApproval && !isFailed && !isMissing;
    const cvr = (isApproved ? CVR_TC : CVR_AAC) | (isFailed ? CVR_ISSUER_FAILED : 0);
    return generate(open.sk, terminal, open.own, cvr, isApproved ? CID_TC : CID_AAC);
  }
}

function generate(sk: Uint8Array, terminal: Tags, own: Tags, cvr: number, cid: string): Tags {
  const iad = `${IAD_HEAD}03${toHex(Uint8Array.of(cvr))}0000${IAD_TAIL}`;
  const tags = new Map([...terminal, ...own, ['9F10', iad] as const]);
  return new Map([
    ...own,
    ['9F10', iad],
    ['9F27', cid],
    ['9F26', applicationCryptogram(sk, cryptogramInput(tags))],
  ]);
}

/** Commands of post-issuance scripts: block and unblock application, change PIN, put data, update. */
const SCRIPT_COMMANDS: readonly string[] = ['1E', '18', '16', '24', 'DA', 'DC', 'D6'];

function isKnownCommand(apdu: string): boolean {
  return /^(84|04)/.test(apdu) && SCRIPT_COMMANDS.includes(apdu.slice(2, 4));
}
