import type { ContentValue } from '../contract/film-document';
import type { TextOf } from './character-set';
import { codedWordOf } from './coded-word';
import { type DataSet, find, itemsOf } from './data-set';
import { isoDate, isoFromDt } from './date-time';
import type { DocumentBudget, DocumentReader } from './structured-document';
import { codeValue, numberValues, textValue } from './values';

/** One passage of a report; longer ones are cut. */
const passageLength = 20_000;

/** The value of a content item by its Value Type (PS3.3 C.17.3.2.1), or the item it points to (C.17.3.2.5); paid for from `budget`. */
export function contentValueOf(
  item: DataSet,
  text: TextOf,
  reader: DocumentReader,
  budget: DocumentBudget,
): ContentValue {
  const path = numberValues(item, 0x0040db73);
  // The path begins with the root, which is 1.
  if (path.length > 0) return { type: 'reference', path: path.slice(1, 33) };
  const type = codeValue(item, 0x0040a040);
  switch (type) {
    case 'CONTAINER':
      return { type: 'container' };
    case 'TEXT': {
      const passage = longText(item, 0x0040a160, text).slice(0, Math.min(passageLength, budget.textLength));
      budget.textLength -= passage.length;
      return { type: 'text', text: passage };
    }
    case 'NUM':
      return numberOf(item, text);
    case 'CODE':
      return { type: 'code', code: codedWordOf(item, 0x0040a168, text) ?? { code: '', scheme: '', meaning: '' } };
    case 'DATE':
      return { type: 'date', text: isoDate(codeValue(item, 0x0040a121)) };
    case 'TIME':
      return { type: 'time', text: codeValue(item, 0x0040a122).replace(/^(\d\d)(\d\d)(\d\d).*$/, '$1:$2:$3') };
    case 'DATETIME':
      return { type: 'datetime', text: isoFromDt(codeValue(item, 0x0040a120)) };
    case 'PNAME':
      return { type: 'person', text: reader.personOf(textValue(item, 0x0040a123, text)) };
    case 'UIDREF':
      return { type: 'uid', uid: codeValue(item, 0x0040a124) };
    case 'IMAGE':
    case 'COMPOSITE':
    case 'WAVEFORM':
      return referenceOf(item, type, budget);
    case 'SCOORD':
    case 'SCOORD3D': {
      const points = paidFor(numberValues(item, 0x00700022), budget);
      return { type: 'coordinates', graphic: codeValue(item, 0x00700023), points };
    }
    default:
      return { type: 'other', text: type };
  }
}

function numberOf(item: DataSet, text: TextOf): ContentValue {
  const measured = itemsOf(item, 0x0040a300)[0];
  const qualifier = codedWordOf(item, 0x0040a301, text);
  if (measured === undefined) return { type: 'number', number: '', unit: null, qualifier };
  const number = codeValue(measured, 0x0040a30a);
  return { type: 'number', number, unit: codedWordOf(measured, 0x004008ea, text), qualifier };
}

function referenceOf(item: DataSet, type: 'IMAGE' | 'COMPOSITE' | 'WAVEFORM', budget: DocumentBudget): ContentValue {
  const referenced = itemsOf(item, 0x00081199)[0];
  const sopInstanceUid = referenced === undefined ? '' : codeValue(referenced, 0x00081155);
  if (type !== 'IMAGE') return { type: type === 'WAVEFORM' ? 'waveform' : 'composite', sopInstanceUid };
  const frames = referenced === undefined ? [] : numberValues(referenced, 0x00081160).filter(Number.isInteger);
  return { type: 'image', sopInstanceUid, frames: paidFor(frames, budget) };
}

function paidFor(numbers: readonly number[], budget: DocumentBudget): readonly number[] {
  const kept = numbers.slice(0, budget.points);
  budget.points -= kept.length;
  return kept;
}

/** UT has one value: a backslash in it is a backslash. */
function longText(item: DataSet, tag: number, text: TextOf): string {
  const element = find(item, tag);
  return element === undefined ? '' : text(element.value).replace(/[ \0]+$/, '');
}
