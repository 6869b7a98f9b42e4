/**
 * What the document route answers (as JSON) for an object without an image whose content is words: structured reports and key
 * object selections (PS3.3 C.17). For an encapsulated PDF it answers the bytes themselves, as `application/pdf`.
 */
export interface StructuredDocument {
  readonly kind: 'structured-report' | 'key-object';
  /** Concept Name of the root: the document's title. */
  readonly title: CodedWord;
  readonly completion: 'complete' | 'partial' | '';
  readonly verification: 'verified' | 'unverified' | '';
  /** ISO 8601 local time without zone: Content Date and Time; '' where the object states none. */
  readonly contentAt: string;
  /** The root container's items, in the document's order. */
  readonly content: readonly ContentItem[];
}

/** A code with its meaning as the object gives it (PS3.3 8.8). */
export interface CodedWord {
  readonly code: string;
  /** Coding Scheme Designator: 'DCM', 'SCT', 'SRT', 'UCUM', … */
  readonly scheme: string;
  readonly meaning: string;
}

/** One content item of the tree (PS3.3 C.17.3). */
export interface ContentItem {
  /** 'CONTAINS', 'HAS OBS CONTEXT', 'HAS PROPERTIES', …; '' where the object leaves it out. */
  readonly relationship: string;
  readonly name: CodedWord | null;
  readonly value: ContentValue;
  readonly children: readonly ContentItem[];
}

export type ContentValue =
  | { readonly type: 'container' }
  | { readonly type: 'text'; readonly text: string }
  /** `number` as recorded, in decimal digits; '' where only `qualifier` says why there is none. */
  | {
      readonly type: 'number';
      readonly number: string;
      readonly unit: CodedWord | null;
      readonly qualifier: CodedWord | null;
    }
  | { readonly type: 'code'; readonly code: CodedWord }
  /** "2026-03-01", "08:30:00", "2026-03-01T08:30:00". */
  | { readonly type: 'date' | 'time' | 'datetime'; readonly text: string }
  /** A name as it may be shown to this reader: masked where the film's is. */
  | { readonly type: 'person'; readonly text: string }
  | { readonly type: 'uid'; readonly uid: string }
  /** Frames from 1; empty: the whole object. */
  | { readonly type: 'image'; readonly sopInstanceUid: string; readonly frames: readonly number[] }
  | { readonly type: 'composite' | 'waveform'; readonly sopInstanceUid: string }
  /** Points in image pixels (2 numbers each) or patient millimetres (3 numbers each). */
  | { readonly type: 'coordinates'; readonly graphic: string; readonly points: readonly number[] }
  /** Another item of the document, by its place: [1, 2] is the second item of the first. */
  | { readonly type: 'reference'; readonly path: readonly number[] }
  | { readonly type: 'other'; readonly text: string };
