import { find } from '@yingyun/shared/dicom/data-set';
import type { Part10 } from '@yingyun/shared/dicom/read-part10';
import { codeValue } from '@yingyun/shared/dicom/values';
import { type NewPixelData, type WrittenPart10, writePart10 } from '@yingyun/shared/dicom/write-part10';
import { implementationClassUid, implementationVersionName } from '../../gateway/dimse/implementation';

/** The received data set as a new Part 10 file; only what describes the form of the pixels is changed. */
export function storedFile(
  part10: Part10,
  form: { readonly transferSyntaxUid: string; readonly photometric?: string; readonly pixelData: NewPixelData },
): WrittenPart10 {
  const { dataSet } = part10;
  const replacements: { tag: number; vr: string; value: Uint8Array }[] = [];
  if (form.photometric !== undefined) {
    if (codeValue(dataSet, 0x00280004) !== form.photometric) {
      replacements.push({
        tag: 0x00280004,
        vr: 'CS',
        value: Buffer.from(form.photometric + (form.photometric.length % 2 === 1 ? ' ' : '')),
      });
    }
    // Frames of ours are always colour by pixel.
    if ((find(dataSet, 0x00280006)?.value[0] ?? 0) !== 0)
      replacements.push({ tag: 0x00280006, vr: 'US', value: Uint8Array.of(0, 0) });
  }
  return writePart10({
    dataSet,
    isExplicitLittleEndian: part10.encoding.isExplicit && part10.encoding.isLittleEndian,
    transferSyntaxUid: form.transferSyntaxUid,
    sopClassUid: codeValue(dataSet, 0x00080016),
    sopInstanceUid: codeValue(dataSet, 0x00080018),
    implementationClassUid,
    implementationVersionName,
    pixelData: form.pixelData,
    replacements,
  });
}
