import type { Placement } from './viewport';

/** Patient directions at the four edges of the canvas, e.g. { left: 'R', top: 'A', … }; '' where unknown. */
export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/**
 * Letters of PS3.3 C.7.6.1.1.1 for the image as it is placed. `orientation` is Image Orientation (Patient): the direction
 * cosines of a row (to the right of the image), then of a column (down), in LPS.
 */
export function edgeLetters(
  orientation: readonly [number, number, number, number, number, number] | null,
  placement: Pick<Placement, 'quarterTurns' | 'isMirroredX' | 'isMirroredY'>,
): EdgeLetters {
  if (orientation === null) return { left: '', right: '', top: '', bottom: '' };
  const [rx, ry, rz, cx, cy, cz] = orientation;
  const right = direction(rx, ry, rz, placement.isMirroredX ? -1 : 1);
  const left = direction(rx, ry, rz, placement.isMirroredX ? 1 : -1);
  const bottom = direction(cx, cy, cz, placement.isMirroredY ? -1 : 1);
  const top = direction(cx, cy, cz, placement.isMirroredY ? 1 : -1);
  switch (placement.quarterTurns) {
    case 0:
      return { left, right, top, bottom };
    case 1:
      return { left: bottom, right: top, top: left, bottom: right };
    case 2:
      return { left: right, right: left, top: bottom, bottom: top };
    case 3:
      return { left: top, right: bottom, top: right, bottom: left };
    default:
      return placement.quarterTurns satisfies never;
  }
}

/** Up to three letters, the strongest first; components under 0.1 (6°) are left out. */
function direction(x: number, y: number, z: number, sign: 1 | -1): string {
  const parts: [number, string, string][] = [
    [x * sign, 'L', 'R'],
    [y * sign, 'P', 'A'],
    [z * sign, 'H', 'F'],
  ];
  return parts
    .filter(([value]) => Math.abs(value) > 0.1)
    .sort((one, other) => Math.abs(other[0]) - Math.abs(one[0]))
    .map(([value, positive, negative]) => (value > 0 ? positive : negative))
    .join('');
}
