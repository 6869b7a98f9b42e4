import createOpenJph from '@cornerstonejs/codec-openjph';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import { decodeFrame, type PlatformDecoders } from '@yingyun/shared/imaging/decode-frame';
import type { OpenJphModule } from '@yingyun/shared/imaging/decode-htj2k';
import type { FrameDecoder, PhoneCodecs } from './decoder-contract';

/** WeChat's WebAssembly: loads files of the package only. */
declare const WXWebAssembly:
  | { instantiate(path: string, imports: object): Promise<{ instance: { exports: object } }> }
  | undefined;

const wasmPath = '/subpackages/film/openjphjs.wasm';

/** The logic layer draws no JPEG. */
export function phoneCodecs(): PhoneCodecs {
  return { htj2k: typeof WXWebAssembly !== 'undefined', jpeg: false };
}

/**
 * Decodes in the page's own thread, one frame at a time: WeChat's workers can't be had for a sub-package alone. Between frames the
 * thread is given back, so that fingers are answered. The codec begins to load at once; `onNoCodec` is called where it doesn't.
 */
export function createFrameDecoder(onNoCodec: () => void): FrameDecoder {
  const loading = startOpenJph();
  loading.catch(onNoCodec);
  const decoders: PlatformDecoders = {
    openJph: () => loading,
    jpeg: () => Promise.reject(new ProblemError(problem('dicom-unsupported', 'no JPEG decoder'))),
  };
  return {
    count: 1,
    async decode(bytes, attributes, reduce) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      return decodeFrame(decoders, bytes, attributes, reduce);
    },
    close: () => {},
  };
}

async function startOpenJph(): Promise<OpenJphModule> {
  const wasm = typeof WXWebAssembly === 'undefined' ? undefined : WXWebAssembly;
  if (wasm === undefined) throw new ProblemError(problem('dicom-unsupported', 'no WebAssembly'));
  const silent = () => {}; // the codec prints about damaged streams; they are reported as problems instead
  return new Promise((resolve, reject) => {
    createOpenJph({
      print: silent,
      printErr: silent,
      instantiateWasm(imports: object, onInstance: (instance: object) => void) {
        wasm.instantiate(wasmPath, imports).then(({ instance }) => onInstance(instance), reject);
        return {};
      },
    }).then(resolve, reject);
  });
}
