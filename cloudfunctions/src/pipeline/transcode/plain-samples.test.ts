import { execFileSync } from 'node:child_process';
import { inflateSync } from 'node:zlib';
import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import { defaultLimits } from '@yingyun/shared/dicom/limits';
import { decodeFrame } from '@yingyun/shared/imaging/decode-frame';
import { type DecodedFrame, reducedSize } from '@yingyun/shared/imaging/decoded-frame';
import { bytesUpTo, frameAttributes } from '@yingyun/shared/imaging/frame-attributes';
import { framePyramid } from '@yingyun/shared/imaging/frame-pyramid';
import { describe, expect, it } from 'vitest';
import { corpusBytes, corpusFiles, parsed, solved, testData, textOf } from '../../testing/corpus';
import { workerCodecs } from '../../testing/worker-codecs';
import { plainSamples } from './plain-samples';
import { transcodeInstance } from './transcode-instance';

const codecs = workerCodecs();
const decoders = { openJph: () => codecs.openJph(), jpeg: () => Promise.reject(new Error('no browser here')) };

/** The first stored frame of a corpus file, with its attributes. */
async function stored(name: string) {
  const part10 = parsed(corpusBytes(name));
  const { bytes, view } = solved(await transcodeInstance(part10, codecs, textOf(part10), defaultLimits));
  const frame = view.frames[0];
  if (frame === undefined) throw new Error(`${name} has no frame`);
  const attributes = frameAttributes({ common: view.common }, frame.differs ?? {});
  const { offset, bands } = frame;
  return { attributes, bands, encoded: bytes.subarray(offset, offset + (bands.at(-1) ?? 0)) };
}

async function pyramidOf(frame: Awaited<ReturnType<typeof stored>>) {
  const { bands, changes } = framePyramid(frame.attributes, frame);
  const asked = { ...frame, from: 0, length: bands.at(-1) ?? 0 };
  const bytes = new Uint8Array(inflateSync(solved(await plainSamples(asked, codecs))));
  const attributes: FrameAttributes = { ...frame.attributes, ...changes };
  return { bytes, bands, attributes, asked };
}

const valuesOf = (frame: DecodedFrame) => (frame.kind === 'grey' ? frame.pixels : frame.rgba);

describe.skipIf(!testData)('plain samples for a phone without the codec', () => {
  it.each([
    'dicom/transfer-syntaxes/ct-one-image-16-syntaxes/CTImage.dcm_JPEGLSLossless',
    'dicom/transfer-syntaxes/nema-wg04/MR4_RLE',
    'dicom/transfer-syntaxes/test-pattern-colour/TestPattern_JPEG-LS-Lossless',
    'dicom/us/palette-cine-10f/jpeg-ls-Palette',
    'dicom/us/rgb-cine-8f',
  ])('are at every resolution what the HTJ2K of %s decodes to on the phone', async (prefix) => {
    const name = corpusFiles(new RegExp(`^${prefix}`))[0] ?? prefix;
    const frame = await stored(name);
    if (frame.attributes.codec !== 'htj2k') return;
    const { bytes, bands, attributes, asked } = await pyramidOf(frame);
    for (let reduce = 0; reduce < bands.length; reduce++) {
      const encoded = frame.encoded.subarray(0, bytesUpTo(frame, reduce));
      const expected = await decodeFrame(decoders, encoded, frame.attributes, reduce);
      const level = await decodeFrame(decoders, bytes.subarray(0, bytesUpTo({ bands }, reduce)), attributes, reduce);
      expect([level.rows, level.columns, level.reduce]).toEqual([expected.rows, expected.columns, reduce]);
      expect(valuesOf(level)).toEqual(valuesOf(expected));
    }
    const [from = 0] = bands;
    const rest = solved(await plainSamples({ ...asked, from, length: asked.length - from }, codecs));
    expect(new Uint8Array(inflateSync(rest))).toEqual(bytes.subarray(from));
  });

  it.each([
    ['dicom/us/colour-doppler-cine/', 'YBR_FULL_422'],
    ['dicom/us/echo-cine-34f/', 'YBR_FULL_422'],
    ['dicom/us/rgb-cine-8f/IM00001.fragmented', 'YBR_FULL'],
    ['dicom/us/single/GH538', 'YBR_FULL'],
    ['dicom/xa/rubo-coronary-96f/', 'MONOCHROME2'],
    ['dicom/cr-dx/cr-chest/CR_chest_MONOCHROME1_JPEG', 'MONOCHROME1'],
    ['dicom/transfer-syntaxes/test-pattern-colour/TestPattern_JPEG-Baseline_YBR422', 'YBR_FULL_422'],
    ['dicom/transfer-syntaxes/sc-rgb-small/SC_rgb_jpeg_lossy_gdcm', 'YBR_FULL'],
    ['dicom/transfer-syntaxes/sc-rgb-small/SC_rgb_dcmtk_pebpcypn1', 'YBR_FULL'],
    ['dicom/transfer-syntaxes/sc-rgb-small/SC_rgb_small_odd_jpeg', 'YBR_FULL'],
  ])('of a JPEG are the pixels that libjpeg gives, within 1: %s', async (prefix, photometric) => {
    const frame = await stored(corpusFiles(new RegExp(`^${prefix}`))[0] ?? prefix);
    expect(frame.attributes).toMatchObject({ codec: 'jpeg', photometricInterpretation: photometric });
    const { bytes } = await pyramidOf(frame);
    const { rows, columns, samplesPerPixel } = frame.attributes;
    expect(bytes.length).toBe(rows * columns * samplesPerPixel);
    const form = samplesPerPixel === 3 ? 'rgb:-' : 'gray:-';
    const libjpeg = execFileSync('convert', ['jpeg:-', '-depth', '8', form], {
      input: frame.encoded,
      maxBuffer: 1 << 28,
    });
    let worst = 0;
    for (let i = 0; i < bytes.length; i++) worst = Math.max(worst, Math.abs((bytes[i] ?? 0) - (libjpeg[i] ?? 0)));
    expect([libjpeg.length, worst <= 1]).toEqual([bytes.length, true]);
  });

  it('of a damaged frame are refused, never made up', async () => {
    const frame = await stored(corpusFiles(/CTImage.dcm_JPEGLSLossless/)[0] ?? '');
    const length = reducedSize(512, 0) ** 2;
    const encoded = frame.encoded.slice();
    encoded.fill(0x55, 0, 60);
    expect(await plainSamples({ ...frame, encoded, from: 0, length }, codecs)).toMatchObject({
      problem: 'image-damaged',
    });
  });
});
