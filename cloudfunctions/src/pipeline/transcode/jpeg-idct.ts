/**
 * The inverse DCT of the IJG library's "islow" method (Loeffler, Ligtenberg and Moschytz 1989, 13-bit constants): integers only, so that
 * its results are the same bits as those of every decoder built on it, dcmtk's among them.
 */
export interface InverseDct {
  /** 64 coefficients in natural order, not yet multiplied by `quantisation`, to samples at `out[at]`, rows `stride` apart. */
  (
    coefficients: Int32Array,
    from: number,
    quantisation: Int32Array,
    out: Uint16Array,
    at: number,
    stride: number,
    columns: number,
    rows: number,
  ): void;
}

const constantBits = 13;

export function createInverseDct(precision: 8 | 12): InverseDct {
  // As IJG: 12-bit samples have one bit less between the passes, so that 32 bits are enough.
  const passBits = precision === 8 ? 2 : 1;
  const [center, max] = [2 ** (precision - 1), 2 ** precision - 1];
  const work = new Int32Array(64);
  const line = new Int32Array(8);
  return (coefficients, from, quantisation, out, at, stride, columns, rows) => {
    for (let x = 0; x < 8; x++) {
      for (let i = 0; i < 8; i++)
        line[i] = Math.imul(coefficients[from + i * 8 + x] ?? 0, quantisation[i * 8 + x] ?? 0);
      transform(line, constantBits - passBits);
      for (let i = 0; i < 8; i++) work[i * 8 + x] = line[i] ?? 0;
    }
    for (let y = 0; y < rows; y++) {
      for (let i = 0; i < 8; i++) line[i] = work[y * 8 + i] ?? 0;
      transform(line, constantBits + passBits + 3);
      for (let x = 0; x < columns; x++) out[at + y * stride + x] = Math.max(0, Math.min(max, (line[x] ?? 0) + center));
    }
  };
}

/** One dimension, in place; results are rounded down by `shift` bits. */
function transform(line: Int32Array, shift: number): void {
  const [a0, a1, a2, a3, a4, a5, a6, a7] = line as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]; // eight long
  const even = (a2 + a6) * 4433;
  const even2 = even - a6 * 15137;
  const even3 = even + a2 * 6270;
  const [sum, difference] = [(a0 + a4) * 8192, (a0 - a4) * 8192];
  const [t10, t13, t11, t12] = [sum + even3, sum - even3, difference + even2, difference - even2];
  const z5 = (a7 + a3 + a5 + a1) * 9633;
  const z1 = (a7 + a1) * -7373;
  const z2 = (a5 + a3) * -20995;
  const z3 = (a7 + a3) * -16069 + z5;
  const z4 = (a5 + a1) * -3196 + z5;
  const o0 = a7 * 2446 + z1 + z3;
  const o1 = a5 * 16819 + z2 + z4;
  const o2 = a3 * 25172 + z2 + z3;
  const o3 = a1 * 12299 + z1 + z4;
  const half = 2 ** (shift - 1);
  line[0] = (t10 + o3 + half) >> shift;
  line[7] = (t10 - o3 + half) >> shift;
  line[1] = (t11 + o2 + half) >> shift;
  line[6] = (t11 - o2 + half) >> shift;
  line[2] = (t12 + o1 + half) >> shift;
  line[5] = (t12 - o1 + half) >> shift;
  line[3] = (t13 + o0 + half) >> shift;
  line[4] = (t13 - o0 + half) >> shift;
}
