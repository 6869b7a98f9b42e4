import type { CodedWord } from '../contract/film-document';
import type { TextOf } from './character-set';
import { type DataSet, itemsOf } from './data-set';
import { textValue } from './values';

/** The first item of a code sequence (PS3.3 8.8), long and URN code values too; null where it is missing. */
export function codedWordOf(place: DataSet, sequence: number, text: TextOf): CodedWord | null {
  const item = itemsOf(place, sequence)[0];
  if (item === undefined) return null;
  const code = [0x00080100, 0x00080119, 0x00080120].map((tag) => textValue(item, tag, text)).find((one) => one !== '');
  return { code: code ?? '', scheme: textValue(item, 0x00080102, text), meaning: textValue(item, 0x00080104, text) };
}
