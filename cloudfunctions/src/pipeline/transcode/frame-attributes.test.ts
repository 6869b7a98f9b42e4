import type { DataSet, DicomElement } from '@yingyun/shared/dicom/data-set';
import { imagePixelOf } from '@yingyun/shared/dicom/image-pixel';
import { problem } from '@yingyun/shared/domain/problem';
import { modalityFrame } from '@yingyun/shared/imaging/lookup-table';
import { describe, expect, it } from 'vitest';
import { corpusBytes, parsed, solved, testData, textOf } from '../../testing/corpus';
import { attributesOf, type InstanceAttributes } from './frame-attributes';
import { paletteOf } from './palette';
import { pixelSpacingOf } from './pixel-spacing';
import { voiOf } from './voi';

const ascii = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

function element(tag: number, vr: string, value: string | readonly number[] | readonly DataSet[]): DicomElement {
  const place = { tag, vr, offset: 0, valueOffset: 0, hasUndefinedLength: false };
  if (typeof value === 'string') return { ...place, value: new Uint8Array(Buffer.from(value)) };
  if (vr === 'SQ') return { ...place, value: new Uint8Array(0), items: value as readonly DataSet[] }; // SQ is given items
  const words = value as readonly number[]; // the only other kind
  if (vr === 'FD') return { ...place, value: new Uint8Array(new Float64Array(words).buffer) };
  if (vr === 'UL') return { ...place, value: new Uint8Array(new Uint32Array(words).buffer) };
  return { ...place, value: new Uint8Array(new Uint16Array(words.map((word) => word & 0xffff)).buffer) };
}

function set(...elements: DicomElement[]): DataSet {
  return { elements };
}

function attributesIn(name: string): InstanceAttributes {
  const part10 = parsed(corpusBytes(name));
  const image = imagePixelOf(part10.dataSet);
  if (image === undefined) throw new Error('no image');
  return attributesOf(
    part10.dataSet,
    solved(image),
    { codec: 'htj2k', photometricInterpretation: 'MONOCHROME2' },
    textOf(part10),
  );
}

describe('windows (PS3.3 C.11.2)', () => {
  it('come with every pair and its name', () => {
    const place = set(
      element(0x00281050, 'DS', '40\\-600 '),
      element(0x00281051, 'DS', '400\\1500'),
      element(0x00281055, 'LO', 'SOFT\\LUNG '),
    );
    expect(voiOf(place, ascii)).toEqual({
      windows: [
        { center: 40, width: 400, explanation: 'SOFT' },
        { center: -600, width: 1500, explanation: 'LUNG' },
      ],
      lutFunction: 'LINEAR',
    });
  });

  it('need a width of 1 under LINEAR and above 0 under the others; the rest is left out', () => {
    const widths = (lutFunction: string, width: string) =>
      voiOf(
        set(element(0x00281050, 'DS', '40'), element(0x00281051, 'DS', width), element(0x00281056, 'CS', lutFunction)),
        ascii,
      ).windows.length;
    expect([
      widths('LINEAR', '1'),
      widths('LINEAR', '0.5'),
      widths('LINEAR_EXACT', '0.5'),
      widths('SIGMOID', '0'),
      widths('LINEAR', 'x'),
    ]).toEqual([1, 0, 1, 0, 0]);
  });
});

