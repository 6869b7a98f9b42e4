import type { FrameAttributes, OverlayPlane } from '../contract/film-manifest';
import type { LoaderClock } from './frame-source';
import { type DrawnPlane, type OverlayMask, overlayMask } from './overlay-mask';

/** Asks for a plane's bits; rejects where there are none to be had. */
export type FetchPlane = (request: {
  readonly sopInstanceUid: string;
  readonly group: number;
  readonly frame: number;
}) => Promise<Uint8Array>;

const frames = 24;
/** Between the three tries at a plane. */
const triesAfterMs = [1000, 4000];
/** A mask has a byte for each pixel: two dozen of a mammogram would be a phone's whole memory. */
const mostBytes = 64 * 1024 * 1024;

/**
 * The overlays of the frames that were looked at last, the one that is looked at always among them. Bits are asked for when a frame is drawn, one frame after the other, so
 * that scrolling past a hundred frames asks for few. What fails is asked for again, twice and later each time; then `isIncomplete` says so,
 * and what there is of it is drawn. Coming back to such a frame asks anew.
 */
export class OverlayShelf {
  private readonly known = new Map<string, OverlayMask | null>();
  /** The frame whose planes are being asked for; '': none. */
  private asking = '';
  private isOver = false;
  /** The frame whose overlays were given up. */
  private incomplete = '';
  private stopWaiting: () => void = () => {};

  constructor(
    private readonly fetchPlane: FetchPlane,
    private readonly onReady: () => void,
    private readonly after: LoaderClock['after'],
  ) {}

  /** The frame's overlays; null where it has none, or none yet: then `onReady` is called when they are there. */
  mask(attributes: FrameAttributes): OverlayMask | null {
    if (attributes.overlays.length === 0) return null;
    const name = nameOf(attributes);
    if (this.incomplete !== '' && this.incomplete !== name) {
      this.known.delete(this.incomplete);
      this.incomplete = '';
    }
    const known = this.known.get(name);
    if (known !== undefined) return known;
    if (this.asking === '' && !this.isOver) void this.ask(name, attributes);
    else if (this.asking !== name) this.stopWaiting(); // for a frame that is no longer looked at
    return null;
  }

  /** Overlays of the frame could not be had: what is drawn of them is not all of them. */
  isIncomplete(attributes: FrameAttributes): boolean {
    return this.incomplete !== '' && this.incomplete === nameOf(attributes);
  }

  /** Forgets every plane and asks no more. */
  clear(): void {
    this.isOver = true;
    this.stopWaiting();
    this.known.clear();
  }

  private async ask(name: string, attributes: FrameAttributes): Promise<void> {
    const { sopInstanceUid, frameNumber: frame, overlays } = attributes;
    this.asking = name;
    let isLeft = false;
    const planes: DrawnPlane[] = [];
    let missing = overlays;
    for (let tries = 0; missing.length > 0 && !this.isOver; tries++) {
      const failed: OverlayPlane[] = [];
      for (const plane of missing) {
        try {
          planes.push({ plane, bits: await this.fetchPlane({ sopInstanceUid, group: plane.group, frame }) });
        } catch {
          failed.push(plane); // where access is lost, the frames say so
        }
      }
      missing = failed;
      const waitMs = triesAfterMs[tries];
      if (missing.length === 0 || waitMs === undefined || this.isOver) break;
      isLeft = !(await this.waited(waitMs));
      if (isLeft) break;
    }
    this.asking = '';
    if (this.isOver) return;
    if (isLeft) return this.onReady();
    if (missing.length > 0) this.incomplete = name;
    this.known.set(name, overlayMask(planes, attributes));
    this.makeRoom(name);
    this.onReady();
  }

  /** False: nobody waits for it any more. */
  private waited(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.after(ms, () => resolve(true));
      this.stopWaiting = () => {
        cancel();
        resolve(false);
      };
    });
  }

  private makeRoom(newest: string): void {
    let bytes = 0;
    for (const mask of this.known.values()) bytes += mask?.bytes.length ?? 0;
    for (const [name, mask] of this.known) {
      if (name === newest || (this.known.size <= frames && bytes <= mostBytes)) return;
      this.known.delete(name);
      bytes -= mask?.bytes.length ?? 0;
    }
  }
}

function nameOf({ sopInstanceUid, frameNumber }: FrameAttributes): string {
  return `${sopInstanceUid}/${frameNumber}`;
}
