import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frame, HostDesk, isSealed, saleFrame, sessionOpened } from './host-desk.ts';
import { expectAlive, expectMaskedRefusal } from './line-refusals.ts';

describe('whatever comes down the line', () => {
  it('of an unknown message type gets 40', () => {
    const desk = new HostDesk();
    const before = desk.view();
    expect(desk.ask(frame('0600', { 11: '000002', 41: '10000001' }, 'none')).fields[39]).toBe('40');
    expect(desk.view()).toEqual(before);
    expectMaskedRefusal(desk);
  });

  it('two frames in one read get two answers, in order', () => {
    const desk = new HostDesk();
    const link = desk.connect();
    desk.receive(link, Buffer.concat([saleFrame(), saleFrame({ 11: '000003' })]));
    expect(desk.answersOn(link).map(({ fields }) => fields[11])).toEqual(['000002', '000003']);
  });

  it('is journalled before it is answered (I-29)', () => {
    const desk = new HostDesk();
    const link = desk.connect();
    desk.receive(link, Buffer.concat([saleFrame(), saleFrame({ 11: '000003' })]));
    const kinds = desk.effects.map(({ kind }) => kind);
    expect(kinds.indexOf('persist')).toBeLessThan(kinds.indexOf('send'));
    expect(kinds.filter((kind) => kind === 'persist')).toHaveLength(1);
  });

  it('a request cut anywhere books nothing; the rest of it later is answered as if whole', () => {
    const whole = saleFrame();
    for (let at = 1; at < whole.length; at++) {
      const desk = new HostDesk();
      const before = desk.books;
      const [cut, slow] = [desk.connect(), desk.connect()];
      desk.receive(cut, whole.subarray(0, at));
      expect(desk.timers.has(cut)).toBe(true);
      desk.feed({ kind: 'closed', link: cut, reason: 'reset' });
      expect(desk.books).toEqual(before);
      expectMaskedRefusal(desk);
      desk.receive(slow, whole.subarray(0, at));
      desk.receive(slow, whole.subarray(at));
      expect(desk.answersOn(slow).map(({ fields }) => fields[39])).toEqual(['00']);
      expect(desk.timers.has(slow)).toBe(false);
    }
  });

  it('a message cut inside its frame books nothing and is refused with a reason', () => {
    const whole = saleFrame();
    for (let length = 0; length < whole.length - 2; length++) {
      const desk = new HostDesk();
      const before = desk.view();
      const bytes = whole.slice(0, 2 + length);
      bytes[0] = length >> 8;
      bytes[1] = length & 0xff;
      const link = desk.connect();
      desk.receive(link, bytes);
      expect(desk.answersOn(link).map(({ fields }) => fields[39])).not.toContain('00');
      expect(desk.view()).toEqual(before);
      if (length > 0) expectMaskedRefusal(desk);
      expectAlive(desk);
    }
  });

  it('random bytes never throw, never book, and never disturb another connection', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }),
        (chunks) => {
          const desk = new HostDesk();
          const before = desk.books;
          const link = desk.connect();
          for (const chunk of chunks) desk.receive(link, chunk);
          expect(desk.books).toEqual(before);
          expectAlive(desk);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a good sale with any one byte changed is never approved', () => {
    const whole = saleFrame();
    for (let at = 2; at < whole.length; at++) {
      // TPDU addresses and header are not part of what is sealed.
      if (at >= 3 && at < 13) continue;
      const desk = new HostDesk();
      const before = desk.books;
      const bytes = whole.slice();
      bytes[at]! ^= 0x01;
      const link = desk.connect();
      desk.receive(link, bytes);
      expect(desk.answersOn(link).map(({ fields }) => fields[39])).not.toContain('00');
      expect(desk.books).toEqual(before);
    }
  });

  it('gets its answer sealed under the session key, TPDU turned round, header echoed', () => {
    const desk = new HostDesk([sessionOpened()]);
    desk.ask(saleFrame());
    const sent = desk.effects.find((effect) => effect.kind === 'send')!.bytes;
    expect(isSealed(sent)).toBe(true);
    expect(Buffer.from(sent.subarray(2, 13)).toString('hex')).toBe('6000000003603100310000');
  });
});
