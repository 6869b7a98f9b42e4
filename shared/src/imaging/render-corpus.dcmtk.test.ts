// Every folder of the corpus beside dcm2pnm: the same frame, the same window, the same LUTs, within one grey level.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderView } from '../render/cpu-view';
import { decodeFrame } from './decode-frame';
import { voiTable } from './lookup-table';
import { type OverlayMask, overlayMask } from './overlay-mask';
import { nativeDicom } from './testing/native-dicom.mjs';
import { readTestDicom } from './testing/read-test-dicom.mjs';
import { initialWindow } from './voi-window';

const data = process.env.YINGYUN_TESTDATA;
const dicom = path.join(data ?? '', 'dicom');

/** What is not compared, or not within one level, and why. */
const exceptions: Record<string, { readonly why: string; readonly within?: number }> = {
  'cr-dx/cr-chest/CR-MONO1-10-chest.no-preamble': {
    why: 'no file meta: the server repairs it, the test reader does not',
  },
  'odd/meta-and-preamble/meta_missing_tsyntax.dcm': { why: 'no transfer syntax stated' },
  'odd/meta-and-preamble/OT-PAL-8-face': { why: 'no file meta' },
  'odd/meta-and-preamble/OT_Implicit_Little_Headless.dcm': { why: 'no file meta' },
  'pixel/bits-and-luts/MR-MONO2-12-angio_12bit_packed.acr': { why: 'ACR-NEMA, no file meta, 12 bit packed' },
  'transfer-syntaxes/jpeg-ls-variants/JLSL_08_07_0_1F.dcm': { why: 'dcmdjpls refuses 7 bits in 8' },
  'odd/sequences-and-vr/GH364.dcm': { why: 'dcmtk refuses its malformed sequence end' },
  'odd/truncated-corrupt/JPEG2000-embedded-sequence-delimiter.dcm': {
    why: 'GDCM stops at the delimiter bytes inside a frame',
  },
  'us/single/gdcm-US-ALOKA-16.dcm': { why: 'dcm2pnm refuses its palette of 16 bit' },
  'pt/single/GH610.dcm': {
    why: 'values below 0.002: dcmtk cuts modality values to whole numbers and has one level left',
  },
  // PS3.3 C.7.6.3.1.2 centres Cb and Cr on 128; dcmtk centres them on 127.5 and cuts off: up to two levels.
  'us/single/YBR_FULL-RLE.dcm': { why: 'dcmtk centres chroma on 127.5', within: 2 },
  'transfer-syntaxes/sc-rgb-small/SC_ybr_full_uncompressed.dcm': { why: 'dcmtk centres chroma on 127.5', within: 2 },
};

