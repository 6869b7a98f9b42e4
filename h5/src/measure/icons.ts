import type { MarkKind } from '@yingyun/shared/measure/mark';

/** Paths of 24 × 24 outlines, drawn with a 1.8 stroke. */
export const icons: Readonly<
  Record<MarkKind | 'select' | 'undo' | 'redo' | 'remove' | 'clear' | 'list' | 'close' | 'finish', string>
> = {
  select: 'M6 3l12 10h-6l-3 6z',
  length: 'M3 15L15 3l6 6L9 21zM7 11l2 2M10 8l3 3M13 5l2 2',
  angle: 'M20 19H4L15 5M9.5 12.5a8 8 0 0 1 4.5 6.5',
  cobb: 'M4 7l14-3M4 17l15 3M8 10.5l.8 3.6M15.5 9l.8 3.6',
  ellipse: 'M12 6c5 0 9 2.700 9 6s-4 6-9 6-9-2.700-9-6 4-6 9-6z',
  circle: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 12h7',
  rectangle: 'M4 6h16v12H4z',
  polygon: 'M5 8l8-4 7 7-4 8H7z',
  freehand: 'M5 14c-2-5 3-10 7-9s3 4 6 4 3 6 0 8-6-1-8 1-4 0-5-4z',
  point: 'M12 2v7M12 15v7M2 12h7M15 12h7M12 11.500v1',
  arrow: 'M4 20L19 5M19 5h-8M19 5v8',
  text: 'M5 6V4h14v2M12 4v16M9 20h6',
  'heart-chest': 'M3 6v12M21 6v12M3 9h18M8 14h8M8 12v4M16 12v4',
  calibration: 'M3 17h18M3 13v8M21 13v8M8 10l4-6 4 6M9.500 8h5',
  undo: 'M9 6L4 11l5 5M4 11h10a6 6 0 0 1 0 9h-3',
  redo: 'M15 6l5 5-5 5M20 11H10a6 6 0 0 0 0 9h3',
  remove: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10 11v6M14 11v6',
  clear: 'M4 17l9-11 7 6-7 8H7zM9 11l7 6M11 20h9',
  list: 'M4 6h2M10 6h10M4 12h2M10 12h10M4 18h2M10 18h10',
  close: 'M5 13l5 5L20 7',
  finish: 'M5 8l8-4 7 7-4 8H7z M5 8v.01',
};
