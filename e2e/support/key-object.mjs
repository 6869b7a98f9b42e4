// A Key Object Selection document (PS3.3 A.35.4, TID 2010) that points at one image, as dcmtk writes it from text.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { dicomValue } from './hospital.mjs';

/** Writes `target`: a doctor marked `image`, a DICOM file, as of interest. @returns {string} target */
export function writeKeyObject(image, target, root) {
  const value = (tag) => dicomValue(image, tag);
  const code = (tag, [codeValue, meaning]) => sequence(tag, [
    `(0008,0100) SH [${codeValue}]`, '(0008,0102) SH [DCM]', `(0008,0104) LO [${meaning}]`,
  ]); // biome-ignore format: an attribute a word
  const referenced = [`(0008,1150) UI [${sopClass(image)}]`, `(0008,1155) UI [${value('0008,0018')}]`];
  const lines = [
    '(0008,0005) CS [ISO_IR 192]',
    '(0008,0016) UI [1.2.840.10008.5.1.4.1.1.88.59]',
    `(0008,0018) UI [${root}.1]`,
    ...['0008,0020', '0008,0050', '0010,0020', '0020,000d'].map((tag) => `(${tag}) ${vr[tag]} [${value(tag)}]`),
    '(0008,0023) DA [20251102]',
    '(0008,0033) TM [170000]',
    '(0008,0060) CS [KO]',
    `(0020,000e) UI [${root}]`,
    '(0020,0011) IS [99]',
    '(0020,0013) IS [1]',
    '(0040,a040) CS [CONTAINER]',
    ...code('0040,a043', ['113000', 'Of Interest']),
    '(0040,a050) CS [SEPARATE]',
    ...sequence('0040,a375', [
      ...sequence('0008,1115', [...sequence('0008,1199', referenced), `(0020,000e) UI [${value('0020,000e')}]`]),
      `(0020,000d) UI [${value('0020,000d')}]`,
    ]),
    ...sequence('0040,a730', [
      '(0040,a010) CS [CONTAINS]',
      '(0040,a040) CS [IMAGE]',
      ...sequence('0008,1199', referenced),
    ]),
  ];
  const text = `${target}.txt`;
  writeFileSync(text, `${lines.join('\n')}\n`);
  execFileSync('dump2dcm', [text, target], { stdio: 'ignore' });
  rmSync(text);
  return target;
}

const vr = { '0008,0020': 'DA', '0008,0050': 'SH', '0010,0020': 'LO', '0020,000d': 'UI' };

const sequence = (tag, item) => [`(${tag}) SQ`, '(fffe,e000) na', ...item, '(fffe,e00d) na', '(fffe,e0dd) na'];

/** dcmdump names well-known UIDs; here the number is wanted. */
function sopClass(file) {
  return /\[(.*?)\]/.exec(execFileSync('dcmdump', ['-Un', '+P', '0008,0016', file], { encoding: 'utf8' }))[1];
}
