import { find } from '@yingyun/shared/dicom/data-set';
import { encapsulatedFrames, frameBytes } from '@yingyun/shared/dicom/encapsulated-frames';
import { imagePixelOf } from '@yingyun/shared/dicom/image-pixel';
import { defaultLimits } from '@yingyun/shared/dicom/limits';
import { codeValue } from '@yingyun/shared/dicom/values';
import { describe, expect, it } from 'vitest';
import {
  corpusBytes,
  corpusFiles,
  dcmdump,
  dcmtkPixels,
  openJpegPixels,
  parsed,
  solved,
  testData,
  textOf,
} from '../../testing/corpus';
import { sm3OfPieces } from '../../testing/sm3-of-pieces';
import { workerCodecs } from '../../testing/worker-codecs';
import { describeStored } from './describe-stored';
import { interleave } from './native-frames';
import { type TranscodedInstance, transcodeInstance } from './transcode-instance';

const codecs = workerCodecs();
const syntaxes = 'dicom/transfer-syntaxes';

async function transcode(bytes: Uint8Array): Promise<TranscodedInstance> {
  const part10 = parsed(bytes);
  return solved(await transcodeInstance(part10, codecs, textOf(part10), defaultLimits));
}

/** The stored frames, decoded by OpenJPEG's command line (an implementation of its own) and joined. */
function pixelsByOpenJpeg(stored: TranscodedInstance): Uint8Array {
  const { samplesPerPixel, bitsAllocated } = stored.view.common;
  const frames = stored.view.frames.map((frame) => {
    const end = frame.offset + (frame.bands.at(-1) ?? 0);
    const raw = openJpegPixels(stored.bytes.subarray(frame.offset, end));
    return samplesPerPixel === 1 ? raw : interleave(raw, samplesPerPixel, bitsAllocated / 8);
  });
  return new Uint8Array(Buffer.concat(frames));
}

/** dcmtk leaves the bits above Bits Stored of lossless JPEG as it decodes them; what they mean is the same. */
function withoutUpperBits(bytes: Uint8Array, stored: TranscodedInstance): Uint8Array {
  const { bitsAllocated, bitsStored } = stored.view.common;
  if (bitsAllocated !== 16) return bytes;
  const samples = new Uint16Array(bytes.slice().buffer, 0, bytes.length >> 1);
  return new Uint8Array(samples.map((sample) => sample & (2 ** bitsStored - 1)).buffer);
}

