// Test support: one film of every kind of image and object the corpus has, as the server would list them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import dicomParser from 'dicom-parser';
import { encodeTestFrame } from '../../../../shared/src/imaging/testing/encode-test-frame.mjs';
import { glance, nativeDicom } from '../../../../shared/src/imaging/testing/native-dicom.mjs';
import { readTestDicom } from '../../../../shared/src/imaging/testing/read-test-dicom.mjs';
import { readStructured } from './read-structured.mjs';

const images = [
  ['us/rgb-cine-8f/IM00001.implicit_little_endian.dcm', 'US', '彩色多普勒', 8],
  ['mg/ge-senographe/GH133.dcm', 'MG', '右侧 CC', 1],
  ['mg/spot-view-overlay/OutOfBoundsOverlay.dcm', 'MG', '点压 叠加层', 1],
  ['nm/whole-body/NM1_UNC', 'NM', '全身骨显像', 1],
  ['pt/qin-torso-wb', 'PT', '全身 PET', 40],
  ['nm/gated-heart-13f/NM-MONO2-16-13x-heart', 'NM', '门控心肌', 13],
  ['us/palette-cine-10f/US-PAL-8-10x-echo', 'US', '超声 调色板', 10],
  ['xa/rubo-coronary-96f/jpeg8bit.dcm', 'XA', '冠脉造影', 20],
  ['pixel/bits-and-luts', 'OT', '查找表', 30],
];
export const kindsOf = images.map(([, , description]) => description);

