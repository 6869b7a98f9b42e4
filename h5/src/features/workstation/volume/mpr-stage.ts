import type { FilmManifest, SeriesManifest } from '@yingyun/shared/contract/film-manifest';
import type { VolumePlan } from '@yingyun/shared/volume/find-volumes';
import type { PlaneName } from '@yingyun/shared/volume/mpr-planes';
import { MprSession } from '@yingyun/shared/volume/mpr-session';
import {
  emptyVolume,
  gridReduce,
  isDiagnostic,
  type Volume,
  type VolumeProgress,
  volumeProgress,
} from '@yingyun/shared/volume/volume';
import { VolumeLoader } from '@yingyun/shared/volume/volume-loader';
import { volumeUnit, volumeWindow } from '@yingyun/shared/volume/volume-window';
import type { DecodePool } from '../../../viewer/decode-pool';
import { make, setText } from '../../../viewer/dom';
import { framesOverFetch } from '../../../viewer/frames-over-fetch';
import { decoders } from '../../../viewer/prepare-viewer';
import { browserClock } from '../../../viewer/viewer-clock';
import type { ViewerOptions } from '../../../viewer/viewer-contract';
import { connectPane } from './pane-input';
import { makePaneOverlay } from './pane-overlay';
import { pickVolumeRenderer } from './pick-volume-renderer';
import { text } from './text-zh';
import { volumeLimits } from './volume-limits';

export interface MprStageOptions {
  readonly film: { readonly manifest: FilmManifest; readonly fetchFrames: ViewerOptions['fetchFrames'] };
  readonly series: SeriesManifest;
  readonly plan: VolumePlan;
  readonly pool: DecodePool;
  /** The session has changed: what a tool bar shows may be other. At most once an animation frame. */
  readonly onChange: () => void;
  readonly onAccessLost: () => void;
}

export interface MprStage {
  readonly session: MprSession;
  readonly volume: Volume;
  /** Slices that could not be decoded. */
  readonly damaged: ReadonlySet<number>;
  destroy(): void;
}

const names: readonly PlaneName[] = ['axial', 'coronal', 'sagittal', 'acquired'];

/** Layers of a slab while it moves: enough to steer by; all of them when it rests. */
const movingLayers = 12;
/** While slices come in, the planes are drawn no more often than this: decoding needs the time. */
const loadingDrawMs = 200;

/**
 * Builds planes of a volume into `container` and begins to load at once. One canvas lies under all panes, since one GL context holds the
 * volume; a pane says where on it its plane is. Every change asks for one drawing in the next animation frame.
 */
