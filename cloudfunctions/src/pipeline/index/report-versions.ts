import { parseDicomUid } from '@yingyun/shared/domain/dicom-uid';
import { openReportTexts, sealReportTexts } from '../../adapters/database/report-versions';
import {
  type HeldReason,
  insertReport,
  insertReportVersion,
  type ReportRow,
  type ReportVersionRow,
  renumberVersions,
  reportsOfFiller,
  studiesNamedBy,
  updateReport,
  versionsOfReport,
} from '../../adapters/database/reports';
import { accessionNumberIndexOf } from '../../adapters/database/study-texts';
import type { OruReport } from '../../gateway/hl7/read-oru';
import type { AuditRecord } from '../../ports/audit-trail';
import type { Transaction } from '../../ports/database';
import type { JournalRecord, MessageAcknowledged } from '../../ports/journal';
import type { Ports } from '../../ports/ports';
import { type FiledVersion, type VersionContent, withVersion } from './report-version-order';

export type FileReportPorts = Pick<Ports, 'database' | 'fields' | 'outbox' | 'audit' | 'clock' | 'random' | 'log'>;

/** A report and the message (MSH-10) that says it. */
export type IncomingReport = OruReport & { readonly messageControlId: string };

/** A version and its row. */
interface HeldVersion extends FiledVersion {
  readonly id: string;
  /** Its number so far; 0 for one that has none. */
  readonly version: number;
}

/** Adds what the sender says now to every row of its report; makes the rows that are missing, held until images are there. Answers what is to be audited. */
export async function fileVersions(
  ports: FileReportPorts,
  transaction: Transaction,
  record: JournalRecord<MessageAcknowledged>,
  incoming: IncomingReport,
): Promise<AuditRecord[]> {
  const hospitalId = record.entry.tenantId;
  const patientIdIndex = await ports.fields.blindIndex(hospitalId, 'patient-id', incoming.patientId);
  const fillerOrderNumberIndex = await ports.fields.blindIndex(
    hospitalId,
    'filler-order-number',
    incoming.fillerOrderNumber,
  );
  const accessionNumberIndex = await accessionNumberIndexOf(ports.fields, hospitalId, incoming.accessionNumber);
  const known = await reportsOfFiller(transaction, { hospitalId, fillerOrderNumberIndex, patientIdIndex });
  const rows = known.filter((row) => isAbout(row, incoming, accessionNumberIndex));
  const missing = await missingUids(transaction, rows, incoming, { hospitalId, accessionNumberIndex });
  for (const studyInstanceUid of missing) {
    const fresh: ReportRow = {
      id: ports.random.uuid(),
      hospitalId,
      studyId: null,
      heldReason: heldReasonOf(studyInstanceUid, incoming.accessionNumber),
      fillerOrderNumberIndex,
      accessionNumberIndex,
      studyInstanceUid,
      patientIdIndex,
      status: incoming.status,
      version: 0,
      updatedAt: ports.clock.now(),
    };
    await insertReport(transaction, fresh);
    rows.push(fresh);
  }
  const acts: AuditRecord[] = [];
  for (const row of rows) acts.push(await fileVersion(ports, transaction, record, incoming, row));
  return acts;
}

/** The same OBR-3 and patient alone are the same report only where the message names neither study nor accession number. */
function isAbout(row: ReportRow, incoming: OruReport, accessionNumberIndex: string): boolean {
  if (incoming.studyInstanceUids.length === 0 && incoming.statedAccessionNumber === '') return true;
  if (row.studyInstanceUid !== '' && incoming.studyInstanceUids.includes(row.studyInstanceUid)) return true;
  return accessionNumberIndex !== '' && row.accessionNumberIndex === accessionNumberIndex;
}

/** '' stands for a row that is matched by accession number. A study that has the report by its accession number needs no second one. */
async function missingUids(
  transaction: Transaction,
  rows: readonly ReportRow[],
  { studyInstanceUids }: OruReport,
  named: Pick<ReportRow, 'hospitalId' | 'accessionNumberIndex'>,
): Promise<readonly string[]> {
  if (studyInstanceUids.length === 0) return rows.length === 0 ? [''] : [];
  const missing: string[] = [];
  for (const studyInstanceUid of studyInstanceUids) {
    const studies = await studiesNamedBy(transaction, { ...named, studyInstanceUid });
    const has = rows.some(
      (row) => row.studyInstanceUid === studyInstanceUid || studies.some(({ id }) => id === row.studyId),
    );
    if (!has) missing.push(studyInstanceUid);
  }
  return missing;
}

