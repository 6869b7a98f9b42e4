import createOpenJph from '@cornerstonejs/codec-openjph';
import Taro from '@tarojs/taro';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import { decodeFrame, type PlatformDecoders } from '@yingyun/shared/imaging/decode-frame';
import type { OpenJphModule } from '@yingyun/shared/imaging/decode-htj2k';
import type { FrameDecoder } from './decoder-contract';

/** WeChat's WebAssembly: loads files of the package only. */
declare const WXWebAssembly:
  | { instantiate(path: string, imports: object): Promise<{ instance: { exports: object } }> }
  | undefined;

const wasmPath = '/subpackages/film/openjphjs.wasm';

/**
 * Decodes in the page's own thread, one frame at a time: WeChat's workers can't be had for a sub-package alone. Between frames the
 * thread is given back, so that fingers are answered.
 */
export function createFrameDecoder(): FrameDecoder {
  let loading: Promise<OpenJphModule> | undefined;
  const openJph = (): Promise<OpenJphModule> => {
    loading ??= startOpenJph().catch((cause: unknown) => {
      loading = undefined; // a cut line must not make the decoder fail for good
      throw cause;
    });
    return loading;
  };
  const decoders: PlatformDecoders = { openJph, jpeg: decodeJpeg };
  return {
    count: 1,
    async decode(bytes, attributes, reduce) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      return decodeFrame(decoders, bytes, attributes, reduce);
    },
    close: () => {},
  };
}

function startOpenJph(): Promise<OpenJphModule> {
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

/** WeChat's image decoder, by way of an off-screen canvas. */
const decodeJpeg: PlatformDecoders['jpeg'] = async (bytes) => {
  const canvas = Taro.createOffscreenCanvas({ type: '2d', width: 1, height: 1 });
  const image = canvas.createImage();
  await new Promise<void>((resolve, reject) => {
    image.onload = () => resolve();
    image.onerror = () => reject(new ProblemError(problem('image-damaged', 'JPEG decoding failed')));
    const own = bytes.slice();
    image.src = `data:image/jpeg;base64,${Taro.arrayBufferToBase64(own.buffer)}`;
  });
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext('2d') as unknown as CanvasRenderingContext2D; // '2d' was asked for
  context.drawImage(image as unknown as CanvasImageSource, 0, 0); // WeChat's image of WeChat's canvas
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return { rgba: data, rows: image.height, columns: image.width };
};
