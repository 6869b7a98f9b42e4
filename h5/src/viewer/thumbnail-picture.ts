import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';
import { fitted, imageToCanvas, pixelAspect } from '@yingyun/shared/imaging/viewport';
import { initialWindow } from '@yingyun/shared/imaging/voi-window';
import { renderView } from '@yingyun/shared/render/cpu-view';

/** A frame as it opens, fitted into a square of `side` pixels. */
export function thumbnailPicture(frame: DecodedFrame, attributes: FrameAttributes, side: number): ImageData {
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
  return new ImageData(rgba, side, side);
}
