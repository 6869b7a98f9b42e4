import type { ObjectWithoutImage } from '@yingyun/shared/contract/film-manifest';
import type { TextOf } from '@yingyun/shared/dicom/character-set';
import { type DataSet, itemsOf } from '@yingyun/shared/dicom/data-set';
import type { ImagePixel } from '@yingyun/shared/dicom/image-pixel';
import { objectKindOf } from '@yingyun/shared/dicom/object-kind';
import type { Part10 } from '@yingyun/shared/dicom/read-part10';
import { findTransferSyntax } from '@yingyun/shared/dicom/transfer-syntax';
import { codeValue, textValue } from '@yingyun/shared/dicom/values';
import type { Codecs } from './codecs';
import { type ViewWithRendition, withRendition } from './derive-rendition';
import type { StoredInstance } from './stored-instance';

/** Their values are labels or doses on other images' space: a grey picture of them by itself would be taken for anatomy. */
const drawnOnlyOverImages: readonly ObjectWithoutImage['kind'][] = ['segmentation', 'rt-dose'];

/** The view of a kept object with all that is derived for it, and with what it is listed as where no picture of it is shown. */
export async function completeView(
  part10: Part10,
  image: ImagePixel | undefined,
  kept: StoredInstance,
  codecs: Codecs,
  textOf: TextOf,
): Promise<ViewWithRendition> {
  const derived = await withRendition(part10, image, kept, codecs, textOf);
  const { view } = derived;
  const kind = kindOf(part10, view);
  if (view.withoutImage === '' && !drawnOnlyOverImages.includes(kind)) return derived;
  const hasDocument = kind === 'structured-report' || kind === 'key-object' || kind === 'pdf';
  const listed = { kind, title: titleOf(part10.dataSet, textOf), hasDocument };
  const vouched = kind === 'structured-report' && isVerified(part10.dataSet) ? { isVerified: true } : {};
  return { ...derived, view: { ...view, listed: { ...listed, ...vouched } } };
}

/** PS3.3 C.17.2: Completion Flag and Verification Flag; a verified document names who verified it (type 1C). */
function isVerified(dataSet: DataSet): boolean {
  const isComplete = codeValue(dataSet, 0x0040a491) === 'COMPLETE';
  return isComplete && codeValue(dataSet, 0x0040a493) === 'VERIFIED' && itemsOf(dataSet, 0x0040a073).length > 0;
}

function kindOf(part10: Part10, view: StoredInstance): ObjectWithoutImage['kind'] {
  if (findTransferSyntax(part10.transferSyntaxUid)?.kind === 'video') return 'video';
  if (view.withoutImage === 'pixels-damaged') return 'damaged';
  return objectKindOf(codeValue(part10.dataSet, 0x00080016), codeValue(part10.dataSet, 0x00080060));
}

/** What the object calls itself: document title, concept name, content or structure set or plan label, series description. */
function titleOf(dataSet: DataSet, textOf: TextOf): string {
  const concept = itemsOf(dataSet, 0x0040a043)[0];
  const titles = [
    textValue(dataSet, 0x00420010, textOf),
    concept === undefined ? '' : textValue(concept, 0x00080104, textOf),
    textValue(dataSet, 0x00700081, textOf),
    textValue(dataSet, 0x00700080, textOf),
    textValue(dataSet, 0x30060002, textOf),
    textValue(dataSet, 0x300a0002, textOf),
    textValue(dataSet, 0x0008103e, textOf),
  ];
  return titles.find((title) => title !== '')?.slice(0, 128) ?? '';
}
