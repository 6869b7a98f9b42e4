import type { ContentValue } from '../contract/film-document';
import { unitOf, wordsOf } from './words-zh';

/** A surface's own words for what has none of its own. */
export interface ValueTexts {
  readonly other: string;
  readonly coordinates: (graphic: string) => string;
  readonly reference: (path: string) => string;
}

/** What a content item says, in words to read. */
export function valueWords(value: Exclude<ContentValue, { type: 'container' | 'image' }>, text: ValueTexts): string {
  switch (value.type) {
    case 'text':
    case 'other':
    case 'person':
      return value.text;
    case 'date':
    case 'time':
    case 'datetime':
      return value.text.replace('T', ' ');
    case 'number':
      if (value.number === '') return value.qualifier === null ? '' : wordsOf(value.qualifier);
      return `${value.number} ${unitOf(value.unit)}`.trimEnd();
    case 'code':
      return wordsOf(value.code);
    case 'uid':
      return value.uid;
    case 'composite':
    case 'waveform':
      return text.other;
    case 'coordinates':
      return text.coordinates(value.graphic);
    case 'reference':
      return text.reference(value.path.join('.'));
    default:
      return value satisfies never;
  }
}
