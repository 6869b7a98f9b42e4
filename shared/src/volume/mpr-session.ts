import { draggedWindow } from '../imaging/drag-effects';
import type { GestureAction } from '../imaging/gesture-actions';
import type { GreyLook } from '../imaging/render-frame';
import { type CanvasXy, canvasXy, type Extent } from '../imaging/viewport';
import { legalWindow, modalityValue, type VoiWindow } from '../imaging/voi-window';
import { invertAffine, patientToVoxel, voxelToPatient } from './grid-affine';
import {
  middleOf,
  type PaneGeometry,
  type PlaneAxes,
  type PlaneName,
  type PlaneView,
  paneGeometry,
  patientAxes,
  planeDirections,
  sliceStepMm,
  toPane,
  toPatient,
  turnedAxes,
} from './mpr-planes';
import { valueAt } from './reslice';
import { gridExtent, planeNormal, type ReslicePlane, type SlabMode } from './reslice-plane';
import { dot, length, type PatientLps, plus, scaled } from './vector';
import { isDiagnostic, type Volume } from './volume';

export type MprLayout = 1 | 2 | 3 | 4;

/** What one finger or the left button does. The first and the last answer to the touch itself (the recogniser's 'measure'). */
export type MprTool = 'crosshair' | 'scroll' | 'window' | 'zoom' | 'pan' | 'length';

export interface Slab {
  readonly mode: SlabMode;
  /** 0: a plane without thickness. */
  readonly thicknessMm: number;
}

/** A line in the patient, drawn on the plane it was made on. */
export interface MprLength {
  readonly from: PatientLps;
  readonly to: PatientLps;
}

/** A number that stands on stored voxels, or why there is none yet. */
export type MprValue =
  | { readonly at: 'waiting-for-sharp' }
  | { readonly at: 'outside' }
  | { readonly at: 'value'; readonly value: number };

const zoomMin = 0.5;
const zoomMax = 20;

interface DragStart {
  readonly view: PlaneView;
  readonly crosshair: PatientLps;
  readonly window: VoiWindow;
  readonly lengths: readonly MprLength[];
}

/**
 * What the planes show and what gestures do to them, without any platform. One crosshair: every plane goes through it, and shows where
 * the others cut it. `onChange` is called for every change.
 */
export class MprSession {
  tool: MprTool = 'crosshair';
  pixelRatio = 1;
  layout: MprLayout = 3;
  /** The pane that keys act on, and that is alone on screen in layout 1. */
  active: PlaneName = 'axial';
  slab: Slab = { mode: 'max', thicknessMm: 0 };
  isInverted = false;
  showsInfo = true;
  private center: PatientLps;
  private axes: PlaneAxes = patientAxes;
  private views: Record<PlaneName, PlaneView>;
  private readonly extents = new Map<PlaneName, Extent>();
  private lengths: readonly MprLength[] = [];
  private dragStart: DragStart | undefined;
  private pinchStart: PlaneView | undefined;

  constructor(
    private readonly volume: Volume,
    private window: VoiWindow,
    private readonly onChange: () => void,
  ) {
    this.center = middleOf(volume);
    this.views = this.fittedViews();
    this.openingWindow = window;
  }

  private openingWindow: VoiWindow;

  get crosshair(): PatientLps {
    return this.center;
  }

  /** Slice of the grid that the crosshair stands in: what is loaded next. */
  get slice(): number {
    return patientToVoxel(invertAffine(this.volume.grid), this.center)[2];
  }

  get look(): GreyLook & { readonly window: VoiWindow } {
    return { window: this.window, isInverted: this.isInverted };
  }

  /** Panes on screen, the large one first. */
  get panes(): readonly PlaneName[] {
    const order: PlaneName[] = ['axial', 'coronal', 'sagittal', 'acquired'];
    if (this.layout >= 3) return order.slice(0, this.layout);
    const others = order.filter((name) => name !== this.active && name !== 'acquired');
    return [this.active, ...others].slice(0, this.layout);
  }

  setExtent(name: PlaneName, extent: Extent): void {
    this.extents.set(name, extent);
  }

  geometry(name: PlaneName): PaneGeometry {
    const extent = this.extents.get(name) ?? { width: 1, height: 1 };
    const directions = planeDirections(name, this.axes, this.volume);
    return paneGeometry(this.volume, directions, this.views[name], this.center, extent);
  }

