import type { FrameAttributes, SeriesManifest } from '../contract/film-manifest';
import type { DecodedFrame } from '../imaging/decoded-frame';
import { type Affine, canvasXy, type ImageXy, pixelAspect, toCanvas, toImage } from '../imaging/viewport';
import { hitMark, hitReach, type MarkHit } from './hit-mark';
import { type FramePlace, isComplete, isOnFrame, type Mark, type MarkKind, type MarkReach, pointCounts } from './mark';
import type { MarkBook } from './mark-book';
import { markHandles, movedBy, movedHandle } from './mark-lines';
import { type MarkValue, measureMark } from './measure-mark';
import { calibrationOf, canCalibrate } from './pixel-scale';

/** What is on screen: a ViewerSession. */
export interface MeasuredView {
  readonly series: SeriesManifest | undefined;
  readonly attributes: FrameAttributes;
  readonly picture: DecodedFrame | null;
  readonly pixelRatio: number;
  imageToCanvas(): Affine;
}

export interface PointerDrag {
  readonly phase: 'start' | 'move' | 'end' | 'cancel';
  /** Canvas pixels. */
  readonly x: number;
  readonly y: number;
  readonly isTouch: boolean;
}

/** What one drag does, and what it takes to undo it. */
type Act =
  | { readonly does: 'place'; readonly before: Mark | null }
  | { readonly does: 'trace' }
  | { readonly does: 'handle'; readonly mark: Mark; readonly handle: number; readonly grip: ImageXy }
  | { readonly does: 'body'; readonly mark: Mark; readonly from: ImageXy };

/** CSS pixels a press may tremble and still be a tap. */
const tremble = { touch: 8, mouse: 3 };
const longestTrace = 2000;

/**
 * Drawing, taking hold of, moving and undoing marks with one pointer, on any platform: a surface feeds drags in and draws what
 * comes out (mark-drawings.ts). Points can be dragged or tapped, as the hand likes: a drag lays two, a tap one.
 * `newId` makes ids nobody else makes; `onChange` is called for every change but the book's own, which tells of itself.
 */
export class MeasureDesk {
  private kind: MarkKind | null = null;
  private drawn: Mark | null = null;
  private moved: Mark | null = null;
  private act: Act | null = null;
  private isByTouch = false;
  private question: Mark | null = null;
  private chosen: string | null = null;
  private newReach: MarkReach = 'image';
  private readonly known = new Map<string, { readonly mark: Mark; readonly value: MarkValue }>();
  /** By picture, mark and calibration: a region of a million pixels isn't counted anew because the window changes. Keeps no pixels alive. */
  private readonly counted = new WeakMap<DecodedFrame, Map<Mark, { calibration: Mark | null; value: MarkValue }>>();

  constructor(
    private readonly view: MeasuredView,
    readonly book: MarkBook,
    private readonly newId: () => string,
    private readonly onChange: () => void,
  ) {}

  /** What the next drag draws; null: it only takes hold of what is there. */
  get hand(): MarkKind | null {
    return this.kind;
  }

  get draft(): Mark | null {
    return this.drawn;
  }

  /** Drawn but for its words or millimetres: `answer` completes it, `cancel` drops it. */
  get asking(): Mark | null {
    return this.question;
  }

  /** Only where it is in sight: nobody deletes what isn't. */
  get selected(): Mark | null {
    const mark = this.chosen === null ? null : this.book.find(this.chosen);
    return mark !== null && isOnFrame(mark, this.place) ? mark : null;
  }

  get reach(): MarkReach {
    return this.selected?.reach ?? this.newReach;
  }

  /** The point under a finger that is being placed: what a loupe shows. Null for a mouse, and where nothing is. */
  get pointUnderFinger(): ImageXy | null {
    const { act } = this;
    if (!this.isByTouch || act === null || act.does === 'body') return null;
    if (act.does === 'handle') return markHandles(this.moved ?? act.mark)[act.handle] ?? null;
    return this.drawn?.points.at(-1) ?? null;
  }

  /** Whether the pointer holds something right now. */
  get isHolding(): boolean {
    return this.act !== null;
  }

  get canCalibrate(): boolean {
    return canCalibrate(this.view.attributes);
  }

  /** On the frame on screen, as they are being moved; the half drawn one last. */
  get marksHere(): readonly Mark[] {
    const marks = this.book.of(this.place).map((mark) => (this.moved?.id === mark.id ? this.moved : mark));
    const half = this.question ?? this.drawn;
    return half === null || !isOnFrame(half, this.place) ? marks : [...marks, half];
  }

