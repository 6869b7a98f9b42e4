import type { Transcoder } from '../../ports/transcoder';
import { createTranscoderTasks } from './transcoder-tasks';

/** The Transcoder in the caller's own thread: for tests, and where a worker can't be had. Passes the pool's contract test but for crashes. */
export function createInProcessTranscoder(): Transcoder {
  const tasks = createTranscoderTasks();
  return {
    archive: async (task) => tasks.archive(await task()),
    verify: async (task) => tasks.verify(await task()),
    plainSamples: async (task) => tasks.plainSamples(await task()),
    close: async () => undefined,
  };
}