function heldReasonOf(studyInstanceUid: string, accessionNumber: string): HeldReason {
  if (studyInstanceUid !== '')
    return parseDicomUid(studyInstanceUid) === undefined ? 'study-uid-invalid' : 'waiting-for-images';
  return accessionNumber === '' ? 'no-identifier' : 'waiting-for-images';
}

async function fileVersion(
  ports: FileReportPorts,
  transaction: Transaction,
  record: JournalRecord<MessageAcknowledged>,
  incoming: IncomingReport,
  row: ReportRow,
): Promise<AuditRecord> {
  const { entry, sequence } = record;
  const reportedAt = incoming.reportedAt ?? new Date(entry.receivedAt);
  const content: VersionContent = {
    status: incoming.status,
    findings: withAttachments(incoming),
    impression: incoming.impression,
    reportingDoctor: incoming.reportingDoctor,
    approvingDoctor: incoming.approvingDoctor,
    examItem: incoming.examItem,
    reportedAt: reportedAt.getTime(),
  };
  const versions = await versionsOfReport(transaction, row.id);
  const filed = await Promise.all(versions.map((version) => openVersion(ports, version)));
  const id = ports.random.uuid();
  const { sender } = entry;
  const { messageControlId } = incoming;
  const fresh: HeldVersion = { id, version: 0, content, sender, messageControlId, journalSequence: sequence };
  const history = withVersion(fresh, filed);
  const act = (action: string, reason: string): AuditRecord => ({
    hospitalId: row.hospitalId,
    actor: { kind: 'system', id: 'file-report' },
    action,
    object: { kind: 'report', id: row.id },
    outcome: 'ok',
    reason,
    requestId: `journal:${sequence}`,
  });
  if (history === undefined) {
    ports.log.info('report-version-ignored', { sequence, reportId: row.id, reason: 'duplicate' });
    return act('report-version-ignored', 'duplicate');
  }
  const version = history.indexOf(fresh) + 1;
  const moved = history.map((one, i) => ({ id: one.id, from: one.version, version: i + 1 }));
  await renumberVersions(
    transaction,
    moved.filter((one) => one.id !== id && one.from !== one.version),
  );
  const isSigned = content.status === 'approved' || content.status === 'amended';
  await insertReportVersion(transaction, {
    id,
    hospitalId: row.hospitalId,
    reportId: row.id,
    version,
    status: content.status,
    ...(await sealReportTexts(ports.fields, row.hospitalId, id, { ...content, messageControlId })),
    reportedAt,
    approvedAt: isSigned ? reportedAt : null,
    sender,
    journalSequence: sequence,
    receivedAt: new Date(entry.receivedAt),
  });
  // one that belongs into the history changes nothing of what is shown
  const isShown = version === history.length;
  await updateReport(transaction, row.id, {
    version: history.length,
    ...(isShown ? { status: content.status, updatedAt: ports.clock.now() } : {}),
  });
  return act('report-version-filed', `${content.status}:${version}`);
}

/** What a reader can't see here must not go unsaid. */
function withAttachments({ findings, attachmentCount }: OruReport): string {
  if (attachmentCount === 0) return findings;
  return [findings, `（另有 ${attachmentCount} 份附件，暂不能在此显示）`].filter((text) => text !== '').join('\n');
}

async function openVersion(ports: FileReportPorts, version: ReportVersionRow): Promise<HeldVersion> {
  const { messageControlId, ...texts } = await openReportTexts(ports.fields, version);
  const { sender, journalSequence } = version;
  return {
    id: version.id,
    version: version.version,
    content: {
      ...texts,
      status: readStatus(version.status),
      reportedAt: version.reportedAt.getTime(),
    },
    sender,
    messageControlId,
    journalSequence,
  };
}

function readStatus(text: string): VersionContent['status'] {
  if (text === 'preliminary' || text === 'approved' || text === 'amended' || text === 'withdrawn') return text;
  throw new Error(`report_version.status is ${text}`);
}
