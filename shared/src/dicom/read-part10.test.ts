import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import { isProblem } from '../domain/problem';
import { type DataSet, find } from './data-set';
import { defaultLimits } from './limits';
import { type Part10, readPart10 } from './read-part10';
import { writePart10 } from './write-part10';

const testData = process.env.YINGYUN_TESTDATA;

function corpus(matching: RegExp): string[] {
  const lines = readFileSync(path.join(testData ?? '', 'MANIFEST.tsv'), 'utf8')
    .split('\n')
    .slice(1);
  const names = lines.map((line) => line.split('\t')[0] ?? '');
  return names.filter(
    (name) => name.startsWith('dicom/') && matching.test(name) && existsSync(path.join(testData ?? '', name)),
  );
}

function bytesOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(path.join(testData ?? '', name)));
}

function read(bytes: Uint8Array): Part10 {
  const part10 = readPart10(bytes);
  if (isProblem(part10)) throw new Error(`${part10.problem}: ${part10.detail}`);
  return part10;
}

/** Explicit VR little endian element with a 16-bit or, for SQ, OB and UN, a 32-bit length. */
function element(tag: number, vr: string, length: number, value: Uint8Array = new Uint8Array(0)): Buffer {
  const isLong = ['SQ', 'OB', 'OW', 'UN'].includes(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, 'latin1');
  if (isLong) head.writeUInt32LE(length, 8);
  else head.writeUInt16LE(length, 6);
  return Buffer.concat([head, value]);
}

function fileOf(dataSet: Uint8Array, transferSyntaxUid = '1.2.840.10008.1.2.1'): Uint8Array {
  const uid = Buffer.from(transferSyntaxUid.padEnd(transferSyntaxUid.length + (transferSyntaxUid.length % 2), '\0'));
  const syntax = element(0x00020010, 'UI', uid.length, uid);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(syntax.length);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element(0x00020000, 'UL', 4, length), syntax, dataSet]);
}

const uidElement = element(0x00080018, 'UI', 4, Buffer.from('1.2\0'));

