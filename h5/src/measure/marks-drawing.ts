import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { type Box, type Spot, wordsWidth } from '@yingyun/shared/measure/label-places';
import { labelFont, type MarkDrawing, markDrawings } from '@yingyun/shared/measure/mark-drawings';
import type { MeasureDesk } from '@yingyun/shared/measure/measure-desk';
import { makeSvg } from '../viewer/dom';

/** The marks of the frame on screen, as an SVG over the stage that takes no pointer. */
export function makeMarksDrawing(stage: HTMLElement, session: ViewerSession, desk: MeasureDesk) {
  const svg = makeSvg('svg', { class: 'ym-drawing', role: 'img', 'aria-hidden': 'true' });
  // Under what the viewer says over its picture: badge, notice, verdict.
  const canvas = stage.querySelector('canvas');
  const ruler = document.createElement('canvas').getContext('2d');
  const widthOf = (words: string): number => {
    if (ruler === null) return wordsWidth(words, labelFont.pixels);
    ruler.font = getComputedStyle(svg).font; // that of .ym-drawing and its labels
    return Math.ceil(ruler.measureText(words).width);
  };
  if (canvas === null) stage.prepend(svg);
  else canvas.after(svg);
  return {
    update() {
      if (desk.marksHere.length === 0 && svg.childElementCount === 0) return;
      const drawings = markDrawings(desk, session, session.canvas, takenBy(stage), widthOf);
      svg.replaceChildren(...drawings.map(markGroup));
      const words = drawings.flatMap(({ label }) => label?.words ?? []).join('；');
      svg.setAttribute('aria-label', words);
      svg.setAttribute('aria-hidden', String(words === '')); // nothing to read out
    },
    close: () => svg.remove(),
  };
}

function markGroup({ mark, isSelected, isDraft, lines, head, handles, label }: MarkDrawing): SVGGElement {
  const state = isSelected ? ' ym-selected' : isDraft ? ' ym-draft' : '';
  const group = makeSvg('g', { class: `ym-mark ym-${mark.kind}${state}`, 'data-mark': mark.id });
  for (const { spots, isHelper } of lines) {
    // Dark under light: seen on bone and on air.
    if (!isHelper) makeSvg('polyline', { points: pointsOf(spots), class: 'ym-shade' }, group);
    makeSvg('polyline', { points: pointsOf(spots), class: isHelper ? 'ym-line ym-helper' : 'ym-line' }, group);
  }
  const [tip] = handles;
  if (tip !== undefined)
    for (const end of head) makeSvg('polyline', { points: pointsOf([tip, end]), class: 'ym-line' }, group);
  if (mark.kind === 'point' && tip !== undefined)
    makeSvg('path', { d: `M${tip.x - 13} ${tip.y}h8m10 0h8M${tip.x} ${tip.y - 13}v8m0 10v8`, class: 'ym-line' }, group);
  if (isSelected || isDraft || mark.kind === 'text')
    for (const { x, y } of handles)
      makeSvg('circle', { cx: x, cy: y, r: isSelected ? 6 : 4, class: 'ym-handle' }, group);
  else if (mark.kind !== 'arrow' && mark.kind !== 'point' && handles.length <= 4)
    for (const { x, y } of handles) makeSvg('circle', { cx: x, cy: y, r: 2.5, class: 'ym-end' }, group);
  if (label !== null) {
    const { box, words } = label;
    makeSvg('rect', { x: box.x, y: box.y, width: box.width, height: box.height, rx: 5, class: 'ym-plate' }, group);
    for (const [i, line] of words.entries()) {
      const y = box.y + labelFont.padding + (i + 0.74) * labelFont.line;
      const element = makeSvg('text', { x: box.x + labelFont.padding, y, class: 'ym-label' }, group);
      element.textContent = line;
    }
  }
  return group;
}

const pointsOf = (spots: readonly Spot[]) => spots.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');

/** Where the viewer's own words stand. */
function takenBy(stage: HTMLElement): Box[] {
  const from = stage.getBoundingClientRect();
  return [...stage.querySelectorAll<HTMLElement>('.yv-corner, .yv-letter, .yv-badge, .yv-mark')]
    .filter((element) => !element.hidden && element.textContent !== '')
    .map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: left - from.left, y: top - from.top, width, height };
    });
}