describe.skipIf(!testData)('a lossless image of any transfer syntax', () => {
  const cases: [string, 'dcmdjpeg' | 'dcmdjpls' | 'dcmdrle' | 'dcmconv'][] = [
    [
      `${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_LittleEndianImplicitTransferSyntax_1.2.840.10008.1.2.dcm`,
      'dcmconv',
    ],
    [
      `${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm`,
      'dcmconv',
    ],
    [
      `${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_BigEndianExplicitTransferSyntax_1.2.840.10008.1.2.2.dcm`,
      'dcmconv',
    ],
    [
      `${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_DeflatedExplicitVRLittleEndianTransferSyntax_1.2.840.10008.1.2.1.99.dcm`,
      'dcmconv',
    ],
    [`${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_RLELosslessTransferSyntax_1.2.840.10008.1.2.5.dcm`, 'dcmdrle'],
    [
      `${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57.dcm`,
      'dcmdjpeg',
    ],
    [
      `${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70.dcm`,
      'dcmdjpeg',
    ],
    [
      `${syntaxes}/ct-one-image-16-syntaxes/CTImage.dcm_JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80.dcm`,
      'dcmdjpls',
    ],
    [`${syntaxes}/nema-wg04/CT1_JPLL`, 'dcmdjpeg'],
    [`${syntaxes}/nema-wg04/MR4_JPLL`, 'dcmdjpeg'],
    [`${syntaxes}/nema-wg04/NM1_JPLL`, 'dcmdjpeg'],
    [`${syntaxes}/nema-wg04/CT1_JLSL`, 'dcmdjpls'],
    [`${syntaxes}/nema-wg04/NM1_JLSL`, 'dcmdjpls'],
    [`${syntaxes}/nema-wg04/MR4_RLE`, 'dcmdrle'],
    [`${syntaxes}/encapsulation-variants/CT0012.fragmented_no_bot_jpeg_lossless.57.dcm`, 'dcmdjpeg'],
    [`${syntaxes}/encapsulation-variants/CT0012.fragmented_no_bot_jpeg_ls.80.dcm`, 'dcmdjpls'],
    [`${syntaxes}/encapsulation-variants/CT0012.not_fragmented_no_bot_rle.dcm`, 'dcmdrle'],
    [`${syntaxes}/encapsulation-variants/CT1_UNC.fragmented_bot_jpeg_ls.80.dcm`, 'dcmdjpls'],
    [`${syntaxes}/jpeg-ls-variants/JLSL_16_15_1_1F.dcm`, 'dcmdjpls'],
    [`${syntaxes}/jpeg-ls-variants/JLSL_RGB_ILV0.dcm`, 'dcmdjpls'],
    [`${syntaxes}/jpeg-ls-variants/JLSL_RGB_ILV1.dcm`, 'dcmdjpls'],
    [`${syntaxes}/jpeg-ls-variants/JLSL_RGB_ILV2.dcm`, 'dcmdjpls'],
    [`${syntaxes}/sc-rgb-small/SC_rgb_jpeg_gdcm.dcm`, 'dcmdjpeg'],
    [`${syntaxes}/sc-rgb-small/SC_rgb_rle.dcm`, 'dcmdrle'],
    [`${syntaxes}/sc-rgb-small/SC_ybr_full_uncompressed.dcm`, 'dcmconv'],
    ['dicom/us/single/YBR_FULL-RLE.dcm', 'dcmdrle'],
    ['dicom/us/palette-cine-10f/US-PAL-8-10x-echo', 'dcmdrle'],
    ['dicom/us/palette-cine-10f/jpeg-ls-Palette.dcm', 'dcmdjpls'],
    ['dicom/us/single/OBXXXX1A_expb.dcm', 'dcmconv'],
    ['dicom/mg/ge-senographe/GH133.dcm', 'dcmdjpeg'],
    ['dicom/pt/single/GH610.dcm', 'dcmdjpeg'],
    ['dicom/mr/enhanced-multiframe/emri_small_RLE.dcm', 'dcmdrle'],
    ['dicom/mr/enhanced-multiframe/MOVEKNEE.dcm', 'dcmconv'],
    ['dicom/nm/gated-heart-13f', 'dcmconv'],
    ['dicom/nm/whole-body', 'dcmconv'],
    ['dicom/rf/arthrography', 'dcmconv'],
    ['dicom/pixel/bits-and-luts/12bitSigned_0x0F0F.dcm', 'dcmconv'],
    ['dicom/pixel/bits-and-luts/signed-raw-9bit.dcm', 'dcmconv'],
    ['dicom/pixel/bits-and-luts/test16signed.dcm', 'dcmconv'],
    ['dicom/pixel/bits-and-luts/examples_overlay.dcm', 'dcmconv'],
  ];

  for (const [prefix, decoder] of cases) {
    it(`keeps every pixel of ${prefix.replace('dicom/', '')} (dcmtk's ${decoder} before, opj_decompress after)`, async () => {
      const name = corpusFiles(new RegExp(`^${prefix.replaceAll(/[.]/g, '\\.')}`))[0] ?? '';
      const bytes = corpusBytes(name);
      const stored = await transcode(bytes);
      expect(stored.transferSyntaxUid).toBe('1.2.840.10008.1.2.4.202');
      expect(stored.view.withoutImage).toBe('');
      const before = dcmtkPixels(bytes, decoder);
      const after = pixelsByOpenJpeg(stored);
      const length = after.length;
      // opj_decompress clears the bits above the precision of signed samples.
      if (!stored.view.common.isSigned) expect(sm3OfPieces(after)).toBe(stored.pixelSm3);
      expect(
        Buffer.compare(withoutUpperBits(after, stored), withoutUpperBits(before.subarray(0, length), stored)),
      ).toBe(0);
      expect(before.length - length).toBeLessThan(2);
      expect(dcmdump(stored.bytes)).toContain('7fe0,0010');
    });
  }

  for (const name of [
    'nema-wg04/CT1_J2KR',
    'nema-wg04/MR4_J2KR',
    'nema-wg04/NM1_J2KR',
    'htj2k/CT1_HTJ2K_lossless.dcm',
    'htj2k/HTJ2KLossless_08_RGB.dcm',
  ]) {
    it(`keeps every pixel of ${name} (opj_decompress before and after)`, async () => {
      const bytes = corpusBytes(`${syntaxes}/${name}`);
      const part10 = parsed(bytes);
      const frame = solved(encapsulatedFrames(part10.dataSet, 1, part10.transferSyntaxUid))[0];
      const stored = await transcode(bytes);
      expect(stored.transferSyntaxUid).toBe('1.2.840.10008.1.2.4.202');
      const raw = openJpegPixels(frame === undefined ? new Uint8Array(0) : frameBytes(frame));
      const samples = stored.view.common.samplesPerPixel;
      const before = samples === 1 ? raw : interleave(raw, samples, 1);
      expect(Buffer.compare(pixelsByOpenJpeg(stored), before)).toBe(0);
    });
  }

  it('has the same two digests whichever lossless syntax it is sent in', async () => {
    const one = corpusFiles(/ct-one-image-16-syntaxes\/.*(1\.2|1\.2\.1|1\.2\.1\.99|1\.2\.2|1\.2\.5|4\.80|4\.90)\.dcm$/);
    const small = corpusFiles(/mr\/single\/MR_small/);
    expect([one.length, small.length]).toEqual([7, 8]);
    for (const names of [one, small]) {
      const stored = await Promise.all(names.map(async (name) => transcode(corpusBytes(name))));
      expect(new Set(stored.map((each) => `${each.headerSm3} ${each.pixelSm3}`)).size).toBe(1);
    }
  });
});

