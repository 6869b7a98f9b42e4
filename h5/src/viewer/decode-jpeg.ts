import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { PlatformDecoders } from '@yingyun/shared/imaging/decode-frame';

/** The browser's own JPEG decoder, without colour management, rotation by EXIF or premultiplied alpha. */
export const decodeJpeg: PlatformDecoders['jpeg'] = async (bytes) => {
  let bitmap: ImageBitmap;
  try {
    const options: ImageBitmapOptions = {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
      imageOrientation: 'none' as never,
    };
    // `imageOrientation: 'none'` is named 'from-image' | 'flipY' in TypeScript's library; browsers ignore or honour it.
    bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }), options); // never shared memory
  } catch (cause) {
    throw new ProblemError(problem('image-damaged', 'JPEG decoding failed'), { cause });
  }
  try {
    const context = contextOf(bitmap.width, bitmap.height);
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { rgba: data, rows: bitmap.height, columns: bitmap.width };
  } finally {
    bitmap.close();
  }
};

function contextOf(width: number, height: number): CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D {
  const canvas =
    typeof OffscreenCanvas === 'undefined'
      ? Object.assign(document.createElement('canvas'), { width, height })
      : new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true }) as
    | CanvasRenderingContext2D
    | OffscreenCanvasRenderingContext2D
    | null; // the union of both canvases' overloads is not callable otherwise
  if (context === null) throw new ProblemError(problem('unexpected', 'no 2-D canvas'));
  return context;
}
