import type { Tool } from '@yingyun/shared/imaging/gesture-actions';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { ViewerHandle, ViewerState } from '../../viewer/viewer-contract';
import { draggedSeries, isSeriesDrag } from './series-drag';
import { text } from './text-zh';
import type { OpenFilm } from './use-film';
import type { ViewerKit } from './use-viewer-kit';
import type { Placed } from './viewports';

interface ViewportProps {
  readonly index: number;
  readonly kit: ViewerKit | undefined;
  readonly film: OpenFilm | undefined;
  readonly seriesInstanceUid: string | undefined;
  readonly isActive: boolean;
  readonly isHidden: boolean;
  /** How many viewers share the device's memory. */
  readonly viewers: number;
  readonly tool: Tool;
  readonly showsInfo: boolean;
  readonly onActivate: (index: number) => void;
  readonly onState: (index: number, state: ViewerState) => void;
  readonly onHandle: (index: number, handle: ViewerHandle | undefined) => void;
  readonly onFirstImage: () => void;
  readonly onDropped: (index: number, placed: Placed) => void;
  /** False where there is nothing to enlarge. */
  readonly onEnlarge: (index: number) => boolean;
  readonly onAccessLost: () => void;
}

/** One viewer, mounted as long as its exam stays; another series of it is a message to the viewer, not a new one. */
export function Viewport(props: ViewportProps) {
  const { index, kit, film, seriesInstanceUid, tool, showsInfo } = props;
  const box = useRef<HTMLDivElement>(null);
  const [handle, setHandle] = useState<ViewerHandle>();
  const [isOver, setOver] = useState(false);
  const latest = useRef(props);
  latest.current = props;
  const isFilled = seriesInstanceUid !== undefined;

  useEffect(() => {
    const container = box.current;
    const first = latest.current.seriesInstanceUid;
    if (container === null || kit === undefined || film === undefined || !isFilled || first === undefined) return;
    const mounted = kit.viewer.mountViewer(
      container,
      {
        ...film,
        seriesInstanceUid: first,
        controls: 'none',
        onAccessLost: () => latest.current.onAccessLost(),
        onFirstImage: () => latest.current.onFirstImage(),
        onState: (state) => latest.current.onState(index, state),
        onDoubleTap: () => latest.current.onEnlarge(index),
      },
      { prepared: kit.prepared, viewers: latest.current.viewers },
    );
    setHandle(mounted);
    latest.current.onHandle(index, mounted);
    return () => {
      latest.current.onHandle(index, undefined);
      setHandle(undefined);
      mounted.destroy();
    };
  }, [kit, film, isFilled, index]);
  useEffect(() => {
    if (seriesInstanceUid !== undefined) handle?.showSeries(seriesInstanceUid);
  }, [handle, seriesInstanceUid]);
  useEffect(() => handle?.setTool(tool), [handle, tool]);
  useEffect(() => handle?.setShowsInfo(showsInfo), [handle, showsInfo]);

  const over = (event: DragEvent) => {
    if (!isSeriesDrag(event.dataTransfer)) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    setOver(false);
    const placed = draggedSeries(event.dataTransfer);
    if (placed === undefined) return;
    event.preventDefault();
    props.onDropped(index, placed);
  };
  return (
    <section
      className="viewport"
      aria-label={text.viewport(index + 1)}
      aria-current={props.isActive}
      hidden={props.isHidden}
      data-over={isOver}
      onPointerDownCapture={() => props.onActivate(index)}
      onFocusCapture={() => props.onActivate(index)}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div ref={box} className="viewport-viewer" />
      {!isFilled && <p className="viewport-empty">{text.emptyViewport}</p>}
    </section>
  );
}
