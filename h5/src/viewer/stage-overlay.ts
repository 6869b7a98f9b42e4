import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { type Length, measureLength } from '@yingyun/shared/imaging/measure-length';
import { edgeLetters } from '@yingyun/shared/imaging/orientation-letters';
import { overlayText, trimmed } from '@yingyun/shared/imaging/overlay-text';
import { type PointValue, pointValue } from '@yingyun/shared/imaging/point-value';
import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { type ImageXy, toCanvas } from '@yingyun/shared/imaging/viewport';
import { make, makeSvg, setText } from './dom';
import { text } from './text-zh';

export interface StageOverlay {
  update(pixelRatio: number): void;
  /** '' takes it away. */
  setNotice(words: string): void;
  /** The whole stage given up to a sentence. */
  setVerdict(words: string): void;
  /** Takes every word about the patient off the page. */
  wipe(): void;
}

/** What stands over the picture: the corners, the letters, the badge, lengths and the probed value. */
export function makeOverlay(stage: HTMLElement, film: FilmManifest, session: ViewerSession): StageOverlay {
  const corners = (['topLeft', 'topRight', 'bottomLeft', 'bottomRight'] as const).map((name) => ({
    name,
    box: make('div', `yv-corner yv-${name}`, stage),
  }));
  const letters = (['left', 'right', 'top', 'bottom'] as const).map((edge) => ({
    edge,
    box: make('div', `yv-letter yv-letter-${edge}`, stage),
  }));
  const svg = makeSvg('svg', { class: 'yv-drawing', 'aria-hidden': 'true' }, stage);
  const badge = make('div', 'yv-badge', stage);
  badge.setAttribute('role', 'status');
  const mark = make('div', 'yv-mark', stage);
  const notice = make('div', 'yv-notice', stage);
  notice.setAttribute('role', 'status');
  const verdict = make('div', 'yv-verdict', stage);
  verdict.setAttribute('role', 'alert');
  verdict.hidden = true;
  let noticeWords = '';

  return {
    wipe() {
      for (const { box } of [...corners, ...letters]) box.textContent = '';
      svg.replaceChildren();
    },
    setNotice(words) {
      noticeWords = words;
      setText(notice, words);
    },
    setVerdict(words) {
      setText(verdict, words);
      verdict.hidden = words === '';
    },
    update(pixelRatio) {
      const { series, picture, attributes } = session;
      if (series === undefined) return;
      const isColour = picture?.kind === 'colour';
      const words = overlayText(
        film,
        series,
        { index: session.key.frame, attributes, isColour },
        { window: session.window, scale: session.scale },
        text.overlay,
      );
      for (const { name, box } of corners) {
        setText(box, words[name].join('\n'));
        box.hidden = !session.showsInfo;
      }
      const edges = edgeLetters(attributes.imageOrientationPatient, session.placement);
      for (const { edge, box } of letters) setText(box, edges[edge]);
      // Coarse is never diagnostic: the badge stands as long as the picture is not the stored one.
      setText(badge, picture !== null && picture.reduce > 0 ? text.preview(2 ** picture.reduce) : '');
      badge.hidden = badge.textContent === '';
      setText(mark, picture !== null && attributes.rendition === 'derived' ? text.derived : '');
      mark.hidden = mark.textContent === '';
      setText(
        notice,
        noticeWords !== '' ? noticeWords : picture === null && session.frameCount > 0 ? text.loading : '',
      );
      notice.hidden = notice.textContent === '';
      notice.classList.toggle('yv-notice-alone', picture === null);
      drawMarks(svg, session, pixelRatio);
    },
  };
}

function drawMarks(svg: SVGSVGElement, session: ViewerSession, pixelRatio: number): void {
  const m = session.imageToCanvas();
  const place = (point: ImageXy) => {
    const { x, y } = toCanvas(m, point);
    return { x: x / pixelRatio, y: y / pixelRatio };
  };
  svg.replaceChildren();
  for (const { from, to } of session.lengths) {
    const a = place(from);
    const b = place(to);
    makeSvg('line', { x1: a.x, y1: a.y, x2: b.x, y2: b.y, class: 'yv-line' }, svg);
    for (const end of [a, b]) makeSvg('circle', { cx: end.x, cy: end.y, r: 4, class: 'yv-end' }, svg);
    label(svg, b.x, b.y, lengthWords(measureLength(from, to, session.attributes, session.picture)));
  }
  const probed = session.probedPoint;
  if (probed !== null) {
    const at = place(probed);
    makeSvg('path', { d: `M${at.x - 12} ${at.y}h8m8 0h8M${at.x} ${at.y - 12}v8m0 8v8`, class: 'yv-line' }, svg);
    label(
      svg,
      at.x,
      at.y - 28,
      pointWords(pointValue(probed, session.attributes, session.picture, session.series?.modality ?? '')),
    );
  }
}

function label(svg: SVGSVGElement, x: number, y: number, words: string): void {
  const width = svg.clientWidth;
  const onLeft = x > width * 0.6;
  const element = makeSvg(
    'text',
    { x: onLeft ? x - 10 : x + 10, y: Math.max(18, y - 8), class: 'yv-label', 'text-anchor': onLeft ? 'end' : 'start' },
    svg,
  );
  element.textContent = words;
}

export function lengthWords(length: Length): string {
  if (length.at === 'waiting-for-sharp') return text.waitingForSharp;
  if (length.unit === 'px') return `${length.value.toFixed(1)} ${text.uncalibrated}`;
  return `${length.value.toFixed(1)} mm${text.lengthSource[length.source]}`;
}

export function pointWords(value: PointValue): string {
  switch (value.at) {
    case 'waiting-for-sharp':
      return text.waitingForSharp;
    case 'outside':
      return text.outside;
    case 'padding':
      return text.padding;
    case 'colour':
      return `RGB ${value.rgb.join(', ')}（${value.column}, ${value.row}）`;
    case 'grey':
      return `${value.unit === '' ? text.storedValue : value.unit} ${trimmed(value.value)}（${value.column}, ${value.row}）`;
    default:
      return value satisfies never;
  }
}
