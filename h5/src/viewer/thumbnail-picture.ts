import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import type { DecodedFrame } from '@yingyun/shared/imaging/decoded-frame';
import { openingWindow } from '@yingyun/shared/imaging/default-window';
import { VoiTables } from '@yingyun/shared/imaging/lookup-table';
import { fitted, imageToCanvas, pixelAspect } from '@yingyun/shared/imaging/viewport';
import { renderView } from '@yingyun/shared/render/cpu-view';

/** A frame as it opens, fitted into a square of `side` pixels. */
export function thumbnailPicture(
  frame: DecodedFrame,
  attributes: FrameAttributes,
  modality: string,
  side: number,
): ImageData {
  const extent = { width: side, height: side };
  const image = { width: attributes.columns, height: attributes.rows };
  const window = openingWindow(attributes, frame.kind === 'grey' ? frame : null, modality);
  const rgba = renderView(
    {
      frame,
      attributes,
      look: { window, voiTable: new VoiTables().of(window.lut), isInverted: false },
      imageToCanvas: imageToCanvas(fitted, image, pixelAspect(attributes), extent),
      isPixelated: false,
    },
    extent,
  );
  return new ImageData(rgba, side, side);
}
