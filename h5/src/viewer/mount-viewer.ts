import './viewer.css';
import type { SeriesManifest } from '@yingyun/shared/contract/film-manifest';
import { findImage } from '@yingyun/shared/document/find-image';
import type { ProblemCode } from '@yingyun/shared/domain/problem';
import { FrameLoader } from '@yingyun/shared/imaging/frame-loader';
import { OverlayShelf } from '@yingyun/shared/imaging/overlay-shelf';
import { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { canvasOnly, type DrawnCanvas } from './canvas-only';
import { deviceLimits } from './device-limits';
import { type DocumentDesk, makeDocumentDesk } from './document-desk';
import { make } from './dom';
import { framesOverFetch } from './frames-over-fetch';
import { makeMeasureDoor } from './measure-door';
import { makeObjectsList } from './objects-list';
import { decoders, type PreparedViewer, prepareShared, prepareViewer } from './prepare-viewer';
import { makeSeriesStrip } from './series-strip';
import { showPlain } from './show-plain';
import { makeSliceBar } from './slice-bar';
import { connectInput } from './stage-input';
import { makeOverlay } from './stage-overlay';
import { makeStageScreen } from './stage-screen';
import { text } from './text-zh';
import { makeToolbar } from './toolbar';
import { viewMilestones } from './view-milestones';
import { browserClock } from './viewer-clock';
import type { ViewerHandle, ViewerOptions, ViewerState } from './viewer-contract';
import { windowChoices } from './window-choices';

export { loadThumbnails } from './series-thumbnails';
export { prepareShared, prepareViewer };

export interface MountChoices {
  /** Without it the viewer starts its own decoders. */
  readonly prepared?: PreparedViewer | undefined;
  /** How many viewers share the device's memory; default 1. */
  readonly viewers?: number | undefined;
  /** For tests: draws on this canvas and on no better one. */
  readonly drawOn?: DrawnCanvas | undefined;
}

/**
 * Builds the viewer into `container`, which it fills (give it a size), and begins to load at once.
 * Gestures change the session, every change asks for one drawing in the next animation frame, and the drawing reads all
 * it shows from the session and the loader: there is no second copy of the state. The first request goes out before anything is built.
 */
export function mountViewer(container: HTMLElement, options: ViewerOptions, choices: MountChoices = {}): ViewerHandle {
  const { manifest: film } = options;
  const { prepared } = choices;
  const { pool } = prepared ?? prepareViewer(() => Promise.resolve());
  const hasControls = options.controls !== 'none';
  let isOver = false;
  let pending = 0;
  let isPictureStale = true;
  let drawnSeries = -1;
  let hasImage = false;
  const requestFrame = (): void => {
    if (pending === 0 && !isOver) pending = requestAnimationFrame(draw);
  };
  const requestDraw = (): void => {
    isPictureStale = true;
    requestFrame();
  };
  const loader = new FrameLoader(
    film.series,
    {
      source: framesOverFetch(options.fetchFrames, film.revision),
      clock: browserClock,
      decode: (bytes, attributes, reduce) => pool.decode(bytes, attributes, reduce),
      decoderCount: decoders,
    },
    { ...deviceLimits(choices.viewers), hasThumbnails: hasControls },
    {
      onFrame(key, frame) {
        if (key.series === firstSeries) milestones.decoded();
        const isThumbnail = key.frame === loader.thumbnailKey(key.series).frame;
        if (hasControls && isThumbnail && film.series.length > 1)
          strip.showThumbnail(key, frame, loader.attributes(key));
        if (key.series === session.key.series && key.frame === session.key.frame) requestDraw();
      },
      onProgress: requestFrame, // the bar only: no reason to draw a million pixels again
      onOver(reason) {
        shutDown();
        overlay.setVerdict(reason === 'access-lost' ? text.accessLost : text.filmChanged);
        if (reason === 'access-lost') options.onAccessLost();
      },
      onDamaged(key, code) {
        damaged.set(`${key.series}/${key.frame}`, code);
        requestDraw();
      },
      onStalled(stalled) {
        isStalled = stalled;
        requestDraw();
      },
    },
  );
  const damaged = new Map<string, ProblemCode>();
  let isStalled = false;
  const firstSeries = film.series.findIndex(
    (series) => series.seriesInstanceUid === (options.seriesInstanceUid ?? largestSeries(film.series)),
  );
  const milestones = viewMilestones(
    film.series[firstSeries]?.frames.length ?? 0,
    (frame) => loader.frame({ series: firstSeries, frame }) !== null,
  );
  const session = new ViewerSession(film, loader, requestDraw);
  const ending = new AbortController();
  const { fetchOverlay } = options;
  const overlays =
    fetchOverlay === undefined
      ? null
      : new OverlayShelf((request) => fetchOverlay(request, ending.signal), requestDraw, browserClock.after);
  showPlain(loader, film, options.firstPicture);
  if (firstSeries >= 0) session.showSeries(firstSeries);

  const root = make('div', 'yv-root', container);
  root.setAttribute('role', 'application');
  root.setAttribute('aria-label', text.viewer);
  const stage = make('div', 'yv-stage', root);
  stage.tabIndex = 0;
  stage.setAttribute('role', 'group');
  stage.setAttribute('aria-label', text.canvas);
  const screen = makeStageScreen(stage, requestDraw, choices.drawOn ?? canvasOnly());
  root.dataset.renderer = screen.kind;
  const overlay = makeOverlay(stage, film, session);
  const desk: DocumentDesk = makeDocumentDesk(options, showImage);
  const objects = makeObjectsList(film, options.fetchDocument === undefined ? null : desk.open);
  const strip = makeSeriesStrip(film, (series) => session.showSeries(series), objects.button);
  const slices = makeSliceBar(session);
  const measure = makeMeasureDoor({ root, stage, session, requestDraw, isOver: () => isOver });
  const toolbar = makeToolbar(session, (tool) => {
    if (tool === 'measure') void measure.openPalette(toolbar.element, overlay.setNotice);
    else measure.closePalette();
    session.setTool(tool);
  });
  root.append(slices.element);
  if (hasControls) root.append(strip.element, toolbar.element);
  root.append(objects.element);
  root.classList.toggle('yv-bare', !hasControls);
  const connect = () =>
    film.series.length === 0 ? () => {} : connectInput(stage, root, session, screen.pixelRatio, options.onDoubleTap);
  let disconnect = connect();

  function draw(nowMs: number): void {
    pending = 0;
    if (isOver) return;
    if (session.isPlaying) {
      session.tick(nowMs);
      requestFrame();
    }
    slices.setProgress(loader.progress());
    if (isPictureStale) drawPicture();
  }

  function drawPicture(): void {
    isPictureStale = false;
    const { attributes } = session;
    const scene = {
      frame: session.picture,
      attributes,
      look: session.greyLook,
      imageToCanvas: session.imageToCanvas(),
      isPixelated: false,
      overlay: session.showsOverlays ? overlays?.mask(attributes) : null,
    };
    screen.draw(scene, session.canvas);
    milestones.drawn(session.picture);
    if (session.picture !== null && !hasImage) firstImageDrawn();
    showWords();
  }

  /** All that is said beside and over the picture. */
  function showWords(): void {
    const { series, frame } = session.key;
    const damage = session.picture === null ? damaged.get(`${series}/${frame}`) : undefined;
    const isIncomplete = session.showsOverlays && overlays?.isIncomplete(session.attributes) === true;
    const flaw = isIncomplete ? text.overlaysMissing : '';
    overlay.setNotice(isStalled ? text.stalled : damage === undefined ? flaw : damageWords(damage));
    overlay.update();
    measure.update();
    overlay.setVerdict(verdictOf(session.series));
    if (series !== drawnSeries) {
      drawnSeries = series;
      // Nothing to look at: what there is to read comes instead.
      if (session.frameCount === 0) objects.show();
      else objects.hide();
    }
    strip.update(series);
    slices.update();
    toolbar.update();
    options.onState?.(stateOf(session));
  }

  const fit = (): void => {
    const width = Math.max(1, Math.round(stage.clientWidth * screen.pixelRatio));
    const height = Math.max(1, Math.round(stage.clientHeight * screen.pixelRatio));
    if (width === session.canvas.width && height === session.canvas.height) return;
    screen.resize({ width, height });
    session.setCanvas({ width, height }, screen.pixelRatio);
    // A canvas of another size is empty: drawn in this frame, nobody sees that.
    cancelAnimationFrame(pending);
    draw(performance.now());
  };
  const resize = new ResizeObserver(fit);
  const upgrade = async (): Promise<void> => {
    const { pickRenderer } = await import('./pick-renderer');
    if (isOver || !screen.upgrade(pickRenderer())) return;
    root.dataset.renderer = screen.kind;
    disconnect();
    disconnect = connect();
    screen.resize(session.canvas);
    fit();
    requestDraw();
  };
  function firstImageDrawn(): void {
    hasImage = true;
    options.onFirstImage?.();
    // WebGL that isn't warm yet would have held up this image, and so would its code. Where that can't be loaded the CPU goes on.
    if (choices.drawOn !== undefined) return;
    const warm = prepared?.graphicsWarm() ?? Promise.resolve();
    warm.then(upgrade).catch(() => undefined);
  }

  /** Forgets every byte and pixel; the words stay. */
  function shutDown(): void {
    if (isOver) return;
    isOver = true;
    cancelAnimationFrame(pending);
    ending.abort();
    overlays?.clear();
    desk.close();
    objects.element.remove();
    loader.destroy();
    if (prepared?.isShared !== true) pool.close();
    disconnect();
    resize.disconnect();
    strip.clear();
    overlay.wipe();
    measure.close();
    screen.dispose();
    root.classList.add('yv-over');
  }

  function showSeries(seriesInstanceUid: string): void {
    session.showSeries(film.series.findIndex((series) => series.seriesInstanceUid === seriesInstanceUid));
  }

  function showImage(sopInstanceUid: string, frame?: number): boolean {
    const found = isOver ? null : findImage(film, sopInstanceUid, frame);
    if (found === null) return false;
    objects.hide();
    session.showSeries(found.series);
    session.show(found.frame);
    return true;
  }

  if (film.series.length === 0) overlay.setVerdict(text.noImages);
  else resize.observe(stage);
  showWords(); // before the page is laid out, which costs a phone more than all of this
  return {
    showSeries: (uid) => {
      if (!isOver) showSeries(uid);
    },
    measure: measure.open,
    setTool: (tool) => session.setTool(tool),
    press: (action) => session.press(action, performance.now()),
    setWindow: (window) => session.setWindow(window),
    setShowsInfo(shows) {
      session.showsInfo = shows;
      requestDraw();
    },
    setShowsOverlays(shows) {
      session.showsOverlays = shows;
      requestDraw();
    },
    showImage,
    openDocument(sopInstanceUid) {
      const all = film.series.flatMap((series) => series.withoutImage);
      const object = all.find((one) => one.sopInstanceUid === sopInstanceUid);
      if (object !== undefined && !isOver) desk.open(object);
    },
    destroy() {
      shutDown();
      root.remove();
    },
  };
}

function damageWords(code: ProblemCode): string {
  const known = text.damaged;
  return code === 'image-damaged' || code === 'dicom-unsupported' || code === 'dicom-limit-exceeded'
    ? known[code]
    : known.other;
}

/** For a series that has nothing to look at; '' where it has. */
function verdictOf(series: SeriesManifest | undefined): string {
  if (series !== undefined && series.frames.length > 0) return '';
  return series?.withoutImage[0]?.reason ?? text.noImages;
}

function stateOf(session: ViewerSession): ViewerState {
  return {
    seriesInstanceUid: session.series?.seriesInstanceUid ?? '',
    frame: session.key.frame,
    frameCount: session.frameCount,
    reduce: session.frameCount === 0 ? null : (session.picture?.reduce ?? null),
    tool: session.tool,
    isPlaying: session.isPlaying,
    isInverted: session.isInverted,
    showsInfo: session.showsInfo,
    showsOverlays: session.showsOverlays,
    hasOverlays: session.attributes.overlays.length > 0,
    windowChoices: windowChoices(session),
  };
}

function largestSeries(series: ViewerOptions['manifest']['series']): string {
  let largest = series[0];
  for (const one of series) if (one.frames.length > (largest?.frames.length ?? 0)) largest = one;
  return largest?.seriesInstanceUid ?? '';
}
