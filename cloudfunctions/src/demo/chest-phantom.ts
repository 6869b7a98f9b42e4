/**
 * A chest with contrast whose geometry and densities are known exactly, so that measurements on it have a truth.
 * Patient coordinates in millimetres, LPS (x to the patient's left, y to the back, z to the head); the chest spans z = 0 … 240.
 */
export const chestTruth = {
  body: { center: [0, 0], radiiMm: [165, 110], hu: 35 },
  fat: { thicknessMm: 12, hu: -100 },
  lung: { centersX: [-78, 78], centerY: -5, centerZ: 130, radiiMm: [52, 74, 105], hu: -860 },
  spine: { center: [0, 72], radiusMm: 18, shellMm: 3, hu: 300, shellHu: 900 },
  canal: { center: [0, 97], radiusMm: 8, hu: 15 },
  aorta: { radiusMm: 12, hu: 330 },
  heart: { center: [22, -32, 70], radiiMm: [56, 44, 52], hu: 60 },
  ventricle: { center: [30, -34, 68], radiiMm: [26, 20, 30], hu: 290 },
  /** Two nodules of known diameter in the right lung (patient's right: x < 0). */
  nodules: [
    { center: [-80, -10, 150], radiusMm: 10, hu: 45 },
    { center: [-60, 25, 100], radiusMm: 4, hu: 45 },
  ],
  air: -1000,
} as const;

type Triple = readonly [number, number, number];

function isInEllipsoid(x: number, y: number, z: number, center: Triple, radii: Triple): boolean {
  const dx = (x - center[0]) / radii[0];
  const dy = (y - center[1]) / radii[1];
  const dz = (z - center[2]) / radii[2];
  return dx * dx + dy * dy + dz * dz <= 1;
}

/** The aorta's centre line: an arch that turns towards the front at the top, then runs down beside the spine. */
function isInAorta(x: number, y: number, z: number): boolean {
  const radius = chestTruth.aorta.radiusMm;
  const archTop = 185;
  if (z <= archTop) {
    const descending = Math.hypot(x - 24 - 6 * Math.sin(z / 45), y - 52) <= radius;
    const ascending = z > 95 && Math.hypot(x + 8, y + 18) <= radius + 2;
    return descending || ascending;
  }
  // a half ring between (−8, −18) and (30, 52) above z = archTop
  const along = ((x - 11) * 38 + (y - 17) * 70) / Math.hypot(38, 70);
  const across = ((x - 11) * 70 - (y - 17) * 38) / Math.hypot(38, 70);
  return Math.hypot(Math.hypot(along, z - archTop) - 40, across) <= radius;
}

function isInRib(x: number, y: number, z: number): boolean {
  const ring = Math.abs(Math.hypot(x / 146, y / 94) - 1) * 110;
  const phase = (((z - 0.32 * y) % 27) + 27) % 27;
  return ring < 4.5 && Math.abs(phase - 13.5) < 4.5 && !(y < -70 && Math.abs(x) < 30);
}

/** Hounsfield units at a point of the patient, without noise. */
export function chestHu(x: number, y: number, z: number): number {
  const t = chestTruth;
  const edge = Math.hypot(x / t.body.radiiMm[0], y / t.body.radiiMm[1]);
  if (edge > 1) return t.air;
  if (Math.hypot(x / (t.body.radiiMm[0] - t.fat.thicknessMm), y / (t.body.radiiMm[1] - t.fat.thicknessMm)) > 1)
    return t.fat.hu;
  if (isInRib(x, y, z)) return 650;
  const toSpine = Math.hypot(x - t.spine.center[0], y - t.spine.center[1]);
  if (toSpine <= t.spine.radiusMm) {
    const isDisc = ((z % 30) + 30) % 30 < 5;
    if (isDisc) return 90;
    return toSpine > t.spine.radiusMm - t.spine.shellMm ? t.spine.shellHu : t.spine.hu;
  }
  if (Math.hypot(x - t.canal.center[0], y - t.canal.center[1]) <= t.canal.radiusMm) return t.canal.hu;
  if (Math.hypot(x - t.canal.center[0], y - t.canal.center[1]) <= t.canal.radiusMm + 3) return 700;
  if (isInAorta(x, y, z)) return t.aorta.hu;
  if (isInEllipsoid(x, y, z, t.ventricle.center, t.ventricle.radiiMm)) return t.ventricle.hu;
  if (isInEllipsoid(x, y, z, t.heart.center, t.heart.radiiMm)) return t.heart.hu;
  for (const nodule of t.nodules) {
    if (Math.hypot(x - nodule.center[0], y - nodule.center[1], z - nodule.center[2]) <= nodule.radiusMm)
      return nodule.hu;
  }
  for (const centerX of t.lung.centersX) {
    if (isInEllipsoid(x, y, z, [centerX, t.lung.centerY, t.lung.centerZ], t.lung.radiiMm)) {
      return isInLungVessel(x - centerX, y - t.lung.centerY, z - t.lung.centerZ) ? 40 : t.lung.hu;
    }
  }
  return t.body.hu;
}

/** Vessels fan out from the hilum: thin cones around fixed directions. */
function isInLungVessel(x: number, y: number, z: number): boolean {
  const fromHilum = Math.hypot(x, y, z);
  if (fromHilum < 6 || fromHilum > 95) return false;
  const azimuth = Math.atan2(y, x);
  const polar = Math.acos(z / fromHilum);
  const near = (angle: number, step: number) => Math.abs(angle / step - Math.round(angle / step)) * step;
  const offAxis = Math.hypot(near(azimuth, Math.PI / 5) * Math.sin(polar), near(polar, Math.PI / 6));
  return offAxis * fromHilum < 3.2 - fromHilum / 34;
}

/** Deterministic noise, mean 0, roughly normal: the phantom is the same on every machine. */
export function seededNoise(seed: number): () => number {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  return () => (next() + next() + next() - 1.5) * 2;
}
