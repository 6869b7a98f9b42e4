import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeReleaseRequest } from './control-pdus';
import { encodeCommandPdus, encodeDataHead, largestFragment } from './data-pdus';
import { type PduEvent, PduReader } from './pdu-reader';
import { ProtocolViolation } from './pdu-types';

function eventsOf(bytes: Uint8Array, cuts: readonly number[] = []): PduEvent[] {
  const reader = new PduReader();
  const events: PduEvent[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    events.push(...reader.read(bytes.subarray(from, cut)));
    from = cut;
  }
  return events;
}

/** Message bytes by context and kind, whatever pieces they came in. */
function messages(events: readonly PduEvent[]): string[] {
  const out: string[] = [];
  let open = '';
  for (const event of events) {
    if (event.kind === 'control') out.push(`control ${event.type}`);
    else {
      open += Buffer.from(event.bytes).toString('hex');
      if (event.isLast) out.push(`${event.contextId} ${event.isCommand ? 'command' : 'data'} ${open}`);
      if (event.isLast) open = '';
    }
  }
  return out;
}

function violationOf(bytes: readonly number[]): string {
  try {
    eventsOf(Uint8Array.from(bytes));
  } catch (error) {
    if (error instanceof ProtocolViolation) return error.reason;
    throw error;
  }
  return 'none';
}

describe('PDU reader', () => {
  const data = Buffer.from('pixels of an image');
  const stream = Buffer.concat([
    encodeCommandPdus(1, Buffer.from('a command set that needs several PDUs'), 20),
    encodeDataHead(1, false, false, 6),
    data.subarray(0, 6),
    encodeDataHead(1, false, true, data.length - 6),
    data.subarray(6),
    encodeReleaseRequest(),
  ]);

  it('reads the same messages at any cut of the stream', () => {
    const whole = messages(eventsOf(stream));
    expect(whole).toEqual([
      `1 command ${Buffer.from('a command set that needs several PDUs').toString('hex')}`,
      `1 data ${data.toString('hex')}`,
      'control 5',
    ]);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(stream.length), { maxLength: 40 }), (cuts) => {
        expect(
          messages(
            eventsOf(
              stream,
              cuts.toSorted((a, b) => a - b),
            ),
          ),
        ).toEqual(whole);
      }),
      { numRuns: 200 },
    );
    expect(messages(eventsOf(stream, Array.from(stream.keys())))).toEqual(whole);
  });

  it('reads several PDVs of one PDU, empty ones too', () => {
    // P-DATA-TF of 20 bytes: PDV (2+0), PDV (2+2), PDV (2+0, last) in context 3
    const bytes = [4, 0, 0, 0, 0, 20, 0, 0, 0, 2, 3, 0, 0, 0, 0, 4, 3, 0, 65, 66, 0, 0, 0, 2, 3, 2];
    expect(messages(eventsOf(Uint8Array.from(bytes)))).toEqual(['3 data 4142']);
  });

  it('refuses a length by the header alone', () => {
    expect(violationOf([4, 0, 0xff, 0xff, 0xff, 0xf0])).toBe('invalid-parameter-value');
    expect(violationOf([1, 0, 0xff, 0xff, 0xff, 0xf0])).toBe('invalid-parameter-value');
    expect(violationOf([4, 0, 0, 4, 0, 1])).toBe('invalid-parameter-value'); // one more than the 256 KiB announced
    expect(violationOf([5, 0, 0, 0, 0, 5])).toBe('invalid-parameter-value');
    expect(violationOf([0x47, 0x45, 0x54, 0x20, 0x2f, 0x20])).toBe('unrecognized-pdu'); // "GET / "
  });

  it('refuses a PDV that is shorter than its header or longer than its PDU', () => {
    expect(violationOf([4, 0, 0, 0, 0, 8, 0, 0, 0, 1, 1, 0])).toBe('invalid-parameter-value');
    expect(violationOf([4, 0, 0, 0, 0, 8, 0, 0, 0, 5, 1, 0])).toBe('invalid-parameter-value');
    expect(violationOf([4, 0, 0, 0, 0, 8, 0xff, 0xff, 0xff, 0xff, 1, 0])).toBe('invalid-parameter-value');
    // a PDV header that would cross into the next PDU
    expect(violationOf([4, 0, 0, 0, 0, 9, 0, 0, 0, 2, 1, 0, 0, 0, 0])).toBe('invalid-parameter-value');
  });

  it('meets any bytes with events or a protocol violation, nothing else', () => {
    const pduLike = fc
      .tuple(fc.integer({ min: 0, max: 8 }), fc.nat(64), fc.uint8Array({ maxLength: 80 }))
      .map(([type, length, body]) => [type, 0, 0, 0, 0, length, ...body]);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pduLike, { maxLength: 6 }).map((all) => all.flat()),
          fc.array(fc.nat(255), { maxLength: 300 }),
        ),
        (bytes) => {
          expect(typeof violationOf(bytes)).toBe('string');
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('P-DATA-TF for a peer', () => {
  it('never exceeds what the peer announced', () => {
    for (const most of [4096, 16_384, 32_766, 65_536]) {
      const bytes = encodeCommandPdus(1, Buffer.alloc(100_000), most);
      for (let at = 0; at < bytes.length; at += 6 + bytes.readUInt32BE(at + 2)) {
        expect(bytes.readUInt32BE(at + 2)).toBeLessThanOrEqual(most);
      }
    }
    expect(largestFragment(0)).toBe(131_066);
  });
});
