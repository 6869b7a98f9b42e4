import type { HeldReason, MatchableStudy, ReportRow } from '../../adapters/database/reports';

export type ReportPlace =
  | { readonly place: 'stay' | 'attach' | 'copy'; readonly heldReason: '' }
  | { readonly place: 'hold'; readonly heldReason: HeldReason };

const stay = { place: 'stay', heldReason: '' } as const;

/**
 * Which report belongs to which study (design §6): hospital and Study Instance UID; else hospital and accession number. Either way the
 * patient IDs must agree: a report of another patient is never attached, it is held for a person. A stated UID is decisive: such a
 * report is never matched by accession number. `row` is one of `reportsNaming(study)`; `attached` are those the study has by now.
 */
export function placeReport(row: ReportRow, study: MatchableStudy, attached: readonly ReportRow[]): ReportPlace {
  const isNamed =
    row.studyInstanceUid !== ''
      ? row.studyInstanceUid === study.studyInstanceUid
      : row.accessionNumberIndex !== '' && row.accessionNumberIndex === study.accessionNumberIndex;
  const isOfPatient = row.patientIdIndex !== '' && row.patientIdIndex === study.patientIdIndex;
  if (row.studyId === study.id) {
    if (!isNamed) return { place: 'hold', heldReason: 'waiting-for-images' };
    return isOfPatient ? stay : { place: 'hold', heldReason: 'patient-mismatch' };
  }
  if (!isNamed) return stay;
  if (!isOfPatient) return row.studyId === null ? { place: 'hold', heldReason: 'patient-mismatch' } : stay;
  const hasIt = attached.some(
    (other) =>
      other.fillerOrderNumberIndex === row.fillerOrderNumberIndex && other.patientIdIndex === row.patientIdIndex,
  );
  if (row.studyId === null) return { place: 'attach', heldReason: '' };
  return hasIt ? stay : { place: 'copy', heldReason: '' };
}
