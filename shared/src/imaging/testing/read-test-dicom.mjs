// Test support (plain JavaScript: `shared` compiles without Node's types): native-pixel DICOM files to frame attributes
// and bytes, apart from the product's own reader, so that an error in one doesn't hide in the other.
import dicomParser from 'dicom-parser';

/**
 * @param {Uint8Array} bytes the whole file, native pixels, little endian
 * @returns {{attributes: import('../../contract/film-manifest').FrameAttributes, frames: Uint8Array[], modality: string,
 *   perFrame: Partial<import('../../contract/film-manifest').FrameAttributes>[], overlayBits: (group: number, frame: number) => Uint8Array}}
 */
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
  const isSubsampled = text('x00280004') === 'YBR_FULL_422' && element.length < rows * columns * 3;
  const frameLength = isSubsampled ? rows * columns * 2 : (rows * columns * samplesPerPixel * bitsAllocated) / 8;
  const frames = [];
  for (let f = 0; f < (data.intString('x00280008') ?? 1); f++) {
    const from = element.dataOffset + f * frameLength;
    const raw = bytes.slice(from, from + frameLength);
    frames.push(samplesPerPixel === 3 && data.uint16('x00280006') === 1 ? interleave(raw) : raw);
  }
  const stored = (tag) => {
    if (data.elements[tag] === undefined) return null;
    return (isSigned ? data.int16(tag) : data.uint16(tag)) ?? null;
  };
  // Without data of its own a plane lies in an upper bit of the pixels (PS3.5 8.1.2, retired).
  const bitPosition = (group) => data.uint16(overlayTag(group, '0102')) ?? 0;
  const planes = overlayGroups.filter(
    (group) => data.elements[overlayTag(group, '3000')] !== undefined || bitPosition(group) > 0,
  );
  const aspect = numbers('x00280034');
  return {
    frames,
    modality: text('x00080060'),
    perFrame: frames.map((_, f) => frameGroups(data, f)),
    overlayBits(group, frame) {
      const count = data.uint16(overlayTag(group, '0010')) * data.uint16(overlayTag(group, '0011'));
      const own = data.elements[overlayTag(group, '3000')];
      if (own === undefined) {
        const out = new Uint8Array(Math.ceil(count / 8));
        const words = frames[frame - 1];
        for (let i = 0; i < count; i++) {
          const word = words[i * 2] | (words[i * 2 + 1] << 8);
          if ((word >> bitPosition(group)) & 1) out[i >> 3] |= 1 << (i & 7);
        }
        return out;
      }
      const { dataOffset, length } = own;
      const all = bytes.subarray(dataOffset, dataOffset + length);
      const out = new Uint8Array(Math.ceil(count / 8));
      const from = (data.intString(overlayTag(group, '0015')) ?? 1) > 1 ? (frame - 1) * count : 0;
      for (let i = 0; i < count; i++) {
        const at = from + i;
        if ((all[at >> 3] >> (at & 7)) & 1) out[i >> 3] |= 1 << (i & 7);
      }
      return out;
    },
    attributes: {
      sopInstanceUid: text('x00080018'),
      instanceNumber: data.intString('x00200013') ?? 0,
      frameNumber: 1,
      codec: 'raw',
      rendition: 'as-stored',
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
      modalityLut: luts(data.elements.x00283000, isSigned)[0] ?? null,
      voi: centers.map((center, i) => ({ center, width: widths[i], explanation: '' })),
      // Modality values below 0 exist where stored values or the intercept are.
      voiLuts: luts(data.elements.x00283010, isSigned || (data.floatString('x00281052') ?? 0) < 0),
      voiLutFunction: text('x00281056') || 'LINEAR',
      imagePositionPatient: numbers('x00200032').length === 3 ? numbers('x00200032') : null,
      imageOrientationPatient: numbers('x00200037').length === 6 ? numbers('x00200037') : null,
      pixelSpacing: numbers('x00280030').length === 2 ? numbers('x00280030') : null,
      pixelSpacingSource: numbers('x00280030').length === 2 ? 'patient' : 'none',
      pixelAspectRatio: aspect.length === 2 ? aspect : null,
      sliceThickness: data.floatString('x00180050') ?? null,
      pixelPaddingValue: stored('x00280120'),
      pixelPaddingRangeLimit: stored('x00280121'),
      palette: data.elements.x00281201 === undefined ? null : readPalette(data, bytes),
      overlays: planes.map((group) => ({
        group,
        rows: data.uint16(overlayTag(group, '0010')),
        columns: data.uint16(overlayTag(group, '0011')),
        row: data.int16(overlayTag(group, '0050'), 0) ?? 1,
        column: data.int16(overlayTag(group, '0050'), 1) ?? 1,
        kind: data.string(overlayTag(group, '0040')) === 'R' ? 'roi' : 'graphics',
        label: '',
      })),
      ultrasoundRegions: [],
    },
  };
}

const overlayGroups = Array.from({ length: 16 }, (_, i) => 0x6000 + 2 * i);
const overlayTag = (group, element) => `x${group.toString(16)}${element}`;

/** PS3.3 C.11.1.1: descriptor = entries (0: 65536), first value, bits; data of 8 bits may lie one or two to a word. */
function luts(sequence, isSigned) {
  return (sequence?.items ?? []).map(({ dataSet }) => {
    const entries = dataSet.uint16('x00283002', 0) || 65_536;
    const first = isSigned ? dataSet.int16('x00283002', 1) : dataSet.uint16('x00283002', 1);
    const { dataOffset, length } = dataSet.elements.x00283006;
    const words = new Uint16Array(entries);
    for (let i = 0; i < entries; i++) {
      const at = dataOffset + (length >= entries * 2 ? i * 2 : i);
      words[i] =
        length >= entries * 2 ? dataSet.byteArray[at] | (dataSet.byteArray[at + 1] << 8) : dataSet.byteArray[at];
    }
    return {
      first,
      bits: dataSet.uint16('x00283002', 2),
      entriesBase64: Buffer.from(words.buffer).toString('base64'),
      explanation: dataSet.string('x00283003') ?? '',
    };
  });
}

/** PS3.3 C.7.6.16: rescale and window of one frame, its own group before the shared one. */
function frameGroups(data, frame) {
  const groups = [data.elements.x52009230?.items?.[frame], data.elements.x52009229?.items?.[0]];
  const within = (sequence) =>
    groups.map((group) => group?.dataSet.elements[sequence]?.items?.[0]?.dataSet).find((one) => one !== undefined);
  const rescale = within('x00289145');
  const window = within('x00289132');
  return {
    ...(rescale === undefined
      ? {}
      : {
          rescaleSlope: rescale.floatString('x00281053') ?? 1,
          rescaleIntercept: rescale.floatString('x00281052') ?? 0,
        }),
    ...(window?.floatString('x00281050') === undefined
      ? {}
      : {
          voi: [{ center: window.floatString('x00281050'), width: window.floatString('x00281051'), explanation: '' }],
          voiLutFunction: window.string('x00281056') || 'LINEAR',
        }),
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
