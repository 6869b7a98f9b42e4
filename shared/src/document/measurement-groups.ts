import type { CodedWord, ContentItem, StructuredDocument } from '../contract/film-document';
import { unitOf, wordsOf } from './words-zh';

/** One thing that was measured, and what was measured of it: a block of a table. */
export interface MeasurementGroup {
  /** Its tracking identifier, '' where it has none. */
  readonly name: string;
  /** What it is and where, as far as it says. */
  readonly about: readonly string[];
  readonly rows: readonly MeasurementRow[];
  /** Images it was measured on. */
  readonly images: readonly ImageReference[];
}

export interface MeasurementRow {
  readonly name: string;
  /** As recorded: '' where there is none, `unit` then says why. */
  readonly value: string;
  readonly unit: string;
  /** False: `value` is words, which want more room than a number. */
  readonly isNumber: boolean;
}

export interface ImageReference {
  readonly sopInstanceUid: string;
  readonly frames: readonly number[];
}

/** DCM 125007; TID 1410, 1411, 1501. */
const measurementGroup = '125007';
const trackingIdentifier = '112039';
/** Finding (DCM 121071) and Finding Site (SCT 363698007, SRT G-C0E3). */
const aboutCodes = new Set(['121071', '363698007', 'G-C0E3', 'G-C171', '272741003']);

/** The measurement groups of a report (PS3.16 TID 1500 and what follows it), and its other content, which still has to be read. */
export function measurementGroups(document: Pick<StructuredDocument, 'content'>): {
  readonly groups: readonly MeasurementGroup[];
  readonly rest: readonly ContentItem[];
} {
  const groups: MeasurementGroup[] = [];
  const rest = document.content.flatMap((item) => without(item, groups));
  return { groups, rest };
}

function without(item: ContentItem, groups: MeasurementGroup[]): ContentItem[] {
  if (item.value.type !== 'container') return [item];
  if (item.name?.code === measurementGroup && item.children.some((child) => child.value.type === 'number')) {
    groups.push(groupOf(item));
    return [];
  }
  const children = item.children.flatMap((child) => without(child, groups));
  // A container that held nothing but groups is said by the table.
  return children.length === 0 && item.children.length > 0 ? [] : [{ ...item, children }];
}

function groupOf(group: ContentItem): MeasurementGroup {
  const about: string[] = [];
  const rows: MeasurementRow[] = [];
  let name = '';
  for (const { name: concept, value, children } of group.children) {
    if (value.type === 'text' && concept?.code === trackingIdentifier) name = value.text;
    else if (value.type === 'code' && aboutCodes.has(concept?.code ?? '')) about.push(wordsOf(value.code));
    else if (value.type === 'code')
      rows.push({ name: nameOf(concept), value: wordsOf(value.code), unit: '', isNumber: false });
    else if (value.type === 'text') rows.push({ name: nameOf(concept), value: value.text, unit: '', isNumber: false });
    else if (value.type === 'number') {
      const isMissing = value.number === '' && value.qualifier !== null;
      const unit = isMissing && value.qualifier !== null ? wordsOf(value.qualifier) : unitOf(value.unit);
      rows.push({
        name: [nameOf(concept), ...modifiersOf(children)].join(' · '),
        value: value.number,
        unit,
        isNumber: true,
      });
    }
  }
  return { name, about, rows, images: imagesWithin(group) };
}

/** What makes a measurement another one than its name alone says: mean or maximum, method, side (HAS CONCEPT MOD). */
function modifiersOf(children: readonly ContentItem[]): string[] {
  return children.flatMap(({ relationship, value }) =>
    relationship === 'HAS CONCEPT MOD' && value.type === 'code' ? [wordsOf(value.code)] : [],
  );
}

function nameOf(concept: CodedWord | null): string {
  return concept === null ? '' : wordsOf(concept);
}

/** Every image an item or anything below it refers to, each once. */
export function imagesWithin(item: ContentItem): ImageReference[] {
  const found = new Map<string, ImageReference>();
  const walk = ({ value, children }: ContentItem): void => {
    if (value.type === 'image') {
      const { sopInstanceUid, frames } = value;
      found.set(`${sopInstanceUid} ${frames.join(',')}`, { sopInstanceUid, frames });
    }
    for (const child of children) walk(child);
  };
  walk(item);
  return [...found.values()];
}
