// Reslicing by numbers: our CPU reference beside vtk.js' ImageReslice on the real chest CT, and beside the formula of an analytic phantom
// scanned with a tilted gantry. A copy of the code that is half a voxel off has to fail the same test.
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray.js';
import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData.js';
import { InterpolationMode } from '@kitware/vtk.js/Imaging/Core/AbstractImageInterpolator/Constants.js';
import vtkImageReslice from '@kitware/vtk.js/Imaging/Core/ImageReslice.js';
import { fillSlice } from '@yingyun/shared/volume/fill-slice';
import { findVolumes } from '@yingyun/shared/volume/find-volumes';
import { reslice } from '@yingyun/shared/volume/reslice';
import { planeSampling } from '@yingyun/shared/volume/reslice-plane';
import { emptyVolume } from '@yingyun/shared/volume/volume';
import { beforeAll, describe, expect, it } from 'vitest';
import { realVolume, sharpFrame } from './support/real-volume.mjs';

const lidc = process.env.YINGYUN_LIDC;

/** Limits of the issue: mean absolute error, and the 99th percentile, in HU. */
const limits = { mean: 1, p99: 10 };

const axial = { right: [1, 0, 0], down: [0, 1, 0] };
const coronal = { right: [1, 0, 0], down: [0, 0, -1] };
const sagittal = { right: [0, 1, 0], down: [0, 0, -1] };
const unit = (v) => v.map((x) => x / Math.hypot(...v));
const cross = ([a, b, c], [d, e, f]) => [b * f - c * e, c * d - a * f, a * e - b * d];
const oblique = (() => {
  const right = unit([0.8, 0.5, -0.33]);
  return { right, down: unit(cross(unit([0.2, -0.7, 0.68]), right)) };
})();
const thin = { mode: 'mean', thicknessMm: 0 };

describe.skipIf(lidc === undefined)('planes of the real chest CT beside vtk.js', { timeout: 120_000 }, () => {
  let volume;
  let vtk;
  beforeAll(() => {
    volume = realVolume(lidc);
    vtk = vtkImage(volume);
  }, 120_000);

  const planes = {
    axial: { ...axial, mmPerPixel: 0.9 },
    coronal: { ...coronal, mmPerPixel: 0.63 },
    sagittal: { ...sagittal, mmPerPixel: 0.71 },
    'free oblique': { ...oblique, mmPerPixel: 0.8 },
  };
  const planeOf = (plane) => ({ center: middleOf(volume), width: 400, height: 300, slab: thin, ...plane });

  it.each(Object.entries(planes))('%s', (_, choice) => {
    const plane = planeOf(choice);
    const ours = reslice(volume, plane);
    const verdict = compare(ours, vtkPlane(vtk, plane), interior(volume, plane));
    expect(verdict.compared).toBeGreaterThan(20_000);
    expect(verdict.mean).toBeLessThanOrEqual(limits.mean);
    expect(verdict.p99).toBeLessThanOrEqual(limits.p99);
  });

  it.each(Object.entries(planes))('%s, half a voxel off, fails', (_, choice) => {
    const plane = planeOf(choice);
    const theirs = vtkPlane(vtk, plane);
    for (const axis of ['column', 'row', 'slice']) {
      const off = halfAVoxelOff(volume, axis);
      const verdict = compare(reslice(off, plane), theirs, interior(volume, plane));
      expect(verdict.mean > limits.mean || verdict.p99 > limits.p99).toBe(true);
    }
  });

  it.each(['max', 'min', 'mean'])('a slab of 10 mm, %s', (mode) => {
    for (const choice of [planes.coronal, planes['free oblique']]) {
      const plane = { ...planeOf(choice), width: 200, height: 160, slab: { mode, thicknessMm: 10 } };
      const { layers } = planeSampling(volume, plane);
      const theirs = Array.from({ length: layers }, (_, n) => {
        const depth = ((n + 0.5) / layers - 0.5) * 10;
        const normal = cross(plane.right, plane.down);
        return vtkPlane(vtk, { ...plane, center: plane.center.map((x, i) => x + normal[i] * depth) });
      });
      const combined = theirs[0].map((_, at) => {
        const values = theirs.map((layer) => layer[at]);
        if (mode === 'mean') return values.reduce((sum, value) => sum + value, 0) / layers;
        return mode === 'max' ? Math.max(...values) : Math.min(...values);
      });
      const verdict = compare(reslice(volume, plane), combined, interior(volume, plane, 8));
      expect(layers).toBeGreaterThan(9);
      expect(verdict.mean).toBeLessThanOrEqual(limits.mean);
      expect(verdict.p99).toBeLessThanOrEqual(limits.p99);
    }
  });

  it('shows nothing outside the volume', () => {
    const plane = { ...planeOf(planes.coronal), center: middleOf(volume).map((x, i) => (i === 1 ? x + 5000 : x)) };
    expect(reslice(volume, plane).every(Number.isNaN)).toBe(true);
    const wide = planeOf({ ...coronal, mmPerPixel: 4 });
    const ours = reslice(volume, wide);
    const covered = ours.filter((value) => !Number.isNaN(value)).length * 16;
    // 512 columns of 0.78125 mm by 211 slices: the area of the middle coronal plane, to a pixel's breadth around it
    const area = 512 * 0.78125 * 211;
    expect(Math.abs(covered - area)).toBeLessThan(2 * 4 * (400 + 211));
  });
});

