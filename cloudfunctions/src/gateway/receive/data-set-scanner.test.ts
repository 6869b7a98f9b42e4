import { readFileSync } from 'node:fs';
import { findTransferSyntax } from '@yingyun/shared/dicom/transfer-syntax';
import { isProblem } from '@yingyun/shared/domain/problem';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explicitElement, sampleDataSet, sampleHeader, testFiles, us } from '../../testing/dicom-samples';
import { runPeer } from '../../testing/run-peer';
import { readPart10 } from '../send/read-part10';
import { DataSetScanner } from './data-set-scanner';
import { defaultReceiveLimits, type ReceiveLimits } from './receive-limits';

const explicit = { isExplicitVr: true, isLittleEndian: true };
const endless = Buffer.from('ffffffff', 'hex');

function scan(bytes: Uint8Array, limits: Partial<ReceiveLimits> = {}, encoding = explicit, pieceLength = bytes.length) {
  const scanner = new DataSetScanner(encoding, { ...defaultReceiveLimits, ...limits });
  for (let at = 0; at < bytes.length; at += Math.max(1, pieceLength))
    scanner.feed(bytes.subarray(at, at + pieceLength));
  const found = scanner.finish();
  return {
    found: found === undefined ? undefined : `${found.problem}: ${found.detail}`,
    attributes: scanner.attributes,
  };
}

/** A sequence of undefined length whose one item of undefined length holds `content`. */
function sequence(tag: number, content: Uint8Array, vr = 'SQ'): Buffer {
  const head = explicitElement(tag, vr, Buffer.alloc(0));
  endless.copy(head, 8);
  return Buffer.concat([
    head,
    Buffer.from('feff00e0ffffffff', 'hex'),
    content,
    Buffer.from('feff0de000000000', 'hex'),
    Buffer.from('feffdde000000000', 'hex'),
  ]);
}

