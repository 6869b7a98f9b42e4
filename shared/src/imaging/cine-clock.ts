/** Milliseconds between pictures where the object states none: 15 pictures a second. */
const defaultFrameTimeMs = 1000 / 15;

/**
 * Which frame a cine shows at a time. It keeps to the recorded rate (PS3.3 C.7.6.5 Frame Time) by skipping, never by
 * slowing down: a heart must not beat slower on a slow phone.
 */
export class CineClock {
  private readonly frameTimeMs: number;

  constructor(
    frameTimeMs: number | null,
    private readonly frameCount: number,
    private readonly startFrame: number,
    private readonly startMs: number,
  ) {
    this.frameTimeMs = frameTimeMs !== null && frameTimeMs > 0 ? frameTimeMs : defaultFrameTimeMs;
  }

  frameAt(nowMs: number): number {
    const steps = Math.floor((nowMs - this.startMs) / this.frameTimeMs + 1e-6);
    return (this.startFrame + Math.max(0, steps)) % Math.max(1, this.frameCount);
  }

  get picturesPerSecond(): number {
    return 1000 / this.frameTimeMs;
  }
}
