/**
 * Opens the way to the GPU early, from a worker. A browser's first WebGL context may take hundreds of milliseconds (it starts a
 * process and compilers) and blocks whoever asks; every later one takes a few. Asked for while a passcode is typed, nobody waits.
 * Harmless where there is no WebGL, no OffscreenCanvas or no worker: the viewer then finds out by itself.
 */
export function warmGraphics(): void {
  if (typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined') return;
  try {
    const worker = new Worker(new URL('./warm-graphics-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = () => worker.terminate();
    worker.onerror = () => worker.terminate();
  } catch {
    // A browser that refuses workers has nothing to warm.
  }
}
