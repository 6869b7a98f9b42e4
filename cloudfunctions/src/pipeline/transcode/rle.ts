import { type Problem, problem } from '@yingyun/shared/domain/problem';

/**
 * Decodes one RLE frame (PS3.5 annex G) to colour-by-pixel little-endian samples. Segments are byte planes, most significant first.
 * Lenient where a segment is short of a few bytes at its end only if it was padded; a short plane is `dicom-malformed`.
 */
export function decodeRle(
  encoded: Uint8Array,
  pixels: number,
  samplesPerPixel: number,
  bytesPerSample: number,
): Uint8Array | Problem {
  if (encoded.length < 64) return problem('dicom-malformed', 'RLE header');
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const segments = view.getUint32(0, true);
  if (segments !== samplesPerPixel * bytesPerSample) return problem('dicom-malformed', `${segments} RLE segments`);
  const out = new Uint8Array(pixels * samplesPerPixel * bytesPerSample);
  const stride = samplesPerPixel * bytesPerSample;
  for (let segment = 0; segment < segments; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : encoded.length;
    if (start < 64 || end < start || end > encoded.length) return problem('dicom-malformed', 'RLE segment offsets');
    const sample = Math.floor(segment / bytesPerSample);
    const significance = bytesPerSample - 1 - (segment % bytesPerSample);
    const written = decodePlane(encoded, start, end, out, sample * bytesPerSample + significance, stride, pixels);
    if (written < pixels) return problem('dicom-malformed', `an RLE plane ends after ${written} of ${pixels} pixels`);
  }
  return out;
}

/** PackBits (PS3.5 G.3.1) into every `stride`th byte from `first`; answers how many pixels it filled. */
function decodePlane(
  encoded: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  first: number,
  stride: number,
  pixels: number,
): number {
  let at = start;
  let pixel = 0;
  let target = first;
  while (at < end && pixel < pixels) {
    const control = encoded[at++] ?? 128;
    if (control < 128) {
      const count = Math.min(control + 1, end - at, pixels - pixel);
      for (let i = 0; i < count; i++, target += stride) out[target] = encoded[at + i] ?? 0;
      at += control + 1;
      pixel += count;
    } else if (control > 128) {
      const value = encoded[at++] ?? 0;
      const count = Math.min(257 - control, pixels - pixel);
      for (let i = 0; i < count; i++, target += stride) out[target] = value;
      pixel += count;
    }
  }
  return pixel;
}
