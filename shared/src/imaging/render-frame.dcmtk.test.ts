// dcmtk's dcm2pnm is the second implementation: it renders the same frame with the same window to an 8-bit PGM / PPM.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFrame } from './decode-frame';
import { renderFrameToRgba } from './render-frame';
import { readTestDicom } from './testing/read-test-dicom.mjs';
import { initialWindow, type VoiWindow } from './voi-window';

const data = process.env.YINGYUN_TESTDATA;

describe.skipIf(!data)('the CPU renderer beside dcm2pnm', () => {
  const dicom = path.join(data ?? '', 'dicom');
  const linear = (center: number, width: number): VoiWindow => ({ center, width, shape: 'LINEAR' });
  const cases: { name: string; file: string; window?: VoiWindow; frame?: number }[] = [
    { name: 'CT, lung', file: 'lidc', window: linear(-600, 1500) },
    { name: 'CT, mediastinum', file: 'lidc', window: linear(40, 400) },
    { name: 'CT, width 1', file: 'lidc', window: linear(40, 1) },
    { name: 'CT, width 2, half centre', file: 'lidc', window: linear(40.5, 2) },
    { name: 'CT, sigmoid', file: 'lidc', window: { center: 40, width: 400, shape: 'SIGMOID' } },
    { name: 'CT head phantom', file: 'philips', window: linear(40, 80) },
    { name: 'MR signed 16', file: 'mr/single/MR_small.dcm', window: linear(600, 1600) },
    // Its slope is 4.11966, and dcmtk cuts modality values to whole numbers: only a wide window compares like with like.
    { name: 'MR 12 bit, fractional slope', file: 'mr/single/ele.dcm', window: linear(1027, 2075) },
    { name: 'MR brain, odd width', file: 'mprage', window: linear(150.5, 333) },
    { name: 'PET signed with slope', file: 'pt/qin-torso-wb/000114.dcm' },
    { name: 'NM signed 16', file: 'nm/whole-body/NM1_UNC', window: linear(20, 60) },
    {
      name: 'MR multi-frame, frame 7',
      file: 'mr/enhanced-multiframe/MOVEKNEE.dcm',
      window: linear(300, 600),
      frame: 6,
    },
    {
      name: '8-bit chest',
      file: 'cr-dx/nih-chest-dx/1.3.6.1.4.1.11129.5.5.110503645592756492463169821050252582267888.dcm',
      window: linear(128, 256),
    },
    { name: 'RGB planar', file: 'us/single/color-pl.dcm' },
    { name: 'RGB by pixel', file: 'us/single/color-px.dcm' },
    { name: 'RGB cine, frame 3', file: 'us/rgb-cine-8f/IM00001.implicit_little_endian.dcm', frame: 2 },
    { name: 'palette 8', file: 'us/single/OBXXXX1A.dcm' },
    { name: 'palette, implicit VR', file: 'us/single/Implicit-vr-us-palette.dcm' },
  ];
  let temp = '';
  const files = new Map<string, string>();

  beforeAll(() => {
    temp = mkdtempSync(path.join(tmpdir(), 'yingyun-dcm2pnm-'));
    files.set('lidc', path.join(unpackChest(dicom), '000057.dcm'));
    for (const [key, folder] of [
      ['philips', 'ct/philips-head-phantom-tilt'],
      ['mprage', 'mr/bch-brain-mprage'],
    ] as const) {
      files.set(
        key,
        execFileSync('find', [path.join(dicom, folder), '-type', 'f', '-size', '+40k'])
          .toString()
          .split('\n')
          .sort()[9] ?? '',
      );
    }
  });
  afterAll(() => rmSync(temp, { recursive: true, force: true }));

  for (const one of cases) {
    it(`agrees within one grey level: ${one.name}`, async () => {
      const file = files.get(one.file) ?? path.join(dicom, one.file);
      const { attributes, frames } = readTestDicom(new Uint8Array(readFileSync(file)));
      const bytes = frames[one.frame ?? 0] ?? new Uint8Array();
      const frame = await decodeFrame(noDecoders, bytes, attributes, 0);
      const window = one.window ?? initialWindow(attributes, frame.kind === 'grey' ? frame : null);
      const ours = renderFrameToRgba(frame, attributes, { window, isInverted: false });
      const isGrey = frame.kind === 'grey';
      const theirs = dcm2pnm(file, one.frame ?? 0, isGrey ? window : null);
      expect([theirs.columns, theirs.rows, theirs.channels]).toEqual([frame.columns, frame.rows, isGrey ? 1 : 3]);
      expect(worstDifference(ours, theirs)).toBeLessThanOrEqual(1);
      expect(new Set(theirs.pixels).size, 'the picture is not flat').toBeGreaterThan(1);
    });
  }

  it('agrees on MONOCHROME1, whose lowest value is white', async () => {
    const source = files.get('lidc') ?? '';
    const file = path.join(temp, 'mono1.dcm');
    writeFileSync(file, readFileSync(source));
    execFileSync('dcmodify', ['-nb', '-i', '(0028,0004)=MONOCHROME1', file]);
    const { attributes, frames } = readTestDicom(new Uint8Array(readFileSync(file)));
    const frame = await decodeFrame(noDecoders, frames[0] ?? new Uint8Array(), attributes, 0);
    const ours = renderFrameToRgba(frame, attributes, { window: linear(40, 400), isInverted: false });
    expect(worstDifference(ours, dcm2pnm(file, 0, linear(40, 400)))).toBeLessThanOrEqual(1);
  });

  function dcm2pnm(file: string, frame: number, window: VoiWindow | null): Pnm {
    const out = path.join(temp, 'out.pnm');
    const voi =
      window === null
        ? []
        : ['+Ww', String(window.center), String(window.width), window.shape === 'SIGMOID' ? '+Wfs' : '+Wfl'];
    execFileSync('dcm2pnm', ['-q', '-O', '+F', String(frame + 1), ...voi, '+op', file, out]);
    return readPnm(readFileSync(out));
  }
});