describe('a phantom scanned with a gantry tilted by 20°', () => {
  const tilt = (20 * Math.PI) / 180;
  const spheres = [
    [-20, 15, 60],
    [31, -18, 45],
    [4.3, 2.2, 80.7],
  ];
  const radius = 9;
  /** HU at a point of the patient: a slope through the head, and soft-edged spheres in it. */
  const truth = ([x, y, z]) => {
    const distance = Math.min(...spheres.map((s) => Math.hypot(x - s[0], y - s[1], z - s[2])));
    return -100 + 6 * x + 4 * y - 5 * z + 900 / (1 + Math.exp((distance - radius) * 1.2));
  };
  const volume = phantom(truth, tilt);
  const planes = { axial, coronal, sagittal, oblique };
  const planeOf = (choice, center) => ({ ...choice, center, mmPerPixel: 0.5, width: 160, height: 160, slab: thin });

  it('is a sheared volume', () => {
    expect(volume.plan.tiltDegrees).toBeCloseTo(20, 6);
  });

  it.each(Object.entries(planes))(
    'agrees with its formula on the %s plane, and fails half a voxel off',
    (_, choice) => {
      const plane = planeOf(choice, [4.3, 2.2, 60]);
      const theirs = pixelsOf(plane).map(truth);
      const inside = interior(volume, plane);
      const verdict = compare(reslice(volume, plane), theirs, inside);
      expect(verdict.compared).toBeGreaterThan(5000);
      expect(verdict.mean).toBeLessThanOrEqual(limits.mean);
      expect(verdict.p99).toBeLessThanOrEqual(limits.p99);
      const off = compare(reslice(halfAVoxelOff(volume, 'slice'), plane), theirs, inside);
      expect(off.mean > limits.mean || off.p99 > limits.p99).toBe(true);
      // And without the shear, as a viewer that stacks slices along their normal shows it.
      const square = compare(reslice(withoutShear(volume), plane), theirs, inside);
      expect(square.mean > limits.mean || square.p99 > limits.p99).toBe(true);
    },
  );

  it.each(Object.entries(planes))('has its landmarks where they are on the %s plane', (_, choice) => {
    for (const sphere of spheres) {
      const plane = planeOf(choice, sphere);
      const found = centreOf(reslice(volume, plane), plane, sphere);
      // A quarter of the smallest voxel side
      expect(Math.hypot(...found.map((x, i) => x - sphere[i]))).toBeLessThan(0.25 * 0.8);
    }
  });

  it('agrees with vtk.js on the sheared grid', () => {
    const plane = planeOf(oblique, [0, 0, 60]);
    const verdict = compare(reslice(volume, plane), vtkPlane(vtkImage(volume), plane), interior(volume, plane));
    expect(verdict.mean).toBeLessThan(0.01);
  });

  /** The bright centre of the picture around a sphere, its slope taken off. */
  function centreOf(values, plane, sphere) {
    const points = pixelsOf(plane);
    let weight = 0;
    let sum = [0, 0, 0];
    points.forEach((point, at) => {
      const [x, y, z] = point;
      if (Math.hypot(x - sphere[0], y - sphere[1], z - sphere[2]) > 16) return;
      const above = Math.max(0, values[at] - (-100 + 6 * x + 4 * y - 5 * z) - 20);
      weight += above;
      sum = sum.map((s, i) => s + above * point[i]);
    });
    return sum.map((s) => s / weight);
  }
});

