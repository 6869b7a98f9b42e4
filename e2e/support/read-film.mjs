// Reads a film back as a client does: manifest, frame batches, HTJ2K. Written apart from the product's own reader, so that both can be wrong only once.
import { createRequire } from 'node:module';

const openjph = createRequire(import.meta.url)('@cornerstonejs/codec-openjph');
let codec;

/** Every frame of a film, decoded at full resolution: `onFrame({ sopInstanceUid, frameNumber, attributes, pixels })`, one at a time. */
export async function readFilm(hospital, filmId, onFrame) {
  const manifest = (await hospital.call('GET', `/api/films/${filmId}`, undefined, hospital.token)).body;
  for (const series of manifest.series) {
    const frames = await readFrames(hospital, filmId, series);
    for (const [index, frame] of series.frames.entries()) {
      const attributes = { ...series.common, ...frame };
      await onFrame({ attributes, codestream: frames[index], pixels: await decodeFrame(attributes, frames[index]) });
    }
  }
  return manifest;
}

export async function readFrames(hospital, filmId, series) {
  const frames = series.frames.map((frame) => Buffer.alloc(frame.bands.at(-1)));
  const filled = frames.map(() => 0);
  let cursor;
  do {
    const query = `series=${series.seriesInstanceUid}&reduce=0&limit=4194304${cursor === undefined ? '' : `&cursor=${cursor}`}`;
    const answer = await hospital.call('GET', `/api/films/${filmId}/frames?${query}`, undefined, hospital.token);
    if (answer.status !== 200) throw new Error(`frames: ${answer.status} ${JSON.stringify(answer.body)}`);
    let at = 0;
    for (;;) {
      const frame = answer.bytes.readUInt32BE(at);
      if (frame === 0xffffffff) {
        const length = answer.bytes.readUInt32BE(at + 4);
        cursor = answer.bytes.toString('latin1', at + 8, at + 8 + length);
        break;
      }
      const from = answer.bytes.readUInt32BE(at + 4);
      const length = answer.bytes.readUInt32BE(at + 8);
      answer.bytes.copy(frames[frame], from, at + 12, at + 12 + length);
      filled[frame] += length;
      at += 12 + length;
    }
  } while (cursor !== '');
  series.frames.forEach((frame, i) => {
    if (filled[i] !== frame.bands.at(-1)) throw new Error(`frame ${i}: ${filled[i]} of ${frame.bands.at(-1)} bytes`);
  });
  return frames;
}

/** Native little-endian pixels of one frame. */
export async function decodeFrame(attributes, bytes) {
  if (attributes.codec !== 'htj2k') return bytes;
  codec ??= await openjph();
  const decoder = new codec.HTJ2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    return Buffer.from(decoder.getDecodedBuffer());
  } finally {
    decoder.delete();
  }
}
