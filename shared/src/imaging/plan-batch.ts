/** One request of the frames protocol: `count` frames centre-out from `from`. */
export interface Batch {
  readonly from: number;
  readonly count: number;
  readonly have: number | null;
}

export interface BatchNeeds {
  readonly frameCount: number;
  /** The slice the eye is on. */
  readonly center: number;
  /** Bytes the frame still needs, 0 where it needs none (or may not be asked for). */
  needed(frame: number): number;
  /** Bytes the server would send for the frame if told `have`, needed or not. */
  sent(frame: number, have: number | null): number;
  /** What is held of the frame: a reduce, null for nothing. */
  have(frame: number): number | null;
  readonly byteTarget: number;
}

/** Bytes we accept to receive twice for the sake of one round trip instead of two. */
const wasteAllowed = 32_768;

/**
 * The next batch: the nearest missing frame and as many missing neighbours as the byte target allows, in one range that
 * a centre-out server covers exactly. Null: nothing is missing.
 */
export function planBatch(needs: BatchNeeds): Batch | null {
  const nearest = nearestMissing(needs);
  if (nearest === null) return null;
  return aroundTheEye(needs, nearest) ?? runFrom(needs, nearest);
}

function nearestMissing({ frameCount, center, needed }: BatchNeeds): number | null {
  for (let d = 0; d < frameCount; d++) {
    if (center + d < frameCount && needed(center + d) > 0) return center + d;
    if (center - d >= 0 && needed(center - d) > 0) return center - d;
  }
  return null;
}

/** A window centred on the eye, where little in it is held already. */
function aroundTheEye(needs: BatchNeeds, nearest: number): Batch | null {
  const { frameCount, center, byteTarget } = needs;
  const have = needs.have(nearest);
  let bytes = 0;
  let waste = 0;
  let best: Batch | null = null;
  const take = (frame: number): void => {
    const sent = needs.sent(frame, have);
    bytes += sent;
    if (needs.needed(frame) === 0 || needs.have(frame) !== have) waste += sent;
  };
  for (let k = 0; k < frameCount; k++) {
    const low = center - k;
    const high = center + k;
    if (low < 0 && high >= frameCount) break;
    if (low >= 0) take(low);
    if (k > 0 && high < frameCount) take(high);
    if (best !== null && bytes > byteTarget) break;
    if (waste > wasteAllowed + bytes / 10) break;
    if (k < Math.abs(nearest - center)) continue;
    best = { from: center, count: Math.min(high, frameCount - 1) - Math.max(low, 0) + 1, have };
  }
  return best;
}

/** The run of missing frames that begins at the nearest one and leads away from the eye. */
function runFrom(needs: BatchNeeds, nearest: number): Batch {
  const have = needs.have(nearest);
  const step = nearest >= needs.center ? 1 : -1;
  let length = 0;
  let bytes = 0;
  for (let frame = nearest; frame >= 0 && frame < needs.frameCount; frame += step) {
    if (needs.needed(frame) === 0 || needs.have(frame) !== have) break;
    bytes += needs.sent(frame, have);
    if (length > 0 && bytes > needs.byteTarget) break;
    length++;
  }
  // An odd length has a middle, and centre-out from a middle is exact.
  const odd = length % 2 === 1 ? length : Math.max(1, length - 1);
  return { from: nearest + (step * (odd - 1)) / 2, count: odd, have };
}
