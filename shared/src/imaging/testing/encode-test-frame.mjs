// Test support: HTJ2K as the transcoder makes it (lossless, RPCL, one tile-part a resolution), with the bands of the manifest.
import createOpenJph from '@cornerstonejs/codec-openjph';

let modulePromise;

/**
 * @param {ArrayBufferView} samples @param {import('../../contract/film-manifest').FrameAttributes} attributes
 * @returns {Promise<{bytes: Uint8Array, bands: number[]}>}
 */
export async function encodeTestFrame(samples, attributes) {
  modulePromise ??= createOpenJph();
  const encoder = new (await modulePromise).HTJ2KEncoder();
  try {
    encoder
      .getDecodedBuffer({
        width: attributes.columns,
        height: attributes.rows,
        bitsPerSample: attributes.bitsAllocated,
        componentCount: attributes.samplesPerPixel,
        isSigned: attributes.isSigned,
        isUsingColorTransform: attributes.samplesPerPixel === 3,
      })
      .set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    encoder.setQuality(true, 0);
    encoder.setProgressionOrder(2);
    encoder.setTilePartDivisionsAtResolutions(true);
    encoder.setTLMMarker(true);
    encoder.encode();
    const bytes = encoder.getEncodedBuffer().slice();
    return { bytes, bands: tilePartEnds(bytes) };
  } finally {
    encoder.delete();
  }
}

/** ITU-T T.800 A.4.2: Psot is the tile-part's length from the first byte of its SOT. The last band takes the EOC along. */
function tilePartEnds(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ends = [];
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = view.getUint16(at);
    if (marker === 0xff90) {
      at += view.getUint32(at + 6);
      ends.push(at);
    } else if (marker === 0xffd9) break;
    else at += 2 + view.getUint16(at + 2);
  }
  ends[ends.length - 1] = bytes.length;
  return ends;
}
