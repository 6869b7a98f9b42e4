// Series as scanners wrote them; read by a reader that is not the product's.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTestDicom } from '../imaging/testing/read-test-dicom.mjs';
import { findVolumes } from './find-volumes';
import { seriesOf } from './testing/series-of';
import { length } from './vector';

const data = process.env['YINGYUN_TESTDATA'];

describe.skipIf(data === undefined)('volumes of real series', () => {
  function found(folder: string) {
    const place = path.join(data ?? '', 'dicom', folder);
    const files = readdirSync(place).filter((name) => !/\.(md|txt|json)$/.test(name));
    const attributes = files.map((name) => readTestDicom(readFileSync(path.join(place, name))).attributes);
    return findVolumes(seriesOf(attributes.map((one) => ({ bands: [1], ...one }))));
  }

  it('finds the tilt that the scanner wrote into the header of a head phantom', () => {
    const { volumes, leftOut } = found('ct/philips-head-phantom-tilt');
    expect(volumes).toHaveLength(1);
    // Gantry/Detector Tilt (0018,1120), which the geometry doesn't read
    expect(volumes[0]?.tiltDegrees).toBeCloseTo(18.5, 1);
    expect(volumes[0]?.frames).toHaveLength(18);
    expect(leftOut).toBe(0);
  });

  it('stacks an oblique sagittal MPRAGE along its normal, with a place for the slice that is missing', () => {
    const [plan, ...more] = found('mr/bch-brain-mprage').volumes;
    expect(more).toEqual([]);
    expect(plan?.frames).toHaveLength(176);
    expect(plan?.missing).toBe(1);
    expect(length(plan?.grid.slice ?? [0, 0, 0])).toBeCloseTo(1, 3);
    expect(plan?.tiltDegrees).toBeLessThan(0.1);
  });

  it('stacks a whole-body PET', () => {
    const [plan] = found('pt/qin-torso-wb').volumes;
    expect(plan?.frames).toHaveLength(236);
    expect(plan?.missing).toBe(0);
  });

  it('makes no volume of single slices', () => {
    expect(found('ct/prior-pairs-ny-sbu').fault).toBe('too-few-slices');
    expect(found('nm/gated-heart-13f').fault).toBe('no-geometry');
  });
});
