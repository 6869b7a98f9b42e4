/** CSS pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Spot {
  readonly width: number;
  readonly height: number;
}

export interface LabelWish {
  readonly width: number;
  readonly height: number;
  /** Corners of what the label belongs to. */
  readonly around: readonly Spot[];
  /** What it encloses is looked at: better beside it. */
  readonly isRegion: boolean;
}

const gap = 10;
const step = 5;

/**
 * Where labels stand: inside of the stage, beside what they tell of, not on any line nor on each other. Each takes the cheapest of the
 * places around its mark and of the stage's corners; those given first choose first.
 */
export function labelPlaces(
  wishes: readonly LabelWish[],
  lines: readonly (readonly Spot[])[],
  stage: { readonly width: number; readonly height: number },
  taken: readonly Box[] = [],
): Box[] {
  const dots = lines.flatMap(dotsAlong);
  const placed: Box[] = [];
  for (const wish of wishes) {
    const hull = boxOf(wish.around);
    let best: Box | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const candidate of candidates(wish, hull, stage)) {
      const cost =
        8 * dots.filter((dot) => holds(candidate, dot)).length +
        0.05 * [...placed, ...taken].reduce((sum, box) => sum + overlap(candidate, box), 0) +
        (wish.isRegion ? 0.004 * overlap(candidate, hull) : 0) +
        0.02 * distance(candidate, hull);
      if (cost >= least) continue;
      least = cost;
      best = candidate;
    }
    if (best !== undefined) placed.push(best);
  }
  return placed;
}

/** About how wide words are in a sans-serif font: Han characters are square, bold digits two thirds. */
export function wordsWidth(words: string, fontPixels: number): number {
  let ems = 0;
  for (const sign of words) ems += (sign.codePointAt(0) ?? 0) > 0x2e80 ? 1 : 0.68;
  return Math.ceil(ems * fontPixels);
}

function* candidates(
  { width, height }: LabelWish,
  hull: Box,
  stage: { width: number; height: number },
): Generator<Box> {
  const inside = (x: number, y: number): Box => ({
    x: Math.max(2, Math.min(stage.width - width - 2, x)),
    y: Math.max(2, Math.min(stage.height - height - 2, y)),
    width,
    height,
  });
  const right = hull.x + hull.width;
  const bottom = hull.y + hull.height;
  const middleX = hull.x + (hull.width - width) / 2;
  const middleY = hull.y + (hull.height - height) / 2;
  yield inside(right + gap, middleY);
  yield inside(hull.x - gap - width, middleY);
  yield inside(right + gap, hull.y);
  yield inside(right + gap, bottom - height);
  yield inside(hull.x - gap - width, hull.y);
  yield inside(hull.x - gap - width, bottom - height);
  yield inside(middleX, hull.y - gap - height);
  yield inside(middleX, bottom + gap);
  yield inside(hull.x, hull.y - gap - height);
  yield inside(hull.x, bottom + gap);
  yield inside(right - width, hull.y - gap - height);
  yield inside(right - width, bottom + gap);
  for (const x of [0, (stage.width - width) / 2, stage.width])
    for (const y of [stage.height * 0.2, stage.height * 0.5, stage.height * 0.75]) yield inside(x, y);
}

function boxOf(spots: readonly Spot[]): Box {
  const xs = spots.map(({ x }) => x);
  const ys = spots.map(({ y }) => y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function dotsAlong(line: readonly Spot[]): Spot[] {
  const dots: Spot[] = [];
  line.forEach((to, i) => {
    const from = line[i - 1] ?? to;
    const count = Math.min(400, Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / step)));
    for (let k = 1; k <= count; k++)
      dots.push({ x: from.x + ((to.x - from.x) * k) / count, y: from.y + ((to.y - from.y) * k) / count });
  });
  return dots;
}

function holds({ x, y, width, height }: Box, dot: Spot): boolean {
  return dot.x >= x - 2 && dot.x <= x + width + 2 && dot.y >= y - 2 && dot.y <= y + height + 2;
}

function overlap(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return width > 0 && height > 0 ? width * height : 0;
}

function distance(one: Box, other: Box): number {
  const x = Math.max(0, other.x - one.x - one.width, one.x - other.x - other.width);
  const y = Math.max(0, other.y - one.y - one.height, one.y - other.y - other.height);
  return Math.hypot(x, y);
}
