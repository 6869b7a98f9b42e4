import type { FilmManifest, FrameAttributes, SeriesManifest } from '../contract/film-manifest';
import { CineClock } from './cine-clock';
import type { DecodedFrame } from './decoded-frame';
import type { VoiChoice } from './default-window';
import { draggedSlices, draggedWindow } from './drag-effects';
import type { FrameKey } from './encoded-store';
import type { GestureAction, KeyAction, Tool } from './gesture-actions';
import { VoiTables } from './lookup-table';
import type { GreyLook } from './render-frame';
import { openingLook, type SeriesLook, windowOf } from './series-look';
import {
  type Affine,
  canvasXy,
  columnScale,
  type Extent,
  fitted,
  imageToCanvas,
  mirroredLeftRight,
  mirroredUpDown,
  type Placement,
  panBy,
  pixelAspect,
  turnedClockwise,
  zoomAround,
} from './viewport';
import type { VoiWindow } from './voi-window';

/** Where the session gets pictures from: the loader. */
export interface SessionFrames {
  focus(key: FrameKey): void;
  frame(key: FrameKey): DecodedFrame | null;
  attributes(key: FrameKey): FrameAttributes;
}

type DragStart = {
  readonly placement: Placement;
  readonly window: VoiWindow;
  readonly frame: number;
  readonly x: number;
  readonly y: number;
};

/** Who takes one finger while the tool 'measure' is in hand: measure/measure-desk.ts, which not every visitor loads. */
export interface MeasureGuest {
  drag(action: Pick<Drag, 'phase' | 'x' | 'y' | 'isTouch'>): void;
  /** A double tap. */
  finish(): void;
  /** What a mouse that goes down here would take hold of; null: nothing. */
  hitAt(x: number, y: number): object | null;
}

type Drag = Extract<GestureAction, { kind: 'drag' }>;

/**
 * What is on screen and what gestures do to it, without any platform: surfaces feed actions in and draw what comes out.
 * `onChange` is called for every change; drawing at most once an animation frame is the surface's part.
 */
export class ViewerSession {
  tool: Tool = 'scroll';
  showsInfo = true;
  /** Overlay planes are part of the picture until the user takes them off. */
  showsOverlays = true;
  canvas: Extent = { width: 1, height: 1 };
  /** Canvas pixels a CSS pixel. */
  pixelRatio = 1;
  measuring: MeasureGuest | null = null;
  private current = 0;
  private readonly looks: SeriesLook[];
  private dragStart: DragStart | undefined;
  private pinchStart: Placement | undefined;
  private clock: CineClock | null = null;
  private readonly tables = new VoiTables();

  constructor(
    readonly film: Pick<FilmManifest, 'series'>,
    private readonly frames: SessionFrames,
    private readonly onChange: () => void,
  ) {
    this.looks = film.series.map(openingLook);
  }

  get key(): FrameKey {
    return { series: this.current, frame: this.look.frame };
  }

  get series(): SeriesManifest | undefined {
    return this.film.series[this.current];
  }

  get frameCount(): number {
    return this.series?.frames.length ?? 0;
  }

  get placement(): Placement {
    return this.look.placement;
  }

  get isInverted(): boolean {
    return this.look.isInverted;
  }

  get attributes(): FrameAttributes {
    return this.frames.attributes(this.key);
  }

  get picture(): DecodedFrame | null {
    return this.frames.frame(this.key);
  }

  get isPlaying(): boolean {
    return this.clock !== null;
  }

  get window(): VoiChoice {
    return windowOf(this.look, this.attributes, this.picture, this.series?.modality ?? '');
  }

  /** How grey becomes light: what a scene's `look` asks for. */
  get greyLook(): GreyLook {
    const { window } = this;
    return { window, voiTable: this.tables.of(window.lut), isInverted: this.isInverted };
  }

  imageToCanvas(): Affine {
    const { rows, columns } = this.attributes;
    return imageToCanvas(this.placement, { width: columns, height: rows }, pixelAspect(this.attributes), this.canvas);
  }

  /** Screen pixels (CSS) an image column is wide: 1 = pixel for pixel. */
  get scale(): number {
    return columnScale(this.imageToCanvas()) / this.pixelRatio;
  }

  /** The canvas in its own pixels, `pixelRatio` of them a CSS pixel. The pan keeps its share of the canvas. */
  setCanvas(canvas: Extent, pixelRatio: number): void {
    const x = canvas.width / this.canvas.width;
    const y = canvas.height / this.canvas.height;
    for (const look of this.looks) {
      look.placement = { ...look.placement, panX: look.placement.panX * x, panY: look.placement.panY * y };
    }
    this.canvas = canvas;
    this.pixelRatio = pixelRatio;
    this.onChange();
  }

  showSeries(series: number): void {
    if (series < 0 || series >= this.looks.length) return;
    this.stopCine();
    this.current = series;
    this.dragStart = undefined;
    this.pinchStart = undefined;
    this.show(this.look.frame);
  }

  show(frame: number): void {
    const clamped = Math.min(Math.max(0, frame), Math.max(0, this.frameCount - 1));
    this.look.frame = clamped;
    if (this.frameCount > 0) this.frames.focus(this.key);
    this.onChange();
  }

  setTool(tool: Tool): void {
    this.tool = tool;
    this.onChange();
  }

