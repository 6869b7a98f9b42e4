import type { FieldCipher } from '../../ports/field-cipher';
import type { ReportVersionRow } from './reports';

/** A version's texts in clear: never outside of memory. */
export interface ReportTexts {
  readonly findings: string;
  readonly impression: string;
  readonly reportingDoctor: string;
  readonly approvingDoctor: string;
  readonly examItem: string;
  /** MSH-10. */
  readonly messageControlId: string;
}

type SealedColumns = Pick<
  ReportVersionRow,
  | 'findingsSealed'
  | 'impressionSealed'
  | 'reportingDoctorSealed'
  | 'approvingDoctorSealed'
  | 'examItemSealed'
  | 'messageControlIdSealed'
>;

/** Seals a version's texts for its own row: sealed fields are bound to it and can't be copied from one to another. */
export async function sealReportTexts(
  fields: FieldCipher,
  hospitalId: string,
  versionId: string,
  texts: ReportTexts,
): Promise<SealedColumns> {
  const seal = (column: string, text: string) =>
    fields.seal({ tenantId: hospitalId, table: 'report_version', column, rowId: versionId }, text);
  return {
    findingsSealed: await seal('findings_sealed', texts.findings),
    impressionSealed: await seal('impression_sealed', texts.impression),
    reportingDoctorSealed: await seal('reporting_doctor_sealed', texts.reportingDoctor),
    approvingDoctorSealed: await seal('approving_doctor_sealed', texts.approvingDoctor),
    examItemSealed: await seal('exam_item_sealed', texts.examItem),
    messageControlIdSealed: await seal('message_control_id_sealed', texts.messageControlId),
  };
}

/** Throws ProblemError `sealed-object-invalid` where a field was changed or moved. */
export async function openReportTexts(fields: FieldCipher, version: ReportVersionRow): Promise<ReportTexts> {
  const open = (column: string, sealed: Uint8Array) =>
    fields.open({ tenantId: version.hospitalId, table: 'report_version', column, rowId: version.id }, sealed);
  return {
    findings: await open('findings_sealed', version.findingsSealed),
    impression: await open('impression_sealed', version.impressionSealed),
    reportingDoctor: await open('reporting_doctor_sealed', version.reportingDoctorSealed),
    approvingDoctor: await open('approving_doctor_sealed', version.approvingDoctorSealed),
    examItem: await open('exam_item_sealed', version.examItemSealed),
    messageControlId: await open('message_control_id_sealed', version.messageControlIdSealed),
  };
}

/** The exam item alone, for lists. Throws as `openReportTexts`. */
export function openExamItem(
  fields: FieldCipher,
  version: Pick<ReportVersionRow, 'id' | 'hospitalId' | 'examItemSealed'>,
): Promise<string> {
  const place = {
    tenantId: version.hospitalId,
    table: 'report_version',
    column: 'exam_item_sealed',
    rowId: version.id,
  };
  return fields.open(place, version.examItemSealed);
}