  /** Of a mark on the frame on screen; of another the one that was last seen, null where none was. */
  valueOf(mark: Mark): MarkValue | null {
    const isHere = this.marksHere.includes(mark);
    const last = this.known.get(mark.id);
    if (!isHere) return last?.mark === mark ? last.value : null;
    const { attributes, picture, series } = this.view;
    const calibration = calibrationOf(this.marksHere, this.place);
    const counted = picture === null ? undefined : this.counted.get(picture);
    const before = counted?.get(mark);
    if (before !== undefined && before.calibration === calibration) return before.value;
    const value = measureMark(mark, { attributes, picture, modality: series?.modality ?? '', calibration });
    if (value.at === 'waiting-for-sharp' || picture === null) return value;
    this.known.set(mark.id, { mark, value });
    // What is being moved is another mark with each step.
    if (counted === undefined || counted.size > 500)
      this.counted.set(picture, new Map([[mark, { calibration, value }]]));
    else counted.set(mark, { calibration, value });
    return value;
  }

  take(kind: MarkKind | null): void {
    this.drop();
    this.kind = kind;
    this.chosen = null;
    this.onChange();
  }

  select(id: string | null): void {
    this.chosen = id;
    this.onChange();
  }

  setReach(reach: MarkReach): void {
    this.newReach = reach;
    const { selected } = this;
    if (selected !== null && selected.reach !== reach) this.book.put({ ...selected, reach, ...this.place });
    else this.onChange();
  }

  drag({ phase, x, y, isTouch }: PointerDrag): void {
    const at = toImage(this.view.imageToCanvas(), canvasXy(x, y));
    if (phase === 'start') {
      this.isByTouch = isTouch;
      this.begin(at, x, y);
    } else if (phase === 'cancel') this.undoAct();
    else {
      this.follow(at);
      if (phase === 'end') this.end();
    }
    this.onChange();
  }

  /** Whether a mouse that goes down here takes hold of a mark, whatever tool it has. */
  hitAt(x: number, y: number, isTouch = false): MarkHit | null {
    const { pixelRatio } = this.view;
    const view = { imageToCanvas: this.view.imageToCanvas(), aspect: pixelAspect(this.view.attributes) };
    const marks = this.book.of(this.place);
    return hitMark(marks, this.chosen, canvasXy(x, y), view, hitReach(isTouch, pixelRatio));
  }

  /** A double tap, Enter: what has as many corners as one likes is done. */
  finish(): void {
    const { drawn } = this;
    if (drawn?.kind !== 'polygon') return;
    // The second tap of a double one has set a corner upon the last.
    const points = drawn.points.filter((point, i) => i === 0 || !this.isNear(point, drawn.points[i - 1]));
    this.drawn = null;
    if (points.length >= 3) this.keep({ ...drawn, points });
    this.onChange();
  }

  /** Esc, step by step: what is half drawn, then the selection, then the tool. False: there was nothing to leave. */
  cancel(): boolean {
    if (this.drawn !== null || this.act !== null || this.question !== null) this.drop();
    else if (this.selected !== null) this.chosen = null;
    else if (this.kind !== null) this.kind = null;
    else return false;
    this.onChange();
    return true;
  }

  /** The words of a text, or the millimetres of a calibration line. What says nothing is dropped. */
  answer(words: string): void {
    const { question } = this;
    this.question = null;
    const said = words.trim().slice(0, 200);
    if (question?.kind === 'calibration') {
      const millimetres = Number(said.replace(',', '.'));
      if (millimetres > 0 && Number.isFinite(millimetres)) this.keep({ ...question, millimetres });
    } else if (question !== null && said !== '') this.keep({ ...question, text: said });
    this.onChange();
  }

  removeSelected(): void {
    const { selected } = this;
    this.chosen = null;
    if (selected !== null) this.book.remove(selected.id);
  }

  /** Of the frame on screen, also what the series shows on it. */
  clearHere(): void {
    const here = new Set(this.book.of(this.place).map(({ id }) => id));
    this.drop();
    this.chosen = null;
    this.book.clear(({ id }) => here.has(id));
    this.onChange();
  }

  undo(): void {
    this.drop();
    this.book.undo();
  }

  redo(): void {
    this.drop();
    this.book.redo();
  }

  private get place(): FramePlace {
    const { sopInstanceUid, frameNumber } = this.view.attributes;
    return { seriesInstanceUid: this.view.series?.seriesInstanceUid ?? '', sopInstanceUid, frameNumber };
  }