describe.skipIf(!testData)('a stored file', () => {
  const name = 'dicom/ct/philips-head-phantom-tilt/I190';

  it('has its bands where the tile-parts end, and its frame decodes from each of them at a reduced size', async () => {
    const stored = await transcode(corpusBytes(name));
    const frame = stored.view.frames[0];
    const bands = frame?.bands ?? [];
    expect(bands).toHaveLength(6);
    const stream = stored.bytes.subarray(frame?.offset ?? 0, (frame?.offset ?? 0) + (bands.at(-1) ?? 0));
    for (const [index, end] of bands.slice(0, -1).entries()) {
      // ITU-T T.800 A.4.2: SOT begins each tile-part; Isot 0, TPsot counts up.
      expect([...stream.subarray(end, end + 4)]).toEqual([0xff, 0x90, 0x00, 0x0a]);
      expect(stream[end + 10]).toBe(index + 1);
      const reduce = bands.length - 1 - index;
      const { HTJ2KDecoder } = await codecs.openJph();
      const decoder = new HTJ2KDecoder();
      decoder.getEncodedBuffer(end).set(stream.subarray(0, end));
      decoder.decodeSubResolution(reduce);
      const cut = Buffer.from(decoder.getDecodedBuffer());
      decoder.delete();
      // The whole stream, reduced by another decoder.
      expect(Buffer.compare(cut, openJpegPixels(stream, reduce))).toBe(0);
    }
    expect([...stream.subarray(-2)]).toEqual([0xff, 0xd9]);
  });

  it('has an extended offset table that leads to its frames', async () => {
    const stored = await transcode(corpusBytes('dicom/mr/enhanced-multiframe/MOVEKNEE.dcm'));
    const again = parsed(stored.bytes);
    expect(again.transferSyntaxUid).toBe('1.2.840.10008.1.2.4.202');
    const frames = solved(encapsulatedFrames(again.dataSet, 19, again.transferSyntaxUid));
    expect(frames.map((frame) => frame.parts[0]?.offset)).toEqual(stored.view.frames.map((frame) => frame.offset));
    expect(find(again.dataSet, 0x7fe00001)?.value.length).toBe(19 * 8);
  });

  it('says the same of its patient and study as the received one, byte for byte', async () => {
    for (const file of [
      name,
      'dicom/mr/single/ele.dcm',
      'dicom/us/single/color-px.dcm',
      'dicom/us/single/OBXXXX1A_expb.dcm',
      'dicom/ct/enhanced-multiframe/eCT_Supplemental.dcm',
    ]) {
      const received = parsed(corpusBytes(file));
      const stored = await transcode(corpusBytes(file));
      const again = parsed(stored.bytes);
      const described = solved(await describeStored(again, codecs, textOf(again), defaultLimits));
      expect(described.headerSm3).toBe(stored.headerSm3);
      for (const element of received.dataSet.elements) {
        const isChanged = [0x7fe00010, 0x00280004, 0x00280006].includes(element.tag) || (element.tag & 0xffff) === 0;
        if (isChanged || element.items !== undefined) continue;
        expect(Buffer.from(find(again.dataSet, element.tag)?.value ?? []).equals(element.value)).toBe(true);
      }
    }
  });

  it('is described from itself as it was when it was made', async () => {
    const files = [
      name,
      'dicom/us/single/color-pl.dcm',
      'dicom/mr/enhanced-multiframe/emri_small.dcm',
      `${syntaxes}/sc-rgb-small/SC_rgb_16bit.dcm`,
      `${syntaxes}/sc-rgb-small/SC_rgb_rle_16bit_2frame.dcm`,
      `${syntaxes}/nema-wg04/CT1_J2KI`,
      'dicom/us/rgb-cine-8f/IM00001.fragmented_no_bot_jpeg_baseline.50.dcm',
      'dicom/rt/pydicom-small/rtdose.dcm',
      'dicom/other/parametric-map/parametric_map_float.dcm',
      'dicom/sr/tid1500-dwv',
    ];
    for (const prefix of files) {
      const stored = await transcode(corpusBytes(corpusFiles(new RegExp(`^${prefix}`))[0] ?? ''));
      const again = parsed(stored.bytes);
      const described = solved(await describeStored(again, codecs, textOf(again), defaultLimits));
      expect({ ...described, bytes: stored.bytes }, prefix).toEqual(stored);
    }
  });

  it('is 16-bit colour without compression, because the codec does not keep it', async () => {
    const stored = await transcode(corpusBytes(`${syntaxes}/sc-rgb-small/SC_rgb_16bit.dcm`));
    expect(stored.transferSyntaxUid).toBe('1.2.840.10008.1.2.1');
    const frame = stored.view.frames[0];
    const native = dcmtkPixels(corpusBytes(`${syntaxes}/sc-rgb-small/SC_rgb_16bit.dcm`), 'dcmconv');
    expect(Buffer.compare(stored.bytes.subarray(frame?.offset, (frame?.offset ?? 0) + 60_000), native)).toBe(0);
    expect(dcmtkPixels(stored.bytes, 'dcmconv')).toEqual(native);
  });

  it('is RGB through the reversible transform, and says so', async () => {
    const stored = await transcode(corpusBytes('dicom/us/single/color-px.dcm'));
    expect(codeValue(parsed(stored.bytes).dataSet, 0x00280004)).toBe('YBR_RCT');
    expect(stored.view.common.photometricInterpretation).toBe('RGB');
  });
});

