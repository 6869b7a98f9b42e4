// The exams of the gallery: at least one real file of every modality and kind of object, each made an exam of one and the same person.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

export const person = {
  patientId: 'YY20260001',
  dicomName: 'Ouyang^Xue=欧阳^雪',
  name: '欧阳雪',
  idNumber: '11010519491231002X', // GB 11643's own example
  birthDate: '19491231',
  phone: '13800138000',
};

/** `files`: names under $YINGYUN_TESTDATA/dicom, files or folders. `isEmpty`: there is no picture to wait for. `isPlain`: nor much on it. */
const choice = [
  { key: 'ct', name: '胸部CT平扫', files: ['ct/lidc-idri-0314-chest-1mm'], at: 90 },
  { key: 'mr', name: '头颅MR平扫', files: ['mr/bch-brain-mprage'] },
  { key: 'cr', name: '胸部CR正位（反相灰度）', files: ['cr-dx/cr-chest/CR_chest_MONOCHROME1_JPEG.dcm'] },
  { key: 'dx', name: '胸部DR正位', files: ['cr-dx/nih-chest-dx/sample.dcm'] },
  { key: 'mg', name: '乳腺X线摄影', files: ['mg/ge-senographe/GH133.dcm'] },
  { key: 'mg-overlay', name: '乳腺点压摄影（叠加层越界）', files: ['mg/spot-view-overlay/OutOfBoundsOverlay.dcm'] },
  { key: 'us', name: '心脏超声（单幅彩色）', files: ['us/single/US-RGB-8-epicard'] },
  { key: 'us-doppler', name: '彩色多普勒超声（动态）', files: ['us/colour-doppler-cine'], isCine: true },
  { key: 'us-echo', name: '超声心动图（动态）', files: ['us/echo-cine-34f'], isCine: true },
  { key: 'us-palette', name: '超声（调色板）', files: ['us/palette-cine-10f/US-PAL-8-10x-echo'], isCine: true },
  { key: 'xa', name: '冠状动脉造影', files: ['xa/rubo-coronary-96f/jpeg8bit.dcm'], isCine: true },
  { key: 'rf', name: '关节造影', files: ['rf/arthrography/KarstenHilbertRF.dcm'] },
  { key: 'nm', name: '全身骨显像', files: ['nm/whole-body/NM1_UNC'] },
  { key: 'nm-gated', name: '门控心肌显像', files: ['nm/gated-heart-13f/NM-MONO2-16-13x-heart'], isCine: true },
  { key: 'pt', name: '躯干PET显像', files: ['pt/qin-torso-wb'] },
  { key: 'enhanced-ct', name: '增强多帧CT', files: ['ct/enhanced-multiframe/eCT_Supplemental.dcm'] },
  { key: 'enhanced-mr', name: '增强多帧MR（膝关节）', files: ['mr/enhanced-multiframe/MOVEKNEE.dcm'] },
  { key: 'sc', name: '二次捕获（彩色测试图）', files: ['transfer-syntaxes/test-pattern-colour/TestPattern_RGB.dcm'] },
  { key: 'sc-palette', name: '二次捕获（调色板）', files: ['odd/meta-and-preamble/OT-PAL-8-face'] },
  { key: 'op', name: '眼底照相', files: ['other/ophthalmic/sample-op.dcm'] },
  { key: 'sm', name: '病理切片', files: ['other/whole-slide/sm_image.dcm'], isPlain: true },
  { key: 'overlay', name: '带叠加层的MR', files: ['pixel/bits-and-luts/MR-SIEMENS-DICOM-WithOverlays.dcm'] },
  { key: 'voi-lut', name: '带查找表的图像', files: ['pixel/bits-and-luts/vlut_04.dcm'] },
  { key: 'modality-lut', name: '带模态查找表的图像', files: ['pixel/bits-and-luts/mlut_18.dcm'] },
  { key: 'j2k', name: '有损压缩DR（浏览转换图）', files: ['cr-dx/cr-chest/RG1_J2KI'] },
  { key: 'map', name: '参数图（单精度浮点）', files: ['other/parametric-map/parametric_map_float.dcm'] },
  { key: 'map-double', name: '参数图（双精度浮点）', files: ['other/parametric-map/parametric_map_double_float.dcm'] },
  { key: 'seg', name: '肝脏CT与分割', files: ['seg/liver-3slice/01.dcm', 'seg/liver-3slice/liver.dcm'] },
  { key: 'dose', name: '放疗剂量', files: ['rt/pydicom-small/rtdose.dcm'] },
  {
    key: 'objects',
    name: '放疗定位CT与附属资料',
    files: [
      ...['rt/lctsc-struct-ct/CT01.dcm', 'rt/lctsc-struct-ct/RT.dcm', 'rt/pydicom-small/rtplan.dcm'],
      ...['sr/tid1500-dcmqi/sr.dcm', 'sr/text/reportsi.dcm', 'pdf/encapsulated/pdf.dcm'],
      ...['pr/overlay-and-image/prOverlay.dcm', 'waveform/ecg/waveform_ecg.dcm'],
      'other/stl-hp-palette/Issue137.dcm',
    ],
  },
  { key: 'sr', name: '仅有结构化报告', files: ['sr/text/sr_document.dcm'], isEmpty: true },
];

/** The corpus's exams as files under `work`, ready to be sent: `{ key, name, studyInstanceUid, files, … }`. */
export function corpusExams(testData, lidc, work) {
  return choice.map(({ files, at, ...exam }, i) => {
    const studyInstanceUid = `1.2.826.0.1.3680043.10.1338.90.${i + 1}`;
    const sources = files.flatMap((name) => filesOf(testData, lidc, name));
    const chosen = at === undefined ? sources : sources.sort().slice(at, at + 40);
    const day = `2026${String(11 - Math.floor(i / 4)).padStart(2, '0')}${String(24 - (i % 20)).padStart(2, '0')}`;
    return { ...exam, studyInstanceUid, files: ofThePerson(chosen, path.join(work, exam.key), studyInstanceUid, day) };
  });
}

function filesOf(testData, lidc, name) {
  const place = name.startsWith('ct/lidc') ? lidc : path.join(testData, 'dicom', name);
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place)
    .filter((one) => !/^\.|\.(md|txt|json)$/i.test(one))
    .map((one) => path.join(place, one));
}

function ofThePerson(sources, folder, studyInstanceUid, day) {
  mkdirSync(folder, { recursive: true });
  const copies = sources.map((_, i) => path.join(folder, `${i}.dcm`));
  for (const [i, source] of sources.entries()) copyFileSync(source, copies[i]);
  const changes = {
    '0008,0005': 'ISO_IR 192',
    '0008,0020': day,
    '0008,0030': '093000',
    '0008,0050': `A${day}`,
    '0010,0010': person.dicomName,
    '0010,0020': person.patientId,
    '0010,0030': person.birthDate,
    '0010,0040': 'F',
    '0010,1010': '076Y',
    '0020,000d': studyInstanceUid,
  };
  const options = Object.entries(changes).flatMap(([tag, value]) => ['-i', `(${tag})=${value}`]);
  execFileSync('dcmodify', ['-nb', '-imt', ...options, ...copies], { stdio: 'pipe' });
  return copies;
}
