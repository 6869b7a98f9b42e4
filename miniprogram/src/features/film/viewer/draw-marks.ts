import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { type Length, measureLength } from '@yingyun/shared/imaging/measure-length';
import { edgeLetters } from '@yingyun/shared/imaging/orientation-letters';
import { overlayText, trimmed } from '@yingyun/shared/imaging/overlay-text';
import { type PointValue, pointValue } from '@yingyun/shared/imaging/point-value';
import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { toCanvas } from '@yingyun/shared/imaging/viewport';
import { text } from './text-zh';

/** What stands over the picture, drawn in the same animation frame: corners, letters, lengths, the probed value. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  film: FilmManifest,
  session: ViewerSession,
  ratio: number,
): void {
  const { width, height } = session.canvas;
  context.clearRect(0, 0, width, height);
  if (session.series === undefined || session.frameCount === 0) return;
  context.lineJoin = 'round';
  if (session.showsInfo) drawCorners(context, film, session, ratio);
  drawLetters(context, session, ratio);
  const m = session.imageToCanvas();
  for (const { from, to } of session.lengths) {
    const a = toCanvas(m, from);
    const b = toCanvas(m, to);
    drawLine(context, a, b, ratio);
    const words = lengthWords(measureLength(from, to, session.attributes, session.picture));
    drawWords(context, words, b.x, b.y - 12 * ratio, { ratio, size: 17, colour: '#ffe9a6', isBold: true });
  }
  const probed = session.probedPoint;
  if (probed !== null) {
    const at = toCanvas(m, probed);
    drawCross(context, at, ratio);
    const words = pointWords(pointValue(probed, session.attributes, session.picture, session.series.modality));
    // Above the finger, which hides what it points at.
    drawWords(context, words, at.x, at.y - 44 * ratio, { ratio, size: 17, colour: '#ffe9a6', isBold: true });
  }
}

interface Style {
  readonly ratio: number;
  readonly size: number;
  readonly colour: string;
  readonly isBold?: boolean;
  readonly align?: 'left' | 'right' | 'center';
}

function drawWords(context: CanvasRenderingContext2D, words: string, x: number, y: number, style: Style): void {
  const isRight = x > context.canvas.width * 0.6;
  context.font = `${style.isBold === true ? 'bold ' : ''}${Math.round(style.size * style.ratio)}px sans-serif`;
  context.textAlign = style.align ?? (isRight ? 'right' : 'left');
  context.textBaseline = 'middle';
  context.strokeStyle = '#000000';
  context.lineWidth = 3 * style.ratio;
  context.strokeText(words, x, y);
  context.fillStyle = style.colour;
  context.fillText(words, x, y);
}

function drawCorners(
  context: CanvasRenderingContext2D,
  film: FilmManifest,
  session: ViewerSession,
  ratio: number,
): void {
  const { series, picture, attributes } = session;
  if (series === undefined) return;
  const corners = overlayText(
    film,
    series,
    { index: session.key.frame, attributes, isColour: picture?.kind === 'colour' },
    { window: session.window, scale: session.scale },
    text.overlay,
  );
  const { width, height } = session.canvas;
  const line = 18 * ratio;
  const edge = 8 * ratio;
  const style = { ratio, size: 13, colour: '#e8edf2' } as const;
  const draw = (lines: readonly string[], isRight: boolean, isBottom: boolean): void => {
    lines.forEach((words, i) => {
      const y = isBottom ? height - edge - (lines.length - 0.5 - i) * line : edge + (i + 0.5) * line;
      drawWords(context, words, isRight ? width - edge : edge, y, { ...style, align: isRight ? 'right' : 'left' });
    });
  };
  draw(corners.topLeft, false, false);
  draw(corners.topRight, true, false);
  draw(corners.bottomLeft, false, true);
  draw(corners.bottomRight, true, true);
}

function drawLetters(context: CanvasRenderingContext2D, session: ViewerSession, ratio: number): void {
  const letters = edgeLetters(session.attributes.imageOrientationPatient, session.placement);
  const { width, height } = session.canvas;
  const edge = 12 * ratio;
  const style = { ratio, size: 15, colour: '#ffd75e', isBold: true, align: 'center' } as const;
  drawWords(context, letters.left, edge, height / 2, style);
  drawWords(context, letters.right, width - edge, height / 2, style);
  drawWords(context, letters.top, width / 2, edge, style);
  drawWords(context, letters.bottom, width / 2, height - edge, style);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function drawLine(context: CanvasRenderingContext2D, a: Point, b: Point, ratio: number): void {
  context.strokeStyle = '#ffd75e';
  context.lineWidth = 2 * ratio;
  context.beginPath();
  context.moveTo(a.x, a.y);
  context.lineTo(b.x, b.y);
  context.stroke();
  for (const end of [a, b]) {
    context.beginPath();
    context.arc(end.x, end.y, 4 * ratio, 0, 2 * Math.PI);
    context.stroke();
  }
}

function drawCross(context: CanvasRenderingContext2D, at: Point, ratio: number): void {
  context.strokeStyle = '#ffd75e';
  context.lineWidth = 2 * ratio;
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(at.x + dx * 4 * ratio, at.y + dy * 4 * ratio);
    context.lineTo(at.x + dx * 14 * ratio, at.y + dy * 14 * ratio);
  }
  context.stroke();
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
      return `RGB ${value.rgb.join(', ')}`;
    case 'grey':
      return `${value.unit === '' ? text.storedValue : value.unit} ${trimmed(value.value)}`;
    default:
      return value satisfies never;
  }
}