describe.skipIf(!testData)('what is lossy or exotic already', () => {
  it('is kept as the very bytes that came, where they are a whole file', async () => {
    for (const name of [
      `${syntaxes}/htj2k/HTJ2K_08_RGB.dcm`,
      'dicom/us/echo-cine-34f/US_echo_34f_ybr422_jpeg.dcm',
      'dicom/rt/pydicom-small/rtdose_rle.dcm',
    ]) {
      const bytes = corpusBytes(name);
      expect(Buffer.compare((await transcode(bytes)).bytes, bytes)).toBe(0);
    }
  });

  it('has its frames located: each is the JPEG that lies there', async () => {
    const stored = await transcode(corpusBytes('dicom/us/rgb-cine-8f/IM00001.fragmented_no_bot_jpeg_baseline.50.dcm'));
    expect(stored.view).toMatchObject({ withoutImage: '', common: { codec: 'jpeg' } });
    expect(stored.view.frames).toHaveLength(8);
    for (const { offset } of stored.view.frames)
      expect([...stored.bytes.subarray(offset, offset + 2)]).toEqual([0xff, 0xd8]);
    // Its fragments were joined, a frame each: decoded, the two files are the same.
    const received = corpusBytes('dicom/us/rgb-cine-8f/IM00001.fragmented_no_bot_jpeg_baseline.50.dcm');
    expect(Buffer.compare(dcmtkPixels(stored.bytes, 'dcmdjpeg'), dcmtkPixels(received, 'dcmdjpeg'))).toBe(0);
  });

  it('is not shown where its stream was cut: half an image is no image', async () => {
    const whole = corpusBytes('dicom/us/rgb-cine-8f/IM00001.fragmented_no_bot_jpeg_baseline.50.dcm').slice();
    // Every EOI is made a comment of nothing: each stream lacks its end.
    for (let at = 1; at < whole.length; at++) if (whole[at - 1] === 0xff && whole[at] === 0xd9) whole[at] = 0x00;
    const cut = await transcode(whole);
    expect(cut.view.withoutImage).not.toBe('');
    expect(cut.view.frames).toEqual([]);
  });

  it('says why it cannot be shown', async () => {
    const reasons: [string, string][] = [
      ['dicom/odd/truncated-corrupt/JPEG2000-embedded', 'pixels-damaged'],
      ['dicom/odd/no-pixels-and-icons/GH178.dcm', 'no-pixel-data'],
      ['dicom/pdf/encapsulated', 'not-an-image'],
    ];
    for (const [prefix, reason] of reasons) {
      const name = corpusFiles(new RegExp(`^${prefix}`))[0] ?? '';
      expect((await transcode(corpusBytes(name))).view.withoutImage, name).toBe(reason);
    }
  });
});