/** A stack as a tilted scanner makes it: images turned about the left-right axis, the table moving along z. */
function phantom(truth, tilt) {
  const [rows, columns, count] = [160, 160, 110];
  const orientation = [1, 0, 0, 0, Math.cos(tilt), Math.sin(tilt)];
  const origin = [-64, -60, -20];
  const series = {
    common: {
      rows,
      columns,
      bitsAllocated: 16,
      isSigned: true,
      imageOrientationPatient: orientation,
      pixelSpacingSource: 'patient',
    },
    frames: Array.from({ length: count }, (_, k) => ({
      bands: [1],
      instanceNumber: k + 1,
      pixelSpacing: [0.8, 0.8],
      imagePositionPatient: [origin[0], origin[1], origin[2] + k],
    })),
  };
  const volume = emptyVolume(findVolumes(series).volumes[0], 0);
  for (let k = 0; k < count; k++) {
    const pixels = new Int16Array(rows * columns);
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const down = j * 0.8;
        const point = [origin[0] + i * 0.8, origin[1] + down * Math.cos(tilt), origin[2] + k + down * Math.sin(tilt)];
        pixels[j * columns + i] = Math.round(truth(point));
      }
    fillSlice(volume, k, sharpFrame(pixels, rows, columns), series.frames[k]);
  }
  return volume;
}

/** vtk.js rounds what it gives to whole numbers: these are hundredths. */
const fine = 100;

function vtkImage({ grid, columns, rows, slices, samples }) {
  const image = vtkImageData.newInstance();
  const steps = [grid.column, grid.row, grid.slice];
  image.setDimensions(columns, rows, slices);
  image.setOrigin(...grid.origin);
  image.setSpacing(...steps.map((step) => Math.hypot(...step)));
  image.setDirection(...steps.flatMap(unit));
  const values = Float32Array.from(samples, (value) => value * fine);
  image.getPointData().setScalars(vtkDataArray.newInstance({ values, numberOfComponents: 1 }));
  return image;
}

function vtkPlane(image, { center, right, down, mmPerPixel, width, height }) {
  const reslicer = vtkImageReslice.newInstance();
  reslicer.setInputData(image);
  reslicer.setOutputDimensionality(2);
  reslicer.setInterpolationMode(InterpolationMode.LINEAR);
  reslicer.setResliceAxes([...right, 0, ...down, 0, ...cross(right, down), 0, ...center, 1]);
  reslicer.setOutputSpacing([mmPerPixel, mmPerPixel, 1]);
  reslicer.setOutputOrigin([(0.5 - width / 2) * mmPerPixel, (0.5 - height / 2) * mmPerPixel, 0]);
  reslicer.setOutputExtent([0, width - 1, 0, height - 1, 0, 0]);
  reslicer.setTransformInputSampling(false);
  return Array.from(reslicer.getOutputData().getPointData().getScalars().getData(), (value) => value / fine);
}

function pixelsOf({ center, right, down, mmPerPixel, width, height }) {
  return Array.from({ length: width * height }, (_, at) => {
    const x = ((at % width) + 0.5 - width / 2) * mmPerPixel;
    const y = (Math.floor(at / width) + 0.5 - height / 2) * mmPerPixel;
    return [0, 1, 2].map((i) => center[i] + right[i] * x + down[i] * y);
  });
}

/** Pixels at least a voxel (or `margin` voxels) inside the grid's outermost centres: the half voxel beyond is each viewer's own. */
function interior(volume, plane, margin = 1) {
  const { start, across, along } = planeSampling(volume, { ...plane, slab: thin });
  const most = [volume.columns, volume.rows, volume.slices];
  return Array.from({ length: plane.width * plane.height }, (_, at) => {
    const [x, y] = [at % plane.width, Math.floor(at / plane.width)];
    return [0, 1, 2].every((i) => {
      const index = start[i] + x * across[i] + y * along[i];
      return index >= margin && index <= most[i] - 1 - margin;
    });
  });
}

function compare(ours, theirs, isInside) {
  const errors = [];
  theirs.forEach((value, at) => {
    if (isInside[at]) errors.push(Number.isNaN(ours[at]) ? 9999 : Math.abs(ours[at] - value));
  });
  errors.sort((a, b) => a - b);
  return {
    compared: errors.length,
    mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    p99: errors[Math.floor(errors.length * 0.99)],
  };
}

/** What a reslicer with the voxel's corner for its centre would make. */
function halfAVoxelOff(volume, axis) {
  const { grid } = volume;
  return { ...volume, grid: { ...grid, origin: grid.origin.map((x, i) => x + grid[axis][i] / 2) } };
}

function withoutShear(volume) {
  const { grid } = volume;
  const normal = unit(cross(grid.column, grid.row));
  return { ...volume, grid: { ...grid, slice: normal.map((n) => n * Math.hypot(...grid.slice)) } };
}

function middleOf({ grid, columns, rows, slices }) {
  const at = [(columns - 1) / 2, (rows - 1) / 2, (slices - 1) / 2];
  return [0, 1, 2].map((i) => grid.origin[i] + grid.column[i] * at[0] + grid.row[i] * at[1] + grid.slice[i] * at[2]);
}
