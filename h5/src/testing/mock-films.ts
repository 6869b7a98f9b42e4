import type { FilmManifest, FrameEntry } from '@yingyun/shared/contract/film-manifest';
import type { FilmListItem } from '@yingyun/shared/contract/routes';

/** Invented films for page tests: no real person, no real report. */
export const seriesInstanceUid = '1.2.826.0.1.3680043.10.1338.1';
export const frameSize = { rows: 256, columns: 256 };
const frameCount = 24;
const frameBytes = frameSize.rows * frameSize.columns * 2;

export const findings = `胸廓对称，气管居中。两肺纹理清晰，右肺上叶尖段见一磨玻璃结节，大小约 6 mm × 5 mm，边界清楚，内未见实性成分。
左肺下叶见少许条索影。两肺门不大，纵隔内未见肿大淋巴结。
心影大小形态正常，主动脉壁见少许钙化。双侧胸腔未见积液。`;
export const impression = `1. 右肺上叶磨玻璃结节，建议 6 个月后复查低剂量 CT。
2. 左肺下叶少许纤维条索影。
3. 主动脉硬化。`;

const frames: FrameEntry[] = Array.from({ length: frameCount }, (_, i) => ({
  bands: [frameBytes],
  sopInstanceUid: `${seriesInstanceUid}.${i + 1}`,
  instanceNumber: i + 1,
  imagePositionPatient: [-160, -160, i * 5],
}));

export const manifest: FilmManifest = {
  filmId: '7f6d0c1e-0000-4000-8000-000000000001',
  revision: '0123456789abcdef',
  hospitalName: '云溪市第一人民医院',
  examItem: '胸部 CT 平扫',
  modalities: ['CT'],
  bodyPart: 'CHEST',
  examAt: '2026-03-01T08:30:00',
  patient: { nameMasked: '张*华', sex: 'M', age: '057Y' },
  report: {
    status: 'approved',
    version: 1,
    findings,
    impression,
    reportingDoctor: '李明',
    approvingDoctor: '王建国',
    reportedAt: '2026-03-01T01:12:00Z',
    approvedAt: '2026-03-01T02:05:00Z',
  },
  completeness: { instanceCount: frameCount, text: `${frameCount} / ${frameCount} 幅，原始无损` },
  series: [
    {
      seriesInstanceUid,
      seriesNumber: 2,
      modality: 'CT',
      description: '胸部 5mm 标准',
      frameTimeMs: null,
      windowPresets: [
        { name: '肺窗', center: -600, width: 1500 },
        { name: '纵隔窗', center: 40, width: 400 },
      ],
      common: {
        frameNumber: 1,
        codec: 'raw',
        ...frameSize,
        samplesPerPixel: 1,
        bitsAllocated: 16,
        bitsStored: 16,
        isSigned: true,
        photometricInterpretation: 'MONOCHROME2',
        rescaleSlope: 1,
        rescaleIntercept: 0,
        rescaleType: 'HU',
        voi: [{ center: 40, width: 400, explanation: '' }],
        voiLutFunction: 'LINEAR',
        imageOrientationPatient: [1, 0, 0, 0, 1, 0],
        pixelSpacing: [1.25, 1.25],
        pixelSpacingSource: 'patient',
        sliceThickness: 5,
        pixelPaddingValue: null,
        palette: null,
      },
      frames,
      withoutImage: [],
    },
  ],
};

/** A phantom's slice, 16-bit little-endian HU: body, two lungs, spine, a small nodule that moves with the slice. */
export function phantomFrame(frame: number): Uint8Array {
  const { rows, columns } = frameSize;
  const pixels = new Int16Array(rows * columns);
  const inside = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) =>
    ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
  const lungHeight = 60 - Math.abs(frame - frameCount / 2) * 2.5;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let hu = -1000;
      if (inside(x, y, 128, 132, 112, 84)) hu = -90;
      if (inside(x, y, 128, 132, 102, 75)) hu = 45;
      if (inside(x, y, 78, 126, 38, lungHeight) || inside(x, y, 180, 126, 38, lungHeight)) hu = -850;
      if (inside(x, y, 136, 116, 24, 28)) hu = 55;
      if (inside(x, y, 128, 182, 16, 15)) hu = 420;
      if (inside(x, y, 70 + frame, 110, 5, 5)) hu = -300;
      pixels[y * columns + x] = hu + ((x * 7 + y * 13 + frame * 5) % 11) * 3;
    }
  }
  return new Uint8Array(pixels.buffer);
}

const names = ['张*华', '李*', '王*梅', '欧阳*', '赵*强', '陈*', '刘*玲', '黄*', '周*军', '吴*霞'];
const pinyin = [
  'zhang hua',
  'li wei',
  'wang mei',
  'ouyang xue',
  'zhao qiang',
  'chen jie',
  'liu ling',
  'huang bo',
  'zhou jun',
  'wu xia',
];
const items: readonly (readonly [string, string])[] = [
  ['胸部 CT 平扫', 'CT'],
  ['颅脑 MR 平扫 + 弥散', 'MR'],
  ['胸部正侧位 DR', 'DX'],
  ['腹部超声', 'US'],
  ['冠状动脉 CT 血管成像', 'CT'],
];

/** 64 films for the console's list, newest first, with the words the mock's search looks at. */
export const listedFilms: readonly { readonly film: FilmListItem; readonly words: string }[] = Array.from(
  { length: 64 },
  (_, i) => {
    const [examItem, modality] = items[i % items.length] ?? ['', 'CT'];
    const film: FilmListItem = {
      filmId: `7f6d0c1e-0000-4000-8000-${String(i + 1).padStart(12, '0')}`,
      patientNameMasked: names[i % names.length] ?? '',
      sex: i % 3 === 0 ? 'M' : 'F',
      age: `0${30 + (i % 50)}Y`,
      examItem,
      modalities: [modality],
      examAt: new Date(Date.UTC(2026, 2, 1, 8, 30) - i * 97 * 60_000).toISOString().slice(0, 19),
      instanceCount: [24, 312, 2, 18, 486][i % 5] ?? 1,
      state: i === 1 ? 'waiting' : i === 6 ? 'held' : i === 9 ? 'withdrawn' : 'published',
      reportStatus: i === 1 ? 'none' : i === 3 ? 'preliminary' : i === 4 ? 'amended' : 'approved',
      activeShares: 0,
    };
    const latin = pinyin[i % pinyin.length] ?? '';
    const initials = latin
      .split(' ')
      .map((word) => word[0])
      .join('');
    return {
      film,
      words: [film.patientNameMasked, latin, latin.replace(' ', ''), initials, `P${1000 + i}`].join('|').toLowerCase(),
    };
  },
);
