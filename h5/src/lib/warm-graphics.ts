/** What a device may take at the longest; after that whoever waits finds out by himself. */
const longestMs = 3000;

/**
 * Opens the way to the GPU early, from a worker. A browser's first WebGL context may take hundreds of milliseconds (it starts a
 * process and compilers) and blocks whoever asks; every later one takes a few. Asked for while a passcode is typed, nobody waits.
 * Settles when it is done, at once where there is nothing to warm, and in any case after three seconds; never rejects.
 */
export function warmGraphics(): Promise<void> {
  if (typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined') return Promise.resolve();
  return new Promise((resolve) => {
    try {
      const worker = new Worker(new URL('./warm-graphics-worker.ts', import.meta.url), { type: 'module' });
      const done = () => {
        worker.terminate();
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, longestMs);
      worker.onmessage = done;
      worker.onerror = done;
    } catch {
      resolve(); // a browser that refuses workers has nothing to warm
    }
  });
}
