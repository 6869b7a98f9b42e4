// The real chest CT as a volume, read with dicom-parser and not with the product's reader.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fillSlice } from '@yingyun/shared/volume/fill-slice';
import { findVolumes } from '@yingyun/shared/volume/find-volumes';
import { emptyVolume } from '@yingyun/shared/volume/volume';
import dicomParser from 'dicom-parser';

export function realVolume(folder) {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => {
      const data = dicomParser.parseDicom(readFileSync(path.join(folder, name)));
      const numbers = (tag) => data.string(tag).split('\\').map(Number);
      return { data, numbers };
    });
  const series = {
    common: {},
    frames: files.map(({ data, numbers }) => ({
      bands: [1],
      instanceNumber: Number(data.string('x00200013')),
      rows: data.uint16('x00280010'),
      columns: data.uint16('x00280011'),
      bitsAllocated: data.uint16('x00280100'),
      isSigned: data.uint16('x00280103') === 1,
      rescaleSlope: numbers('x00281053')[0],
      rescaleIntercept: numbers('x00281052')[0],
      imagePositionPatient: numbers('x00200032'),
      imageOrientationPatient: numbers('x00200037'),
      pixelSpacing: numbers('x00280030'),
      pixelSpacingSource: 'patient',
    })),
  };
  const plan = findVolumes(series).volumes[0];
  const volume = emptyVolume(plan, 0);
  plan.frames.forEach((frame, slice) => {
    const { data } = files[frame];
    const { dataOffset, length } = data.elements.x7fe00010;
    const raw = Uint8Array.from(data.byteArray.subarray(dataOffset, dataOffset + length));
    const pixels = volume.samples instanceof Int16Array ? new Int16Array(raw.buffer) : new Uint16Array(raw.buffer);
    fillSlice(volume, slice, sharpFrame(pixels, plan.rows, plan.columns), series.frames[frame]);
  });
  return volume;
}

/** A decoded frame of full resolution. */
export const sharpFrame = (pixels, rows, columns) => ({
  kind: 'grey',
  reduce: 0,
  rows,
  columns,
  pixels,
  storedMin: 0,
  storedMax: 0,
  padding: null,
});
