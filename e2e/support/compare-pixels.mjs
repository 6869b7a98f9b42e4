// Frames as the API gives them beside what an independent decoder makes of the file that was sent.
import dicomParser from 'dicom-parser';
import { decoderFor, drawnByDcmtk, encodedFrames, independentPixels } from './independent-pixels.mjs';
import { decodeFrame } from './read-film.mjs';

/**
 * '= decoder': equal bit for bit. '≈ decoder': numbers of more than 16 bits, equal to half a step of the derived 16. '= streams': the JPEG
 * streams themselves, which the viewer's browser decodes. '- …': why there is nothing to compare with. Anything else is a difference.
 */
export async function comparePixels(file, frames) {
  const { transferSyntaxUid } = file.acknowledged;
  if (frames[0].attributes.codec === 'jpeg') return compareStreams(file, frames);
  const decoder = decoderFor(transferSyntaxUid, file.bytes);
  if (isColouredPalette(file, frames[0].attributes)) return compareDrawn(file, frames);
  if (decoder === undefined) return `- no decoder of ${transferSyntaxUid} installed`;
  let truth;
  try {
    truth = independentPixels(file.bytes, transferSyntaxUid);
  } catch {
    return `- ${decoder} cannot`;
  }
  let kind = '=';
  let at = 0;
  for (const { attributes, bytes } of frames) {
    const pixels = await decodeFrame(attributes, bytes);
    const count = attributes.rows * attributes.columns * attributes.samplesPerPixel;
    const verdict = compareFrame(attributes, pixels, truth, at, count);
    if (verdict === undefined) return `≠ ${decoder}, frame ${attributes.frameNumber}`;
    if (verdict !== '=') kind = verdict;
    at += count;
  }
  return `${kind} ${decoder}`;
}

function isColouredPalette({ bytes }, { rendition, photometricInterpretation }) {
  if (rendition !== 'derived' || photometricInterpretation !== 'RGB') return false;
  return dicomParser.parseDicom(bytes, { untilTag: 'x00280100' }).string('x00280004') === 'PALETTE COLOR';
}

async function compareDrawn({ bytes: sent }, frames) {
  for (const { attributes, bytes } of frames) {
    let drawn;
    try {
      drawn = drawnByDcmtk(sent, attributes.frameNumber);
    } catch {
      return '- dcm2pnm cannot';
    }
    if (Buffer.compare(await decodeFrame(attributes, bytes), drawn) !== 0)
      return `≠ dcm2pnm, frame ${attributes.frameNumber}`;
  }
  return '= dcm2pnm';
}

function compareStreams(file, frames) {
  const sent = encodedFrames(file.bytes);
  const isSame = frames.every(({ bytes, attributes }) => {
    const stream = sent[attributes.frameNumber - 1];
    return stream !== undefined && Buffer.compare(bytes.subarray(0, stream.length), stream) === 0;
  });
  return isSame && sent.length === frames.length ? '= streams' : '≠ streams';
}

function compareFrame(attributes, pixels, truth, at, count) {
  const { bitsAllocated, bitsStored, samplesPerPixel } = attributes;
  const ours =
    bitsAllocated === 8
      ? pixels
      : new Uint16Array(pixels.buffer.slice(pixels.byteOffset, pixels.byteOffset + pixels.length));
  if (truth.bitsAllocated > 16 || truth.isFloat)
    return samplesPerPixel === 3 ? topBits(ours, truth, at, count) : scaled(attributes, ours, truth, at, count);
  if (truth.samples.length * 3 === count * 2) return widened(ours, truth.samples);
  const mask = 2 ** Math.min(bitsStored, bitsAllocated) - 1;
  for (let i = 0; i < count; i++) if ((ours[i] & mask) !== (sampleOf(truth, at + i) & mask)) return undefined;
  return '=';
}

/** PS3.3 C.7.6.3.1.2: Y1 Y2 Cb Cr of two pixels. */
function widened(ours, samples) {
  for (let pair = 0; pair * 4 < samples.length; pair++) {
    const wanted = [0, 2, 3, 1, 2, 3].map((i) => samples[pair * 4 + i]);
    if (wanted.some((value, i) => value !== ours[pair * 6 + i])) return undefined;
  }
  return '=';
}

function sampleOf({ samples, bitsAllocated, isFloat }, i) {
  if (isFloat) return bitsAllocated === 32 ? samples.readFloatLE(i * 4) : samples.readDoubleLE(i * 8);
  if (bitsAllocated === 1) return (samples[i >> 3] >> (i & 7)) & 1;
  if (bitsAllocated === 8) return samples[i];
  return bitsAllocated === 16 ? samples.readUInt16LE(i * 2) : samples.readUInt32LE(i * 4);
}

function topBits(ours, truth, at, count) {
  for (let i = 0; i < count; i++) if (ours[i] !== sampleOf(truth, at + i) >>> 24) return undefined;
  return '=';
}

function scaled({ rescaleSlope, rescaleIntercept }, ours, truth, at, count) {
  // Slope and intercept include the object's own: two samples of the truth give it back.
  const values = Array.from({ length: count }, (_, i) => sampleOf(truth, at + i));
  const [low, high] = [values.indexOf(Math.min(...values)), values.indexOf(Math.max(...values))];
  const of = (i) => ours[i] * rescaleSlope + rescaleIntercept;
  const scale = values[high] === values[low] ? 1 : (of(high) - of(low)) / (values[high] - values[low]);
  const isNear = values.every(
    (value, i) => Math.abs(of(i) - of(low) - (value - values[low]) * scale) <= rescaleSlope * 1.01,
  );
  return isNear ? '≈' : undefined;
}
