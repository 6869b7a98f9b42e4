import type { ContentItem, StructuredDocument } from '../contract/film-document';
import type { TextOf } from './character-set';
import { codedWordOf } from './coded-word';
import { contentValueOf } from './content-value';
import { type DataSet, itemsOf } from './data-set';
import { isoDateTime } from './date-time';
import { codeValue } from './values';

/** How the words of a document are read and shown. */
export interface DocumentReader {
  /** The decoder for an item, which may declare a character set of its own. */
  readonly textOf: (item: DataSet, inherited: TextOf) => TextOf;
  /** A PN value as this reader may see it. */
  readonly personOf: (name: string) => string;
}

/** What a report may cost its reader, the whole of it; items beyond are left out, and one says so. Coordinates nobody draws here are cut. */
export const documentLimits = { items: 5000, depth: 24, textLength: 2_000_000, points: 50_000 } as const;

/** What of it is left while a document is read. */
export interface DocumentBudget {
  items: number;
  textLength: number;
  points: number;
}

/**
 * The content of a structured report or key object selection (PS3.3 C.17) as a tree, in the document's order, private elements left
 * out. Lenient: an item without a value it needs comes with an empty one.
 */
export function structuredDocumentOf(
  dataSet: DataSet,
  kind: StructuredDocument['kind'],
  text: TextOf,
  reader: DocumentReader,
): StructuredDocument {
  const completion = codeValue(dataSet, 0x0040a491);
  const verification = codeValue(dataSet, 0x0040a493);
  const budget: DocumentBudget = { ...documentLimits };
  return {
    kind,
    title: codedWordOf(dataSet, 0x0040a043, text) ?? { code: '', scheme: '', meaning: '' },
    completion: completion === 'COMPLETE' ? 'complete' : completion === 'PARTIAL' ? 'partial' : '',
    verification: verification === 'VERIFIED' ? 'verified' : verification === 'UNVERIFIED' ? 'unverified' : '',
    contentAt: isoDateTime(codeValue(dataSet, 0x00080023), codeValue(dataSet, 0x00080033)),
    content: contentOf(dataSet, text, reader, budget, 0),
  };
}

function contentOf(
  place: DataSet,
  text: TextOf,
  reader: DocumentReader,
  budget: DocumentBudget,
  depth: number,
): ContentItem[] {
  const content: ContentItem[] = [];
  for (const item of itemsOf(place, 0x0040a730)) {
    if (budget.items-- <= 0 || budget.textLength <= 0 || depth >= documentLimits.depth) {
      const value = { type: 'other', text: '……（内容过多，其余未显示）' } as const;
      content.push({ relationship: '', name: null, value, children: [] });
      break;
    }
    const own = reader.textOf(item, text);
    content.push({
      relationship: codeValue(item, 0x0040a010),
      name: codedWordOf(item, 0x0040a043, own),
      value: contentValueOf(item, own, reader, budget),
      children: contentOf(item, own, reader, budget, depth + 1),
    });
  }
  return content;
}