const noDecoders = {
  openJph: () => Promise.reject(new Error('not needed')),
  jpeg: () => Promise.reject(new Error('not needed')),
};

interface Pnm {
  readonly columns: number;
  readonly rows: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

function readPnm(bytes: Buffer): Pnm {
  const head = /^(P[56])\s(?:#[^\n]*\n)?(\d+) (\d+)\s(\d+)\s/.exec(bytes.subarray(0, 200).toString('latin1'));
  if (head === null) throw new Error('no PNM');
  return {
    channels: head[1] === 'P5' ? 1 : 3,
    columns: Number(head[2]),
    rows: Number(head[3]),
    pixels: bytes.subarray(head[0].length),
  };
}

function worstDifference(rgba: Uint8ClampedArray, pnm: Pnm): number {
  let worst = 0;
  for (let i = 0; i < pnm.columns * pnm.rows; i++) {
    for (let c = 0; c < 3; c++) {
      const theirs = pnm.pixels[pnm.channels === 1 ? i : i * 3 + c] ?? -1000;
      worst = Math.max(worst, Math.abs((rgba[i * 4 + c] ?? 1000) - theirs));
    }
  }
  return worst;
}

/** The chest CT comes packed; it is unpacked once into the ignored cache folder. */
function unpackChest(dicom: string): string {
  const cache = path.resolve(import.meta.dirname, '../../../.cache');
  const folder = path.join(cache, 'lidc-idri-0314-chest-1mm');
  if (!existsSync(path.join(folder, '000057.dcm'))) {
    // Beside it first, then renamed: other tests may be looking for it at the same time.
    mkdirSync(cache, { recursive: true });
    const beside = mkdtempSync(path.join(cache, 'lidc-'));
    execFileSync('tar', ['xJf', path.join(dicom, 'ct/lidc-idri-0314-chest-1mm.tar.xz'), '-C', beside]);
    if (!existsSync(folder)) renameSync(path.join(beside, path.basename(folder)), folder);
    rmSync(beside, { recursive: true, force: true });
  }
  return folder;
}
