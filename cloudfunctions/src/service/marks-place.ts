import type { FieldPlace } from '../ports/field-cipher';

/** Marks are sealed whole: their texts may hold names, and where somebody measured tells what somebody looked for. */
export function marksPlace(hospitalId: string, rowId: string): FieldPlace {
  return { tenantId: hospitalId, table: 'mark_sheet', column: 'marks_sealed', rowId };
}
