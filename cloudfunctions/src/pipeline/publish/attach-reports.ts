import { openReportTexts, sealReportTexts } from '../../adapters/database/report-versions';
import {
  insertReport,
  insertReportVersion,
  type MatchableStudy,
  type ReportRow,
  reportsNaming,
  updateReport,
  versionsOfReport,
} from '../../adapters/database/reports';
import type { AuditRecord } from '../../ports/audit-trail';
import type { Transaction } from '../../ports/database';
import type { Ports } from '../../ports/ports';
import { placeReport } from './match-report';

export type AttachPorts = Pick<Ports, 'fields' | 'clock' | 'random'>;

/**
 * Brings a study and the reports that name it together (design §6), both ways: attaches what waited, lets go of what no longer
 * agrees after a correction of the images' patient or accession number. Call it under `lockReports`. Answers what is to be audited: an
 * audit record holds up all others until its transaction ends, so the caller writes it last.
 */
export async function attachReports(
  ports: AttachPorts,
  transaction: Transaction,
  study: MatchableStudy,
): Promise<AuditRecord[]> {
  const rows = await reportsNaming(transaction, study);
  const attached = rows.filter((row) => row.studyId === study.id);
  const acts: AuditRecord[] = [];
  const note = (action: string, reportId: string, reason: string) =>
    acts.push({
      hospitalId: study.hospitalId,
      actor: { kind: 'system', id: 'publish-film' },
      action,
      object: { kind: 'report', id: reportId },
      outcome: 'ok',
      reason,
      requestId: `study:${study.id}`,
    });
  for (const row of rows) {
    const { place, heldReason } = placeReport(row, study, attached);
    switch (place) {
      case 'stay':
        break;
      case 'attach':
        await updateReport(transaction, row.id, { studyId: study.id, heldReason: '', updatedAt: ports.clock.now() });
        attached.push(row);
        note('report-attached', row.id, row.studyInstanceUid === '' ? 'accession-number' : 'study-instance-uid');
        break;
      case 'copy': {
        const copyId = await copyReport(ports, transaction, row, study.id);
        attached.push(row);
        note('report-attached', copyId, 'accession-number');
        break;
      }
      case 'hold':
        if (row.studyId === null && row.heldReason === heldReason) break;
        await updateReport(transaction, row.id, { studyId: null, heldReason, updatedAt: ports.clock.now() });
        note('report-held', row.id, heldReason);
        break;
      default:
        place satisfies never;
    }
  }
  return acts;
}

/** One accession number may hold several studies: each gets the report with all its versions, sealed for its own rows. */
async function copyReport(
  ports: AttachPorts,
  transaction: Transaction,
  row: ReportRow,
  studyId: string,
): Promise<string> {
  const id = ports.random.uuid();
  await insertReport(transaction, { ...row, id, studyId, heldReason: '', updatedAt: ports.clock.now() });
  for (const version of await versionsOfReport(transaction, row.id)) {
    const versionId = ports.random.uuid();
    const texts = await openReportTexts(ports.fields, version);
    const sealed = await sealReportTexts(ports.fields, row.hospitalId, versionId, texts);
    await insertReportVersion(transaction, { ...version, ...sealed, id: versionId, reportId: id });
  }
  return id;
}
