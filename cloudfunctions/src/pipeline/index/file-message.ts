import { personsOfIdentity } from '../../adapters/database/patient-links';
import { fileRecord } from '../../adapters/database/patient-records';
import { endSharesOutOfSight } from '../../adapters/database/person-shares';
import { type Hl7Message, parseMessage } from '../../gateway/hl7/parse-message';
import { shanghaiOffsetMinutes } from '../../gateway/hl7/read-instant';
import { readPatient } from '../../gateway/hl7/read-patient';
import { isRefusal } from '../../gateway/hl7/refusal';
import type { JournalRecord, MessageAcknowledged } from '../../ports/journal';
import type { HandlerOutcome } from '../../ports/outbox';
import { fileReport } from './file-report';
import type { FileReportPorts } from './report-versions';

/**
 * Files one acknowledged HL7 message: what its PID states goes into the hospital's record of the patient, and the reports of an ORU
 * become versions. Runs any number of times for one record with the result of one run.
 */
export async function fileMessage(
  ports: FileReportPorts,
  record: JournalRecord<MessageAcknowledged>,
  bytes: Uint8Array,
  utcOffsetMinutes = shanghaiOffsetMinutes,
): Promise<HandlerOutcome> {
  const message = parseMessage(bytes);
  if ('problem' in message) return unreadable(ports, record);
  const filed = await filePatient(ports, record, message, utcOffsetMinutes);
  if (filed.outcome !== 'done' || record.entry.messageType !== 'ORU^R01') return filed;
  return fileReport(ports, record, message, utcOffsetMinutes);
}

/** The gateway read it with the same code before it said AA: a person must look at this one. */
function unreadable(ports: FileReportPorts, { sequence }: JournalRecord): HandlerOutcome {
  ports.log.error('message-unreadable', { sequence });
  return { outcome: 'dead', reason: 'hl7-malformed' };
}

/** A message can't be of a later time than it was received: a sender's fast clock must not freeze the record. */
async function filePatient(
  ports: FileReportPorts,
  record: JournalRecord<MessageAcknowledged>,
  message: Hl7Message,
  utcOffsetMinutes: number,
): Promise<HandlerOutcome> {
  const patient = readPatient(message, utcOffsetMinutes);
  if (isRefusal(patient)) return unreadable(ports, record);
  const { tenantId: hospitalId } = record.entry;
  const receivedAt = new Date(record.entry.receivedAt);
  const { statedAt = receivedAt } = patient;
  const stated = {
    ...patient,
    statedAt: statedAt < receivedAt ? statedAt : receivedAt,
    statedSequence: record.sequence,
  };
  await ports.database.transaction(async (transaction) => {
    const change = await fileRecord(ports, transaction, hospitalId, stated);
    if (change === undefined || change.before === '' || change.before === change.after) return;
    // who was bound to what the record said before no longer sees its films: neither may those they shared them with
    const now = ports.clock.now();
    for (const personId of await personsOfIdentity(transaction, hospitalId, change.before)) {
      await endSharesOutOfSight(transaction, personId, now);
    }
    await ports.audit.record(transaction, {
      hospitalId,
      actor: { kind: 'system', id: 'file-message' },
      action: 'patient-identity-changed',
      object: { kind: 'patient-record', id: change.recordId },
      outcome: 'ok',
      requestId: `message:${record.sequence}`,
    });
  });
  return { outcome: 'done' };
}
