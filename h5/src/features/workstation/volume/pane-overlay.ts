import type { CanvasXy } from '@yingyun/shared/imaging/viewport';
import {
  obliqueDegrees,
  type PaneGeometry,
  type PlaneName,
  paneLetters,
  toPane,
  turnablePlanes,
} from '@yingyun/shared/volume/mpr-planes';
import type { MprSession } from '@yingyun/shared/volume/mpr-session';
import { planeNormal } from '@yingyun/shared/volume/reslice-plane';
import { cross, dot, length, unit } from '@yingyun/shared/volume/vector';
import type { Volume } from '@yingyun/shared/volume/volume';
import { make, makeSvg, setAttribute, setText } from '../../../viewer/dom';
import { text } from './text-zh';

/** What stands over one plane: where the others cut it, handles to turn them, letters, words, lengths. */
export interface PaneOverlay {
  update(pixelRatio: number): void;
  clear(): void;
}

const gap = 16;
const edges = ['left', 'right', 'top', 'bottom'] as const;

/** `onTurn`: a handle was dragged by so many radians, clockwise. */
export function makePaneOverlay(
  pane: HTMLElement,
  name: PlaneName,
  session: MprSession,
  volume: Volume,
  unitName: string,
  onTurn: (radians: number, isOver: boolean) => void,
): PaneOverlay {
  const svg = makeSvg('svg', { class: 'mpr-lines' }, pane);
  svg.setAttribute('aria-hidden', 'true');
  const others = turnablePlanes.filter((other) => other !== name);
  const crossings = others.map((other) => makeCrossing(svg, other, name !== 'acquired'));
  const lengths = makeSvg('g', { class: 'mpr-lengths' }, svg);
  const letters = edges.map((edge) => ({ edge, box: make('div', `yv-letter yv-letter-${edge}`, pane) }));
  const corners = (['topLeft', 'bottomLeft', 'bottomRight'] as const).map((at) =>
    make('div', `yv-corner yv-${at}`, pane),
  );
  for (const { handles } of crossings)
    for (const handle of handles) connectHandle(handle, () => centreOf(pane, session, name), onTurn);

  return {
    update(pixelRatio) {
      const geometry = session.geometry(name);
      const css = (point: CanvasXy): [number, number] => [point.x / pixelRatio, point.y / pixelRatio];
      const [x, y] = css(toPane(geometry, session.crosshair));
      const reach = 0.36 * Math.min(pane.clientWidth, pane.clientHeight);
      others.forEach((other, i) =>
        crossings[i]?.update(geometry, session.geometry(other), x, y, reach, session, pixelRatio),
      );
      drawLengths(lengths, session, name, css, geometry, volume);
      const shown = session.showsInfo ? paneLetters(geometry) : undefined;
      for (const { edge, box } of letters) setText(box, shown?.[edge] ?? '');
      const words = session.showsInfo ? paneWords(name, session, volume, geometry, unitName) : ['', '', ''];
      for (const [i, box] of corners.entries()) setText(box, words[i] ?? '');
      // Where the plane lies, for whoever compares it with another viewer: millimetres in the patient, nobody's data.
      setAttribute(pane, 'data-center', geometry.center.map((mm) => mm.toFixed(4)).join(' '));
      const { right, down } = geometry;
      setAttribute(pane, 'data-directions', JSON.stringify({ right, down }));
      setAttribute(pane, 'data-mm-per-pixel', geometry.mmPerPixel.toFixed(6));
    },
    clear() {
      svg.remove();
      for (const box of [...corners, ...letters.map((one) => one.box)]) box.textContent = '';
    },
  };
}

function centreOf(pane: HTMLElement, session: MprSession, name: PlaneName): [number, number] {
  const geometry = session.geometry(name);
  const at = toPane(geometry, session.crosshair);
  const box = pane.getBoundingClientRect();
  const scale = box.width / geometry.extent.width;
  return [box.left + at.x * scale, box.top + at.y * scale];
}

