import { find } from '@yingyun/shared/dicom/data-set';
import { encapsulatedFrames, frameBytes } from '@yingyun/shared/dicom/encapsulated-frames';
import { defaultLimits } from '@yingyun/shared/dicom/limits';
import { describe, expect, it } from 'vitest';
import {
  corpusBytes,
  corpusFiles,
  dcmtkPixels,
  openJpegPixels,
  parsed,
  solved,
  testData,
  textOf,
} from '../../testing/corpus';
import { workerCodecs } from '../../testing/worker-codecs';
import { interleave } from './native-frames';
import { type TranscodedInstance, transcodeInstance } from './transcode-instance';

const codecs = workerCodecs();
const syntaxes = 'dicom/transfer-syntaxes';

async function transcode(name: string): Promise<TranscodedInstance> {
  const part10 = parsed(corpusBytes(name));
  return solved(await transcodeInstance(part10, codecs, textOf(part10), defaultLimits));
}

function named(prefix: string): string {
  return corpusFiles(new RegExp(`^${prefix.replace(/[.]/g, '\\.')}`))[0] ?? '';
}

/** The derived frames as OpenJPEG's command line decodes them, one after another. */
function derivedPixels({ view, rendition }: TranscodedInstance): Uint8Array {
  expect(view).toMatchObject({ withoutImage: '', common: { rendition: 'derived' } });
  const { samplesPerPixel, codec } = view.common;
  const frames = view.frames.map(({ offset, bands }) => {
    const bytes = (rendition ?? new Uint8Array(0)).subarray(offset, offset + (bands.at(-1) ?? 0));
    if (codec === 'raw') return bytes;
    const plane = openJpegPixels(bytes);
    return samplesPerPixel === 1 ? plane : interleave(plane, samplesPerPixel, 1);
  });
  return new Uint8Array(Buffer.concat(frames));
}

/** Low `bits` bits of 16-bit samples: dcmtk sign-extends or not as it likes. */
function lowBits(bytes: Uint8Array, bits: number): number[] {
  return [...new Uint16Array(bytes.slice().buffer, 0, bytes.length >> 1)].map((sample) => sample & (2 ** bits - 1));
}