describe('pixel spacing (PS3.3 10.7.1.3)', () => {
  const spacing = (...elements: DicomElement[]) => pixelSpacingOf(set(...elements), set(...elements));

  it('holds in the patient for slices, and at the detector for projections that are not calibrated', () => {
    const both = (modality: string, ...more: DicomElement[]) =>
      spacing(element(0x00080060, 'CS', modality), element(0x00280030, 'DS', '0.2\\0.3'), ...more).source;
    expect(both('CT')).toBe('patient');
    expect(both('DX')).toBe('imager');
    expect(both('DX', element(0x00181164, 'DS', '0.2\\0.3'))).toBe('imager');
    expect(both('DX', element(0x00181164, 'DS', '0.25\\0.35'))).toBe('patient');
    expect(both('MG', element(0x00280a02, 'CS', 'FIDUCIAL'))).toBe('patient');
    expect(spacing(element(0x00080060, 'CS', 'CR'), element(0x00181164, 'DS', '0.15'))).toEqual({
      pixelSpacing: [0.15, 0.15],
      source: 'imager',
    });
  });

  it('comes from an ultrasound region only where the regions agree (PS3.3 C.8.5.5, centimetres)', () => {
    const region = (deltaX: number, deltaY: number) =>
      set(
        element(0x00186012, 'US', [1]),
        element(0x00186024, 'US', [3]),
        element(0x00186026, 'US', [3]),
        element(0x0018602c, 'FD', [deltaX]),
        element(0x0018602e, 'FD', [deltaY]),
      );
    const of = (...regions: DataSet[]) => spacing(element(0x00186011, 'SQ', regions));
    expect(of(region(0.05, -0.04))).toEqual({ pixelSpacing: [0.4, 0.5], source: 'region' });
    expect(of(region(0.05, 0.05), region(0.05, 0.05)).source).toBe('region');
    expect(of(region(0.05, 0.05), region(0.1, 0.1)).source).toBe('none');
  });
});

describe('the palette (PS3.3 C.7.6.3.1.5, C.7.9.2)', () => {
  const channels = (descriptor: readonly number[], data: (channel: number) => DicomElement) =>
    set(...[0, 1, 2].flatMap((channel) => [element(0x00281101 + channel, 'US', descriptor), data(channel)]));
  const rgb = (dataSet: DataSet) => [...Buffer.from(paletteOf(dataSet, false)?.rgb ?? [])];

  it('becomes 8 bits from 16', () => {
    const wide = channels([3, 10, 16], (channel) => element(0x00281201 + channel, 'OW', [0, 0x8000, 0xff00 + channel]));
    expect(rgb(wide)).toEqual([0, 0, 0, 0x80, 0x80, 0x80, 0xff, 0xff, 0xff]);
    expect(paletteOf(wide, false)?.first).toBe(10);
  });

  it('keeps 8-bit values that are called 16', () => {
    expect(rgb(channels([2, 0, 16], (channel) => element(0x00281201 + channel, 'OW', [5, 200 + channel])))).toEqual([
      5, 5, 5, 200, 201, 202,
    ]);
  });

  it('expands segments: discrete, linear, and repeated ones', () => {
    // two values 0 and 0x1000; three steps to 0x4000; then the first two segments again from byte 0
    const codes = [0, 2, 0, 0x1000, 1, 3, 0x4000, 2, 2, 0, 0];
    const palette = rgb(channels([10, 0, 16], (channel) => element(0x00281221 + channel, 'OW', codes)));
    expect(palette.filter((_, i) => i % 3 === 0)).toEqual([0, 0x10, 0x20, 0x30, 0x40, 0, 0x10, 0x20, 0x30, 0x40]);
  });

  it('is none where its parts do not fit, and never expands past its count', () => {
    expect(
      paletteOf(
        channels([256, 0, 16], (channel) => element(0x00281201 + channel, 'OW', [1, 2])),
        false,
      ),
    ).toBeNull();
    const endless = channels([4, 0, 16], (channel) => element(0x00281221 + channel, 'OW', [0, 1, 7, 1, 65_535, 9]));
    expect(rgb(endless)).toHaveLength(12);
  });
});

