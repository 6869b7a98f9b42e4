// The real corpus, ready to be sent: one object a file, though many of its files share a SOP Instance UID.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { testData } from './dicom-files.mjs';

const lidc = process.env.YINGYUN_LIDC;

/** Series whose files are alike stand in the table as one row. */
export const seriesFolders = [
  'dicom/ct/lidc-idri-0314-chest-1mm',
  'dicom/mr/bch-brain-mprage',
  'dicom/pt/qin-torso-wb',
  'dicom/ct/philips-head-phantom-tilt',
  'dicom/dicomdir/pydicom/TINY_ALPHA/PT000000',
];

export function rowOf(name) {
  const folder = seriesFolders.find((one) => name.startsWith(`${one}/`));
  return folder === undefined ? name : `${folder}/*`;
}

/** Every DICOM file that MANIFEST.tsv lists: its name there, and where it lies. */
export function corpus() {
  const lines = readFileSync(path.join(testData, 'MANIFEST.tsv'), 'utf8').split('\n').slice(1);
  return lines
    .map((line) => line.split('\t')[0])
    .filter((name) => name.startsWith('dicom/'))
    .map((name) => ({ name, file: placeOf(name) }))
    .filter(({ file }) => existsSync(file));
}

function placeOf(name) {
  const isLidc = name.startsWith('dicom/ct/lidc-idri-0314-chest-1mm/') && lidc !== undefined;
  return isLidc ? path.join(lidc, path.basename(name)) : path.join(testData, name);
}

/**
 * Gives a UID that was sent before another ending of the same length, everywhere it stands in the file, so that nothing else of the
 * file changes. Deflated files can't be changed this way: they are sent first.
 */
export function withOwnUid(bytes, uid, seen) {
  if (!seen.has(uid)) return { bytes, uid };
  let number = 1;
  let own;
  do {
    const ending = String(number++);
    own = `${uid.slice(0, uid.length - ending.length - 1).replace(/\.$/, '1')}${'1'}${ending}`.slice(0, uid.length);
  } while (seen.has(own));
  const changed = Buffer.from(bytes);
  for (let at = changed.indexOf(uid); at >= 0; at = changed.indexOf(uid, at + uid.length))
    changed.write(own, at, 'latin1');
  return { bytes: changed, uid: own };
}
