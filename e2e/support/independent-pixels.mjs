// What a decoder that isn't ours makes of a file: dicom-parser for native little endian, dcmtk (dcmconv, dcmdrle, dcmdjpeg, dcmdjpls), OpenJPEG's
// command line, and dcm2pnm for palettes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import dicomParser from 'dicom-parser';

const jpeg2000 = /^1\.2\.840\.10008\.1\.2\.4\.(9\d|20\d)$/;

/** Which decoder is asked for a transfer syntax; undefined: none that is installed reads it. */
export function decoderFor(transferSyntaxUid, bytes) {
  const suffix = transferSyntaxUid.replace('1.2.840.10008.1.2', '');
  // dicom-parser wants a whole Part 10 file.
  if (['', '.1'].includes(suffix)) return bytes.toString('latin1', 128, 132) === 'DICM' ? 'dicom-parser' : 'dcmconv';
  if (['.2', '.1.99'].includes(suffix)) return 'dcmconv';
  if (suffix === '.5') return 'dcmdrle';
  if (/^\.4\.(5\d|70)$/.test(suffix)) return 'dcmdjpeg';
  if (/^\.4\.8[01]$/.test(suffix)) return 'dcmdjpls';
  return jpeg2000.test(transferSyntaxUid) ? 'opj_decompress' : undefined;
}

/** Samples of all frames, little endian, colour by pixel and in the components as coded; with what the decoded header says of them. */
export function independentPixels(bytes, transferSyntaxUid) {
  const decoder = decoderFor(transferSyntaxUid, bytes);
  if (decoder === 'dicom-parser') return nativeSamples(bytes);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'yingyun-oracle-'));
  try {
    const [source, native] = [path.join(folder, 'source.dcm'), path.join(folder, 'native.dcm')];
    writeFileSync(source, bytes);
    if (decoder === 'opj_decompress') return byOpenJpeg(bytes, folder);
    const options = { dcmdjpeg: ['+te', '+px', '+cn'], dcmdjpls: ['+te'], dcmdrle: ['+te'], dcmconv: ['+te'] }[decoder];
    execFileSync(decoder, [...options, source, native], { stdio: 'pipe', timeout: 20_000 });
    return nativeSamples(readFileSync(native));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Integer, float or double pixels as they lie in the file. */
function nativeSamples(bytes) {
  const dataSet = dicomParser.parseDicom(bytes);
  const element = dataSet.elements.x7fe00010 ?? dataSet.elements.x7fe00008 ?? dataSet.elements.x7fe00009;
  const pixels = Buffer.from(
    dataSet.byteArray.buffer,
    dataSet.byteArray.byteOffset + element.dataOffset,
    element.length,
  );
  const isFloat = dataSet.elements.x7fe00010 === undefined;
  return { bitsAllocated: dataSet.uint16('x00280100'), isFloat, samples: orderedByPixel(pixels, dataSet) };
}

/** RGB as dcm2pnm draws it, one file a frame: for palettes. */
export function drawnByDcmtk(bytes, frame) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'yingyun-oracle-'));
  try {
    const [source, picture] = [path.join(folder, 'source.dcm'), path.join(folder, 'picture.ppm')];
    writeFileSync(source, bytes);
    execFileSync('dcm2pnm', ['+F', String(frame), '+op', source, picture], { stdio: 'pipe', timeout: 20_000 });
    const ppm = readFileSync(picture);
    const head = /^P6\s+\d+\s+\d+\s+255\s/.exec(ppm.toString('latin1', 0, 64));
    return ppm.subarray(head[0].length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function byOpenJpeg(bytes, folder) {
  const frames = encodedFrames(bytes).map((frame, i) => {
    const [stream, raw] = [path.join(folder, `${i}.j2c`), path.join(folder, `${i}.rawl`)];
    writeFileSync(stream, frame.subarray(frame.indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]))));
    execFileSync('opj_decompress', ['-i', stream, '-o', raw], { stdio: 'pipe', timeout: 20_000 });
    return readFileSync(raw);
  });
  const dataSet = dicomParser.parseDicom(bytes, { untilTag: 'x7fe00010' });
  const [size, count] = [dataSet.uint16('x00280010') * dataSet.uint16('x00280011'), dataSet.uint16('x00280002')];
  const bitsAllocated = frames[0].length / size / count > 1 ? 16 : 8;
  const samples = Buffer.concat(
    frames.map((frame) => (count === 1 ? frame : interleaved(frame, count, bitsAllocated / 8))),
  );
  return { bitsAllocated, samples };
}

/** Code streams of encapsulated pixel data, fragments joined; read by dicom-parser, not by our own reader. */
export function encodedFrames(bytes) {
  const dataSet = dicomParser.parseDicom(bytes);
  const element = dataSet.elements.x7fe00010;
  const count = Number(dataSet.intString('x00280008') ?? 1) || 1;
  if (count === 1 || element.fragments.length === count) {
    const parts = element.fragments.map(({ position, length }) =>
      Buffer.from(bytes.subarray(position, position + length)),
    );
    return count === 1 ? [Buffer.concat(parts)] : parts;
  }
  const table =
    element.basicOffsetTable.length > 0
      ? element.basicOffsetTable
      : dicomParser.createJPEGBasicOffsetTable(dataSet, element);
  return table.map((_, i) => Buffer.from(dicomParser.readEncapsulatedImageFrame(dataSet, element, i, table)));
}

function orderedByPixel(pixels, dataSet) {
  const count = dataSet.uint16('x00280002');
  const width = dataSet.uint16('x00280100') / 8;
  if (count !== 3 || dataSet.uint16('x00280006') !== 1) return pixels;
  const length = dataSet.uint16('x00280010') * dataSet.uint16('x00280011') * count * width;
  const frames = Array.from({ length: Math.floor(pixels.length / length) }, (_, i) =>
    interleaved(pixels.subarray(i * length, (i + 1) * length), count, width),
  );
  return Buffer.concat(frames);
}

function interleaved(planes, count, width) {
  const out = Buffer.alloc(planes.length);
  const pixels = planes.length / count / width;
  for (let sample = 0; sample < count; sample++)
    for (let i = 0; i < pixels; i++)
      planes.copy(out, (i * count + sample) * width, (sample * pixels + i) * width, (sample * pixels + i + 1) * width);
  return out;
}