describe('data set scanner', () => {
  it('finds the four identifiers, whatever the pieces', () => {
    const expected = {
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2\0',
      sopInstanceUid: '1.2.3.4.5\0',
      studyInstanceUid: '1.2.3\0',
      seriesInstanceUid: '1.2.3.4\0',
    };
    for (const pieceLength of [1, 2, 3, 7, 11, 64, 10_000]) {
      expect(scan(sampleDataSet(), {}, explicit, pieceLength)).toEqual({ found: undefined, attributes: expected });
    }
  });

  it('does not take the identifiers of a referenced object for the object', () => {
    const nested = sequence(0x00081140, explicitElement(0x00080018, 'UI', '9.9.9'));
    const bytes = Buffer.concat([
      explicitElement(0x00080016, 'UI', '1.2'),
      nested,
      explicitElement(0x0020000d, 'UI', '1.2.3'),
    ]);
    expect(scan(bytes).attributes).toEqual({ sopClassUid: '1.2\0', studyInstanceUid: '1.2.3\0' });
  });

  it('reads UN of undefined length as implicit VR little endian inside (PS3.5 6.2.2)', () => {
    const implicit = Buffer.from('0800180004000000312e3200', 'hex');
    const bytes = Buffer.concat([sequence(0x00091001, implicit, 'UN'), explicitElement(0x0020000d, 'UI', '1.2.3')]);
    expect(scan(bytes)).toEqual({ found: undefined, attributes: { studyInstanceUid: '1.2.3\0' } });
  });

  it('calls every cut within an element malformed, and pixel data too', () => {
    const whole = sampleDataSet();
    expect(scan(whole).found).toBeUndefined();
    // the identifiers end where an element ends: only there may a data set without pixels end
    for (const cut of [1, 7, 9, whole.length - 1, whole.length - 400, sampleHeader().length + 5]) {
      expect(scan(whole.subarray(0, cut)).found).toBe('dicom-malformed: data set ends within an element');
    }
    const fragments = Buffer.concat([
      sampleHeader(),
      Buffer.from('e07f10004f420000ffffffff', 'hex'),
      Buffer.from('feff00e000000000', 'hex'),
    ]);
    expect(scan(fragments).found).toBe('dicom-malformed: data set ends within an element');
    expect(scan(Buffer.concat([fragments, Buffer.from('feffdde000000000', 'hex')])).found).toBeUndefined();
  });

  it('refuses an object that names itself twice, differently', () => {
    const bytes = Buffer.concat([sampleHeader(), explicitElement(0x00080018, 'UI', '1.2.3.4.6')]);
    expect(scan(bytes).found).toBe('dicom-malformed: sopInstanceUid stands twice');
  });

  it('stops at its caps: elements, header bytes, depth, frame size', () => {
    const many = Buffer.concat(Array.from({ length: 100 }, (_, i) => explicitElement(0x00090000 + i, 'LO', 'x')));
    expect(scan(many, { maxElements: 99 }).found).toBe('dicom-limit-exceeded: more than 99 elements');
    expect(scan(many, { maxHeaderBytes: 900 }).found).toBe('dicom-limit-exceeded: header of more than 900 bytes');
    let nested: Buffer = Buffer.alloc(0);
    for (let i = 0; i < 40; i++) nested = sequence(0x00081140, nested);
    expect(scan(nested).found).toBe('dicom-limit-exceeded: sequences nested deeper than 32');
    expect(scan(nested, { maxDepth: 40 }).found).toBeUndefined();
    const huge = Buffer.concat([sampleHeader({}, 65_535, 65_535), explicitElement(0x7fe00010, 'OW', us(0))]);
    expect(scan(huge).found).toBe('dicom-limit-exceeded: 4294836225 samples a frame, 1 frames');
  });

  it('counts no bulk value as header', () => {
    const pdf = explicitElement(0x00420011, 'OB', Buffer.alloc(2_000_000));
    expect(scan(pdf, { maxHeaderBytes: 1000 }).found).toBeUndefined();
  });

  it('meets any bytes without throwing or hanging, in any encoding and any pieces the same', () => {
    const valid = sampleDataSet();
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }).map((flips) => {
        const copy = Uint8Array.from(valid);
        for (const [at, value] of flips) copy[at] = value;
        return copy;
      }),
    );
    const encodings = fc.constantFrom(
      explicit,
      { isExplicitVr: false, isLittleEndian: true },
      { isExplicitVr: true, isLittleEndian: false },
    );
    fc.assert(
      fc.property(bytes, encodings, fc.integer({ min: 1, max: 50 }), (input, encoding, pieceLength) => {
        expect(scan(input, {}, encoding, pieceLength)).toEqual(scan(input, {}, encoding));
      }),
      { numRuns: 3000 },
    );
  });

  describe.skipIf(!process.env.YINGYUN_TESTDATA)('beside dcmdump', () => {
    it('reads the same identifiers from real files of every syntax', async () => {
      const folders = [
        'transfer-syntaxes',
        'mr/single',
        'us/single',
        'sr',
        'seg',
        'rt',
        'waveform',
        'odd/sequences-and-vr',
      ];
      const scannedUids = new Map<string, string[]>();
      for (const file of folders.flatMap((folder) => testFiles(folder))) {
        const part10 = await readPart10(file);
        if (isProblem(part10)) continue;
        const syntax = findTransferSyntax(part10.transferSyntaxUid);
        if (syntax === undefined || syntax.isDeflated) continue;
        const scanned = scan(readFileSync(file).subarray(part10.dataSetOffset), {}, syntax, 4096);
        if (scanned.found !== undefined) continue;
        scannedUids.set(
          file,
          Object.values(scanned.attributes).map((uid) => uid.replace(/[\0 ]+$/, '')),
        );
      }
      const tags = ['0008,0016', '0008,0018', '0020,000d', '0020,000e'].flatMap((tag) => ['+P', tag]);
      const { output } = await runPeer('dcmdump', ['-q', '-Un', '+p', '+F', ...tags, ...scannedUids.keys()]);
      let compared = 0;
      for (const section of output.split(/^# dcmdump \(\d+\/\d+\): /m).slice(1)) {
        const file = section.slice(0, section.indexOf('\n'));
        const dumped = [...section.matchAll(/^\(.{9}\) UI \[([0-9.]+)\]/gm)].map((match) => match[1]);
        // no line: dcmdump can't read it; UN: it shows UIDs of unknown VR in hex
        if (dumped.length === 0 || section.includes(' UN ')) continue;
        expect({ file, uids: scannedUids.get(file) }).toEqual({ file, uids: dumped });
        compared++;
      }
      expect(compared).toBeGreaterThan(110);
    });
  });
});
