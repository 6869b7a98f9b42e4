import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';
import { fitted, imageToCanvas, pixelAspect } from '@yingyun/shared/imaging/viewport';
import { initialWindow } from '@yingyun/shared/imaging/voi-window';
import { renderView } from '@yingyun/shared/render/cpu-view';

const side = 56;

/** A series' small picture as a BMP file (24 bit, bottom up): every platform shows one without a canvas a thumbnail. */
export function thumbnailBmp(frame: DecodedFrame, attributes: FrameAttributes): Uint8Array<ArrayBuffer> {
  const extent = { width: side, height: side };
  const image = { width: attributes.columns, height: attributes.rows };
  const rgba = renderView(
    {
      frame,
      attributes,
      look: { window: initialWindow(attributes, frame.kind === 'grey' ? frame : null), isInverted: false },
      imageToCanvas: imageToCanvas(fitted, image, pixelAspect(attributes), extent),
      isPixelated: false,
    },
    extent,
  );
  return bmpOf(rgba, side, side);
}

const headerBytes = 54;

/** RGBA rows, top down, to a BITMAPINFOHEADER file. */
export function bmpOf(rgba: Uint8ClampedArray, width: number, height: number): Uint8Array<ArrayBuffer> {
  const stride = (width * 3 + 3) & ~3; // rows end on 4 bytes
  const file = new Uint8Array(headerBytes + stride * height);
  const view = new DataView(file.buffer);
  view.setUint16(0, 0x424d); // "BM"
  view.setUint32(2, file.length, true);
  view.setUint32(10, headerBytes, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  view.setUint32(34, stride * height, true);
  for (let y = 0; y < height; y++) {
    let to = headerBytes + (height - 1 - y) * stride;
    for (let x = 0, from = y * width * 4; x < width; x++, from += 4) {
      file[to++] = rgba[from + 2] ?? 0;
      file[to++] = rgba[from + 1] ?? 0;
      file[to++] = rgba[from] ?? 0;
    }
  }
  return file;
}
