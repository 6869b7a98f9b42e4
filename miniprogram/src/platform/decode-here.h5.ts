import createOpenJph from '@cornerstonejs/codec-openjph';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import { decodeFrame, type PlatformDecoders } from '@yingyun/shared/imaging/decode-frame';
import type { OpenJphModule } from '@yingyun/shared/imaging/decode-htj2k';
import type { FrameDecoder } from './decoder-contract';

/**
 * Decoding with a browser's means, in whichever thread calls it. The codec begins to load at once; `onNoCodec` is called where it
 * doesn't: frames have to come as plain samples then.
 */
export function decodeHere(onNoCodec: () => void): FrameDecoder['decode'] {
  const loading = startOpenJph();
  loading.catch(onNoCodec);
  const decoders: PlatformDecoders = { openJph: () => loading, jpeg: decodeJpeg };
  return (bytes, attributes, reduce) => decodeFrame(decoders, bytes, attributes, reduce);
}

async function startOpenJph(): Promise<OpenJphModule> {
  if (typeof WebAssembly === 'undefined') throw new ProblemError(problem('dicom-unsupported', 'no WebAssembly'));
  const url = new URL('@cornerstonejs/codec-openjph/wasm', import.meta.url).href;
  const silent = () => {}; // the codec prints about damaged streams; they are reported as problems instead
  return createOpenJph({ locateFile: () => url, print: silent, printErr: silent });
}

/** The browser's own decoder, without colour management or premultiplied alpha. */
const decodeJpeg: PlatformDecoders['jpeg'] = async (bytes) => {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }); // never shared memory
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' }).catch(
    (cause: unknown) => {
      throw new ProblemError(problem('image-damaged', 'JPEG decoding failed'), { cause });
    },
  );
  try {
    const { width, height } = bitmap;
    const canvas =
      typeof OffscreenCanvas === 'undefined'
        ? Object.assign(document.createElement('canvas'), { width, height })
        : new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true }) as
      | CanvasRenderingContext2D
      | OffscreenCanvasRenderingContext2D
      | null; // the union of both canvases' overloads is not callable otherwise
    if (context === null) throw new ProblemError(problem('unexpected', 'no 2-D canvas'));
    context.drawImage(bitmap, 0, 0);
    return { rgba: context.getImageData(0, 0, width, height).data, rows: height, columns: width };
  } finally {
    bitmap.close();
  }
};
