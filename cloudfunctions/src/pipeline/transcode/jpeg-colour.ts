/**
 * Whether three components are Y Cb Cr, by the rule of libjpeg, which browsers follow: an Adobe marker says so (ITU-T T.872, 6.5.3), a
 * JFIF header means it, and without both, components named R, G and B are not.
 */
export function hasLumaAndChroma(jpeg: Uint8Array): boolean {
  let names = '';
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda) break;
    const length = ((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0);
    const name = ascii(jpeg, at + 4, 5);
    if (marker === 0xe0 && name === 'JFIF\0') return true;
    if (marker === 0xee && name === 'Adobe') return jpeg[at + 15] !== 0;
    const isFrame = marker >= 0xc0 && marker <= 0xc2;
    if (isFrame) names = [10, 13, 16].map((place) => ascii(jpeg, at + place, 1)).join('');
    at += 2 + Math.max(2, length);
  }
  return names !== 'RGB';
}

function ascii(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
