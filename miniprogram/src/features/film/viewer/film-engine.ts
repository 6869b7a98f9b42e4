import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import type { ProblemCode } from '@yingyun/shared/domain/problem';
import { FrameLoader, type LoadedProgress } from '@yingyun/shared/imaging/frame-loader';
import type { FrameSource, LoaderClock } from '@yingyun/shared/imaging/frame-source';
import type { GestureAction, Tool } from '@yingyun/shared/imaging/gesture-actions';
import type { LoaderLimits } from '@yingyun/shared/imaging/loader-plan';
import { type FetchPlane, OverlayShelf } from '@yingyun/shared/imaging/overlay-shelf';
import { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import type { MarkKind } from '@yingyun/shared/measure/mark';
import { MarkBook } from '@yingyun/shared/measure/mark-book';
import { MeasureDesk } from '@yingyun/shared/measure/measure-desk';
import type { Renderer } from '@yingyun/shared/render/scene';
import { beforeNextPicture, type CanvasNode } from '../../../platform/canvas';
import type { FrameDecoder } from '../../../platform/decoder-contract';
import { drawMarks } from './draw-marks';
import { thumbnailBmp } from './thumbnail';

/** What the controls around the picture show. The picture itself never goes through React. */
export interface ViewFacts {
  readonly series: number;
  readonly frame: number;
  readonly frameCount: number;
  readonly tool: Tool;
  /** What is measured, while that tool is in hand. */
  readonly hand: MarkKind | null;
  readonly isPlaying: boolean;
  readonly isInverted: boolean;
  readonly showsInfo: boolean;
  /** Of the picture on screen; null: there is none yet. */
  readonly reduce: number | null;
  /** The picture was made for phones from data they can't decode. */
  readonly isDerived: boolean;
  readonly state: 'fine' | 'stalled' | 'damaged' | 'unsupported' | 'overlays-missing';
  readonly progress: LoadedProgress;
}

export interface EngineOptions {
  readonly film: FilmManifest;
  readonly source: FrameSource;
  readonly fetchPlane: FetchPlane;
  readonly decoder: FrameDecoder;
  readonly limits: LoaderLimits;
  readonly clock: LoaderClock;
  readonly onFacts: (facts: ViewFacts) => void;
  readonly onThumbnail: (series: number, bmp: Uint8Array<ArrayBuffer>) => void;
  readonly onOver: (reason: 'access-lost' | 'film-changed') => void;
  readonly onFirstImage: () => void;
}

/** Where the picture goes. `marks` lies over it and is drawn in the same animation frame. */
export interface EngineScreen {
  readonly node: CanvasNode;
  readonly renderer: Renderer;
  readonly marks: CanvasNode;
  readonly marksContext: CanvasRenderingContext2D;
  readonly ratio: number;
}

/** Loader, session and renderer of one film; begins to load at once, draws as soon as it is given a screen. */
export class FilmEngine {
  readonly session: ViewerSession;
  /** What the patient has drawn; it stays on this device. */
  readonly desk: MeasureDesk;
  private readonly loader: FrameLoader;
  private readonly overlays: OverlayShelf;
  private screen: EngineScreen | undefined;
  private cancelDraw: (() => void) | undefined;
  private isOver = false;
  private isStalled = false;
  private hasImage = false;
  private readonly damaged = new Map<string, ProblemCode>();

  constructor(private readonly options: EngineOptions) {
    const { film, source, decoder, clock, limits } = options;
    this.loader = new FrameLoader(
      film.series,
      { source, clock, decoderCount: decoder.count, decode: decoder.decode },
      limits,
      {
        onFrame: (key, frame) => {
          if (film.series.length > 1 && key.frame === this.loader.thumbnailKey(key.series).frame)
            options.onThumbnail(key.series, thumbnailBmp(frame, this.loader.attributes(key)));
          if (key.series === this.session.key.series && key.frame === this.session.key.frame) this.requestDraw();
        },
        onProgress: () => this.tellFacts(),
        onOver: (reason) => {
          this.close();
          options.onOver(reason);
        },
        onDamaged: (key, code) => {
          this.damaged.set(`${key.series}/${key.frame}`, code);
          this.requestDraw();
        },
        onStalled: (isStalled) => {
          this.isStalled = isStalled;
          this.tellFacts();
        },
      },
    );
    this.overlays = new OverlayShelf(
      options.fetchPlane,
      () => this.requestDraw(),
      (ms, run) => options.clock.after(ms, run),
    );
    this.session = new ViewerSession(film, this.loader, () => this.requestDraw());
    let marks = 0;
    const book = new MarkBook();
    book.listen(() => this.requestDraw());
    this.desk = new MeasureDesk(
      this.session,
      book,
      () => String(marks++),
      () => this.requestDraw(),
    );
    this.session.measuring = this.desk;
    this.session.showSeries(largestSeries(film));
  }

  /** Draws here from now on, at this size in CSS pixels. Also called when the size has changed. */
  show(screen: EngineScreen, size: { readonly width: number; readonly height: number }): void {
    this.screen = screen;
    const width = Math.max(1, Math.round(size.width * screen.ratio));
    const height = Math.max(1, Math.round(size.height * screen.ratio));
    for (const canvas of [screen.node, screen.marks]) {
      canvas.width = width;
      canvas.height = height;
    }
    this.session.setCanvas({ width, height }, screen.ratio);
  }

  apply(actions: readonly GestureAction[]): void {
    if (!this.isOver) for (const action of actions) this.session.apply(action);
  }

  /** Forgets every byte and pixel. */
  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.cancelDraw?.();
    this.loader.destroy();
    this.overlays.clear();
    this.options.decoder.close();
    this.screen?.renderer.dispose();
    const { marksContext, marks } = this.screen ?? {};
    marksContext?.clearRect(0, 0, marks?.width ?? 0, marks?.height ?? 0);
  }

  private requestDraw(): void {
    if (this.isOver || this.screen === undefined || this.cancelDraw !== undefined) return;
    this.cancelDraw = beforeNextPicture(this.screen.node, () => this.draw());
  }

  private draw(): void {
    this.cancelDraw = undefined;
    const { session, screen } = this;
    if (this.isOver || screen === undefined) return;
    if (session.isPlaying) {
      session.tick(this.options.clock.nowMs());
      this.requestDraw();
    }
    const picture = session.picture;
    screen.renderer.draw(
      {
        frame: picture,
        attributes: session.attributes,
        look: session.greyLook,
        imageToCanvas: session.imageToCanvas(),
        isPixelated: false,
        overlay: session.showsOverlays ? this.overlays.mask(session.attributes) : null,
      },
      session.canvas,
    );
    drawMarks(screen.marksContext, this.options.film, session, this.desk, screen.ratio);
    if (picture !== null && !this.hasImage) {
      this.hasImage = true;
      this.options.onFirstImage();
    }
    this.tellFacts();
  }

  private tellFacts(): void {
    if (this.isOver) return;
    const { session } = this;
    const { series, frame } = session.key;
    const picture = session.picture;
    const damage = picture === null ? this.damaged.get(`${series}/${frame}`) : undefined;
    const state =
      damage === 'dicom-unsupported'
        ? 'unsupported'
        : damage !== undefined
          ? 'damaged'
          : this.isStalled
            ? 'stalled'
            : session.showsOverlays && this.overlays.isIncomplete(session.attributes)
              ? 'overlays-missing'
              : 'fine';
    this.options.onFacts({
      series,
      frame,
      frameCount: session.frameCount,
      tool: session.tool,
      hand: session.tool === 'measure' ? this.desk.hand : null,
      isPlaying: session.isPlaying,
      isInverted: session.isInverted,
      showsInfo: session.showsInfo,
      reduce: this.hasImage ? (picture?.reduce ?? null) : null, // loaded is not drawn: there may be no canvas yet
      isDerived: picture !== null && session.attributes.rendition === 'derived',
      state,
      progress: this.loader.progress(),
    });
  }
}

function largestSeries(film: FilmManifest): number {
  let largest = 0;
  film.series.forEach((series, i) => {
    if (series.frames.length > (film.series[largest]?.frames.length ?? 0)) largest = i;
  });
  return largest;
}
