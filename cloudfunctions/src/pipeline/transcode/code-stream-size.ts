/** What a code stream says of itself in its first marker segments: asked before a decoder allocates for it. */
export interface CodeStreamSize {
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
  readonly precision: number;
  /** JPEG 2000: the three components go through the multiple component transform (T.800 A.6.1). */
  readonly isTransformed?: boolean;
  /** JPEG: the SOF marker's low byte (0xc0 baseline, 0xc1 extended, 0xc3 lossless, 0xf7 JPEG-LS …). */
  readonly startOfFrame?: number;
}

/** ITU-T T.81 B.2.2 (and T.87): the frame header of a JPEG or JPEG-LS stream; undefined where there is none. */
export function jpegSize(bytes: Uint8Array): CodeStreamSize | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame =
      (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7;
    if (isFrame) {
      if (at + 10 > bytes.length) return undefined;
      return {
        precision: bytes[at + 4] ?? 0,
        rows: u16(bytes, at + 5),
        columns: u16(bytes, at + 7),
        components: bytes[at + 9] ?? 0,
        startOfFrame: marker,
      };
    }
    if (marker === 0xda || marker === 0xd9) return undefined;
    at += 2 + u16(bytes, at + 2);
  }
  return undefined;
}

/** ITU-T T.800 A.5.1: the SIZ segment of a JPEG 2000 or HTJ2K code stream (found inside a JP2 file too). */
export function jpeg2000Size(bytes: Uint8Array): CodeStreamSize | undefined {
  const start = codeStreamStart(bytes);
  if (start === undefined || start + 43 > bytes.length) return undefined;
  const siz = start + 4;
  return {
    columns: u32(bytes, siz + 4) - u32(bytes, siz + 12),
    rows: u32(bytes, siz + 8) - u32(bytes, siz + 16),
    components: u16(bytes, siz + 36),
    precision: ((bytes[siz + 38] ?? 0) & 0x7f) + 1,
    isTransformed: isTransformed(bytes, siz - 2),
  };
}

/** SGcod of the COD segment in the main header, whose segments begin at `at`. */
function isTransformed(bytes: Uint8Array, start: number): boolean {
  let at = start;
  while (at + 10 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0x90) {
    if (bytes[at + 1] === 0x52) return bytes[at + 8] === 1;
    at += 2 + u16(bytes, at + 2);
  }
  return false;
}

/** Where SOC and SIZ stand: at 0, or after the boxes of a JP2 file. */
function codeStreamStart(bytes: Uint8Array): number | undefined {
  for (let i = 0; i + 4 <= Math.min(bytes.length, 4096); i++) {
    if (bytes[i] === 0xff && bytes[i + 1] === 0x4f && bytes[i + 2] === 0xff && bytes[i + 3] === 0x51) return i;
    if (i === 0 && !(bytes[4] === 0x6a && bytes[5] === 0x50)) return undefined;
  }
  return undefined;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
function u32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) * 0x10000 + u16(bytes, at + 2);
}
