import type { DataSet, DicomElement } from '@yingyun/shared/dicom/data-set';
import { defaultLimits } from '@yingyun/shared/dicom/limits';
import { writePart10 } from '@yingyun/shared/dicom/write-part10';
import { describe, expect, it } from 'vitest';
import { corpusBytes, parsed, solved, testData, textOf } from '../../testing/corpus';
import { workerCodecs } from '../../testing/worker-codecs';
import { transcodeInstance } from './transcode-instance';

const place = { offset: 0, valueOffset: 0, hasUndefinedLength: false };
const basicText = '1.2.840.10008.5.1.4.1.1.88.11';

function words(tag: number, vr: string, text: string): DicomElement {
  return { ...place, tag, vr, value: new TextEncoder().encode(text.length % 2 === 0 ? text : `${text} `) };
}

function observer(): DicomElement {
  const item: DataSet = { elements: [words(0x0040a075, 'PN', 'Wang^Yi')] };
  return { ...place, tag: 0x0040a073, vr: 'SQ', value: new Uint8Array(0), items: [item] };
}

async function listedOf(sopClassUid: string, completion: string, verification: string, more: DicomElement[]) {
  const elements = [
    words(0x00080016, 'UI', sopClassUid),
    words(0x00080018, 'UI', '1.2.3'),
    ...more,
    words(0x0040a491, 'CS', completion),
    words(0x0040a493, 'CS', verification),
  ];
  const { bytes } = writePart10({
    dataSet: { elements },
    isExplicitLittleEndian: false,
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    sopClassUid,
    sopInstanceUid: '1.2.3',
    implementationClassUid: '1.2.3',
    implementationVersionName: 'TEST',
    pixelData: { kind: 'none' },
  });
  const part10 = parsed(bytes);
  return solved(await transcodeInstance(part10, workerCodecs(), textOf(part10), defaultLimits)).view.listed;
}

describe('what a document without an image is listed as', () => {
  it.each([
    ['COMPLETE', 'VERIFIED', [observer()], true],
    ['COMPLETE', 'UNVERIFIED', [observer()], undefined],
    ['PARTIAL', 'VERIFIED', [observer()], undefined],
    // Type 1C: a verified document names who verified it.
    ['COMPLETE', 'VERIFIED', [], undefined],
    ['', '', [], undefined],
  ])(
    'says that a report is verified only where it says so itself, in full: %s %s',
    async (done, verified, more, is) => {
      expect(await listedOf(basicText, done, verified, more)).toMatchObject({ kind: 'structured-report' });
      expect((await listedOf(basicText, done, verified, more))?.isVerified).toBe(is);
    },
  );

  it('takes no word for it from a key object selection, which has no such flags', async () => {
    const listed = await listedOf('1.2.840.10008.5.1.4.1.1.88.59', 'COMPLETE', 'VERIFIED', [observer()]);
    expect(listed).toMatchObject({ kind: 'key-object', hasDocument: true });
    expect(listed?.isVerified).toBeUndefined();
  });
});

describe.skipIf(!testData)('values that lie over other images', () => {
  it.each([
    ['dicom/seg/liver-3slice/liver.dcm', 'segmentation'],
    ['dicom/seg/encodings/liver_rle.dcm', 'segmentation'],
    ['dicom/rt/pydicom-small/rtdose.dcm', 'rt-dose'],
  ])('are listed by their kind, with their frames kept for whoever draws them there: %s', async (name, kind) => {
    const part10 = parsed(corpusBytes(name));
    const { view } = solved(await transcodeInstance(part10, workerCodecs(), textOf(part10), defaultLimits));
    expect(view.listed).toMatchObject({ kind, hasDocument: false });
    expect(view.frames.length).toBeGreaterThan(0);
  });

  it('are no kind of an ordinary image, a scanned source of a segmentation among them', async () => {
    const part10 = parsed(corpusBytes('dicom/seg/liver-3slice/01.dcm'));
    const { view } = solved(await transcodeInstance(part10, workerCodecs(), textOf(part10), defaultLimits));
    expect(view.listed).toBeUndefined();
  });
});
