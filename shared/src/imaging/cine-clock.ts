/** Milliseconds between pictures where the object states none: 15 pictures a second. */
const defaultFrameTimeMs = 1000 / 15;

/** How long frames stay: one time for all, or one a frame (PS3.3 C.7.6.5 Frame Time, Frame Time Vector). */
export interface CineTimes {
  readonly frameTimeMs: number | null;
  readonly frameTimeVectorMs?: readonly number[] | undefined;
}

/**
 * Which frame a cine shows at a time. It keeps to the recorded rate by skipping, never by slowing down: a heart must not beat slower
 * on a slow phone.
 */
export class CineClock {
  /** When each frame ends, in milliseconds from the first one's beginning. */
  private readonly ends: readonly number[];
  private readonly startedAt: number;

  constructor(times: CineTimes, frameCount: number, startFrame: number, startMs: number) {
    const { frameTimeMs, frameTimeVectorMs: vector } = times;
    const usual = frameTimeMs !== null && frameTimeMs > 0 ? frameTimeMs : defaultFrameTimeMs;
    const isComplete = vector !== undefined && vector.length === frameCount && vector.every((time) => time > 0);
    let end = 0;
    this.ends = Array.from({ length: Math.max(1, frameCount) }, (_, i) => {
      end += isComplete ? (vector[i] ?? usual) : usual;
      return end;
    });
    this.startedAt = startMs - (this.ends[startFrame - 1] ?? 0);
  }

  frameAt(nowMs: number): number {
    // A frame that begins now is shown now, whatever the last digit of a sum of fractions says.
    const at = (Math.max(0, nowMs - this.startedAt) + 1e-6) % this.length;
    let low = 0;
    let high = this.ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ends[middle] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  get picturesPerSecond(): number {
    return (this.ends.length / this.length) * 1000;
  }

  private get length(): number {
    return this.ends[this.ends.length - 1] ?? defaultFrameTimeMs;
  }
}
