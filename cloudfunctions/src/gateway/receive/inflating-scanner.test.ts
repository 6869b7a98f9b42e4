import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { explicitElement, sampleDataSet, sampleHeader } from '../../testing/dicom-samples';
import { DataSetScanner } from './data-set-scanner';
import { InflatingScanner } from './inflating-scanner';
import { defaultReceiveLimits } from './receive-limits';

async function scan(bytes: Uint8Array, pieceLength: number, limits: Partial<typeof defaultReceiveLimits> = {}) {
  const all = { ...defaultReceiveLimits, ...limits };
  const scanner = new InflatingScanner(new DataSetScanner({ isExplicitVr: true, isLittleEndian: true }, all), all);
  let fed = 0;
  for (let at = 0; at < bytes.length; at += pieceLength) {
    fed = at;
    if ((await scanner.feed(bytes.subarray(at, at + pieceLength))) !== undefined) break;
  }
  const found = await scanner.finish();
  return {
    found: found === undefined ? undefined : `${found.problem}: ${found.detail}`,
    attributes: scanner.attributes,
    fed,
  };
}

describe('scanner of deflated data sets', () => {
  it('finds the identifiers at any cut, with and without the padding byte', async () => {
    const deflated = deflateRawSync(sampleDataSet({}, 64, 64));
    for (const bytes of [deflated, Buffer.concat([deflated, Buffer.from([0])])]) {
      for (const pieceLength of [1, 5, 100_000]) {
        const { found, attributes } = await scan(bytes, pieceLength);
        expect(found).toBeUndefined();
        expect(attributes.studyInstanceUid).toBe('1.2.3\0');
      }
    }
  });

  it('calls a cut or changed stream malformed', async () => {
    const deflated = deflateRawSync(sampleDataSet({}, 64, 64));
    expect((await scan(deflated.subarray(0, deflated.length - 3), 10)).found).toMatch(/^dicom-malformed/);
    expect((await scan(Buffer.from('this was never deflated'), 10)).found).toMatch(/^dicom-malformed/);
    expect((await scan(deflateRawSync(sampleHeader().subarray(0, 30)), 10)).found).toMatch(/^dicom-malformed/);
  });

  it('stops a bomb at its ratio, long before its size', async () => {
    const bomb = deflateRawSync(
      Buffer.concat([sampleHeader(), explicitElement(0x7fe00010, 'OW', Buffer.alloc(192 * 1_048_576))]),
    );
    const before = process.memoryUsage().rss;
    const { found, fed } = await scan(bomb, 16_384);
    expect(found).toBe('dicom-limit-exceeded: inflates more than 250 : 1');
    expect(fed).toBeLessThan(bomb.length / 2);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_048_576);
  });

  it('stops at the total whatever the ratio', async () => {
    const deflated = deflateRawSync(sampleDataSet({}, 512, 512));
    expect((await scan(deflated, 100, { maxInflatedBytes: 100_000 })).found).toBe(
      'dicom-limit-exceeded: inflates to more than 100000 bytes',
    );
  });
});