/** The line along which another plane cuts this one: two halves with a gap where the eye looks, slab edges, two handles. */
function makeCrossing(svg: SVGElement, other: PlaneName, isTurnable: boolean) {
  const group = makeSvg('g', { class: `mpr-crossing mpr-of-${other}` }, svg);
  const halves = [makeSvg('line', {}, group), makeSvg('line', {}, group)];
  const slabEdges = [makeSvg('line', { class: 'mpr-slab' }, group), makeSvg('line', { class: 'mpr-slab' }, group)];
  const handles = isTurnable ? [1, 2].map(() => makeSvg('g', { class: 'mpr-handle' }, group)) : [];
  for (const handle of handles) {
    makeSvg('circle', { r: 22, class: 'mpr-handle-reach' }, handle); // a finger's size; what is seen of it is smaller
    makeSvg('circle', { r: 7 }, handle);
  }
  const line = (element: SVGLineElement, x1: number, y1: number, x2: number, y2: number): void => {
    Object.entries({ x1, y1, x2, y2 }).forEach(([key, value]) => setAttribute(element, key, value.toFixed(1)));
  };
  return {
    handles,
    update(
      here: PaneGeometry,
      there: PaneGeometry,
      x: number,
      y: number,
      reach: number,
      session: MprSession,
      pixelRatio: number,
    ) {
      const along = cross(planeNormal(here), planeNormal(there));
      group.style.display = length(along) < 0.05 ? 'none' : '';
      const direction = unit(along);
      const [dx, dy] = [dot(direction, here.right), dot(direction, here.down)];
      const far = 4000;
      halves.forEach((half, i) => {
        const sign = i === 0 ? 1 : -1;
        line(half, x + sign * dx * gap, y + sign * dy * gap, x + sign * dx * far, y + sign * dy * far);
      });
      const aside = session.slab.thicknessMm / 2 / here.mmPerPixel / pixelRatio;
      slabEdges.forEach((edge, i) => {
        const sign = i === 0 ? 1 : -1;
        edge.style.display = aside < 1 ? 'none' : '';
        const [ox, oy] = [-dy * aside * sign, dx * aside * sign];
        line(edge, x + ox - dx * far, y + oy - dy * far, x + ox + dx * far, y + oy + dy * far);
      });
      handles.forEach((handle, i) => {
        const sign = i === 0 ? 1 : -1;
        setAttribute(
          handle,
          'transform',
          `translate(${(x + sign * dx * reach).toFixed(1)} ${(y + sign * dy * reach).toFixed(1)})`,
        );
      });
    },
  };
}

function connectHandle(
  handle: SVGElement,
  centre: () => [number, number],
  onTurn: (radians: number, isOver: boolean) => void,
): void {
  let before: number | undefined;
  const angle = (event: PointerEvent): number => {
    const [x, y] = centre();
    return Math.atan2(event.clientY - y, event.clientX - x);
  };
  handle.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.stopPropagation(); // the pane under it must not take this for its own
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    before = angle(event);
  });
  handle.addEventListener('pointermove', (event) => {
    if (before === undefined) return;
    const now = angle(event);
    onTurn(Math.atan2(Math.sin(now - before), Math.cos(now - before)), false);
    before = now;
  });
  const end = () => {
    if (before !== undefined) onTurn(0, true);
    before = undefined;
  };
  handle.addEventListener('pointerup', end);
  handle.addEventListener('pointercancel', end);
}

function drawLengths(
  group: SVGElement,
  session: MprSession,
  name: PlaneName,
  css: (at: CanvasXy) => [number, number],
  geometry: PaneGeometry,
  volume: Volume,
): void {
  group.replaceChildren();
  for (const { line, mm } of session.lengthsOn(name)) {
    const [x1, y1] = css(toPane(geometry, line.from));
    const [x2, y2] = css(toPane(geometry, line.to));
    makeSvg('line', { x1, y1, x2, y2 }, group);
    for (const [cx, cy] of [
      [x1, y1],
      [x2, y2],
    ] as const)
      makeSvg('circle', { cx, cy, r: 3 }, group);
    const words = makeSvg('text', { x: Math.max(x1, x2) + 8, y: (x1 > x2 ? y1 : y2) + 4 }, group);
    words.textContent = mm === null ? refusal(volume) : `${mm.toFixed(1)} mm`;
  }
}

/** Name and slab; the crosshair and its value; the window. */
function paneWords(
  name: PlaneName,
  session: MprSession,
  volume: Volume,
  geometry: PaneGeometry,
  unitName: string,
): string[] {
  const { slab, look } = session;
  const degrees = Math.round(obliqueDegrees(geometry));
  const title = [
    text.planes[name],
    ...(degrees > 0 && name !== 'acquired' ? [text.oblique(degrees)] : []),
    ...(slab.thicknessMm > 0 ? [`${text.slabShort[slab.mode]} ${text.millimetres(slab.thicknessMm)}`] : []),
  ];
  const position = letteredPosition(session.crosshair);
  const value = session.value();
  const reading =
    value.at === 'waiting-for-sharp'
      ? refusal(volume)
      : value.at === 'outside'
        ? text.outside
        : `${Math.round(value.value * 10) / 10} ${unitName}`.trim();
  const isFirst = session.panes[0] === name;
  return [
    title.join('\n'),
    isFirst ? `${text.point} ${reading}\n${position}` : '',
    isFirst ? text.window(Math.round(look.window.width), Math.round(look.window.center)) : '',
  ];
}

/** Why there is no number: it is on its way, or this device will never have it. */
const refusal = ({ reduce }: Volume): string => (reduce > 0 ? text.noMeasuring : text.waiting);

/** "L 12.3 P 4.0 H 81.5": millimetres to the patient's left, back and head, or the other way. */
function letteredPosition([x, y, z]: readonly [number, number, number]): string {
  const one = (value: number, plus: string, minus: string): string =>
    `${value < 0 ? minus : plus} ${Math.abs(value).toFixed(1)}`;
  return [one(x, 'L', 'R'), one(y, 'P', 'A'), one(z, 'H', 'F')].join('  ');
}
