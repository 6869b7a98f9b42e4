// Test support (plain JavaScript: `shared` compiles without Node's types): native-pixel DICOM files to frame attributes
// and bytes, apart from the product's own reader, so that an error in one doesn't hide in the other.
import dicomParser from 'dicom-parser';

/** @param {Uint8Array} bytes the whole file @returns {{attributes: import('../../contract/film-manifest').FrameAttributes, frames: Uint8Array[]}} */
export function readTestDicom(bytes) {
  const data = dicomParser.parseDicom(bytes);
  const text = (tag) => (data.string(tag) ?? '').trim();
  const numbers = (tag) =>
    text(tag)
      .split('\\')
      .filter((part) => part.trim() !== '')
      .map(Number);
  const rows = data.uint16('x00280010');
  const columns = data.uint16('x00280011');
  const samplesPerPixel = data.uint16('x00280002') ?? 1;
  const bitsAllocated = data.uint16('x00280100');
  const isSigned = data.uint16('x00280103') === 1;
  const centers = numbers('x00281050');
  const widths = numbers('x00281051');
  const element = data.elements.x7fe00010;
  const frameLength = (rows * columns * samplesPerPixel * bitsAllocated) / 8;
  const frames = [];
  for (let f = 0; f < (data.intString('x00280008') ?? 1); f++) {
    const raw = bytes.slice(element.dataOffset + f * frameLength, element.dataOffset + (f + 1) * frameLength);
    frames.push(samplesPerPixel === 3 && data.uint16('x00280006') === 1 ? interleave(raw) : raw);
  }
  const padding = data.elements.x00280120;
  return {
    frames,
    attributes: {
      sopInstanceUid: text('x00080018'),
      instanceNumber: data.intString('x00200013') ?? 0,
      frameNumber: 1,
      codec: 'raw',
      rows,
      columns,
      samplesPerPixel,
      bitsAllocated,
      bitsStored: data.uint16('x00280101'),
      isSigned,
      photometricInterpretation: text('x00280004'),
      rescaleSlope: data.floatString('x00281053') ?? 1,
      rescaleIntercept: data.floatString('x00281052') ?? 0,
      rescaleType: text('x00281054'),
      voi: centers.map((center, i) => ({ center, width: widths[i], explanation: '' })),
      voiLutFunction: text('x00281056') || 'LINEAR',
      imagePositionPatient: numbers('x00200032').length === 3 ? numbers('x00200032') : null,
      imageOrientationPatient: numbers('x00200037').length === 6 ? numbers('x00200037') : null,
      pixelSpacing: numbers('x00280030').length === 2 ? numbers('x00280030') : null,
      pixelSpacingSource: numbers('x00280030').length === 2 ? 'patient' : 'none',
      sliceThickness: data.floatString('x00180050') ?? null,
      pixelPaddingValue: padding === undefined ? null : isSigned ? data.int16('x00280120') : data.uint16('x00280120'),
      palette: data.elements.x00281201 === undefined ? null : readPalette(data, bytes),
    },
  };
}

function interleave(planar) {
  const out = new Uint8Array(planar.length);
  const plane = planar.length / 3;
  for (let i = 0; i < plane; i++) for (let c = 0; c < 3; c++) out[i * 3 + c] = planar[c * plane + i];
  return out;
}

function readPalette(data, bytes) {
  const entries = data.uint16('x00281101', 0) || 65_536;
  const first = data.uint16('x00281101', 1);
  const bits = data.uint16('x00281101', 2);
  const rgb = Buffer.alloc(entries * 3);
  ['x00281201', 'x00281202', 'x00281203'].forEach((tag, c) => {
    const { dataOffset, length } = data.elements[tag];
    for (let i = 0; i < entries; i++) {
      rgb[i * 3 + c] =
        bits === 16 || length >= entries * 2
          ? bytes[dataOffset + i * 2 + (bits === 16 ? 1 : 0)]
          : bytes[dataOffset + i];
    }
  });
  return { first, rgbBase64: rgb.toString('base64') };
}
