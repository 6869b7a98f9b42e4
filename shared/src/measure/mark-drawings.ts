import type { Extent, ImageXy } from '../imaging/viewport';
import { pixelAspect, toCanvas } from '../imaging/viewport';
import { type Box, type LabelWish, labelPlaces, type Spot, wordsWidth } from './label-places';
import type { Mark } from './mark';
import { markHandles, markLines } from './mark-lines';
import type { MeasureDesk, MeasuredView } from './measure-desk';
import { valueWords } from './words-zh';

/** A mark as a surface draws it, in CSS pixels of the stage. */
export interface MarkDrawing {
  readonly mark: Mark;
  readonly isSelected: boolean;
  /** Still being drawn, or waiting for its words. */
  readonly isDraft: boolean;
  readonly lines: readonly { readonly spots: readonly Spot[]; readonly isHelper: boolean }[];
  /** An arrow's head, at its first point; the two spots behind the tip. */
  readonly head: readonly Spot[];
  readonly handles: readonly Spot[];
  /** Null: nothing to say. */
  readonly label: { readonly box: Box; readonly words: readonly string[] } | null;
}

export const labelFont = { pixels: 14, line: 19, padding: 4 };

/**
 * All that is drawn over the frame on screen, with its labels placed. `taken`: boxes that no label should cover; `widthOf`: of words in
 * `labelFont`, CSS pixels.
 */
export function markDrawings(
  desk: MeasureDesk,
  view: MeasuredView,
  canvas: Extent,
  taken: readonly Box[] = [],
  widthOf: (words: string) => number = (words) => wordsWidth(words, labelFont.pixels),
): MarkDrawing[] {
  const m = view.imageToCanvas();
  const aspect = pixelAspect(view.attributes);
  const place = (point: ImageXy): Spot => {
    const { x, y } = toCanvas(m, point);
    return { x: x / view.pixelRatio, y: y / view.pixelRatio };
  };
  const half = desk.asking ?? desk.draft;
  const drawn = desk.marksHere.map((mark) => {
    const lines = markLines(mark, aspect).map(({ points, isClosed, isHelper }) => {
      const spots = points.map(place);
      const [first] = spots;
      return { spots: isClosed && first !== undefined ? [...spots, first] : spots, isHelper };
    });
    const handles = markHandles(mark).map(place);
    const isDraft = mark === half;
    const words = isDraft && desk.isHolding === false ? [] : wordsOf(desk, mark);
    const [tip, tail] = handles;
    const head = mark.kind === 'arrow' && tip !== undefined && tail !== undefined ? arrowHead(tip, tail) : [];
    return { mark, isSelected: mark.id === desk.selected?.id, isDraft, lines, head, handles, words };
  });
  const stage = { width: canvas.width / view.pixelRatio, height: canvas.height / view.pixelRatio };
  const speaking = drawn.filter(({ words }) => words.length > 0);
  const wishes = speaking.map(({ mark, lines, handles, words }): LabelWish => {
    const { line, padding } = labelFont;
    const width = Math.max(...words.map(widthOf)) + 2 * padding;
    const isRegion = lines.some(({ spots, isHelper }) => !isHelper && spots.length > 4);
    const around = [...handles, ...lines.flatMap(({ spots }) => spots), ...mark.points.map(place)];
    return { width, height: words.length * line + 2 * padding, around, isRegion };
  });
  const dots = drawn.filter(({ lines }) => lines.length === 0).map(({ handles }) => handles);
  const boxes = labelPlaces(
    wishes,
    [...drawn.flatMap(({ lines }) => lines.map(({ spots }) => spots)), ...dots],
    stage,
    taken,
  );
  return drawn.map(({ words, ...rest }) => {
    const box = boxes[speaking.findIndex(({ mark }) => mark === rest.mark)];
    return { ...rest, label: box === undefined ? null : { box, words } };
  });
}

function wordsOf(desk: MeasureDesk, mark: Mark): readonly string[] {
  if (mark.kind === 'text') return mark.text === '' ? [] : [mark.text];
  const value = desk.valueOf(mark);
  return value === null ? [] : valueWords(value);
}

function arrowHead(tip: Spot, tail: Spot): Spot[] {
  const back = Math.atan2(tail.y - tip.y, tail.x - tip.x);
  const size = Math.min(16, Math.hypot(tail.x - tip.x, tail.y - tip.y) / 2);
  return [-0.42, 0.42].map((turn) => ({
    x: tip.x + size * Math.cos(back + turn),
    y: tip.y + size * Math.sin(back + turn),
  }));
}