/** @param {string} testData */
export async function makeKindsFilm(testData) {
  const dicom = path.join(testData, 'dicom');
  const temp = mkdtempSync(path.join(tmpdir(), 'yingyun-kinds-'));
  const extras = new Map();
  try {
    const series = [];
    for (const [index, [place, modality, description, most]] of images.entries())
      series.push(await readKind(dicom, temp, extras, index + 1, place, modality, description, most));
    const first = series[0].manifest;
    const [us] = [first.frames[3]];
    const objects = documents(dicom, extras, { sopInstanceUid: us.sopInstanceUid, frame: 4 });
    series.push({
      manifest: { ...empty('1.9.99', 99, 'SR', ''), withoutImage: objects },
      bytes: [],
    });
    return {
      extras,
      frames: new Map(series.map((one) => [one.manifest.seriesInstanceUid, one.bytes])),
      manifest: {
        filmId: 'f2',
        hospitalName: '示范医院',
        examItem: '各类影像',
        modalities: ['US', 'MG', 'NM', 'PT', 'XA', 'SR'],
        bodyPart: '',
        examAt: '2026-03-01T08:30:00',
        patient: { nameMasked: '李*', sex: 'F', age: '052Y' },
        report: null,
        completeness: { instanceCount: 0, text: '' },
        series: series.map((one) => one.manifest),
      },
    };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

const empty = (seriesInstanceUid, seriesNumber, modality, description) => ({
  seriesInstanceUid,
  seriesNumber,
  modality,
  description,
  frameTimeMs: null,
  windowPresets: [],
  common: {},
  frames: [],
  withoutImage: [],
});

async function readKind(dicom, temp, extras, number, place, modality, description, most) {
  const manifest = empty(`1.9.${number}`, number, modality, description);
  const bytes = [];
  for (const file of filesOf(path.join(dicom, place))) {
    const seen = glance(file);
    if (seen === null || !seen.isImage) continue;
    const native = nativeDicom(file, seen.syntax, temp);
    if (native === null) continue;
    const read = readTestDicom(new Uint8Array(readFileSync(native)));
    if (read.frames.length > 1) manifest.frameTimeMs ??= frameTime(native);
    for (const [f, raw] of read.frames.slice(0, most).entries()) {
      const attributes = { ...read.attributes, ...read.perFrame[f], frameNumber: f + 1 };
      // Coded as the transcoder does; what the codec has no form for stays as it is.
      const canCode = attributes.bitsAllocated <= 16 && attributes.photometricInterpretation !== 'YBR_FULL_422';
      const coded = canCode && attributes.samplesPerPixel === 1 ? await encodeTestFrame(raw, attributes) : null;
      manifest.frames.push({
        ...attributes,
        codec: coded === null ? 'raw' : 'htj2k',
        bands: coded?.bands ?? [raw.length],
      });
      bytes.push(coded?.bytes ?? raw);
      for (const { group } of attributes.overlays) {
        extras.set(`/overlays/${attributes.sopInstanceUid}/${group}?frame=${f + 1}`, {
          type: 'application/octet-stream',
          body: Buffer.from(read.overlayBits(group, f + 1)),
        });
      }
    }
    if (bytes.length >= most) break;
  }
  return { manifest, bytes };
}

function frameTime(file) {
  const data = dicomParser.parseDicom(new Uint8Array(readFileSync(file)));
  const rate = data.intString('x00082144') ?? data.intString('x00180040');
  return data.floatString('x00181063') ?? (rate === undefined ? 66 : 1000 / rate);
}

function documents(dicom, extras, key) {
  const pdf = dicomParser.parseDicom(new Uint8Array(readFileSync(path.join(dicom, 'pdf/encapsulated/sample-pdf.dcm'))));
  const { dataOffset, length } = pdf.elements.x00420011;
  const json = (document) => ({ type: 'application/json', body: JSON.stringify(document) });
  const read = (file) => readStructured(new Uint8Array(readFileSync(path.join(dicom, file))));
  extras.set('/documents/1.1', json(read('sr/tid1500-dcmqi/sr.dcm')));
  extras.set('/documents/1.2', json(read('sr/text/sr.dcm')));
  extras.set('/documents/1.3', {
    type: 'application/pdf',
    body: Buffer.from(pdf.byteArray.subarray(dataOffset, dataOffset + length)),
  });
  extras.set('/documents/1.4', json(keyObject(key)));
  const object = (sopInstanceUid, kind, title, reason, hasDocument = true) => ({
    sopInstanceUid,
    kind,
    title,
    reason,
    hasDocument,
  });
  return [
    object('1.1', 'structured-report', '影像测量报告', '文字内容，可打开阅读。'),
    object('1.2', 'structured-report', '', '文字内容，可打开阅读。'),
    object('1.3', 'pdf', '检查说明', '文档，可打开或下载。'),
    object('1.4', 'key-object', '关注图像', '医生标出的图像，可逐幅查看。'),
    object('1.5', 'segmentation', '肝脏', '图像分割结果，已完整保存，暂不叠加显示。', false),
    object('1.6', 'rt-structure', '', '放疗轮廓，已完整保存，请在放疗工作站查看。', false),
    object('1.7', 'damaged', '', '文件在发送时已损坏，收到的内容原样保存。', false),
  ];
}

/** The corpus has no key object selection: one by TID 2010, on an image of this film and one of none. */
function keyObject({ sopInstanceUid, frame }) {
  const image = (uid, frames) => ({
    relationship: 'CONTAINS',
    name: null,
    value: { type: 'image', sopInstanceUid: uid, frames },
    children: [],
  });
  return {
    kind: 'key-object',
    title: { code: '113000', scheme: 'DCM', meaning: 'Of Interest' },
    completion: '',
    verification: '',
    contentAt: '2026-03-01T09:00:00',
    content: [
      {
        relationship: 'CONTAINS',
        name: { code: '113012', scheme: 'DCM', meaning: 'Key Object Description' },
        value: { type: 'text', text: '二尖瓣反流，请会诊。' },
        children: [],
      },
      image(sopInstanceUid, [frame]),
      image('1.2.3.4.5', []),
    ],
  };
}

function filesOf(place) {
  if (!readFolder(place)) return [place];
  return readdirSync(place)
    .sort()
    .map((name) => path.join(place, name));
}

function readFolder(place) {
  try {
    readdirSync(place);
    return true;
  } catch {
    return false;
  }
}

/** The words of an SR file by dcmtk, a second reader. */
export function wordsByDcmtk(file) {
  return execFileSync('dsrdump', ['-q', file]).toString();
}