describe.skipIf(!testData)('all of the corpus', () => {
  it('becomes files that dcmdump reads, with every size it claims checked first', async () => {
    const sums = new Map<string, { files: number; native: number; stored: number }>();
    for (const name of corpusFiles(/^dicom\/(?!dicomdir|charset|odd|seg|sr\/text|pt\/qin|mr\/bch)/)) {
      const bytes = corpusBytes(name);
      const part10 = parsed(bytes);
      const stored = await transcodeInstance(part10, codecs, textOf(part10), defaultLimits);
      if ('problem' in stored) continue;
      if (!/^1\.2\.840\.10008\.1\.2\.8/.test(stored.transferSyntaxUid) && codeValue(part10.dataSet, 0x00080018) !== '')
        dcmdump(stored.bytes);
      const image = imagePixelOf(part10.dataSet);
      if (stored.transferSyntaxUid !== '1.2.840.10008.1.2.4.202' || image === undefined || 'problem' in image) continue;
      const kind = codeValue(part10.dataSet, 0x00080060);
      const sum = sums.get(kind) ?? { files: 0, native: 0, stored: 0 };
      sum.files++;
      sum.native += image.frameLength * image.frameCount;
      sum.stored += stored.bytes.length;
      sums.set(kind, sum);
    }
    for (const [kind, sum] of sums)
      process.stdout.write(`${kind}: ${sum.files} files, ${(sum.native / sum.stored).toFixed(2)} : 1\n`);
    const all = [...sums.values()];
    const ratio = all.reduce((sum, each) => sum + each.native, 0) / all.reduce((sum, each) => sum + each.stored, 0);
    process.stdout.write(`overall ${ratio.toFixed(2)} : 1\n`);
    expect(ratio).toBeGreaterThan(2.5);
  }, 240_000);
});
