import createOpenJph from '@cornerstonejs/codec-openjph';
import wasmUrl from '@cornerstonejs/codec-openjph/wasm?url';
import type { OpenJphModule } from '@yingyun/shared/imaging/decode-htj2k';

/** Starts the codec at once (the wasm is the longest wait before the first picture) and hands out one module ever after. */
export function loadOpenJph(): () => Promise<OpenJphModule> {
  const silent = () => {}; // the codec prints about damaged streams; they are reported as problems instead
  const start = () => createOpenJph({ locateFile: () => wasmUrl, print: silent, printErr: silent });
  let loading: Promise<OpenJphModule> | undefined = start();
  loading.catch(() => undefined); // met again, and handled, by whoever asks
  return async () => {
    loading ??= start();
    try {
      return await loading;
    } catch (cause) {
      loading = undefined; // a cut line must not make the decoder fail for good
      throw cause;
    }
  };
}
