import { createAuditTrail } from '../adapters/audit/audit-trail';
import { accessionNumberIndexOf } from '../adapters/database/study-texts';
import { createFieldCipher } from '../adapters/fields/field-cipher';
import { createOutbox } from '../adapters/outbox/outbox';
import { archiveMessage } from '../pipeline/archive-message';
import { projectRecords } from '../pipeline/index/project-records';
import { notifyFilm } from '../pipeline/notify/notify-film';
import { publishFilm } from '../pipeline/publish/publish-film';
import type { AuditRecord, AuditTrail } from '../ports/audit-trail';
import type { Database } from '../ports/database';
import type { JournalRecord, MessageAcknowledged } from '../ports/journal';
import type { Notice, Notifier } from '../ports/notifier';
import type { HandlerOutcome, OutboxEvent } from '../ports/outbox';
import { outbox as outboxTable, report, reportVersion } from '../ports/schema';
import { createFakeKeyProvider, createHandClock, createMemoryLog, createSeededRandom } from './fakes';
import { createMemoryArchive } from './memory-archive';
import { openMemorySpool } from './memory-spool';
import { addHospital, addStudy, messageEntry, type OruFixture, oruMessage, type StudyFixture } from './report-fixtures';

export type ReportWorld = Awaited<ReturnType<typeof createReportWorld>>;

/** A hospital "h1" (and a strange one, "h2") with the real use cases, database, field cipher, audit trail and outbox; keys, spool and channel are in memory. */
export async function createReportWorld(database: Database) {
  const clock = createHandClock('2026-03-01T05:00:00.000Z');
  const random = createSeededRandom();
  const log = createMemoryLog();
  const spool = openMemorySpool();
  const archive = createMemoryArchive(random);
  const keyProvider = createFakeKeyProvider();
  const fields = createFieldCipher({ keyProvider, random });
  const chain = createAuditTrail({ keyProvider, clock });
  const audited: AuditRecord[] = [];
  const audit: AuditTrail = {
    ...chain,
    record: (queryable, record) => {
      audited.push(record);
      return chain.record(queryable, record);
    },
  };
  const told: Notice[] = [];
  const notifier = {
    channel: 'console',
    send: async (notice: Notice): ReturnType<Notifier['send']> => {
      told.push(notice);
      return 'sent';
    },
  };
  const publishing: { unreportedAfterMs: number | null } = { unreportedAfterMs: null };
  const ports = {
    publishing,
    clock,
    random,
    log,
    spool,
    ...archive,
    fields,
    audit,
    notifier,
    database,
    outbox: createOutbox({ clock, random }),
  };
  await addHospital(database, 'h1');
  await addHospital(database, 'h2');

  /** What the gateway does with a message, without the network. */
  async function acknowledge(fixture: OruFixture, hospitalId = 'h1'): Promise<JournalRecord<MessageAcknowledged>> {
    const writer = await spool.open(hospitalId);
    await writer.write(oruMessage(fixture));
    return writer.commit<MessageAcknowledged>(messageEntry(hospitalId));
  }

  let projected = 0;
  /** What the pipeline wrote into the journal becomes rows. */
  async function project(): Promise<void> {
    const records = archive.journal.records.slice(projected);
    projected += records.length;
    await database.transaction((transaction) => projectRecords(ports, transaction, records));
  }

  /** Runs what waits in the outbox until nothing does; the answers of publishing and telling, in order. */
  async function settle(): Promise<HandlerOutcome[]> {
    const outcomes: HandlerOutcome[] = [];
    for (;;) {
      await project();
      const rows = await database.delete(outboxTable).returning();
      if (rows.length === 0) return outcomes;
      for (const row of rows.sort((a, b) => (a.dedupeKey < b.dedupeKey ? -1 : 1))) {
        const event = { kind: row.kind, ...JSON.parse(row.payload) } as OutboxEvent; // our own outbox wrote it
        if (event.kind === 'study-changed') outcomes.push(await publishFilm(ports, event.studyId));
        if (event.kind === 'film-published') outcomes.push(await notifyFilm(ports, event.filmId));
      }
    }
  }

  return {
    ports,
    database,
    log,
    audited,
    told,
    acknowledge,
    project,
    settle,
    patientIndex: (patientId: string) => fields.blindIndex('h1', 'patient-id', patientId),
    /** Message → rows → attached → decided. */
    receive: async (fixture: OruFixture, hospitalId = 'h1') => {
      const record = await acknowledge(fixture, hospitalId);
      const outcome = await archiveMessage(ports, record);
      if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
      await settle();
      return record;
    },
    /** A study of `patientId`, as the index stage leaves it, and its `study-changed`. */
    arrive: async (
      fixture: Partial<StudyFixture> & {
        readonly id: string;
        readonly patientId?: string;
        readonly accessionNumber?: string;
      },
    ) => {
      const hospitalId = fixture.hospitalId ?? 'h1';
      await addStudy(database, {
        hospitalId,
        studyInstanceUid: `1.2.${fixture.id.length}.${fixture.id.charCodeAt(fixture.id.length - 1)}`,
        accessionNumberIndex: await accessionNumberIndexOf(fields, hospitalId, fixture.accessionNumber ?? ''),
        patientIdIndex: await fields.blindIndex(hospitalId, 'patient-id', fixture.patientId ?? 'P001'),
        ...fixture,
      });
      await ports.outbox.add(database, { kind: 'study-changed', studyId: fixture.id });
      await settle();
    },
    /** Every report row with its versions opened, in the order of study and UID. */
    reports: async () => {
      const rows = await database.select().from(report);
      const versions = await database.select().from(reportVersion);
      const opened = await Promise.all(
        rows.map(async (row) => ({
          study: row.studyId,
          held: row.heldReason,
          uid: row.studyInstanceUid,
          status: row.status,
          versions: await Promise.all(
            versions
              .filter(({ reportId }) => reportId === row.id)
              .sort((a, b) => a.version - b.version)
              .map(async (version) => ({
                version: version.version,
                status: version.status,
                findings: await fields.open(
                  { tenantId: row.hospitalId, table: 'report_version', column: 'findings_sealed', rowId: version.id },
                  version.findingsSealed,
                ),
              })),
          ),
        })),
      );
      return opened.sort((a, b) =>
        JSON.stringify([a.study ?? '~', a.uid]) < JSON.stringify([b.study ?? '~', b.uid]) ? -1 : 1,
      );
    },
  };
}