describe.skipIf(!data)('the corpus beside dcm2pnm', { timeout: 30_000 }, () => {
  const temp = mkdtempSync(path.join(tmpdir(), 'yingyun-corpus-'));
  afterAll(() => rmSync(temp, { recursive: true, force: true }));
  for (const one of data === undefined ? [] : oneOfEachKind()) {
    const exception = exceptions[one.name];
    if (exception !== undefined && exception.within === undefined) continue;
    const within = exception?.within ?? 1;
    it(`agrees within ${within}: ${one.name}`, () => compare(one, within));
  }

  it('names nothing as an exception that the corpus does not hold, and compares most of it', () => {
    const names = oneOfEachKind().map((one) => one.name);
    expect(Object.keys(exceptions).filter((name) => !names.includes(name))).toEqual([]);
    expect(names.length - Object.keys(exceptions).length).toBeGreaterThan(130);
  });

  async function compare(one: CorpusFile, within: number): Promise<void> {
    const native = nativeDicom(path.join(dicom, one.name), one.syntax, temp);
    if (native === null) throw new Error('not decoded');
    const { attributes: whole, frames, perFrame, overlayBits } = readTestDicom(new Uint8Array(readFileSync(native)));
    for (const index of [...new Set([0, Math.floor(frames.length / 2)])]) {
      const attributes = { ...whole, ...perFrame[index], frameNumber: index + 1, pixelPaddingValue: null };
      const frame = await decodeFrame(noDecoders, frames[index] ?? new Uint8Array(), attributes, 0);
      const isGrey = frame.kind === 'grey';
      const window = initialWindow(attributes, isGrey ? frame : null);
      const lut = attributes.voi.length === 0 ? attributes.voiLuts[0] : undefined;
      const overlay: OverlayMask | null = overlayMask(
        attributes.overlays.map((plane) => ({ plane, bits: overlayBits(plane.group, index + 1) })),
        attributes,
      );
      const ours = renderView(
        {
          frame,
          attributes,
          overlay,
          isPixelated: true,
          look: { window, isInverted: false, voiTable: lut === undefined ? null : voiTable(lut) },
          imageToCanvas: { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 },
        },
        { width: frame.columns, height: frame.rows },
      );
      const voi = !isGrey
        ? []
        : lut !== undefined
          ? ['+Wl', '1']
          : ['+Ww', String(window.center), String(window.width), window.shape === 'SIGMOID' ? '+Wfs' : '+Wfl'];
      const out = path.join(temp, 'out.pnm');
      execFileSync('dcm2pnm', [
        '-q',
        ...(overlay === null ? ['-O'] : ['+O', '0']),
        '+F',
        String(index + 1),
        ...voi,
        '+op',
        native,
        out,
      ]);
      const theirs = readPnm(readFileSync(out));
      expect([theirs.columns, theirs.rows]).toEqual([frame.columns, frame.rows]);
      const { worst, over } = difference(ours, theirs);
      expect(worst, `${over} samples of frame ${index + 1}, ${JSON.stringify(window)}`).toBeLessThanOrEqual(within);
    }
  }
});

interface CorpusFile {
  readonly name: string;
  readonly syntax: string;
}

/** Of each folder one file of each way its pixels lie. */
function oneOfEachKind(): CorpusFile[] {
  const lines = readFileSync(path.join(data ?? '', 'MANIFEST.tsv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const head = lines[0] ?? [];
  const column = (line: string[], name: string) => line[head.indexOf(name)] ?? '';
  const seen = new Set<string>();
  const files: CorpusFile[] = [];
  for (const line of lines.slice(1)) {
    const name = column(line, 'path').replace(/^dicom\//, '');
    if (!column(line, 'path').startsWith('dicom/') || name.includes('lidc-idri') || column(line, 'pixels') !== 'ok')
      continue;
    const kind = [
      path.dirname(name),
      ...['transfer_syntax', 'bits_allocated', 'bits_stored', 'pixel_representation', 'photometric', 'modality'].map(
        (one) => column(line, one),
      ),
    ].join('|');
    // 1-bit masks have no grey: they are listed as segmentations, and dcm2pnm's windows say nothing about them.
    if (seen.has(kind) || column(line, 'bits_allocated') === '1') continue;
    seen.add(kind);
    files.push({ name, syntax: column(line, 'transfer_syntax') });
  }
  return files;
}

const noDecoders = {
  openJph: () => Promise.reject(new Error('not needed')),
  jpeg: () => Promise.reject(new Error('not needed')),
};

function readPnm(bytes: Buffer) {
  const head = /^(P[56])\s(?:#[^\n]*\n)?(\d+) (\d+)\s(\d+)\s/.exec(bytes.subarray(0, 200).toString('latin1'));
  if (head === null) throw new Error('no PNM');
  return {
    channels: head[1] === 'P5' ? 1 : 3,
    columns: Number(head[2]),
    rows: Number(head[3]),
    pixels: bytes.subarray(head[0].length),
  };
}

function difference(rgba: Uint8ClampedArray, pnm: ReturnType<typeof readPnm>): { worst: number; over: number } {
  let worst = 0;
  let over = 0;
  for (let i = 0; i < pnm.columns * pnm.rows; i++) {
    for (let c = 0; c < 3; c++) {
      const theirs = pnm.pixels[pnm.channels === 1 ? i : i * 3 + c] ?? -1000;
      const d = Math.abs((rgba[i * 4 + c] ?? 1000) - theirs);
      if (d > 1) over++;
      worst = Math.max(worst, d);
    }
  }
  return { worst, over };
}
