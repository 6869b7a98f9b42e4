declare const uidBrand: unique symbol;
/** A DICOM UID that has passed `parseDicomUid`. */
export type DicomUid = string & { readonly [uidBrand]: true };

const uidPattern = /^[0-9][0-9.]{0,63}$/;

/**
 * PS3.5 9.1: at most 64 characters of digits and dots. Trailing NUL or space padding is removed. Lenient about leading
 * zeros of a component (they occur in the field), strict about every other character: a UID becomes part of keys and paths.
 */
export function parseDicomUid(text: string): DicomUid | undefined {
  const trimmed = text.replace(/[\0 ]+$/, '');
  return uidPattern.test(trimmed) && !trimmed.includes('..') && !trimmed.endsWith('.')
    ? (trimmed as DicomUid)
    : undefined; // the pattern just proved the brand
}
