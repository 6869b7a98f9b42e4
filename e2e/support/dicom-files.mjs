import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import dicomParser from 'dicom-parser';

export const testData = process.env.YINGYUN_TESTDATA;

/** Files of one folder of the real data, sorted. */
export function realFiles(folder) {
  const place = path.join(testData, 'dicom', folder);
  return readdirSync(place)
    .filter((name) => !name.startsWith('.') && !/\.(md|txt|json)$/i.test(name))
    .sort()
    .map((name) => path.join(place, name));
}

/** Native pixels of an uncompressed file, with its UID: the truth that a film is compared with. */
export function nativePixels(file) {
  const dataSet = dicomParser.parseDicom(readFileSync(file));
  const element = dataSet.elements.x7fe00010;
  return {
    sopInstanceUid: dataSet.string('x00080018'),
    pixels: Buffer.from(dataSet.byteArray.buffer, dataSet.byteArray.byteOffset + element.dataOffset, element.length),
  };
}

/** A copy under a new SOP Instance UID and with other header values (dcmtk's dcmodify). `changes`: {"0010,0010": "…"}. */
export function cloneFile(file, to, changes) {
  copyFileSync(file, to);
  execFileSync(
    'dcmodify',
    ['-nb', '-imt', ...Object.entries(changes).flatMap(([tag, value]) => ['-i', `(${tag})=${value}`]), to],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return to;
}
