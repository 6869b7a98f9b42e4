/**
 * The dark modules of a QR code that came as SVG: the server draws each row as strokes (`M x y.5`, then `h` runs and `m` gaps). A canvas
 * on every platform can show these; an SVG image only some. Null where the text isn't such a drawing.
 */
export function qrModules(
  svg: string,
): { readonly size: number; readonly isDark: (x: number, y: number) => boolean } | null {
  const size = Number(/viewBox="0 0 (\d+) \d+"/.exec(svg)?.[1] ?? 0);
  const strokes = /<path stroke="[^"]+" d="([^"]+)"/.exec(svg)?.[1];
  if (size < 21 || size > 200 || strokes === undefined) return null;
  const dark = new Set<number>();
  let x = 0;
  let y = 0;
  for (const [, command, a, b] of strokes.matchAll(/([Mmh])\s*(-?[\d.]+)(?:[ ,]+(-?[\d.]+))?/g)) {
    const first = Number(a);
    const second = Number(b ?? 0);
    if (command === 'M') {
      x = first;
      y = second;
    } else if (command === 'm') {
      x += first;
      y += second;
    } else {
      for (let i = 0; i < first; i++) dark.add(Math.floor(y) * size + x + i);
      x += first;
    }
  }
  return { size, isDark: (column, row) => dark.has(row * size + column) };
}
