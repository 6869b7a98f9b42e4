// Test support: a film of real DICOM, encoded as the transcoder does, with its manifest.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import dicomParser from 'dicom-parser';
import { encodeTestFrame } from '../../../../shared/src/imaging/testing/encode-test-frame.mjs';
import { readTestDicom } from '../../../../shared/src/imaging/testing/read-test-dicom.mjs';

/** The chest CT, a brain MR and a colour picture. @param {string} testData @param {number} [mostFrames] */
export async function makeTestFilm(testData, mostFrames = 1000) {
  const dicom = path.join(testData, 'dicom');
  const series = [
    await readSeries('1.2.3.1', 2, 'CT', '胸部 1.0mm', filesOf(unpackChest(dicom)), mostFrames),
    await readSeries(
      '1.2.3.2',
      3,
      'MR',
      'T1 MPRAGE',
      filesOf(path.join(dicom, 'mr/bch-brain-mprage')),
      Math.min(60, mostFrames),
    ),
    await readSeries('1.2.3.3', 4, 'US', '彩色', [path.join(dicom, 'us/single/color-px.dcm')], 1),
  ];
  series.push(readJpegCine(cineFile(dicom)));
  return {
    frames: new Map(series.map((one) => [one.manifest.seriesInstanceUid, one.bytes])),
    pixels: new Map(series.map((one) => [one.manifest.seriesInstanceUid, one.pixels])),
    manifest: {
      filmId: 'f1',
      hospitalName: '示范医院',
      examItem: '胸部CT平扫',
      modalities: ['CT', 'MR'],
      bodyPart: 'CHEST',
      examAt: '2026-03-01T08:30:00',
      patient: { nameMasked: '张*', sex: 'F', age: '45岁' },
      report: null,
      completeness: { instanceCount: 0, text: '' },
      series: series.map((one) => one.manifest),
    },
  };
}

async function readSeries(seriesInstanceUid, seriesNumber, modality, description, files, mostFrames) {
  const all = files.map((file) => ({ file, ...readTestDicom(new Uint8Array(readFileSync(file))) }));
  all.sort(
    (a, b) =>
      (a.attributes.imagePositionPatient?.[2] ?? 0) - (b.attributes.imagePositionPatient?.[2] ?? 0) ||
      a.attributes.instanceNumber - b.attributes.instanceNumber,
  );
  const start = Math.floor(Math.max(0, all.length - mostFrames) / 2);
  const kept = all.slice(start, start + mostFrames);
  const frames = [];
  const bytes = [];
  for (const {
    attributes,
    frames: [raw],
  } of kept) {
    const encoded = await encodeTestFrame(raw, attributes);
    frames.push({ ...attributes, codec: 'htj2k', bands: encoded.bands });
    bytes.push(encoded.bytes);
  }
  const manifest = {
    seriesInstanceUid,
    seriesNumber,
    modality,
    description,
    frameTimeMs: null,
    windowPresets: [],
    common: {},
    frames,
    withoutImage: [],
  };
  return { manifest, bytes, pixels: kept.map((one) => one.frames[0]) };
}

function cineFile(dicom) {
  return filesOf(path.join(dicom, 'us/colour-doppler-cine'))[0];
}

/** Its JPEG streams as they are, as the store keeps lossy sources. */
function readJpegCine(file) {
  const all = new Uint8Array(readFileSync(file));
  const data = dicomParser.parseDicom(all);
  const element = data.elements.x7fe00010;
  const count = data.intString('x00280008');
  // The file has one fragment a frame.
  const bytes = Array.from(
    { length: count },
    (_, i) => new Uint8Array(dicomParser.readEncapsulatedPixelDataFromFragments(data, element, i)),
  );
  const common = {
    codec: 'jpeg',
    rows: data.uint16('x00280010'),
    columns: data.uint16('x00280011'),
    samplesPerPixel: 3,
    bitsAllocated: 8,
    bitsStored: 8,
    isSigned: false,
    photometricInterpretation: data.string('x00280004'),
    sopInstanceUid: data.string('x00080018'),
  };
  const manifest = {
    seriesInstanceUid: '1.2.3.4',
    seriesNumber: 5,
    modality: 'US',
    description: '心脏彩超',
    frameTimeMs: 47,
    windowPresets: [],
    common,
    frames: bytes.map((one, i) => ({ frameNumber: i + 1, bands: [one.length] })),
    withoutImage: [],
  };
  return { manifest, bytes, pixels: [] };
}

/** One pixel of the cine's first frame as dcmtk decodes it. */
export async function rgbByDcmtk(dicom, column, row) {
  const folder = mkdtempSync(path.join(tmpdir(), 'yingyun-cine-'));
  try {
    execFileSync('dcmdjpeg', ['-q', cineFile(dicom), path.join(folder, 'native.dcm')]);
    execFileSync('dcm2pnm', ['-q', '+F', '1', '+op', path.join(folder, 'native.dcm'), path.join(folder, 'out.ppm')]);
    const ppm = readFileSync(path.join(folder, 'out.ppm'));
    const [head, columns] = /^P6\s(?:#[^\n]*\n)?(\d+) \d+\s\d+\s/.exec(ppm.subarray(0, 200).toString('latin1'));
    const at = head.length + (row * Number(columns) + column) * 3;
    return [...ppm.subarray(at, at + 3)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(json|txt|md)$/i.test(entry.name))
    .map((entry) => path.join(folder, entry.name));
}

function unpackChest(dicom) {
  const cache = path.resolve(import.meta.dirname, '../../../../.cache');
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
