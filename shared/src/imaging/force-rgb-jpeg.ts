/**
 * Makes a platform decoder read a three-component JPEG as RGB, as PhotometricInterpretation RGB says it is. Without an
 * Adobe marker every decoder guesses YCbCr and the colours come out wrong. A JFIF header (which means YCbCr) is dropped,
 * an Adobe APP14 segment with transform 0 (ITU-T T.872, 6.5.3) is put first.
 */
export function forceRgbJpeg(jpeg: Uint8Array): Uint8Array {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return jpeg;
  const kept: Uint8Array[] = [];
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker === 0xda || marker < 0xc0) break;
    const length = ((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > jpeg.length) break;
    if (marker !== 0xe0 && marker !== 0xee) kept.push(jpeg.subarray(at, end));
    at = end;
  }
  const rest = jpeg.subarray(at);
  const keptLength = kept.reduce((sum, part) => sum + part.length, 0);
  const out = new Uint8Array(2 + adobeRgb.length + keptLength + rest.length);
  out.set([0xff, 0xd8]);
  out.set(adobeRgb, 2);
  let to = 2 + adobeRgb.length;
  for (const part of kept) {
    out.set(part, to);
    to += part.length;
  }
  out.set(rest, to);
  return out;
}

// FF EE, length 14, "Adobe", version 100, flags 0, transform 0
const adobeRgb: readonly number[] = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0];
