import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';

export interface ViewMilestones {
  /** The slice on screen was just drawn with this picture. */
  drawn(picture: DecodedFrame | null): void;
  /** A picture of some slice became ready. */
  decoded(): void;
}

/**
 * Tells once each, for the bench and for field measurements, as `performance` marks: `yingyun:first-image` when pixels of the slice on
 * screen are drawn, at whatever resolution; `yingyun:first-sharp` when they are the whole; `yingyun:coarse-complete` when every slice
 * of the first series has a picture to scroll to. `hasPicture` says so of a slice; slices are asked for in order, each until it has one.
 */
export function viewMilestones(
  frameCount: number,
  hasPicture: (frame: number) => boolean,
  mark: (name: string) => void = (name) => performance.mark(name),
): ViewMilestones {
  const reached = new Set<string>();
  let ready = 0;
  const reach = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    mark(`yingyun:${name}`);
  };
  return {
    drawn(picture) {
      if (picture === null) return;
      reach('first-image');
      if (picture.reduce === 0) reach('first-sharp');
    },
    decoded() {
      while (ready < frameCount && hasPicture(ready)) ready++;
      if (ready === frameCount) reach('coarse-complete');
    },
  };
}
