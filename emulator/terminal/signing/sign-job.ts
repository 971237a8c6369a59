import { toHex } from '../../../protocol/bytes/hex.ts';
import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import { blackCount, type Bitmap } from '../../../protocol/jbig/bitmap.ts';
import { encodeJbig } from '../../../protocol/jbig/encode-jbig.ts';
import { stampFeature } from '../../../protocol/signature/feature-stamp.ts';
import { rasterise, type RasterOptions } from '../../../protocol/signature/rasterise.ts';
import { encodeSlip } from '../../../protocol/signature/slip-elements.ts';
import type { Strokes } from '../../../protocol/signature/strokes.ts';
import type { SignCommand } from '../command.ts';
import { finishWith, GO_ON, type Job, type Next } from '../operations/job.ts';
import { SCREENS } from '../screens.ts';
import { persist, type TerminalStep } from '../terminal-step.ts';
import type { PaperReason, PendingSignature } from './pending-signature.ts';
import { mostPackets } from './signature-upload.ts';

/** Fewer black pixels than this are a slip of the pen, no signature. */
const LEAST_PIXELS = 60;
/** Times that the holder may try before paper is printed (spec 7.5). */
const MOST_REJECTIONS = 3;

/** What was drawn on the pad becomes the file of its transaction; nothing goes over the line yet. */
export const signJob: Job = {
  begin(step, { command }) {
    if (command.verb !== 'sign') return GO_ON;
    const signature = pendingOf(step, command);
    if (signature?.state !== 'due') return finishWith('refused', SCREENS.noSignatureDue);
    if (command.strokes !== undefined) return capture(step, signature, command);
    if (command.isLeft !== true) return onPaper(step, signature, 'cancelled');
    return { kind: 'wait', delayMs: step.state.config.signTimeoutMs };
  },
  waited(step, { command }) {
    const signature = command.verb === 'sign' ? pendingOf(step, command) : undefined;
    return signature === undefined ? GO_ON : onPaper(step, signature, 'timed-out');
  },
  answered: () => GO_ON,
  unanswered: () => GO_ON,
  forged: () => GO_ON,
  notSent: () => GO_ON,
};

function pendingOf(step: TerminalStep, { stan }: SignCommand): PendingSignature | undefined {
  return step.state.record.signatures.find((each) => each.stan === stan);
}

function capture(
  step: TerminalStep,
  signature: PendingSignature,
  { strokes, phone }: SignCommand,
): Next {
  const { config } = step.state;
  const { stan } = signature;
  const bitmap = drawn(strokes!, config.raster);
  if (bitmap === undefined) return rejected(step, signature, 'too-large');
  if (blackCount(bitmap) < LEAST_PIXELS) return rejected(step, signature, 'empty');
  stampFeature(bitmap, signature.feature);
  const image = toHex(encodeJbig(bitmap));
  if (image.length > config.packetBytes * 2 * mostPackets(config.dialect)) {
    return rejected(step, signature, 'too-large');
  }
  const slip = slipOf(step, signature, phone);
  // A merchant's name that no message can carry: the paper slip can.
  if (slip === undefined) return onPaper(step, signature, 'no-slip');
  const { packetBytes } = config;
  persist(step, { kind: 'signature-captured', stan, image, slip, packetBytes });
  return finishWith('approved', SCREENS.signed, { stan, signature: 'captured' });
}

/** Undefined for scribbling without end. */
function drawn(strokes: Strokes, raster: RasterOptions): Bitmap | undefined {
  try {
    return rasterise(strokes, raster);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return undefined;
  }
}

function slipOf(
  step: TerminalStep,
  { elements }: PendingSignature,
  phone: string | undefined,
): string | undefined {
  try {
    return encodeSlip({
      ...elements,
      ...(phone === undefined ? {} : { phone: phone.padStart(12, '0') }),
      printedSlips: String(step.state.config.printedSlips).padStart(2, '0'),
    });
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return undefined;
  }
}

/** Drawn again, or on paper after the last try. */
function rejected(step: TerminalStep, signature: PendingSignature, reason: PaperReason): Next {
  const { stan } = signature;
  persist(step, { kind: 'signature-rejected', stan });
  if (signature.rejections >= MOST_REJECTIONS) return onPaper(step, signature, reason);
  return finishWith('refused', SCREENS.signAgain, { stan, signature: 'due' });
}

function onPaper(step: TerminalStep, { stan }: PendingSignature, reason: PaperReason): Next {
  persist(step, { kind: 'signature-on-paper', stan, reason });
  const known = { stan, signature: 'paper', exemption: reason } as const;
  return finishWith('refused', SCREENS.signOnPaper, known);
}
