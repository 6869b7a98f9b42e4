/** Field and bench measurements: a mark on the page's timeline. */
export function mark(name: string): void {
  performance.mark(`yingyun:${name}`);
}
