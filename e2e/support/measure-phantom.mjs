// A CT whose truth is known: pixels of 0.5 × 0.8 mm, a disc of 100 HU with a radius of 40 mm in its middle, and outside of it as many HU as
// the column's number.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

export const phantom = {
  rows: 256,
  columns: 320,
  perRow: 0.8,
  perColumn: 0.5,
  study: '1.2.826.0.1.3680043.10.1338.88.1',
};

/** Writes `count` slices with dcmtk and answers their paths. */
export function writePhantom(folder, count = 3) {
  const { rows, columns, perRow, perColumn, study } = phantom;
  const pixels = Buffer.alloc(rows * columns * 2);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const x = (column + 0.5 - columns / 2) * perColumn;
      const y = (row + 0.5 - rows / 2) * perRow;
      pixels.writeUInt16LE(1024 + (Math.hypot(x, y) < 40 ? 100 : column), (row * columns + column) * 2);
    }
  const raw = path.join(folder, 'phantom.raw');
  writeFileSync(raw, pixels);
  return Array.from({ length: count }, (_, i) => {
    const dump = path.join(folder, `${i}.dump`);
    const file = path.join(folder, `${i}.dcm`);
    const lines = [
      '(0008,0005) CS [ISO_IR 192]',
      '(0008,0016) UI [1.2.840.10008.5.1.4.1.1.2]',
      `(0008,0018) UI [${study}.1.${i + 1}]`,
      '(0008,0020) DA [20260301]',
      '(0008,0030) TM [083000]',
      '(0008,0050) SH [MEASURE1]',
      '(0008,0060) CS [CT]',
      '(0008,1030) LO [测量模体]',
      '(0008,103e) LO [模体]',
      '(0010,0010) PN [Ceshi^Moti=测试^模体]',
      '(0010,0020) LO [MEAS0001]',
      '(0010,0030) DA [19700101]',
      '(0010,0040) CS [O]',
      '(0018,0050) DS [1]',
      `(0020,000d) UI [${study}]`,
      `(0020,000e) UI [${study}.1]`,
      '(0020,0010) SH [1]',
      '(0020,0011) IS [1]',
      `(0020,0013) IS [${i + 1}]`,
      `(0020,0032) DS [0\\0\\${i}]`,
      '(0020,0037) DS [1\\0\\0\\0\\1\\0]',
      `(0020,0052) UI [${study}.9]`,
      '(0028,0002) US 1',
      '(0028,0004) CS [MONOCHROME2]',
      `(0028,0010) US ${rows}`,
      `(0028,0011) US ${columns}`,
      `(0028,0030) DS [${perRow}\\${perColumn}]`,
      '(0028,0100) US 16',
      '(0028,0101) US 16',
      '(0028,0102) US 15',
      '(0028,0103) US 0',
      '(0028,1050) DS [150]',
      '(0028,1051) DS [500]',
      '(0028,1052) DS [-1024]',
      '(0028,1053) DS [1]',
      '(0028,1054) LO [HU]',
      `(7fe0,0010) OW =${raw}`,
    ];
    writeFileSync(dump, `${lines.join('\n')}\n`);
    execFileSync('dump2dcm', ['+te', dump, file], { stdio: 'pipe' });
    return file;
  });
}