  /** What a pointer that goes down here means: a mouse takes hold of what is drawn, whatever tool it has. */
  toolAt(x: number, y: number, isMouse: boolean): Tool {
    return isMouse && this.measuring?.hitAt(x, y) ? 'measure' : this.tool;
  }

  setWindow(window: VoiChoice | null): void {
    this.look.userWindow = window;
    if (window?.isInverted !== undefined) this.look.isInverted = window.isInverted;
    this.onChange();
  }

  rotate(): void {
    this.place(turnedClockwise(this.placement));
  }

  mirrorLeftRight(): void {
    this.place(mirroredLeftRight(this.placement));
  }

  mirrorUpDown(): void {
    this.place(mirroredUpDown(this.placement));
  }

  toggleOverlays(): void {
    this.showsOverlays = !this.showsOverlays;
    this.onChange();
  }

  invert(): void {
    this.look.isInverted = !this.look.isInverted;
    this.onChange();
  }

  /** As the series was opened: placement, window, inversion. The slice stays, and so does what was drawn. */
  reset(): void {
    const { look } = this;
    look.placement = fitted;
    look.isInverted = false;
    look.userWindow = null;
    this.onChange();
  }

  toggleCine(nowMs: number): void {
    if (this.clock !== null) return this.stopCine();
    if (this.frameCount < 2) return;
    this.clock = new CineClock(this.series ?? { frameTimeMs: null }, this.frameCount, this.look.frame, nowMs);
    this.onChange();
  }

  stopCine(): void {
    if (this.clock === null) return;
    this.clock = null;
    this.onChange();
  }

  /** Called once an animation frame while playing. */
  tick(nowMs: number): void {
    const frame = this.clock?.frameAt(nowMs);
    if (frame !== undefined && frame !== this.look.frame) this.show(frame);
  }

  press(action: KeyAction, nowMs: number): void {
    switch (action.kind) {
      case 'step':
        return this.step(action.frames);
      case 'first':
        return this.step(-this.frameCount);
      case 'last':
        return this.step(this.frameCount);
      case 'cine':
        return this.toggleCine(nowMs);
      case 'rotate':
        return this.rotate();
      case 'mirror-h':
        return this.mirrorLeftRight();
      case 'mirror-v':
        return this.mirrorUpDown();
      case 'invert':
        return this.invert();
      case 'reset':
        return this.reset();
      case 'zoom':
        return this.place(zoomAround(this.placement, this.canvas, action.factor, centreOf(this.canvas)));
      default:
        return action satisfies never;
    }
  }

  apply(action: GestureAction): void {
    switch (action.kind) {
      case 'drag':
        return this.drag(action);
      case 'pinch':
        return this.pinch(action);
      case 'tap':
        return;
      case 'fit':
        if (this.tool === 'measure') return this.measuring?.finish();
        return this.place({ ...this.placement, zoom: 1, panX: 0, panY: 0 });
      case 'zoom-step':
        return this.place(zoomAround(this.placement, this.canvas, action.factor, canvasXy(action.x, action.y)));
      case 'step':
        return this.step(action.frames);
      default:
        return action satisfies never;
    }
  }

  private step(frames: number): void {
    this.stopCine();
    this.show(this.look.frame + frames);
  }

  private pinch(action: Extract<GestureAction, { kind: 'pinch' }>): void {
    if (action.phase === 'start') this.pinchStart = this.placement;
    if (this.pinchStart === undefined) return;
    const anchor = canvasXy(action.anchorX, action.anchorY);
    this.place(zoomAround(this.pinchStart, this.canvas, action.factor, anchor, action.dx, action.dy));
    if (action.phase === 'end') this.pinchStart = undefined;
  }

  private drag(action: Drag): void {
    if (action.tool === 'measure') {
      if (action.phase === 'start') this.stopCine();
      return this.measuring?.drag(action);
    }
    if (action.phase === 'start') {
      this.dragStart = {
        placement: this.placement,
        window: this.window,
        frame: this.look.frame,
        x: action.x,
        y: action.y,
      };
    }
    const start = this.dragStart;
    if (start === undefined) return;
    const drag = action.phase === 'cancel' ? { ...action, dx: 0, dy: 0 } : action;
    switch (action.tool) {
      case 'scroll': {
        this.stopCine();
        const frame = start.frame + draggedSlices(drag, this.frameCount, this.canvas.height, this.pixelRatio);
        if (frame !== this.look.frame) this.show(frame);
        break;
      }
      case 'window':
        if (this.picture?.kind !== 'colour') this.setWindow(draggedWindow(start.window, drag, this.pixelRatio));
        break;
      case 'pan':
        this.place(panBy(start.placement, drag.dx, drag.dy));
        break;
      case 'zoom':
        this.place(
          zoomAround(start.placement, this.canvas, 2 ** (-drag.dy / this.pixelRatio / 150), canvasXy(start.x, start.y)),
        );
        break;
      default:
        action.tool satisfies never;
    }
    if (action.phase === 'end' || action.phase === 'cancel') this.dragStart = undefined;
  }

  private place(placement: Placement): void {
    this.look.placement = placement;
    this.onChange();
  }

  private get look(): SeriesLook {
    const look = this.looks[this.current];
    if (look === undefined) throw new Error('the film has no such series');
    return look;
  }
}

const centreOf = ({ width, height }: Extent) => canvasXy(width / 2, height / 2);
