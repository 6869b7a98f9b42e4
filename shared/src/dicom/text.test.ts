import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TextDecoder } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isProblem } from '../domain/problem';
import { textDecoderOf } from './character-set';
import { itemsOf } from './data-set';
import { isoDate, isoDateTime, isoFromDt, isoTime } from './date-time';
import { displayName, parsePersonName } from './person-name';
import { readPart10 } from './read-part10';
import { textOfDataSet, textValue } from './values';

const testData = process.env.YINGYUN_TESTDATA;
const decoders = (label: string, options: { fatal: boolean }) => new TextDecoder(label, options);

function nameIn(file: string, assumeChinese = false): string {
  const part10 = readPart10(new Uint8Array(readFileSync(path.join(testData ?? '', 'dicom/charset', file))));
  if (isProblem(part10)) throw new Error(part10.detail);
  return textValue(part10.dataSet, 0x00100010, textOfDataSet(part10.dataSet, decoders, { assumeChinese }));
}

describe.skipIf(!testData)('the names in files of other makers', () => {
  // PS3.5 annexes H, I, J, K and the notes of the dcm4che character set samples, from which pydicom's files come.
  for (const [file, name] of [
    ['pydicom/chrX1.dcm', 'Wang^XiaoDong=王^小東'],
    ['pydicom/chrX2.dcm', 'Wang^XiaoDong=王^小东'],
    ['pydicom/chrH31.dcm', 'Yamada^Tarou=山田^太郎=やまだ^たろう'],
    ['pydicom/chrH32.dcm', 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう'],
    ['pydicom/chrI2.dcm', 'Hong^Gildong=洪^吉洞=홍^길동'],
    ['pydicom/chrFren.dcm', 'Buc^Jérôme'],
    ['pydicom/chrGerm.dcm', 'Äneas^Rüdiger'],
    ['pydicom/chrGreek.dcm', 'Διονυσιος'],
    ['pydicom/chrRuss.dcm', 'Люкceмбypг'],
    ['pydicom/chrHbrw.dcm', 'שרון^דבורה'],
    ['pydicom/chrArab.dcm', 'قباني^لنزار'],
  ] as const) {
    it(`reads ${file}`, () => expect(nameIn(file).replace(/=+$/, '')).toBe(name));
  }

  it('reads Chinese in ISO 2022 IR 58 with its escapes', () => {
    expect(nameIn('chinese-iso2022-ir58/chrGB2312.dcm')).toMatch(/[\u4e00-\u9fff]/);
    expect(nameIn('chinese-iso2022-ir58/chrGB2312.dcm')).not.toMatch(/\u001b|\ufffd|\$\)A/);
  });

  it('uses the character set an item declares for itself', () => {
    const part10 = readPart10(
      new Uint8Array(readFileSync(path.join(testData ?? '', 'dicom/charset/pydicom/chrSQEncoding.dcm'))),
    );
    if (isProblem(part10)) throw new Error(part10.detail);
    const outer = textOfDataSet(part10.dataSet, decoders, { assumeChinese: false });
    const item = itemsOf(part10.dataSet, 0x00321064)[0] ?? { elements: [] };
    const inner = textOfDataSet(item, decoders, { assumeChinese: false }, outer);
    expect(textValue(item, 0x00100010, inner)).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう');
  });
});

describe('text without a true character set', () => {
  it('is not Chinese where accented letters stand alone, whoever sends it', () => {
    const latin = (text: string) =>
      textDecoderOf(['ISO_IR 100'], decoders, { assumeChinese: true })(Buffer.from(text, 'latin1'));
    for (const name of ['Buc^Jérôme', 'Äneas^Rüdiger', 'BÄCKEN FRONTAL']) expect(latin(name)).toBe(name);
  });

  it('is Chinese under a wrong ISO_IR 100, rare characters of GBK among the common ones', () => {
    // 朱镕基: GBK D6EC E946 BBF9
    const bytes = Uint8Array.of(0xd6, 0xec, 0xe9, 0x46, 0xbb, 0xf9);
    expect(textDecoderOf(['ISO_IR 100'], decoders, { assumeChinese: true })(bytes)).toBe('朱镕基');
  });

  // 张三 in GB 2312
  const gbk = Uint8Array.of(0xd5, 0xc5, 0xc8, 0xfd);

  it('is GB18030 where Chinese is assumed, UTF-8 where it is that', () => {
    for (const declared of [[], [''], ['ISO_IR 100'], ['ISO_IR 6']]) {
      expect(textDecoderOf(declared, decoders, { assumeChinese: true })(gbk)).toBe('张三');
      expect(textDecoderOf(declared, decoders, { assumeChinese: true })(new Uint8Array(Buffer.from('张三')))).toBe(
        '张三',
      );
    }
  });

  it('is Latin-1 where it is not', () => {
    const text = textDecoderOf(['ISO_IR 100'], decoders, { assumeChinese: false });
    expect(text(Uint8Array.of(0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72))).toBe('Müller');
  });

  it('is decoded before it is split: a trail byte may be a backslash', () => {
    const text = textDecoderOf(['GBK'], decoders, { assumeChinese: true });
    const dataSet = {
      elements: [
        {
          tag: 0x00081030,
          vr: 'LO',
          value: Uint8Array.of(0xd5, 0x5c, 0x5c, 0x41),
          valueOffset: 0,
          offset: 0,
          hasUndefinedLength: false,
        },
      ],
    };
    const han = text(Uint8Array.of(0xd5, 0x5c));
    expect(han).toMatch(/^[\u4e00-\u9fff]$/);
    expect(textValue(dataSet, 0x00081030, text)).toBe(han);
  });
});

describe('person names, dates and times', () => {
  it('splits a name into its three groups', () => {
    expect(parsePersonName('Zhang^San=张^三=')).toEqual({
      alphabetic: 'Zhang^San',
      ideographic: '张^三',
      phonetic: '',
    });
    expect(displayName(parsePersonName('Zhang^San=张^三'))).toBe('张三');
    expect(displayName(parsePersonName('张^三'))).toBe('张三');
    expect(displayName(parsePersonName('ZHANG^SAN^^'))).toBe('ZHANG SAN');
  });

  it('makes ISO local text of what is a date, and nothing of what is not', () => {
    expect(isoDate('20260301')).toBe('2026-03-01');
    expect(isoDate('2026.03.01')).toBe('2026-03-01');
    expect([isoDate('20261301'), isoDate('2026'), isoDate('')]).toEqual(['', '', '']);
    expect([isoTime('0830'), isoTime('083000.123456'), isoTime('08:30:15'), isoTime('08'), isoTime('2500')]).toEqual([
      '08:30:00',
      '08:30:00',
      '08:30:15',
      '08:00:00',
      '',
    ]);
    expect(isoDateTime('20260301', '')).toBe('2026-03-01');
    expect(isoFromDt('20260301083000.5+0800')).toBe('2026-03-01T08:30:00');
  });
});
