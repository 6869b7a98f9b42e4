import { describe, expect, it } from 'vitest';
import type { CodedWord, ContentItem, ContentValue } from '../contract/film-document';
import { measurementGroups } from './measurement-groups';
import { unitOf, wordsOf } from './words-zh';

const dcm = (code: string, meaning: string, scheme = 'DCM'): CodedWord => ({ code, scheme, meaning });
const item = (name: CodedWord | null, value: ContentValue, ...children: ContentItem[]): ContentItem => ({
  relationship: 'CONTAINS',
  name,
  value,
  children,
});
const container = { type: 'container' } as const;
const millimetre = dcm('mm', 'millimeter', 'UCUM');

// The shape of PS3.16 TID 1500 with one planar group (TID 1410), as dcmqi and dwv write it.
const group = item(
  dcm('125007', 'Measurement Group'),
  container,
  item(dcm('112039', 'Tracking Identifier'), { type: 'text', text: '结节 1' }),
  item(dcm('112040', 'Tracking Unique Identifier'), { type: 'uid', uid: '1.2' }),
  item(dcm('121071', 'Finding'), { type: 'code', code: dcm('27925004', 'Nodule', 'SCT') }),
  item(dcm('G-C0E3', 'Finding Site', 'SRT'), { type: 'code', code: dcm('T-28000', 'Lung', 'SRT') }),
  item(
    dcm('G-D7FE', 'Length', 'SRT'),
    { type: 'number', number: '6.25', unit: millimetre, qualifier: null },
    item(
      null,
      { type: 'coordinates', graphic: 'POLYLINE', points: [1, 2, 3, 4] },
      item(null, { type: 'image', sopInstanceUid: '1.2.3', frames: [2] }),
    ),
  ),
  item(
    dcm('126401', 'SUVbw'),
    { type: 'number', number: '5.1', unit: null, qualifier: null },
    {
      ...item(dcm('121401', 'Derivation'), { type: 'code', code: dcm('R-00317', 'Mean', 'SRT') }),
      relationship: 'HAS CONCEPT MOD',
    },
  ),
  item(dcm('x', 'Volume'), {
    type: 'number',
    number: '',
    unit: null,
    qualifier: dcm('114006', 'Measurement failure'),
  }),
);

describe('the measurement groups of a report', () => {
  it('become rows with name, value and unit, and what they are about', () => {
    const finding = item(dcm('121071', 'Finding'), { type: 'text', text: '未见异常' });
    const { groups, rest } = measurementGroups({
      content: [finding, item(dcm('126010', 'Imaging Measurements'), container, group)],
    });
    expect(groups).toEqual([
      {
        name: '结节 1',
        about: ['结节', '肺'],
        rows: [
          { name: '长度', value: '6.25', unit: 'mm', isNumber: true },
          { name: 'SUV（体重） · 平均值', value: '5.1', unit: '', isNumber: true },
          { name: '体积', value: '', unit: 'Measurement failure', isNumber: true },
        ],
        images: [{ sopInstanceUid: '1.2.3', frames: [2] }],
      },
    ]);
    expect(rest).toEqual([finding]);
  });
  it('leave everything else of their container to be read', () => {
    const comment = item(dcm('121106', 'Comment'), { type: 'text', text: 'x' });
    const { rest } = measurementGroups({
      content: [item(dcm('126010', 'Imaging Measurements'), container, group, comment)],
    });
    expect(rest).toMatchObject([{ name: { code: '126010' }, children: [comment] }]);
  });
});

describe('the words of a report', () => {
  it('are Chinese where we know them, else what the object says', () => {
    expect(['Findings', 'LENGTH', 'Sarcoidosis', ''].map((meaning) => wordsOf(dcm('c', meaning)))).toEqual([
      '影像所见',
      '长度',
      'Sarcoidosis',
      'c',
    ]);
    expect(
      [millimetre, dcm('mm2', '', 'UCUM'), dcm("[hnsf'U]", '', 'UCUM'), dcm('1', 'no units', 'UCUM'), null].map(unitOf),
    ).toEqual(['mm', 'mm²', 'HU', '', '']);
  });
});
