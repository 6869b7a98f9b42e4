// Test support: any file of the corpus as native little endian pixels, by second implementations (dcmtk, GDCM).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import dicomParser from 'dicom-parser';

const quiet = { stdio: ['ignore', 'ignore', 'ignore'] };
const tools = [
  [/^1\.2\.840\.10008\.1\.2(\.1)?$/, null],
  [/^1\.2\.840\.10008\.1\.2\.(2|1\.99)$/, (from, to) => execFileSync('dcmconv', ['-q', '+te', from, to], quiet)],
  [/^1\.2\.840\.10008\.1\.2\.5$/, (from, to) => execFileSync('dcmdrle', ['-q', '+te', from, to], quiet)],
  [/^1\.2\.840\.10008\.1\.2\.4\.(5\d|6\d|70)$/, (from, to) => execFileSync('dcmdjpeg', ['-q', '+te', from, to], quiet)],
  [/^1\.2\.840\.10008\.1\.2\.4\.8[01]$/, (from, to) => execFileSync('dcmdjpls', ['-q', '+te', from, to], quiet)],
  [/^1\.2\.840\.10008\.1\.2\.4\.9[01]$/, (from, to) => execFileSync('gdcmconv', ['--raw', from, to], quiet)],
];

/** The path of the same image in native little endian, or null where neither tool decodes it. */
export function nativeDicom(file, syntax, temp) {
  const tool = tools.find(([pattern]) => pattern.test(syntax));
  if (tool === undefined) return null;
  if (tool[1] === null) return file;
  const to = path.join(temp, `${path.basename(file)}.native.dcm`);
  try {
    tool[1](file, to);
    return to;
  } catch {
    return null;
  }
}

/** Transfer syntax and whether there are pixels; null where dicom-parser cannot read the file. */
export function glance(file) {
  try {
    const data = dicomParser.parseDicom(new Uint8Array(readFileSync(file)));
    const isImage = data.elements.x7fe00010 !== undefined && data.uint16('x00280010') !== undefined;
    return { syntax: data.string('x00020010') ?? '', isImage };
  } catch {
    return null;
  }
}
