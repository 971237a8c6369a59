import type { Dialect } from '../../protocol/dialect/dialect.ts';
import { USUAL_RASTER, type RasterOptions } from '../../protocol/signature/rasterise.ts';
import type { KeyForm } from '../../protocol/security/working-keys.ts';

/** What a terminal is set up with; times in milliseconds. */
export interface TerminalConfig {
  readonly dialect: Dialect;
  readonly tid: string;
  readonly mid: string;
  readonly merchantName: string;
  /** Terminal master key, 16 bytes: a test key. */
  readonly tmk: Uint8Array;
  readonly keyForm: KeyForm;
  readonly operator: string;
  readonly supervisorPassword: string;
  /** Asked for with every refund; as delivered it is the supervisor's. */
  readonly refundPassword: string;
  /** Wrong refund passwords in a row after which refunds are locked. */
  readonly refundPasswordTries: number;
  /** Network-access licence and serial number, field 62 of the sign-in (spec 3.10). */
  readonly deviceNumber: string;
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  /** Sends of one reversal before it is given up (spec 6.4). */
  readonly reversalSends: number;
  /** Sends of one advice within one operation. */
  readonly adviceSends: number;
  /** The void asks for the card again (是否刷卡). */
  readonly voidNeedsCard: boolean;
  /** Sends tracks encrypted under the track key, where the sign-in brings one (spec 4.6). */
  readonly encryptsTracks: boolean;
  /** Contactless up to this amount asks for no PIN (spec 2.5). */
  readonly noPinLimitFen: number;
  /** Asks for an electronic signature after an approval. */
  readonly signs: boolean;
  readonly raster: RasterOptions;
  /** How long the pad waits for the holder. */
  readonly signTimeoutMs: number;
  /** Bytes of a signature in one message, and times that a settlement tries to send one. */
  readonly packetBytes: number;
  readonly signatureSends: number;
  /** Signatures that the store holds; a full one uploads the newest as well. */
  readonly mostSignatures: number;
  /** Paper slips that are printed, 0 to 2 (FF70). */
  readonly printedSlips: number;
  /** First STAN to use when the store is empty. */
  readonly firstStan: number;
}

export const TERMINAL_DEFAULTS = {
  keyForm: '004',
  operator: '01',
  supervisorPassword: '123456',
  refundPassword: '123456',
  refundPasswordTries: 3,
  deviceNumber: '30601234567890',
  connectTimeoutMs: 15_000,
  responseTimeoutMs: 60_000,
  reversalSends: 3,
  adviceSends: 1,
  voidNeedsCard: true,
  encryptsTracks: false,
  noPinLimitFen: 100_000,
  signs: false,
  raster: USUAL_RASTER,
  signTimeoutMs: 150_000,
  packetBytes: 900,
  signatureSends: 3,
  mostSignatures: 50,
  printedSlips: 1,
  firstStan: 1,
} as const satisfies Partial<TerminalConfig>;
