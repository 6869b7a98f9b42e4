import type { FieldCipher, FieldPlace } from '../../ports/field-cipher';
import type { series, study } from '../../ports/schema';

/** What headers say of a study in words and numbers, in clear: never outside of memory. */
export interface StudyTexts {
  readonly accessionNumber: string;
  readonly description: string;
  readonly bodyPart: string;
}

export type SeriesTexts = Pick<StudyTexts, 'description' | 'bodyPart'>;

type StudyColumns = Pick<
  typeof study.$inferSelect,
  'accessionNumberIndex' | 'accessionNumberSealed' | 'descriptionSealed' | 'bodyPartSealed'
>;
type SeriesColumns = Pick<typeof series.$inferSelect, 'descriptionSealed' | 'bodyPartSealed'>;

/** A row of `study` or `series`: sealed fields are bound to it. */
interface Row {
  readonly hospitalId: string;
  readonly id: string;
}

/** Seals a study's texts for its own row; its accession number can be found by an index. */
export async function sealStudyTexts(fields: FieldCipher, row: Row, texts: StudyTexts): Promise<StudyColumns> {
  return {
    accessionNumberIndex: await accessionNumberIndexOf(fields, row.hospitalId, texts.accessionNumber),
    accessionNumberSealed: await fields.seal(placeOf('study', row, 'accessionNumber'), texts.accessionNumber),
    descriptionSealed: await fields.seal(placeOf('study', row, 'description'), texts.description),
    bodyPartSealed: await fields.seal(placeOf('study', row, 'bodyPart'), texts.bodyPart),
  };
}

export async function sealSeriesTexts(fields: FieldCipher, row: Row, texts: SeriesTexts): Promise<SeriesColumns> {
  return {
    descriptionSealed: await fields.seal(placeOf('series', row, 'description'), texts.description),
    bodyPartSealed: await fields.seal(placeOf('series', row, 'bodyPart'), texts.bodyPart),
  };
}

/** Throws ProblemError `sealed-object-invalid` where the field was changed or moved. */
export function openStudyText(
  fields: FieldCipher,
  row: Row,
  name: keyof StudyTexts,
  sealed: Uint8Array,
): Promise<string> {
  return fields.open(placeOf('study', row, name), sealed);
}

/** Throws ProblemError `sealed-object-invalid` where the field was changed or moved. */
export function openSeriesText(
  fields: FieldCipher,
  row: Row,
  name: keyof SeriesTexts,
  sealed: Uint8Array,
): Promise<string> {
  return fields.open(placeOf('series', row, name), sealed);
}

/** One index for studies, reports and queries: case and blanks around it don't count. '' stays ''. */
export function accessionNumberIndexOf(fields: FieldCipher, hospitalId: string, text: string): Promise<string> {
  return fields.blindIndex(hospitalId, 'accession-number', text);
}

const columns = {
  accessionNumber: 'accession_number_sealed',
  description: 'description_sealed',
  bodyPart: 'body_part_sealed',
} as const;

function placeOf(table: 'study' | 'series', { hospitalId, id }: Row, name: keyof StudyTexts): FieldPlace {
  return { tenantId: hospitalId, table, column: columns[name], rowId: id };
}
