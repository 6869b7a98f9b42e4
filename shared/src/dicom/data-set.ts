/**
 * A parsed data set: elements in the order they came, values as views into the received bytes (little endian always: values of
 * a big-endian source were turned when read).
 */
export interface DataSet {
  readonly elements: readonly DicomElement[];
}

export interface DicomElement {
  /** Group · 0x10000 + element, as an unsigned number. */
  readonly tag: number;
  /** As received, or from the dictionary where the transfer syntax is implicit. */
  readonly vr: string;
  /** The value; for a sequence its encoded items, for encapsulated pixel data everything between the header and the end. */
  readonly value: Uint8Array;
  /** Where `value` begins in the bytes that were parsed. */
  readonly valueOffset: number;
  /** Where the element's header begins in the bytes that were parsed. */
  readonly offset: number;
  readonly hasUndefinedLength: boolean;
  /** A sequence's items. Also set for UN of undefined length, whose items are implicit VR little endian (PS3.5 6.2.2). */
  readonly items?: readonly DataSet[];
  /** Encapsulated pixel data: the basic offset table item and then the fragments (PS3.5 A.4). */
  readonly fragments?: readonly Fragment[];
}

export interface Fragment {
  readonly bytes: Uint8Array;
  /** Offset of `bytes` in the bytes that were parsed. */
  readonly offset: number;
  /** Offset of the fragment's item tag from the first byte after the offset table item: what offset tables count in. */
  readonly itemOffset: number;
}

/** The element with this tag (0xGGGGEEEE), undefined where it is missing. */
export function find(dataSet: DataSet, tag: number): DicomElement | undefined {
  const elements = dataSet.elements;
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i];
    if (element !== undefined && element.tag === tag) return element;
  }
  return undefined;
}

/** The items of a sequence; none where it is missing or empty. */
export function itemsOf(dataSet: DataSet, tag: number): readonly DataSet[] {
  return find(dataSet, tag)?.items ?? [];
}

/** "(gggg,eeee)" for messages: a tag says nothing of a patient. */
export function formatTag(tag: number): string {
  const hex = (tag >>> 0).toString(16).padStart(8, '0');
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}