export function mountMprStage(container: HTMLElement, options: MprStageOptions): MprStage {
  const { film, series, plan, pool } = options;
  const limits = volumeLimits();
  const volume = emptyVolume(plan, gridReduce(plan, limits.volumeBytes));
  const damaged = new Set<number>();
  let isOver = false;
  let isMoving = false;
  let hasWindow = false;
  const marked = new Set<string>();
  let pending = 0;
  let later: ReturnType<typeof setTimeout> | undefined;
  const requestDraw = (): void => {
    if (pending === 0 && !isOver) pending = requestAnimationFrame(draw);
  };
  const drawSoon = (): void => {
    later ??= setTimeout(() => {
      later = undefined;
      requestDraw();
    }, loadingDrawMs);
  };
  const session = new MprSession(volume, volumeWindow(volume, series.modality), requestDraw);
  session.pixelRatio = Math.min(2, window.devicePixelRatio || 1);

  const stage = make('div', 'mpr-stage', container);
  let { canvas, renderer } = pickVolumeRenderer(volume);
  const lost = (event: Event): void => event.preventDefault(); // says that we will take it back
  const restored = (): void => {
    try {
      renderer.restore();
    } catch {
      renderer.dispose();
      showCanvas(pickVolumeRenderer(volume, true)); // no room for the texture any more
    }
    requestDraw();
  };
  const showCanvas = (screen: { canvas: HTMLCanvasElement; renderer: typeof renderer }): void => {
    canvas.remove();
    ({ canvas, renderer } = screen);
    canvas.className = 'mpr-canvas';
    canvas.addEventListener('webglcontextlost', lost);
    canvas.addEventListener('webglcontextrestored', restored);
    stage.prepend(canvas);
    stage.dataset['renderer'] = renderer.kind;
    if (renderer.kind === 'canvas') session.pixelRatio = 1; // the CPU pays for every pixel
  };
  showCanvas({ canvas, renderer });
  const panes = names.map((name) => {
    const element = make('section', `mpr-pane mpr-${name}`, stage);
    element.tabIndex = 0;
    element.setAttribute('aria-label', text.planes[name]);
    const turn = (radians: number, hasEnded: boolean): void => {
      isMoving = !hasEnded;
      session.rotate(name, radians);
    };
    const overlay = makePaneOverlay(element, name, session, volume, volumeUnit(volume, series.modality), turn);
    const disconnect = connectPane(element, name, session, (moves) => {
      if (isMoving && !moves) requestDraw();
      isMoving = moves;
    });
    element.addEventListener('focus', () => session.active !== name && session.set({ active: name }));
    return { name, element, overlay, disconnect };
  });
  const badge = make('div', 'yv-badge mpr-badge', stage);
  badge.setAttribute('role', 'status');
  const notice = make('div', 'yv-notice', stage);
  notice.setAttribute('role', 'status');
  notice.hidden = true;
  const verdict = make('div', 'yv-verdict', stage);
  verdict.setAttribute('role', 'alert');
  verdict.hidden = true;
  const bar = make('div', 'mpr-progress', stage);
  bar.setAttribute('role', 'progressbar');
  const bars = [make('div', 'mpr-progress-coarse', bar), make('div', 'mpr-progress-complete', bar)];

  const loader = new VolumeLoader(
    series,
    volume,
    {
      source: framesOverFetch(film.fetchFrames, film.manifest.revision),
      clock: browserClock,
      decode: (bytes, attributes, reduce) => pool.decode(bytes, attributes, reduce),
      decoderCount: decoders,
    },
    limits.batchBytes,
    {
      onSlice(slice) {
        renderer.touch(slice);
        openWindow();
        drawSoon();
      },
      onOver(reason) {
        shutDown();
        setText(verdict, text.filmChanged);
        verdict.hidden = reason === 'access-lost';
        if (reason === 'access-lost') options.onAccessLost();
      },
      onDamaged(slice) {
        damaged.add(slice);
        requestDraw();
      },
      onStalled(isStalled) {
        setText(notice, isStalled ? text.stalled : '');
        notice.hidden = !isStalled;
      },
    },
  );

  /** Objects without a window get one from what has come, as soon as there is something of every slice. */
  function openWindow(): void {
    const { coarse, slices } = volumeProgress(volume);
    if (hasWindow || coarse + damaged.size < slices) return;
    hasWindow = true;
    session.openWith(volumeWindow(volume, series.modality));
  }

  /** Once each, when it stands on screen. */
  function markMilestones({ slices, coarse, complete }: VolumeProgress): void {
    for (const [name, count] of Object.entries({ coarse, complete })) {
      if (count + damaged.size < slices || marked.has(name)) continue;
      marked.add(name);
      performance.mark(`yingyun:volume-${name}`);
    }
  }

  /** Gives the canvas and the panes the sizes that the page has for them. */
  function fit(): void {
    const { panes: shown, pixelRatio, layout } = session;
    if (stage.dataset['layout'] !== String(layout)) stage.dataset['layout'] = String(layout);
    for (const { name, element } of panes) {
      element.hidden = !shown.includes(name);
      element.dataset['place'] = String(shown.indexOf(name));
      element.dataset['active'] = String(name === session.active && shown.length > 1);
    }
    const [width, height] = [stage.clientWidth, stage.clientHeight].map((css) =>
      Math.max(1, Math.round(css * pixelRatio)),
    );
    if (width !== undefined && canvas.width !== width) canvas.width = width;
    if (height !== undefined && canvas.height !== height) canvas.height = height;
    // Exactly as large on the page: a canvas that is stretched by half a pixel is no longer what was computed.
    canvas.style.width = `${canvas.width / pixelRatio}px`;
    canvas.style.height = `${canvas.height / pixelRatio}px`;
    for (const { name, element } of panes) {
      const extent = {
        width: Math.max(1, Math.round(element.clientWidth * pixelRatio)),
        height: Math.max(1, Math.round(element.clientHeight * pixelRatio)),
      };
      if (!element.hidden) session.setExtent(name, extent);
    }
  }

  function draw(): void {
    pending = 0;
    if (isOver) return;
    fit();
    const { pixelRatio } = session;
    const onScreen = panes.filter(({ element }) => !element.hidden);
    const scene = onScreen.map(({ name, element }) => ({
      plane: session.plane(name),
      x: Math.round(element.offsetLeft * pixelRatio),
      y: Math.round(element.offsetTop * pixelRatio),
    }));
    const layers = isMoving ? movingLayers : undefined;
    const isBehind = renderer.draw(scene, session.look, canvas, layers);
    if (isBehind) requestDraw();
    else markMilestones(volumeProgress(volume));
    for (const { overlay } of onScreen) overlay.update(pixelRatio);
    loader.focus(session.slice);
    showProgress();
    options.onChange();
  }

  function showProgress(): void {
    const { slices, coarse, complete } = volumeProgress(volume);
    const isComplete = complete + damaged.size >= slices;
    [coarse, complete].forEach((count, i) => bars[i]?.style.setProperty('transform', `scaleX(${count / slices})`));
    bar.setAttribute('aria-valuenow', String(Math.round((complete / slices) * 100)));
    bar.hidden = isComplete;
    const words = isDiagnostic(volume)
      ? ''
      : isComplete && volume.reduce > 0
        ? text.reduced(2 ** volume.reduce)
        : text.preview;
    setText(badge, words);
    badge.hidden = words === '';
    badge.title = volume.reduce > 0 ? text.reducedHint : '';
  }

  const resize = new ResizeObserver(requestDraw);
  resize.observe(stage);

  function shutDown(): void {
    if (isOver) return;
    isOver = true;
    cancelAnimationFrame(pending);
    clearTimeout(later);
    loader.destroy();
    resize.disconnect();
    for (const { disconnect, overlay } of panes) {
      disconnect();
      overlay.clear();
    }
    renderer.dispose();
    // The pixels go with the canvas.
    canvas.width = 0;
    canvas.remove();
  }

  requestDraw();
  return {
    session,
    volume,
    damaged,
    destroy() {
      shutDown();
      stage.remove();
    },
  };
}
