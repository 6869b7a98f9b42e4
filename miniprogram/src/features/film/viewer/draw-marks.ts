import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { edgeLetters } from '@yingyun/shared/imaging/orientation-letters';
import { overlayText } from '@yingyun/shared/imaging/overlay-text';
import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { labelFont, type MarkDrawing, markDrawings } from '@yingyun/shared/measure/mark-drawings';
import type { MeasureDesk } from '@yingyun/shared/measure/measure-desk';
import { text } from './text-zh';

/** What stands over the picture, drawn in the same animation frame: corners, letters, what was measured. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  film: FilmManifest,
  session: ViewerSession,
  desk: MeasureDesk,
  ratio: number,
): void {
  const { width, height } = session.canvas;
  context.clearRect(0, 0, width, height);
  if (session.series === undefined || session.frameCount === 0) return;
  context.lineJoin = 'round';
  if (session.showsInfo) drawCorners(context, film, session, ratio);
  drawLetters(context, session, ratio);
  for (const drawing of markDrawings(desk, session, session.canvas)) drawMark(context, drawing, ratio);
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
  const { width, height } = session.canvas;
  const corners = overlayText(
    film,
    series,
    { index: session.key.frame, attributes, isColour: picture?.kind === 'colour' },
    { window: session.window, scale: session.scale, isBrief: width / ratio < 520 && height / ratio < 420 },
    text.overlay,
  );
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

function drawMark(context: CanvasRenderingContext2D, drawing: MarkDrawing, ratio: number): void {
  context.strokeStyle = '#ffd75e';
  context.lineWidth = 2 * ratio;
  for (const { spots, isHelper } of drawing.lines) {
    context.setLineDash(isHelper ? [5 * ratio, 5 * ratio] : []);
    context.beginPath();
    for (const [i, { x, y }] of spots.entries()) {
      if (i === 0) context.moveTo(x * ratio, y * ratio);
      else context.lineTo(x * ratio, y * ratio);
    }
    context.stroke();
  }
  context.setLineDash([]);
  for (const { x, y } of drawing.handles) {
    if (drawing.mark.kind === 'point') drawCross(context, { x: x * ratio, y: y * ratio }, ratio);
    context.beginPath();
    context.arc(x * ratio, y * ratio, 4 * ratio, 0, 2 * Math.PI);
    context.stroke();
  }
  if (drawing.label === null) return;
  const { box, words } = drawing.label;
  const style = { ratio, size: labelFont.pixels, colour: '#ffe9a6', isBold: true, align: 'left' } as const;
  for (const [i, line] of words.entries())
    drawWords(
      context,
      line,
      (box.x + labelFont.padding) * ratio,
      (box.y + labelFont.padding + (i + 0.5) * labelFont.line) * ratio,
      style,
    );
}

function drawCross(
  context: CanvasRenderingContext2D,
  at: { readonly x: number; readonly y: number },
  ratio: number,
): void {
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(at.x + dx * 6 * ratio, at.y + dy * 6 * ratio);
    context.lineTo(at.x + dx * 14 * ratio, at.y + dy * 14 * ratio);
  }
  context.stroke();
}
