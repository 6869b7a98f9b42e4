import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameMllp, type MllpEvent, MllpReader } from './mllp-framing';

const limits = { maxMessageBytes: 1000, maxDiscardedBytes: 100_000 };
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const textOf = (event: MllpEvent | undefined) =>
  event?.event === 'message' ? Buffer.from(event.bytes).toString('latin1') : event?.event;

function readAll(stream: Uint8Array, cut = stream.length, reader = new MllpReader(limits)): (string | undefined)[] {
  const events: MllpEvent[] = [];
  for (let at = 0; at < stream.length; at += cut) events.push(...reader.push(stream.subarray(at, at + cut)));
  return events.map(textOf);
}

describe('MLLP framing', () => {
  it('finds several messages in one chunk', () => {
    const stream = Buffer.concat([frameMllp(bytesOf('one')), frameMllp(bytesOf('two')), frameMllp(bytesOf(''))]);
    expect(readAll(stream)).toEqual(['one', 'two', '']);
  });

  it('finds a message that arrives byte by byte, its end block split', () => {
    expect(readAll(frameMllp(bytesOf('MSH|one\rPID\r')), 1)).toEqual(['MSH|one\rPID\r']);
  });

  it('tolerates CR and LF between blocks', () => {
    expect(readAll(bytesOf('\r\n\x0bone\x1c\r\r\n\n\x0btwo\x1c\r'))).toEqual(['one', 'two']);
  });

  it.each([
    ['a start block inside a block', '\x0bone\x0btwo\x1c\r', 'one\x0btwo'],
    ['an end block without CR', '\x0bone\x1ctwo\x1c\r', 'one\x1ctwo'],
    ['end blocks in a row', '\x0bone\x1c\x1c\x1c\r', 'one\x1c\x1c'],
    ['an end block and a start block', '\x0bone\x1c\x0btwo\x1c\r', 'one\x1c\x0btwo'],
  ])('keeps %s as content, for the parser to refuse', (_, stream, content) => {
    expect(readAll(bytesOf(stream))).toEqual([content]);
    expect(readAll(bytesOf(stream), 1)).toEqual([content]);
  });

  it('reads nothing after bytes outside a block', () => {
    expect(readAll(bytesOf('\x0bone\x1c\rGET / HTTP/1.1\r\n\r\n\x0btwo\x1c\r'))).toEqual(['one', 'unframed']);
  });

  it('keeps only the head of a message that is too large, and reads the next one', () => {
    const reader = new MllpReader({ maxMessageBytes: 10_000, maxDiscardedBytes: 1_000_000 });
    const events = [...reader.push(bytesOf(`\x0bMSH|${'x'.repeat(9_000)}`))];
    for (let i = 0; i < 50; i++) events.push(...reader.push(bytesOf('y'.repeat(10_000))));
    expect(events).toEqual([]);
    expect(reader.heldBytes).toBeLessThanOrEqual(4096);
    const [oversized, next] = reader.push(bytesOf('\x1c\r\x0bnext\x1c\r'));
    expect(oversized?.event).toBe('oversized');
    expect(oversized?.event === 'oversized' && Buffer.from(oversized.head.subarray(0, 5)).toString()).toBe('MSH|x');
    expect(textOf(next)).toBe('next');
    expect(reader.heldBytes).toBe(0);
  });

  it('takes a message of exactly the limit and refuses one byte more', () => {
    expect(readAll(frameMllp(bytesOf('x'.repeat(1000))), 7)).toEqual(['x'.repeat(1000)]);
    expect(readAll(frameMllp(bytesOf('x'.repeat(1001))), 7)).toEqual(['oversized']);
  });

  it('gives up on a block that never ends', () => {
    const reader = new MllpReader(limits);
    const events = [...reader.push(bytesOf(`\x0b${'x'.repeat(200_000)}`)), ...reader.push(bytesOf('\x1c\r'))];
    expect(events).toEqual([{ event: 'endless' }]);
    expect(reader.heldBytes).toBe(0);
  });

  it('gives the same messages however the stream is cut', () => {
    const content = fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.filter((byte) => byte !== 0x1c));
    fc.assert(
      fc.property(fc.array(content, { maxLength: 6 }), fc.integer({ min: 1, max: 40 }), (contents, cut) => {
        const stream = Buffer.concat(contents.map(frameMllp));
        expect(readAll(stream, cut)).toEqual(contents.map((bytes) => Buffer.from(bytes).toString('latin1')));
      }),
      { numRuns: 300 },
    );
  });

  it('never holds more than the limit and never throws, whatever arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), (chunks) => {
        const reader = new MllpReader({ maxMessageBytes: 50, maxDiscardedBytes: 500 });
        for (const chunk of [Uint8Array.of(0x0b), ...chunks]) {
          for (const event of reader.push(chunk))
            if (event.event === 'message') expect(event.bytes.length).toBeLessThanOrEqual(50);
          expect(reader.heldBytes).toBeLessThanOrEqual(50);
        }
      }),
      { numRuns: 300 },
    );
  });
});
