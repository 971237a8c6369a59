import { featureCode, NO_SETTLEMENT_DATE } from '../../../protocol/message/feature-code.ts';
import type { Message } from '../../../protocol/message/message.ts';
import type { SlipElements } from '../../../protocol/signature/slip-elements.ts';
import { decodeTags } from '../../../protocol/structure/ber-tlv.ts';
import { civilTime } from '../../world/civil-time.ts';
import type { LoggedTransaction } from '../terminal-record.ts';
import type { TerminalStep } from '../terminal-step.ts';
import type { SignatureDue } from './pending-signature.ts';

const TYPE_NAMES = { sale: '消费', void: '消费撤销', refund: '退货' } as const;

/** Length of the issuer's, and of the acquirer's part of field 44. */
const INSTITUTION = 11;

/**
 * The signature that an approved transaction needs; undefined where none is captured: the terminal
 * does not sign, the amount was small, contactless and without PIN (spec 2.5, 7.5), or a code was
 * scanned.
 */
export function signatureDue(
  step: TerminalStep,
  logged: LoggedTransaction,
  answer: Message,
): SignatureDue | undefined {
  const { config } = step.state;
  const isSmall = logged.entry === 'contactless' && logged.amountFen <= config.noPinLimitFen;
  // A payment by code is confirmed in the wallet of its holder.
  const isWaived = isSmall || logged.entry === 'qr';
  if (!config.signs || isWaived) return undefined;
  const { stan, batchNo, rrn, pan } = logged;
  const { 4: amount = '', 15: settlementDate = NO_SETTLEMENT_DATE } = answer.fields;
  return {
    stan,
    batchNo,
    feature: featureCode(settlementDate, rrn),
    fields: {
      2: pan,
      4: amount,
      ...(settlementDate === NO_SETTLEMENT_DATE ? {} : { 15: settlementDate }),
      37: rrn,
    },
    elements: elementsOf(step, logged, answer),
  };
}

function elementsOf(
  step: TerminalStep,
  logged: LoggedTransaction,
  { fields }: Message,
): SlipElements {
  const { config } = step.state;
  const { year } = civilTime(step.env.clock.civilMs());
  const institutions = fields[44] ?? '';
  const chip = decodeTags(logged.request[55] ?? '');
  const original = step.state.record.log.find(({ stan }) => stan === logged.originalStan);
  const isRefund = logged.kind === 'refund';
  const known: Record<string, string | undefined> = {
    merchantName: config.merchantName,
    typeName: TYPE_NAMES[logged.kind],
    operator: config.operator,
    acquirer: institutions.slice(INSTITUTION, 2 * INSTITUTION),
    issuer: institutions.slice(0, INSTITUTION),
    expiry: logged.expiry,
    dateTime: `${year}${fields[13] ?? ''}${fields[12] ?? ''}`,
    authCode: logged.authCode,
    aid: chip.get('84'),
    cryptogram: chip.get('9F26'),
    unpredictable: chip.get('9F37'),
    aip: chip.get('82'),
    tvr: chip.get('95'),
    tsi: logged.tsi,
    atc: chip.get('9F36'),
    issuerData: chip.get('9F10'),
    originalStan: logged.originalStan,
    originalBatch: original?.batchNo,
    // A refund names its sale itself: the terminal may not hold it any more (spec 3.9).
    originalRrn: original?.rrn ?? (isRefund ? logged.request[37] : undefined),
    originalDate: original?.date ?? (isRefund ? logged.request[61]?.slice(-4) : undefined),
  };
  // Nothing is said of what is not known.
  const said = Object.entries(known).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(said) as SlipElements;
}
