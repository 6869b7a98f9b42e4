import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeFrameRecordHead, encodeFrameTrailer, FrameBatchReader } from './frame-batch';

it('reads the same records however the stream is cut into chunks', () => {
  const record = fc.record({ frame: fc.nat(5000), from: fc.nat(1e6), bytes: fc.uint8Array({ maxLength: 300 }) });
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 8 }),
      fc.constantFrom('', '0', '123456789'),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
      (records, cursor, cuts) => {
        const body = Buffer.concat([
          ...records.flatMap((one) => [encodeFrameRecordHead(one.frame, one.from, one.bytes.length), one.bytes]),
          encodeFrameTrailer(cursor),
        ]);
        const reader = new FrameBatchReader();
        const read = [];
        for (let at = 0, i = 0; at < body.length; i++) {
          expect(reader.trailer).toBeUndefined();
          const size = cuts[i % cuts.length] ?? 1;
          read.push(...reader.push(new Uint8Array(body.subarray(at, at + size))));
          at += size;
        }
        expect(reader.trailer).toEqual({ cursor });
        expect(read).toEqual(records.map((one) => ({ ...one, bytes: new Uint8Array(one.bytes) })));
      },
    ),
  );
});

it('has no trailer where the stream was cut, and copies a large record a constant number of times', () => {
  const reader = new FrameBatchReader();
  reader.push(encodeFrameRecordHead(1, 0, 8_000_000));
  const chunk = new Uint8Array(1000);
  const start = performance.now();
  for (let i = 0; i < 7999; i++) expect(reader.push(chunk)).toHaveLength(0);
  expect(performance.now() - start).toBeLessThan(1500); // joining at each chunk would copy 32 GB
  expect(reader.push(chunk)).toHaveLength(1);
  expect(reader.trailer).toBeUndefined();
});