  plane(name: PlaneName): ReslicePlane {
    const { center, right, down, mmPerPixel, extent } = this.geometry(name);
    return { center, right, down, mmPerPixel, width: extent.width, height: extent.height, slab: this.slab };
  }

  /** The modality value under the crosshair: of the voxels there, whatever slab is drawn over them. */
  value(): MprValue {
    if (!isDiagnostic(this.volume)) return { at: 'waiting-for-sharp' };
    const stored = valueAt(this.volume, this.center);
    return Number.isNaN(stored)
      ? { at: 'outside' }
      : { at: 'value', value: modalityValue(stored, this.volume.rescale) };
  }

  /** Lines that lie in the plane as it is now, with their millimetres; refused while any slice is a preview. */
  lengthsOn(name: PlaneName): readonly { readonly line: MprLength; readonly mm: number | null }[] {
    const geometry = this.geometry(name);
    const normal = planeNormal(geometry);
    const isOn = (point: PatientLps): boolean => Math.abs(dot(plus(point, geometry.center, -1), normal)) < 0.5;
    const isSharp = isDiagnostic(this.volume);
    return this.lengths
      .filter(({ from, to }) => isOn(from) && isOn(to))
      .map((line) => ({ line, mm: isSharp ? length(plus(line.to, line.from, -1)) : null }));
  }

  setWindow(window: VoiWindow): void {
    this.window = legalWindow(window);
    this.onChange();
  }

  /** The window that suits what has come by now; unless the user has chosen one meanwhile, it is looked through at once. */
  openWith(window: VoiWindow): void {
    const isUntouched = this.window === this.openingWindow;
    this.openingWindow = window;
    if (isUntouched) this.window = window;
    this.onChange();
  }

  /** Changes plain settings, and says so. */
  set(changes: Partial<Pick<MprSession, 'tool' | 'layout' | 'active' | 'slab' | 'isInverted' | 'showsInfo'>>): void {
    Object.assign(this, changes);
    this.onChange();
  }

  scroll(name: PlaneName, steps: number): void {
    const normal = planeNormal(this.geometry(name));
    this.moveTo(plus(this.center, normal, steps * sliceStepMm(this.volume, normal)));
  }

  /** Turns the other planes about this one's normal, clockwise on its pane. */
  rotate(name: PlaneName, radians: number): void {
    if (name === 'acquired') return;
    this.axes = turnedAxes(this.axes, planeDirections(name, this.axes, this.volume), radians);
    this.onChange();
  }

  /** Planes, zoom, window and slab as they opened; lines stay. */
  reset(): void {
    this.center = middleOf(this.volume);
    this.axes = patientAxes;
    this.views = this.fittedViews();
    this.window = this.openingWindow;
    this.slab = { mode: 'max', thicknessMm: 0 };
    this.isInverted = false;
    this.onChange();
  }

  clearLengths(): void {
    this.lengths = [];
    this.onChange();
  }

  moveTo(point: PatientLps): void {
    const { grid } = this.volume;
    const { low, high } = gridExtent(this.volume);
    const ijk = patientToVoxel(invertAffine(grid), point);
    const clamped = ijk.map((at, i) => Math.min((high[i] ?? 0) - 0.51, Math.max((low[i] ?? 0) + 0.5, at)));
    this.center = voxelToPatient(grid, clamped as [number, number, number]); // three as before
    this.onChange();
  }

  zoom(name: PlaneName, factor: number, anchor?: CanvasXy): void {
    this.views = { ...this.views, [name]: this.zoomedView(name, this.views[name], factor, anchor) };
    this.onChange();
  }

  /** What a gesture on a pane does. Its coordinates are canvas pixels from the pane's corner. */
  apply(name: PlaneName, action: GestureAction): void {
    switch (action.kind) {
      case 'drag':
        return this.drag(name, action);
      case 'pinch':
        return this.pinch(name, action);
      case 'step':
        return this.scroll(name, action.frames);
      case 'zoom-step':
        return this.zoom(name, action.factor, canvasXy(action.x, action.y));
      case 'tap':
        return;
      case 'fit':
        this.views = { ...this.views, [name]: this.fittedView() };
        return this.onChange();
      default:
        return action satisfies never;
    }
  }

