import { CountersignError } from '../../../protocol/errors/countersign-error.ts';
import type { Message } from '../../../protocol/message/message.ts';
import { decryptTrack, isClearTrack } from '../../../protocol/security/track-cipher.ts';
import type { TerminalSession } from '../host-state.ts';

/** Third digit of field 53: the tracks are encrypted (spec 3.5). */
const ENCRYPTED = '1';

/**
 * The message with its tracks in clear: before anybody takes a card number out of them (spec 4.6).
 * The reason of a refusal holds nothing of the track.
 */
export function clearTracks(
  message: Message,
  { keys }: TerminalSession,
): Message | { readonly why: string } {
  if (message.fields[53]?.[2] !== ENCRYPTED) return message;
  const fields = { ...message.fields };
  for (const field of [35, 36]) {
    const track = fields[field];
    if (track === undefined) continue;
    if (keys?.tdk === undefined) return { why: `field ${field} is encrypted without a track key` };
    try {
      fields[field] = decryptTrack(keys.tdk, track);
    } catch (error) {
      if (!(error instanceof CountersignError)) throw error;
      return { why: `field ${field}: ${error.code} ${error.message}` };
    }
    if (!isClearTrack(fields[field])) return { why: `field ${field} does not decrypt to a track` };
  }
  return { ...message, fields };
}
