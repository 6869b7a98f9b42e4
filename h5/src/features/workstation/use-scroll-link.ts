import { ScrollLink } from '@yingyun/shared/imaging/scroll-link';
import { useRef, useState } from 'react';
import type { ViewerHandle, ViewerState } from '../../viewer/viewer-contract';
import type { OpenFilm } from './use-film';

export interface LinkedScrolling {
  readonly isOn: boolean;
  setOn(isOn: boolean): void;
  /** Told of each drawing of each viewport. */
  shows(index: number, state: ViewerState): void;
}

/** Viewports that scroll in step, while it is on: `ScrollLink` says where they go. */
export function useScrollLink(
  films: readonly OpenFilm[],
  handles: { readonly current: ReadonlyMap<number, ViewerHandle> },
): LinkedScrolling {
  const [isOn, setOn] = useState(false);
  const link = useRef<ScrollLink>();
  const seen = useRef(new Map<number, ViewerState>());
  const tell = (index: number, { seriesInstanceUid, frame }: ViewerState): void => {
    const all = films.flatMap(({ manifest }) => manifest.series);
    const series = all.find((one) => one.seriesInstanceUid === seriesInstanceUid);
    if (link.current === undefined || series === undefined || series.frames.length === 0) return;
    for (const step of link.current.shows(index, series, frame)) {
      const of = all.find((one) => one.seriesInstanceUid === seen.current.get(step.index)?.seriesInstanceUid);
      const entry = of?.frames[step.frame];
      const uid = entry?.sopInstanceUid ?? of?.common.sopInstanceUid;
      if (uid !== undefined)
        handles.current.get(step.index)?.showImage(uid, entry?.frameNumber ?? of?.common.frameNumber);
    }
  };
  const leave = (index: number): void => {
    seen.current.delete(index);
    link.current?.leave(index);
  };
  return {
    isOn,
    setOn(wanted) {
      setOn(wanted);
      link.current = wanted ? new ScrollLink() : undefined;
      for (const [index, state] of seen.current) tell(index, state);
    },
    shows(index, state) {
      for (const other of seen.current.keys()) if (other !== index && !handles.current.has(other)) leave(other);
      seen.current.set(index, state);
      tell(index, state);
    },
  };
}