  private drag(name: PlaneName, action: Extract<GestureAction, { kind: 'drag' }>): void {
    if (action.phase === 'start') {
      const { center, window, lengths } = this;
      this.dragStart = { view: this.views[name], crosshair: center, window, lengths };
    }
    const start = this.dragStart;
    if (start === undefined) return;
    const isUndone = action.phase === 'cancel';
    switch (action.tool) {
      case 'measure':
        if (this.tool === 'length') return this.dragLength(name, action, start);
        return this.moveTo(isUndone ? start.crosshair : toPatient(this.geometry(name), canvasXy(action.x, action.y)));
      case 'scroll':
        return this.dragScroll(name, action, start);
      case 'window':
        return this.setWindow(isUndone ? start.window : draggedWindow(start.window, action, this.pixelRatio));
      case 'zoom':
      case 'pan': {
        const factor = action.tool === 'zoom' ? 2 ** (-action.dy / this.pixelRatio / 150) : 1;
        const shift = action.tool === 'pan' ? action : { dx: 0, dy: 0 };
        const view = this.pannedView(name, this.zoomedView(name, start.view, factor), shift);
        this.views = { ...this.views, [name]: isUndone ? start.view : view };
        return this.onChange();
      }
      default:
        return action.tool satisfies never;
    }
  }

  private dragScroll(name: PlaneName, action: Extract<GestureAction, { kind: 'drag' }>, start: DragStart): void {
    if (action.phase === 'cancel') return this.moveTo(start.crosshair);
    const along = action.isTouch ? -action.dy : action.dy;
    const steps = Math.trunc(along / (4 * this.pixelRatio));
    const normal = planeNormal(this.geometry(name));
    this.moveTo(plus(start.crosshair, normal, steps * sliceStepMm(this.volume, normal)));
  }

  private dragLength(name: PlaneName, action: Extract<GestureAction, { kind: 'drag' }>, start: DragStart): void {
    const geometry = this.geometry(name);
    const to = toPatient(geometry, canvasXy(action.x, action.y));
    const from = toPatient(geometry, canvasXy(action.x - action.dx, action.y - action.dy));
    const isTooShort = Math.hypot(action.dx, action.dy) < 4 * this.pixelRatio;
    const isDropped = action.phase === 'cancel' || (action.phase === 'end' && isTooShort);
    this.lengths = isDropped ? start.lengths : [...start.lengths, { from, to }];
    this.onChange();
  }

  private pinch(name: PlaneName, action: Extract<GestureAction, { kind: 'pinch' }>): void {
    if (action.phase === 'start') this.pinchStart = this.views[name];
    const start = this.pinchStart;
    if (start === undefined) return;
    const zoomed = this.zoomedView(name, start, action.factor, canvasXy(action.anchorX, action.anchorY));
    this.views = { ...this.views, [name]: this.pannedView(name, zoomed, action) };
    this.onChange();
  }

  /** Keeps the point under `anchor` (default: the crosshair) where it is on screen. */
  private zoomedView(name: PlaneName, view: PlaneView, factor: number, anchor?: CanvasXy): PlaneView {
    const before = this.geometryOf(name, view);
    const zoomed = { ...view, zoom: Math.min(zoomMax, Math.max(zoomMin, view.zoom * factor)) };
    const fixed = anchor ?? toPane(before, this.center);
    const off = plus(toPatient(before, fixed), toPatient(this.geometryOf(name, zoomed), fixed), -1);
    return { ...zoomed, center: plus(view.center, off) };
  }

  private pannedView(
    name: PlaneName,
    view: PlaneView,
    { dx, dy }: { readonly dx: number; readonly dy: number },
  ): PlaneView {
    const { right, down, mmPerPixel } = this.geometryOf(name, view);
    const shift = plus(scaled(right, -dx * mmPerPixel), down, -dy * mmPerPixel);
    return { ...view, center: plus(view.center, shift) };
  }

  private geometryOf(name: PlaneName, view: PlaneView): PaneGeometry {
    const { extent } = this.geometry(name);
    return paneGeometry(this.volume, planeDirections(name, this.axes, this.volume), view, this.center, extent);
  }

  private fittedView(): PlaneView {
    return { center: middleOf(this.volume), zoom: 1 };
  }

  private fittedViews(): Record<PlaneName, PlaneView> {
    const view = this.fittedView();
    return { axial: view, coronal: view, sagittal: view, acquired: view };
  }
}
