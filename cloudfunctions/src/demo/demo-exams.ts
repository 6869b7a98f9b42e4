/** The demo hospital's made-up people and exams. No real person; every UID is derived from the exam's name. */
import { createHash } from 'node:crypto';

export interface DemoExam {
  readonly key: 'chest-ct' | 'brain-mr' | 'chest-dx' | 'heart-us';
  readonly patientId: string;
  /** DICOM PN with alphabetic and ideographic groups. */
  readonly patientName: string;
  readonly hl7Name: string;
  readonly sex: 'M' | 'F';
  readonly birthDate: string;
  readonly age: string;
  readonly accessionNumber: string;
  readonly examItem: string;
  readonly bodyPart: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly findings: readonly string[];
  readonly impression: readonly string[];
}

export const demoExams: readonly DemoExam[] = [
  {
    key: 'chest-ct',
    patientId: 'YY2026001',
    patientName: 'Lin^Xiaoyun=林^晓云',
    hl7Name: '林晓云',
    sex: 'F',
    birthDate: '19680512',
    age: '058Y',
    accessionNumber: 'CT26110001',
    examItem: '胸部CT增强扫描',
    bodyPart: 'CHEST',
    studyDate: '20261120',
    studyTime: '093015',
    findings: [
      '胸廓对称，气管及主支气管通畅。',
      '右肺上叶见一类圆形软组织密度结节，直径约 20 mm，边缘光整；右肺下叶另见一小结节，直径约 8 mm。余双肺野清晰。',
      '心脏大小、形态未见异常，主动脉强化均匀，管腔未见狭窄或扩张。',
      '双侧胸腔未见积液，所见诸骨未见骨质破坏。',
    ],
    impression: ['1. 右肺上叶及下叶结节，建议 3 个月后复查薄层 CT。', '2. 主动脉增强扫描未见异常。'],
  },
  {
    key: 'brain-mr',
    patientId: 'YY2026002',
    patientName: 'Bai^Jianguo=白^建国',
    hl7Name: '白建国',
    sex: 'M',
    birthDate: '19591103',
    age: '067Y',
    accessionNumber: 'MR26110002',
    examItem: '颅脑MR平扫',
    bodyPart: 'BRAIN',
    studyDate: '20261121',
    studyTime: '141200',
    findings: ['双侧大脑半球对称，灰白质分界清楚，脑实质内未见明确异常信号。', '脑室系统大小形态正常，中线结构居中。'],
    impression: ['颅脑 MR 平扫未见明确异常。'],
  },
  {
    key: 'chest-dx', // of the person whose CT followed: two exams to compare
    patientId: 'YY2026001',
    patientName: 'Lin^Xiaoyun=林^晓云',
    hl7Name: '林晓云',
    sex: 'F',
    birthDate: '19680512',
    age: '058Y',
    accessionNumber: 'DX26110003',
    examItem: '胸部正位',
    bodyPart: 'CHEST',
    studyDate: '20261118',
    studyTime: '100530',
    findings: [
      '双肺纹理清晰，右肺上野见一类圆形致密影，直径约 20 mm。',
      '心影大小在正常范围，双侧膈面光整，肋膈角锐利。',
    ],
    impression: ['右肺上野结节影，建议 CT 检查。'],
  },
  {
    key: 'heart-us',
    patientId: 'YY2026004',
    patientName: 'Gu^Lan=谷^兰',
    hl7Name: '谷兰',
    sex: 'F',
    birthDate: '19800808',
    age: '046Y',
    accessionNumber: 'US26110004',
    examItem: '心脏彩超',
    bodyPart: 'HEART',
    studyDate: '20261123',
    studyTime: '160000',
    findings: ['各房室腔大小正常，室壁运动协调。', '二尖瓣口可见轻度反流信号。'],
    impression: ['二尖瓣轻度反流，余未见异常。'],
  },
];

/** A UID below 2.25 (PS3.5 B.2) that is the same on every machine. */
export function demoUid(...parts: readonly (string | number)[]): string {
  const digest = createHash('sha256')
    .update(`yingyun demo ${parts.join('/')}`)
    .digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x40;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${digest.subarray(0, 16).toString('hex')}`)}`;
}
