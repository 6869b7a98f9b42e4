import type { Tool } from '@yingyun/shared/imaging/gesture-actions';
import { type RefObject, useEffect, useRef } from 'react';
import type { ViewerHandle, ViewerMeasuring } from '../viewer/viewer-contract';
import type { MeasurePalette } from './mount-measure';
import type { KeptBooks } from './use-kept-books';

interface Measured {
  readonly handle: ViewerHandle;
  readonly filmId: string;
  measuring?: ViewerMeasuring;
}

interface MeasuringOptions {
  readonly tool: Tool;
  /** Index of the viewport that keys and buttons act on. */
  readonly active: number;
  /** The pictures are there: what isn't needed for the first may load. */
  readonly isReady: boolean;
  readonly keptBooks: KeptBooks;
  readonly onClose: () => void;
}

export interface Measuring {
  /** Where the palette goes. */
  readonly host: RefObject<HTMLDivElement>;
  /** A viewport has its viewer, or has lost it. */
  mounted(index: number, handle: ViewerHandle | undefined, filmId: string | undefined): void;
}

/** Measuring in a page of several viewers: one palette for all of them, one book for each exam. */
export function useMeasuring(options: MeasuringOptions): Measuring {
  const host = useRef<HTMLDivElement>(null);
  const viewers = useRef(new Map<number, Measured>());
  const palette = useRef<MeasurePalette>(undefined);
  const latest = useRef(options);
  latest.current = options;
  const { tool, active, isReady, keptBooks } = options;

  const bring = useRef((index: number) => {
    const viewer = viewers.current.get(index);
    if (viewer === undefined || viewer.measuring !== undefined || !latest.current.isReady) return;
    viewer.handle.measure(latest.current.keptBooks.bookOf(viewer.filmId)).then(
      (measuring) => {
        if (viewers.current.get(index) !== viewer) return;
        viewer.measuring = measuring;
        const other = [...viewers.current.values()].find((one) => one !== viewer && one.measuring !== undefined);
        measuring.desk.take(other?.measuring?.desk.hand ?? (latest.current.tool === 'measure' ? 'length' : null));
        measuring.listen(() => {
          if (index === latest.current.active) palette.current?.update();
        });
        palette.current?.update();
      },
      () => {}, // the viewer is gone, or the line: asked for again with the next press
    );
  }).current;

  useEffect(() => {
    if (isReady) for (const index of viewers.current.keys()) bring(index);
  }, [isReady, bring]);

  useEffect(() => {
    const box = host.current;
    if (tool !== 'measure' || box === null) return;
    let isGone = false;
    for (const index of viewers.current.keys()) bring(index);
    const desks = () => [...viewers.current.values()].flatMap(({ measuring }) => measuring?.desk ?? []);
    const activeOne = () => viewers.current.get(latest.current.active);
    import('./mount-measure').then(
      ({ mountPalette }) => {
        if (isGone) return;
        for (const desk of desks()) desk.take('length');
        palette.current = mountPalette({
          desk: () => activeOne()?.measuring?.desk,
          desks,
          onClose: () => latest.current.onClose(),
          keeping: () => latest.current.keptBooks.keeping(activeOne()?.filmId),
          onShow: (sopInstanceUid, frameNumber) => activeOne()?.handle.showImage(sopInstanceUid, frameNumber),
        });
        box.append(palette.current.element);
      },
      () => latest.current.onClose(),
    );
    return () => {
      isGone = true;
      palette.current?.close();
      palette.current = undefined;
      for (const desk of desks()) desk.take(null);
    };
  }, [tool, bring]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another viewport's tools are shown
  useEffect(() => palette.current?.update(), [active]);
  useEffect(() => keptBooks.listen(() => palette.current?.update()), [keptBooks]);

  return {
    host,
    mounted(index, handle, filmId) {
      if (handle === undefined || filmId === undefined) viewers.current.delete(index);
      else viewers.current.set(index, { handle, filmId });
      bring(index);
    },
  };
}