describe.skipIf(!testData)('a rendition of what a phone cannot decode', () => {
  const lossy: [string, 'dcmdjpeg' | 'dcmdjpls'][] = [
    [`${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_JPEGProcess2_4`, 'dcmdjpeg'],
    [`${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_JPEGProcess6_8`, 'dcmdjpeg'],
    [`${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_JPEGProcess10_12`, 'dcmdjpeg'],
    [`${syntaxes}/encapsulation-variants/CT0012.fragmented_no_bot_jpeg_baseline.51`, 'dcmdjpeg'],
    [`${syntaxes}/nema-wg04/NM1_JPLY`, 'dcmdjpeg'],
    [`${syntaxes}/nema-wg04/MR4_JPLY`, 'dcmdjpeg'],
    [`${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_JPEGLSLossy`, 'dcmdjpls'],
    [`${syntaxes}/encapsulation-variants/CT0012.fragmented_no_bot_jpeg_ls.81`, 'dcmdjpls'],
    [`${syntaxes}/nema-wg04/CT1_JLSN`, 'dcmdjpls'],
    [`${syntaxes}/test-pattern-colour/TestPattern_JPEG-LS-NearLossless`, 'dcmdjpls'],
  ];
  it.each(lossy)('has the pixels that dcmtk decodes, bit for bit: %s', async (prefix, decoder) => {
    const name = named(prefix);
    const stored = await transcode(name);
    const [ours, dcmtk] = [derivedPixels(stored), dcmtkPixels(corpusBytes(name), decoder).subarray(0)];
    const { bitsStored, bitsAllocated } = stored.view.common;
    if (bitsAllocated === 8) expect(Buffer.compare(ours, dcmtk)).toBe(0);
    else expect(lowBits(ours, bitsStored)).toEqual(lowBits(dcmtk.subarray(0, ours.length), bitsStored));
  });

  it.each([
    `${syntaxes}/nema-wg04/CT1_J2KI`,
    `${syntaxes}/nema-wg04/MR4_J2KI`,
    `${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_JPEG2000Transfer`,
    'dicom/cr-dx/cr-chest/RG1_J2KI',
    'dicom/pixel/bits-and-luts/693_J2KI',
    'dicom/us/single/US1_J2KI',
  ])('has the pixels that OpenJPEG decodes from the lossy stream, bit for bit: %s', async (prefix) => {
    const name = named(prefix);
    const stored = await transcode(name);
    const part10 = parsed(corpusBytes(name));
    const [frame] = solved(encapsulatedFrames(part10.dataSet, 1, part10.transferSyntaxUid));
    const lossy = frame === undefined ? new Uint8Array(0) : openJpegPixels(frameBytes(frame));
    const { samplesPerPixel, bitsStored } = stored.view.common;
    const ours = derivedPixels(stored);
    if (samplesPerPixel === 3) expect(Buffer.compare(ours, interleave(lossy, 3, 1))).toBe(0);
    else expect(lowBits(ours, bitsStored)).toEqual(lowBits(lossy, bitsStored));
  });

  it.each([
    'dicom/seg/encodings/liver_deflate.dcm',
    'dicom/seg/encodings/liver_j2k.dcm',
    'dicom/seg/encodings/liver_rle.dcm',
    'dicom/seg/encodings/liver_expb.dcm',
  ])('shows one bit a pixel as 0 and 1, whatever its encoding: %s', async (name) => {
    const plain = find(parsed(corpusBytes('dicom/seg/liver-3slice/liver.dcm')).dataSet, 0x7fe00010)?.value;
    const bits = Array.from({ length: 512 * 512 * 3 }, (_, i) => ((plain?.[i >> 3] ?? 0) >> (i & 7)) & 1);
    expect([...derivedPixels(await transcode(name))]).toEqual(bits);
  });

  it('gives floating point numbers back to 1/65535 of their range', async () => {
    const name = 'dicom/other/parametric-map/parametric_map_float.dcm';
    const stored = await transcode(name);
    const value = find(parsed(corpusBytes(name)).dataSet, 0x7fe00008)?.value.slice() ?? new Uint8Array(0);
    const truth = new Float32Array(value.buffer);
    const ours = new Uint16Array(derivedPixels(stored).slice().buffer);
    const { rescaleSlope, rescaleIntercept } = stored.view.common;
    const worst = truth.reduce(
      (max, v, i) => Math.max(max, Math.abs(v - ((ours[i] ?? 0) * rescaleSlope + rescaleIntercept))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(rescaleSlope / 2 + 1e-9);
    expect(rescaleSlope).toBeCloseTo((Math.max(...truth) - Math.min(...truth)) / 65_535, 12);
  });

  it('has floating point numbers windowed without the steps of whole ones, which would make this map of 0 to 1 all white', async () => {
    const { common } = (await transcode('dicom/other/parametric-map/parametric_map_float.dcm')).view;
    expect(common).toMatchObject({ voi: [{ center: 0.5, width: 1 }], voiLutFunction: 'LINEAR_EXACT' });
  });

  it('unpacks twelve bits of ACR-NEMA from the lowest bit up (PS3.5 8.1.1)', async () => {
    const name = 'dicom/pixel/bits-and-luts/MR-MONO2-12-angio_12bit_packed.acr';
    const packed = find(parsed(corpusBytes(name)).dataSet, 0x7fe00010)?.value ?? new Uint8Array(0);
    const pairs = Array.from({ length: 256 * 128 }, (_, i) => [...packed.subarray(i * 3, i * 3 + 3)]);
    const truth = pairs.flatMap(([a = 0, b = 0, c = 0]) => [a + (b % 16) * 256, Math.floor(b / 16) + c * 16]);
    expect(lowBits(derivedPixels(await transcode(name)), 16)).toEqual(truth);
  });

  it('widens YBR_FULL_422 as it stands in PS3.3 C.7.6.3.1.2', async () => {
    const name = `${syntaxes}/sc-rgb-small/SC_ybr_full_422_uncompressed.dcm`;
    const stored = await transcode(name);
    const value = find(parsed(corpusBytes(name)).dataSet, 0x7fe00010)?.value ?? [];
    const ours = derivedPixels(stored);
    expect(stored.view.common.photometricInterpretation).toBe('YBR_FULL');
    // Every second pixel has its own Y1 and the pair's Cb, Cr.
    for (let pair = 0; pair < 5000; pair += 617)
      expect([...ours.subarray(pair * 6, pair * 6 + 6)]).toEqual([0, 2, 3, 1, 2, 3].map((i) => value[pair * 4 + i]));
  });
});

describe.skipIf(!testData)('overlay planes', () => {
  it('are lifted out of Overlay Data bit for bit, with their place', async () => {
    const name = 'dicom/pixel/bits-and-luts/examples_overlay.dcm';
    const { view, rendition } = await transcode(name);
    const value = find(parsed(corpusBytes(name)).dataSet, 0x60003000)?.value ?? new Uint8Array(0);
    const [overlay] = view.overlays ?? [];
    const bits = rendition?.subarray(overlay?.offset, (overlay?.offset ?? 0) + (overlay?.length ?? 0));
    expect(overlay).toMatchObject({ group: 0x6000, frameCount: 1, length: 18150 });
    expect(Buffer.compare(bits ?? new Uint8Array(0), value.subarray(0, 18150))).toBe(0);
    expect(view.common.overlays).toEqual([
      { group: 0x6000, rows: 300, columns: 484, row: 1, column: 1, kind: 'graphics', label: expect.any(String) },
    ]);
  });

  it('may begin outside the image, and belong to single frames', async () => {
    const outside = await transcode('dicom/mg/spot-view-overlay/OutOfBoundsOverlay.dcm');
    expect(outside.view.common.overlays.some(({ row, column }) => row < 1 || column < 1)).toBe(true);
    const { view } = await transcode('dicom/other/sc-multiframe-word/1704.dcm');
    expect(view.overlays).toMatchObject([{ firstFrame: 1, frameCount: 3 }]);
  });
});
