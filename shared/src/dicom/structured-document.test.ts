import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TextDecoder } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ContentItem, StructuredDocument } from '../contract/film-document';
import { isProblem } from '../domain/problem';
import type { TextOf } from './character-set';
import type { DataSet, DicomElement } from './data-set';
import { readPart10 } from './read-part10';
import { structuredDocumentOf } from './structured-document';
import { textOfDataSet } from './values';

const testData = process.env.YINGYUN_TESTDATA;

function textOf(dataSet: DataSet, inherited?: TextOf): TextOf {
  return textOfDataSet(
    dataSet,
    (label, options) => new TextDecoder(label, options),
    { assumeChinese: true },
    inherited,
  );
}

function fileOf(name: string): string {
  return path.join(testData ?? '', 'dicom/sr', name);
}

function documentOf(dataSet: DataSet): StructuredDocument {
  const reader = { textOf, personOf: (name: string) => name };
  return structuredDocumentOf(dataSet, 'structured-report', textOf(dataSet), reader);
}

function read(name: string): StructuredDocument {
  const part10 = readPart10(new Uint8Array(readFileSync(fileOf(name))));
  if (isProblem(part10)) throw new Error(part10.detail);
  return documentOf(part10.dataSet);
}

function all(items: readonly ContentItem[]): ContentItem[] {
  return items.flatMap((item) => [item, ...all(item.children)]);
}

const place = { offset: 0, valueOffset: 0, hasUndefinedLength: false };
const words = (tag: number, vr: string, text: string): DicomElement => ({
  ...place,
  tag,
  vr,
  value: new TextEncoder().encode(text),
});
const items = (tag: number, ...sets: DataSet[]): DicomElement => ({
  ...place,
  tag,
  vr: 'SQ',
  value: new Uint8Array(0),
  items: sets,
});

describe.skipIf(!testData)('a structured report of another maker', () => {
  // dsrdump of dcmtk prints "<contains TEXT:(,,"Name")="value">" a line.
  it.each(['text/reportsi.dcm', 'text/sr_document.dcm', 'tid1500-dcmqi/sr.dcm', 'tid1500-dwv/sr-ruler.dcm'])(
    'has the items that dcmtk finds in %s, in its order',
    (name) => {
      const dump = execFileSync('dsrdump', ['+Pl', '-Ph', '-Ee', '-Ec', '-Er', fileOf(name)], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
      const dcmtk = [...dump.matchAll(/^ +<(?:contains|has [a-z ]+|inferred from|selected from) ([A-Z0-9]+):/gm)].map(
        ([, type]) => type,
      );
      const types: Record<string, string> = { number: 'NUM', person: 'PNAME', uid: 'UIDREF', coordinates: 'SCOORD' };
      const ours = all(read(name).content).map(({ value }) => types[value.type] ?? value.type.toUpperCase());
      expect(dcmtk.length).toBeGreaterThan(3);
      expect(ours).toEqual(dcmtk);
    },
  );

  it('says its title, its state, and a number with its unit', () => {
    const document = read('tid1500-dwv/sr-ruler.dcm');
    expect(document.title).toEqual({ code: '126000', scheme: 'DCM', meaning: 'Imaging Measurement Report' });
    const numbers = all(document.content).flatMap(({ value }) => (value.type === 'number' ? [value] : []));
    expect(numbers[0]).toMatchObject({ number: expect.stringMatching(/^\d/), unit: { code: 'mm', scheme: 'UCUM' } });
  });
});

describe('a structured report', () => {
  it('that goes deeper or on longer than a reader would is cut, and says so', () => {
    let item: DataSet = { elements: [words(0x0040a040, 'CS', 'CONTAINER ')] };
    for (let depth = 0; depth < 40; depth++)
      item = { elements: [words(0x0040a040, 'CS', 'CONTAINER '), items(0x0040a730, item)] };
    const deep = all(documentOf({ elements: [items(0x0040a730, item)] }).content);
    expect(deep).toHaveLength(25);
    expect(deep.at(-1)?.value).toEqual({ type: 'other', text: '……（内容过多，其余未显示）' });
    const many = Array.from({ length: 6000 }, () => ({
      elements: [words(0x0040a040, 'CS', 'TEXT'), words(0x0040a160, 'UT', '所见')],
    }));
    expect(documentOf({ elements: [items(0x0040a730, ...many)] }).content).toHaveLength(5001);
  });

  it('leaves private elements out and takes a backslash in a text for what it is', () => {
    const text = {
      elements: [words(0x0040a040, 'CS', 'TEXT'), words(0x00090010, 'LO', 'SECRET'), words(0x0040a160, 'UT', 'a\\b ')],
    };
    const { content } = documentOf({ elements: [items(0x0040a730, text)] });
    expect(content).toEqual([{ relationship: '', name: null, value: { type: 'text', text: 'a\\b' }, children: [] }]);
  });

  it('keeps a report of nothing but coordinates and passages to what a phone can take, and says that more was there', () => {
    const floats = new Uint8Array(new Float32Array(4000).buffer);
    const curve = {
      elements: [words(0x0040a040, 'CS', 'SCOORD'), { ...place, tag: 0x00700022, vr: 'FL', value: floats }],
    };
    const passage = { elements: [words(0x0040a040, 'CS', 'TEXT'), words(0x0040a160, 'UT', '文'.repeat(30_000))] };
    const { content } = documentOf({
      elements: [items(0x0040a730, ...Array(50).fill(curve), ...Array(200).fill(passage))],
    });
    const points = content.flatMap(({ value }) => (value.type === 'coordinates' ? value.points : []));
    expect(points).toHaveLength(50_000);
    const texts = content.flatMap(({ value }) => (value.type === 'text' ? [value.text.length] : []));
    expect([Math.max(...texts), texts.reduce((sum, length) => sum + length, 0)]).toEqual([20_000, 2_000_000]);
    expect(content.at(-1)?.value).toEqual({ type: 'other', text: '……（内容过多，其余未显示）' });
  });
});
