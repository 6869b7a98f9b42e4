import type { text } from './text-zh';

/** Paths of 24 × 24 outlines, drawn with a 1.8 stroke. */
export const toolIcons: Record<Exclude<keyof typeof text.tools, 'cineStop'>, string> = {
  scroll: 'M12 3v18M8 7l4-4 4 4M8 17l4 4 4-4',
  window: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18M14 8h5M14 12h6M14 16h5',
  zoom: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21M10.5 7.5v6M7.5 10.5h6',
  pan: 'M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3',
  measure: 'M3 15L15 3l6 6L9 21zM7 11l2 2M10 8l3 3M13 5l2 2',
  cine: 'M7 4l13 8-13 8z',
  rotate: 'M20 12a8 8 0 1 1-2.5-5.8M20 3v5h-5',
  mirrorH: 'M12 3v18M9 7L3 17h6zM15 7l6 10h-6z',
  mirrorV: 'M3 12h18M7 9L17 3v6zM7 15l10 6v-6z',
  invert: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 7h6M12 12h9M12 17h6',
  presets: 'M4 6h16M4 12h16M4 18h16M8 4v4M15 10v4M10 16v4',
  overlays: 'M4 4h11v11H4zM9 9h11v11H9z',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7v1',
  reset: 'M4 12a8 8 0 1 0 2.5-5.8M4 3v5h5M12 8v4l3 2',
};
