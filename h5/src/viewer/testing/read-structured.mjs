// Test support: an SR or KO file as the document route answers it, apart from the product's own reader.
import dicomParser from 'dicom-parser';

/** @param {Uint8Array} bytes @returns {import('../../../../shared/src/contract/film-document').StructuredDocument} */
export function readStructured(bytes) {
  const data = dicomParser.parseDicom(bytes);
  const isKey = data.string('x00080016') === '1.2.840.10008.5.1.4.1.1.88.59';
  const date = data.string('x00080023') ?? '';
  const time = data.string('x00080033') ?? '';
  return {
    kind: isKey ? 'key-object' : 'structured-report',
    title: word(data, 'x0040a043') ?? { code: '', scheme: '', meaning: '' },
    completion: (data.string('x0040a491') ?? '').toLowerCase(),
    verification: (data.string('x0040a493') ?? '').toLowerCase(),
    contentAt:
      date === ''
        ? ''
        : `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6)}`,
    content: items(data, 'x0040a730').map(itemOf),
  };
}

const items = (data, tag) => (data.elements[tag]?.items ?? []).map((one) => one.dataSet);
const text = (data, tag) => (data.string(tag) ?? '').trim();

function word(data, tag) {
  const code = items(data, tag)[0];
  if (code === undefined) return null;
  return { code: text(code, 'x00080100'), scheme: text(code, 'x00080102'), meaning: text(code, 'x00080104') };
}

function itemOf(data) {
  return {
    relationship: text(data, 'x0040a010'),
    name: word(data, 'x0040a043'),
    value: valueOf(data),
    children: items(data, 'x0040a730').map(itemOf),
  };
}

function valueOf(data) {
  const reference = items(data, 'x00081199')[0];
  switch (text(data, 'x0040a040')) {
    case 'CONTAINER':
      return { type: 'container' };
    case 'TEXT':
      return { type: 'text', text: text(data, 'x0040a160') };
    case 'CODE':
      return { type: 'code', code: word(data, 'x0040a168') ?? { code: '', scheme: '', meaning: '' } };
    case 'NUM': {
      const measured = items(data, 'x0040a300')[0];
      return {
        type: 'number',
        number: measured === undefined ? '' : text(measured, 'x0040a30a'),
        unit: measured === undefined ? null : word(measured, 'x004008ea'),
        qualifier: word(data, 'x0040a301'),
      };
    }
    case 'PNAME':
      return { type: 'person', text: text(data, 'x0040a123') };
    case 'UIDREF':
      return { type: 'uid', uid: text(data, 'x0040a124') };
    case 'DATE':
      return { type: 'date', text: text(data, 'x0040a121') };
    case 'DATETIME':
      return { type: 'datetime', text: text(data, 'x0040a120') };
    case 'IMAGE':
      return {
        type: 'image',
        sopInstanceUid: reference === undefined ? '' : text(reference, 'x00081155'),
        frames: reference === undefined ? [] : text(reference, 'x00081160').split('\\').filter(Boolean).map(Number),
      };
    case 'COMPOSITE':
      return { type: 'composite', sopInstanceUid: reference === undefined ? '' : text(reference, 'x00081155') };
    case 'SCOORD':
      return { type: 'coordinates', graphic: text(data, 'x00700023'), points: [] };
    default:
      return { type: 'other', text: text(data, 'x0040a040') };
  }
}
