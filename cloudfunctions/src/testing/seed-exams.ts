import { and, eq } from 'drizzle-orm';
import { sealReportTexts } from '../adapters/database/report-versions';
import { sealStudyTexts } from '../adapters/database/study-texts';
import { bodyRegionsOf } from '../pipeline/index/body-regions';
import type { Ports } from '../ports/ports';
import * as schema from '../ports/schema';

export interface SeededExam {
  /** DICOM person name. */
  readonly name: string;
  readonly patientId: string;
  readonly accessionNumber?: string;
  readonly modalities?: string;
  readonly bodyPart?: string;
  /** "2026-03-01T08:30:00" in UTC+8. */
  readonly studyAt?: string;
  readonly state?: 'waiting' | 'published' | 'held' | 'withdrawn';
  /** Statuses of the report's versions, oldest first. */
  readonly reports?: readonly ('preliminary' | 'approved' | 'amended' | 'withdrawn')[];
}

type SeedPorts = Pick<Ports, 'database' | 'fields' | 'random' | 'clock'>;

const rowsAtOnce = 400;

/** Exams without images, as index and publish leave them, in one hospital. Answers their film ids, in the given order. */
export async function seedExams(
  ports: SeedPorts,
  hospitalId: string,
  exams: readonly SeededExam[],
): Promise<readonly string[]> {
  const { database, random } = ports;
  const now = ports.clock.now();
  const hospitals = await database.select().from(schema.hospital).where(eq(schema.hospital.id, hospitalId));
  if (hospitals.length === 0) {
    await database
      .insert(schema.hospital)
      .values({ id: hospitalId, code: hospitalId, name: `${hospitalId} 医院`, createdAt: now });
  }
  const patients = new Map<string, string>();
  for (const { name, patientId } of exams) {
    if (!patients.has(patientId)) patients.set(patientId, await patientRow(ports, hospitalId, patientId, name));
  }
  const studies: (typeof schema.study.$inferInsert)[] = [];
  const films: (typeof schema.film.$inferInsert)[] = [];
  for (const exam of exams) {
    const studyId = random.uuid();
    const { studyAt = '2026-03-01T08:30:00', bodyPart = 'CHEST', accessionNumber = `A${studyId.slice(0, 8)}` } = exam;
    studies.push({
      id: studyId,
      hospitalId,
      ...(await sealStudyTexts(
        ports.fields,
        { hospitalId, id: studyId },
        { accessionNumber, description: 'CHEST CT', bodyPart },
      )),
      patientId: patients.get(exam.patientId) ?? '',
      studyInstanceUid: `2.25.${BigInt(`0x${studyId.replaceAll('-', '')}`)}`,
      studyAt,
      bodyRegions: bodyRegionsOf(bodyPart),
      modalities: exam.modalities ?? 'CT',
      patientAge: '056Y',
      instanceCount: 1,
      receivedAt: now,
      updatedAt: now,
    });
    films.push({
      id: random.uuid(),
      hospitalId,
      studyId,
      state: exam.state ?? 'published',
      publishedAt: null,
      viewUntil: null,
      sortAt: new Date(`${studyAt}+08:00`),
      updatedAt: now,
    });
  }
  for (let from = 0; from < exams.length; from += rowsAtOnce) {
    await database.insert(schema.study).values(studies.slice(from, from + rowsAtOnce));
    await database.insert(schema.film).values(films.slice(from, from + rowsAtOnce));
  }
  for (const [i, exam] of exams.entries()) {
    const study = studies[i];
    if (exam.reports !== undefined && study !== undefined) await reportRows(ports, study, exam.reports);
  }
  return films.map((film) => film.id);
}

async function patientRow(ports: SeedPorts, hospitalId: string, patientId: string, name: string): Promise<string> {
  const { database, fields } = ports;
  const patientIdIndex = await fields.blindIndex(hospitalId, 'patient-id', patientId);
  const [known] = await database
    .select({ id: schema.patient.id })
    .from(schema.patient)
    .where(and(eq(schema.patient.hospitalId, hospitalId), eq(schema.patient.patientIdIndex, patientIdIndex)));
  if (known !== undefined) return known.id;
  const id = ports.random.uuid();
  const seal = (column: string, text: string) =>
    fields.seal({ tenantId: hospitalId, table: 'patient', column, rowId: id }, text);
  await database.insert(schema.patient).values({
    id,
    hospitalId,
    patientIdIndex,
    patientIdSealed: await seal('patient_id_sealed', patientId),
    nameSealed: await seal('name_sealed', name),
    birthDateSealed: await seal('birth_date_sealed', '19700101'),
    sex: 'F',
    updatedAt: ports.clock.now(),
  });
  const tokens = [...new Set(await fields.nameTokens(hospitalId, name))];
  await database.insert(schema.patientNameToken).values(tokens.map((token) => ({ hospitalId, token, patientId: id })));
  return id;
}

async function reportRows(
  ports: SeedPorts,
  study: typeof schema.study.$inferInsert,
  statuses: readonly string[],
): Promise<void> {
  const { database, fields, random } = ports;
  const { hospitalId } = study;
  const reportId = random.uuid();
  const now = ports.clock.now();
  await database.insert(schema.report).values({
    id: reportId,
    hospitalId,
    studyId: study.id,
    fillerOrderNumberIndex: reportId,
    accessionNumberIndex: study.accessionNumberIndex,
    studyInstanceUid: study.studyInstanceUid,
    patientIdIndex: '',
    status: statuses.at(-1) ?? 'preliminary',
    version: statuses.length,
    updatedAt: now,
  });
  for (const [i, status] of statuses.entries()) {
    const id = random.uuid();
    await database.insert(schema.reportVersion).values({
      id,
      hospitalId,
      reportId,
      version: i + 1,
      status,
      ...(await sealReportTexts(fields, hospitalId, id, {
        findings: `所见 ${i + 1}`,
        impression: `意见 ${i + 1}`,
        reportingDoctor: '李医生',
        approvingDoctor: status === 'preliminary' ? '' : '王主任',
        examItem: '胸部CT平扫',
        messageControlId: id,
      })),
      reportedAt: now,
      approvedAt: status === 'preliminary' ? null : now,
      sender: 'RIS',
      journalSequence: i + 1,
      receivedAt: now,
    });
  }
}