describe('reading a Part 10 file', () => {
  it.skipIf(!testData)('finds the same elements with the same bytes as dicom-parser, in files of all kinds', () => {
    let compared = 0;
    for (const name of corpus(
      /^dicom\/(?!odd|dicomdir|pt\/qin|mr\/bch|transfer-syntaxes\/deflated|pixel\/bits-and-luts\/MR-MONO2)/,
    )) {
      const bytes = bytesOf(name);
      const ours = readPart10(bytes);
      let theirs: dicomParser.DataSet;
      try {
        theirs = dicomParser.parseDicom(bytes);
      } catch {
        continue; // it asks for preamble and meta, and doesn't do big endian everywhere
      }
      if (isProblem(ours)) throw new Error(`${name}: ${ours.detail}`);
      const isBigEndian = !ours.encoding.isLittleEndian;
      for (const element of ours.dataSet.elements) {
        const key = `x${element.tag.toString(16).padStart(8, '0')}`;
        const other = theirs.elements[key];
        if (other === undefined) throw new Error(`${name} ${key} is not there`);
        if (other.vr === 'OW' && other.length === -1) continue;
        expect(other.dataOffset, `${name} ${key}`).toBe(element.valueOffset);
        if (!element.hasUndefinedLength && !isBigEndian)
          expect(other.length, `${name} ${key}`).toBe(element.value.length);
        if (element.items !== undefined && other.items !== undefined)
          expect(other.items.length).toBe(element.items.length);
        if (element.fragments !== undefined) expect(other.fragments?.length).toBe(element.fragments.length - 1);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(10_000);
  });

  it.skipIf(!testData)('reads files without preamble or meta, and those that lie about either', () => {
    for (const [name, syntax] of [
      ['ExplVR_BigEndNoMeta.dcm', '1.2.840.10008.1.2.2'],
      ['ExplVR_LitEndNoMeta.dcm', '1.2.840.10008.1.2.1'],
      ['OT_Implicit_Little_Headless.dcm', '1.2.840.10008.1.2'],
      ['no_preamble_dicm_in_data', '1.2.840.10008.1.2.1'],
    ]) {
      expect(read(bytesOf(`dicom/odd/meta-and-preamble/${name}`)).transferSyntaxUid).toBe(syntax);
    }
  });

  it('refuses a length that reaches past its container', () => {
    for (const length of [0x7fffffff, 0xfffffffe, 100]) {
      expect(readPart10(fileOf(Buffer.concat([uidElement, element(0x00420011, 'OB', length)])))).toMatchObject({
        problem: 'dicom-malformed',
      });
    }
  });

  it('counts elements over all items, and depth', () => {
    const item = Buffer.concat([Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0])]);
    const many = Buffer.concat(Array.from({ length: 1000 }, () => item));
    const flat = fileOf(Buffer.concat([uidElement, element(0x00081115, 'SQ', many.length, many)]));
    expect(isProblem(readPart10(flat))).toBe(false);
    expect(readPart10(flat, { ...defaultLimits, maxElements: 900 })).toMatchObject({ problem: 'dicom-limit-exceeded' });
    const open = Buffer.concat([
      element(0x00081115, 'SQ', 0xffffffff),
      Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]),
    ]);
    const deep = fileOf(Buffer.concat([uidElement, ...Array.from({ length: 50_000 }, () => open)]));
    expect(readPart10(deep)).toMatchObject({ problem: 'dicom-limit-exceeded' });
  });

  it('stops a deflate bomb at its cap, before it is parsed', () => {
    const bomb = deflateRawSync(
      Buffer.concat([uidElement, element(0x00420011, 'OB', 600_000_000), Buffer.alloc(300_000_000)]),
      { level: 9 },
    );
    const before = process.memoryUsage().arrayBuffers;
    const answer = readPart10(fileOf(bomb, '1.2.840.10008.1.2.1.99'));
    expect(answer).toMatchObject({ problem: 'dicom-limit-exceeded' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('refuses a deflated data set that was cut', () => {
    const whole = deflateRawSync(Buffer.concat([uidElement, element(0x00081030, 'LO', 4, Buffer.from('Head'))]));
    expect(find(read(fileOf(whole, '1.2.840.10008.1.2.1.99')).dataSet, 0x00081030)?.value).toEqual(
      new Uint8Array(Buffer.from('Head')),
    );
    const cut = readPart10(fileOf(whole.subarray(0, whole.length - 6), '1.2.840.10008.1.2.1.99'));
    expect(cut).toMatchObject({ problem: 'dicom-malformed' });
  });

  it('reads fragments by their lengths: delimiters inside a frame mean nothing', () => {
    const fake = Buffer.from([0xff, 0xd8, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0, 0xff, 0xd9]);
    const item = (bytes: Buffer) => {
      const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
      head.writeUInt32LE(bytes.length, 4);
      return Buffer.concat([head, bytes]);
    };
    const pixels = Buffer.concat([
      element(0x7fe00010, 'OB', 0xffffffff),
      item(Buffer.alloc(0)),
      item(fake),
      Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]),
    ]);
    const fragments = find(
      read(fileOf(Buffer.concat([uidElement, pixels]), '1.2.840.10008.1.2.4.50')).dataSet,
      0x7fe00010,
    )?.fragments;
    expect(fragments?.map((fragment) => fragment.bytes.length)).toEqual([0, 12]);
  });
});

describe.skipIf(!testData)('writing a Part 10 file', () => {
  it('gives back the elements that were read, whatever they were encoded in', () => {
    for (const name of corpus(
      /mr\/single\/MR_small_(implicit|expb)|odd\/sequences-and-vr\/(UN_sequence|priv_SQ|GH223|reportsi)|sr\/tid1500-dwv|enhanced.*eCT|rt\/pydicom-small\/rtplan/,
    )) {
      const received = read(bytesOf(name));
      const { bytes } = writePart10({
        dataSet: received.dataSet,
        isExplicitLittleEndian: received.encoding.isExplicit && received.encoding.isLittleEndian,
        transferSyntaxUid: '1.2.840.10008.1.2.1',
        sopClassUid: '1.2',
        sopInstanceUid: '1.2.3',
        implementationClassUid: '1.2.3.4',
        implementationVersionName: 'TEST',
        pixelData: { kind: 'native', vr: 'OW', bytes: find(received.dataSet, 0x7fe00010)?.value ?? new Uint8Array(0) },
      });
      expect(flat(read(bytes).dataSet), name).toEqual(flat(received.dataSet));
    }
  });
});

function flat(dataSet: DataSet): string[] {
  return dataSet.elements.flatMap((element) => {
    if ((element.tag & 0xffff) === 0) return [];
    const here = element.tag.toString(16).padStart(8, '0');
    if (element.items === undefined) return [`${here} ${Buffer.from(element.value).toString('base64')}`];
    return [here, ...element.items.flatMap((item) => ['item', ...flat(item)])];
  });
}
