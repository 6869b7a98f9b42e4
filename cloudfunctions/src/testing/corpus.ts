import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TextDecoder } from 'node:util';
import type { TextOf } from '@yingyun/shared/dicom/character-set';
import { imagePixelOf } from '@yingyun/shared/dicom/image-pixel';
import { type Part10, readPart10 } from '@yingyun/shared/dicom/read-part10';
import { textOfDataSet } from '@yingyun/shared/dicom/values';
import { isProblem, type Problem } from '@yingyun/shared/domain/problem';
import { interleave } from '../pipeline/transcode/native-frames';

/** The folder of real files; tests that need it skip without. */
export const testData = process.env.YINGYUN_TESTDATA;

/** Paths of the corpus's plain DICOM files that match, as the manifest lists them. */
export function corpusFiles(matching: RegExp): string[] {
  const lines = readFileSync(path.join(testData ?? '', 'MANIFEST.tsv'), 'utf8')
    .split('\n')
    .slice(1);
  const names = lines
    .map((line) => line.split('\t')[0] ?? '')
    .filter((name) => name.startsWith('dicom/') && matching.test(name));
  // One folder ships as an archive.
  return names.filter((name) => existsSync(path.join(testData ?? '', name)));
}

export function corpusPath(name: string): string {
  return path.join(testData ?? '', name);
}

export function corpusBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(corpusPath(name)));
}

export function parsed(bytes: Uint8Array): Part10 {
  return solved(readPart10(bytes));
}

export function solved<T>(value: T | Problem): T {
  if (isProblem(value)) throw new Error(`${value.problem}: ${value.detail}`);
  return value;
}

export function textOf(part10: Part10, assumeChinese = true): TextOf {
  return textOfDataSet(part10.dataSet, (label, options) => new TextDecoder(label, options), { assumeChinese });
}

/** Runs with a folder of its own, which goes away. */
export function withFolder<T>(run: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'yingyun-peer-'));
  try {
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Native pixel data of a file as dcmtk decodes it (dcmdjpeg, dcmdjpls, dcmdrle, dcmconv by kind), little endian. */
export function dcmtkPixels(bytes: Uint8Array, decoder: 'dcmdjpeg' | 'dcmdjpls' | 'dcmdrle' | 'dcmconv'): Uint8Array {
  return withFolder((folder) => {
    const [source, native] = [path.join(folder, 'source.dcm'), path.join(folder, 'native.dcm')];
    writeFileSync(source, bytes);
    // Explicit LE; colour by pixel, in its native components.
    const options = { dcmdjpeg: ['+te', '+px', '+cn'], dcmdjpls: ['+te'], dcmdrle: ['+te'], dcmconv: ['+te'] }[decoder];
    execFileSync(decoder, [...options, source, native], { stdio: 'pipe' });
    // dcmdump writes every binary value to a file and names it in its listing.
    execFileSync('dcmdump', ['+W', folder, '+P', '7fe0,0010', native], { stdio: 'pipe' });
    // Overlays and private values come first: pixel data is the last of the names.
    const names = readdirSync(folder).filter((name) => name.endsWith('.raw'));
    const number = (name: string) => Number(/(\d+)\.raw$/.exec(name)?.[1]);
    const last = names.sort((a, b) => number(a) - number(b)).at(-1) ?? '';
    const pixels = new Uint8Array(readFileSync(path.join(folder, last)));
    // dcmdrle leaves colour by plane where the data set says so.
    const image = imagePixelOf(parsed(new Uint8Array(readFileSync(native))).dataSet);
    const isByPlane =
      image !== undefined && !isProblem(image) && image.samplesPerPixel > 1 && image.planarConfiguration === 1;
    return isByPlane ? interleave(pixels.subarray(0, image.frameLength), 3, image.bitsAllocated / 8) : pixels;
  });
}

/** Samples of one JPEG 2000 code stream as OpenJPEG's command line decodes it: little endian, colour by plane. */
export function openJpegPixels(codeStream: Uint8Array, reduce = 0): Uint8Array {
  return withFolder((folder) => {
    const [source, raw] = [path.join(folder, 'frame.j2c'), path.join(folder, 'frame.rawl')];
    writeFileSync(source, codeStream);
    execFileSync('opj_decompress', ['-i', source, '-o', raw, '-r', String(reduce)], { stdio: 'pipe' });
    return new Uint8Array(readFileSync(raw));
  });
}

/** What dcmdump says of a file; throws where it can't read it. */
export function dcmdump(bytes: Uint8Array): string {
  return withFolder((folder) => {
    const file = path.join(folder, 'file.dcm');
    writeFileSync(file, bytes);
    return execFileSync('dcmdump', ['-q', file], { encoding: 'latin1', maxBuffer: 1 << 28 });
  });
}

/** mulberry32: the same sequence in every run. */
export function seeded(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
