import type { TextOf } from '@yingyun/shared/dicom/character-set';
import type { DataSet } from '@yingyun/shared/dicom/data-set';
import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import { attributesOf, type FrameForm } from './frame-attributes';
import type { StoredFrame, StoredInstance, WithoutImage } from './stored-instance';

/**
 * Joins attributes and byte positions. An image whose samples don't begin at bit 0 is kept but not shown: the contract has no
 * word for it, and a viewer would show other values.
 */
export function viewOf(
  dataSet: DataSet,
  image: ImagePixel,
  form: FrameForm,
  frames: readonly StoredFrame[],
  textOf: TextOf,
  withoutImage: WithoutImage = '',
): StoredInstance {
  const { common, differs, ...times } = attributesOf(dataSet, image, form, textOf);
  const isShifted = image.highBit !== image.bitsStored - 1;
  return {
    common,
    frames: frames.map((frame, index) => {
      const own = differs[index] ?? {};
      return Object.keys(own).length === 0 ? frame : { ...frame, differs: own };
    }),
    ...times,
    withoutImage: withoutImage === '' && isShifted ? 'codec-not-viewable' : withoutImage,
  };
}
