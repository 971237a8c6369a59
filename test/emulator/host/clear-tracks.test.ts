import { describe, expect, it } from 'vitest';
import { clearTracks } from '../../../emulator/host/switch/clear-tracks.ts';
import { encryptTrack } from '../../../protocol/security/track-cipher.ts';
import type { Message } from '../../../protocol/message/message.ts';
import { HostDesk, TID } from './host-desk.ts';

const TRACK2 = '6225881234567898D3012101123456789000';
const TRACK3 = `99${TRACK2}D${'1'.repeat(30)}`;

function session() {
  return new HostDesk().state.terminals.get(TID)!;
}

function message(fields: Message['fields']): Message {
  return { mti: '0200', fields };
}

describe('encrypted tracks', () => {
  it('are both decrypted, and nothing else changes', () => {
    const found = session();
    const tdk = found.keys!.tdk!;
    const sent = { 35: encryptTrack(tdk, TRACK2), 36: encryptTrack(tdk, TRACK3), 53: '2610' };
    const clear = clearTracks(message(sent), found);
    expect(clear).toEqual(message({ ...sent, 35: TRACK2, 36: TRACK3 }));
    expect(sent[35]).not.toBe(TRACK2);
  });

  it('are left as they are where field 53 does not say so', () => {
    const plain = message({ 35: TRACK2, 53: '2600' });
    expect(clearTracks(plain, session())).toBe(plain);
  });

  it.each([
    ['one that decrypts to no track', { 35: '6225881234567898DABCDEF0123456789000' }],
    ['a third one that decrypts to none', { 36: `99${'A'.repeat(40)}` }],
    ['one that is too short', { 35: '622588D30' }],
  ])('are refused with %s, and the reason shows nothing of it', (_, fields) => {
    const refused = clearTracks(message({ ...fields, 53: '2610' } as Message['fields']), session());
    expect(refused).toHaveProperty('why');
    expect(JSON.stringify(refused)).not.toMatch(/622588|ABCDEF|AAAA/);
  });

  it('are refused without a track key', () => {
    const found = session();
    found.keys = { ...found.keys!, tdk: undefined };
    expect(clearTracks(message({ 35: TRACK2, 53: '2610' }), found)).toEqual({
      why: 'field 35 is encrypted without a track key',
    });
  });
});