describe('a modality LUT over a scaled rendition (PS3.3 C.11.1)', () => {
  const entries = Array.from({ length: 200 }, (_, i) => 3000 - i * 7);
  const table = set(
    element(0x00280103, 'US', [1]),
    element(0x00280002, 'US', [1]),
    element(0x00280004, 'CS', 'MONOCHROME2 '),
    element(0x00280010, 'US', [1]),
    element(0x00280011, 'US', [1]),
    element(0x00280100, 'US', [16]),
    element(0x00280101, 'US', [16]),
    element(0x00281050, 'DS', '2500'),
    element(0x00281051, 'DS', '600 '),
    element(0x00283000, 'SQ', [set(element(0x00283002, 'US', [200, -100, 16]), element(0x00283006, 'OW', entries))]),
    element(0x7fe00010, 'OW', [0]),
  );
  const plain = { ...solved(imagePixelOf(table) ?? problem('dicom-malformed')), isSigned: false };

  it.each([
    { slope: 1, intercept: -40_000 },
    { slope: 1, intercept: -37 },
    { slope: 3, intercept: -5000 },
    { slope: 0.5, intercept: -90 },
  ])('gives the value of the stored one, and keeps the windows: %o', (scale) => {
    const form = { codec: 'raw', photometricInterpretation: 'MONOCHROME2', rendition: 'derived', scale } as const;
    const { common } = attributesOf(table, plain, form, ascii);
    expect(common).toMatchObject({ rescaleSlope: 1, rescaleIntercept: 0, voi: [{ center: 2500, width: 600 }] });
    if (common.modalityLut === null) throw new Error('no table');
    // Below, at and above both ends of the table, as far as the rendition holds such values.
    const stored = [-45_000, -101, -100, -99, -50, 0, 50, 98, 99, 100, 20_000];
    const shown = stored
      .map((value) => ({ value, sample: Math.round((value - scale.intercept) / scale.slope) }))
      .filter(({ sample }) => sample >= 0 && sample <= 0xffff);
    const size = { rows: 1, columns: shown.length, reduce: 0 };
    const frame = modalityFrame(
      Uint16Array.from(shown, ({ sample }) => sample),
      size,
      common.modalityLut,
      null,
    );
    const truth = shown.map(({ sample }) => {
      const value = Math.round(sample * scale.slope + scale.intercept);
      return entries[Math.min(199, Math.max(0, value + 100))];
    });
    expect(shown.length).toBeGreaterThan(5);
    expect([...frame.pixels]).toEqual(truth);
  });
});

describe.skipIf(!testData)('attributes of real objects', () => {
  it('are those of the header (dcmdump: CT head phantom)', () => {
    const { common, frameTimeMs } = attributesIn('dicom/ct/philips-head-phantom-tilt/I190');
    expect(common).toMatchObject({
      rows: 512,
      columns: 512,
      bitsAllocated: 16,
      isSigned: false,
      rescaleSlope: 1,
      rescaleIntercept: -1024,
      rescaleType: 'HU',
      pixelSpacing: [0.482421875, 0.482421875],
      pixelSpacingSource: 'patient',
      sliceThickness: 2.5,
      voiLutFunction: 'LINEAR',
    });
    expect(common.imageOrientationPatient?.length).toBe(6);
    expect(frameTimeMs).toBeNull();
  });

  it('come from functional groups, and list for each frame what differs (enhanced CT, two frames)', () => {
    const { common, differs } = attributesIn('dicom/ct/enhanced-multiframe/eCT_Supplemental.dcm');
    expect(common.pixelSpacing).toEqual([0.388672, 0.388672]);
    expect(common.imageOrientationPatient).not.toBeNull();
    expect(differs).toHaveLength(2);
    expect(differs[0]).toEqual({});
    expect(differs[1]).toMatchObject({ frameNumber: 2 });
    expect(Object.keys(differs[1] ?? {})).not.toContain('rows');
  });

  it('tell a cine from a stack', () => {
    expect(attributesIn('dicom/us/palette-cine-10f/US-PAL-8-10x-echo').frameTimeMs).toBeGreaterThan(0);
    expect(attributesIn('dicom/mr/enhanced-multiframe/MOVEKNEE.dcm').differs).toHaveLength(19);
  });

  it('leave out windows that would be in other values: a modality LUT is not carried', () => {
    expect(attributesIn('dicom/pixel/bits-and-luts/mlut_18.dcm').common.voi).toEqual([]);
  });
});
