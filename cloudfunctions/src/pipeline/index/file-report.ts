import { parseDicomUid } from '@yingyun/shared/domain/dicom-uid';
import { isMessageFiled, lockReports, reportsOfMessage, studiesNamedBy } from '../../adapters/database/reports';
import { type Hl7Message, readValue } from '../../gateway/hl7/parse-message';
import { readOru } from '../../gateway/hl7/read-oru';
import { isRefusal } from '../../gateway/hl7/refusal';
import type { AuditRecord } from '../../ports/audit-trail';
import type { JournalRecord, MessageAcknowledged } from '../../ports/journal';
import type { HandlerOutcome } from '../../ports/outbox';
import { type FileReportPorts, fileVersions } from './report-versions';

/**
 * Files the reports of one acknowledged ORU message as versions, and tells the publish stage which studies they name
 * (`study-changed`); that stage attaches them. Runs any number of times for one record with the result of one run.
 */
export async function fileReport(
  ports: FileReportPorts,
  record: JournalRecord<MessageAcknowledged>,
  message: Hl7Message,
  utcOffsetMinutes: number,
): Promise<HandlerOutcome> {
  const { tenantId: hospitalId } = record.entry;
  const reports = readOru(message, utcOffsetMinutes);
  if (isRefusal(reports)) {
    // the gateway read it with the same code before it said AA: a person must look at this one
    ports.log.error('report-unreadable', { sequence: record.sequence });
    return { outcome: 'dead', reason: 'hl7-malformed' };
  }
  const messageControlId = readValue(message, message.segments[0], 10);
  await ports.database.transaction(async (transaction) => {
    await lockReports(transaction, hospitalId);
    if (await isMessageFiled(transaction, hospitalId, record.sequence)) return;
    const acts: AuditRecord[] = [];
    for (const report of reports) {
      acts.push(...(await fileVersions(ports, transaction, record, { ...report, messageControlId })));
    }
    for (const act of acts) await ports.audit.record(transaction, act); // last: it holds up every other writer of the trail
  });
  await announce(ports, hospitalId, record.sequence);
  return { outcome: 'done' };
}

/**
 * After the commit, on purpose: a study that was committed before this look is found here, and one that is committed later finds
 * the report when its own `study-changed` runs. Looked up before the commit, both could miss each other.
 */
async function announce(ports: FileReportPorts, hospitalId: string, sequence: number): Promise<void> {
  await ports.database.transaction(async (transaction) => {
    const studyIds = new Set<string>();
    for (const report of await reportsOfMessage(transaction, hospitalId, sequence)) {
      if (report.studyId !== null) studyIds.add(report.studyId);
      if (report.studyInstanceUid !== '' && parseDicomUid(report.studyInstanceUid) === undefined) continue;
      for (const study of await studiesNamedBy(transaction, report)) studyIds.add(study.id);
    }
    for (const studyId of [...studyIds].sort()) await ports.outbox.add(transaction, { kind: 'study-changed', studyId });
  });
  ports.outbox.wake();
}