  private begin(at: ImageXy, x: number, y: number): void {
    const { drawn, kind } = this;
    this.question = null;
    if (
      drawn !== null &&
      drawn.sopInstanceUid + drawn.frameNumber === this.place.sopInstanceUid + this.place.frameNumber
    ) {
      if (drawn.kind === 'polygon' && drawn.points.length >= 3 && this.isNear(at, drawn.points[0]))
        return this.finish();
      this.act = { does: 'place', before: drawn };
      this.drawn = { ...drawn, points: [...drawn.points, at] };
      return;
    }
    this.drawn = null;
    const hit = this.hitAt(x, y, this.isByTouch);
    // A line that crosses another may begin on it; only what is selected, or nothing in hand, is moved by its body.
    if (hit !== null && (hit.part === 'handle' || kind === null || hit.mark.id === this.chosen || !this.isByTouch)) {
      this.chosen = hit.mark.id;
      this.act =
        hit.part === 'body'
          ? { does: 'body', mark: hit.mark, from: at }
          : { does: 'handle', mark: hit.mark, handle: hit.handle, grip: at };
      return;
    }
    this.chosen = null;
    if (kind === null || this.view.series === undefined || this.view.attributes.sopInstanceUid === '') return;
    if (kind === 'calibration' && !this.canCalibrate) return;
    const count = pointCounts[kind];
    const points = kind === 'freehand' || count === 1 ? [at] : [at, at];
    this.drawn = { id: this.newId(), kind, ...this.place, reach: this.newReach, points, text: '', millimetres: null };
    this.act = kind === 'freehand' ? { does: 'trace' } : { does: 'place', before: null };
  }

  private follow(at: ImageXy): void {
    const { act, drawn } = this;
    if (act === null) return;
    if (act.does === 'handle') {
      // By as much as the finger has moved: a handle doesn't jump to where it was touched.
      const old = markHandles(act.mark)[act.handle] ?? at;
      const to = { ...at, x: old.x + at.x - act.grip.x, y: old.y + at.y - act.grip.y };
      this.moved = movedHandle(act.mark, act.handle, to);
    } else if (act.does === 'body') this.moved = movedBy(act.mark, at.x - act.from.x, at.y - act.from.y);
    else if (drawn === null) return;
    else if (act.does === 'trace') {
      if (drawn.points.length < longestTrace && !this.isNear(at, drawn.points.at(-1), 2))
        this.drawn = { ...drawn, points: [...drawn.points, at] };
    } else this.drawn = { ...drawn, points: [...drawn.points.slice(0, -1), at] };
  }

  private end(): void {
    const { act, moved, drawn } = this;
    this.act = null;
    this.moved = null;
    if (act === null) return;
    if (act.does === 'handle' || act.does === 'body') {
      if (moved !== null && isElsewhere(act.mark, moved)) this.book.put(moved);
      return;
    }
    if (drawn === null) return;
    const [first, second] = drawn.points;
    const isTap = act.does === 'place' && act.before === null && second !== undefined && this.isNear(first, second);
    if (isTap) {
      this.drawn = { ...drawn, points: drawn.points.slice(0, 1) };
    } else if (drawn.kind === 'polygon') return;
    else if (drawn.kind === 'freehand') {
      this.drawn = null;
      if (isComplete(drawn) && drawn.points.some((point) => !this.isNear(point, first))) this.keep(drawn);
    } else if (isComplete(drawn)) {
      this.drawn = null;
      // Two points upon each other measure nothing.
      if (pointCounts[drawn.kind] === 2 && this.isNear(first, second)) return;
      if (drawn.kind === 'text' || drawn.kind === 'calibration') this.question = drawn;
      else this.keep(drawn);
    }
  }

  private undoAct(): void {
    if (this.act?.does === 'place') this.drawn = this.act.before;
    else if (this.act?.does === 'trace') this.drawn = null;
    this.act = null;
    this.moved = null;
  }

  private keep(mark: Mark): void {
    this.chosen = mark.id;
    this.book.put(mark);
  }

  private drop(): void {
    this.act = null;
    this.moved = null;
    this.drawn = null;
    this.question = null;
  }

  private isNear(
    one: ImageXy | undefined,
    other: ImageXy | undefined,
    cssPixels = tremble[this.isByTouch ? 'touch' : 'mouse'],
  ): boolean {
    if (one === undefined || other === undefined) return false;
    const m = this.view.imageToCanvas();
    const [a, b] = [toCanvas(m, one), toCanvas(m, other)];
    return Math.hypot(a.x - b.x, a.y - b.y) < cssPixels * this.view.pixelRatio;
  }
}

function isElsewhere(before: Mark, after: Mark): boolean {
  return before.points.some((point, i) => point.x !== after.points[i]?.x || point.y !== after.points[i]?.y);
}
