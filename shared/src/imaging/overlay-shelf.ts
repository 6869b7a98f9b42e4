import type { FrameAttributes } from '../contract/film-manifest';
import { type DrawnPlane, type OverlayMask, overlayMask } from './overlay-mask';

/** Asks for a plane's bits; rejects where there are none to be had. */
export type FetchPlane = (request: {
  readonly sopInstanceUid: string;
  readonly group: number;
  readonly frame: number;
}) => Promise<Uint8Array>;

const frames = 24;
/** A mask has a byte for each pixel: two dozen of a mammogram would be a phone's whole memory. */
const mostBytes = 64 * 1024 * 1024;

/**
 * The overlays of the frames that were looked at last, the one that is looked at always among them. Bits are asked for when a frame is drawn, one frame after the other, so
 * that scrolling past a hundred frames asks for few. What fails once is not asked for again, and not drawn.
 */
export class OverlayShelf {
  private readonly known = new Map<string, OverlayMask | null>();
  private isAsking = false;
  private isOver = false;

  constructor(
    private readonly fetchPlane: FetchPlane,
    private readonly onReady: () => void,
  ) {}

  /** The frame's overlays; null where it has none, or none yet: then `onReady` is called when they are there. */
  mask(attributes: FrameAttributes): OverlayMask | null {
    if (attributes.overlays.length === 0) return null;
    const name = `${attributes.sopInstanceUid}/${attributes.frameNumber}`;
    const known = this.known.get(name);
    if (known !== undefined) return known;
    if (!this.isAsking && !this.isOver) void this.ask(name, attributes);
    return null;
  }

  /** Forgets every plane and asks no more. */
  clear(): void {
    this.isOver = true;
    this.known.clear();
  }

  private async ask(name: string, attributes: FrameAttributes): Promise<void> {
    const { sopInstanceUid, frameNumber: frame, overlays } = attributes;
    this.isAsking = true;
    const planes: DrawnPlane[] = [];
    for (const plane of overlays) {
      try {
        planes.push({ plane, bits: await this.fetchPlane({ sopInstanceUid, group: plane.group, frame }) });
      } catch {
        // A plane that cannot be had leaves the image as it is; where access is lost, the frames say so.
      }
    }
    this.isAsking = false;
    if (this.isOver) return;
    this.known.set(name, overlayMask(planes, attributes));
    this.makeRoom(name);
    this.onReady();
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
