import type { Database } from '../ports/database';
import type { MessageAcknowledged } from '../ports/journal';
import { hospital, instance, patient, series, study } from '../ports/schema';

/** Made-up hospitals, studies and messages for tests of filing, matching, publishing and telling. */

const at = new Date('2026-03-01T00:00:00.000Z');
const sealedNothing = new Uint8Array(1);

export async function addHospital(database: Database, id: string): Promise<void> {
  await database.insert(hospital).values({ id, code: id, name: `医院 ${id}`, createdAt: at });
}

export interface StudyFixture {
  readonly id: string;
  readonly hospitalId: string;
  readonly studyInstanceUid: string;
  readonly accessionNumberIndex: string;
  readonly patientIdIndex: string;
  readonly studyAt?: string;
}

/** A study with its patient (made where missing) and one series, without instances. */
export async function addStudy(database: Database, fixture: StudyFixture): Promise<void> {
  const { id, hospitalId, patientIdIndex } = fixture;
  const patientId = `patient-${hospitalId}-${patientIdIndex}`;
  await addPatient(database, hospitalId, patientIdIndex);
  await database.insert(study).values({
    id,
    hospitalId,
    patientId,
    studyInstanceUid: fixture.studyInstanceUid,
    accessionNumberIndex: fixture.accessionNumberIndex,
    accessionNumberSealed: sealedNothing,
    descriptionSealed: sealedNothing,
    bodyPartSealed: sealedNothing,
    bodyRegions: 'chest',
    studyAt: fixture.studyAt ?? '2026-03-01T08:30:00',
    modalities: 'CT',
    patientAge: '050Y',
    receivedAt: at,
    updatedAt: at,
  });
  await database.insert(series).values({
    id: `series-${id}`,
    hospitalId,
    studyId: id,
    seriesInstanceUid: `${fixture.studyInstanceUid}.1`,
    modality: 'CT',
    descriptionSealed: sealedNothing,
    bodyPartSealed: sealedNothing,
  });
}

/** The row's id: `patient-HOSPITAL-INDEX`. */
export async function addPatient(database: Database, hospitalId: string, patientIdIndex: string): Promise<void> {
  const id = `patient-${hospitalId}-${patientIdIndex}`;
  const known = await database.select({ id: patient.id }).from(patient);
  if (known.some((row) => row.id === id)) return;
  await database.insert(patient).values({
    id,
    hospitalId,
    patientIdIndex,
    patientIdSealed: sealedNothing,
    nameSealed: sealedNothing,
    birthDateSealed: sealedNothing,
    sex: 'O',
    updatedAt: at,
  });
}

export async function addInstance(
  database: Database,
  fixture: Pick<StudyFixture, 'hospitalId' | 'studyInstanceUid'> & {
    /** Undefined: not yet indexed. */
    readonly studyId: string | undefined;
    readonly number: number;
    readonly state: string;
    readonly updatedAt: Date;
    readonly isCurrent?: boolean;
  },
): Promise<void> {
  await database.insert(instance).values({
    id: `instance-${fixture.studyInstanceUid}-${fixture.number}`,
    hospitalId: fixture.hospitalId,
    studyId: fixture.studyId,
    seriesId: fixture.studyId === undefined ? undefined : `series-${fixture.studyId}`,
    studyInstanceUid: fixture.studyInstanceUid,
    sopInstanceUid: `${fixture.studyInstanceUid}.1.${fixture.number}`,
    sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
    receivedTransferSyntaxUid: '1.2.840.10008.1.2.1',
    state: fixture.state,
    journalSequence: fixture.number,
    receivedSm3: '',
    isCurrent: fixture.isCurrent ?? true,
    receivedAt: fixture.updatedAt,
    updatedAt: fixture.updatedAt,
  });
}

export interface OruFixture {
  readonly controlId?: string;
  readonly patientId?: string;
  /** OBR-25. */
  readonly status?: string;
  /** OBR-3. */
  readonly filler?: string;
  /** OBR-18. */
  readonly accession?: string;
  /** ZDS-1, one segment each. */
  readonly studyUids?: readonly string[];
  /** OBR-22. */
  readonly at?: string;
  readonly findings?: string;
  readonly impression?: string;
  /** Whole segments at the end. */
  readonly more?: readonly string[];
}

/** An ORU^R01, UTF-8. */
export function oruMessage(fixture: OruFixture = {}): Uint8Array {
  const { controlId = 'M1', patientId = 'P001', status = 'F', filler = 'R1', accession = '', studyUids = [] } = fixture;
  const text = (id: string, value: string) => `OBX|1|TX|${id}||${value}||||||F`;
  const segments = [
    `MSH|^~\\&|RIS|H|YY|H|20260301120000||ORU^R01^ORU_R01|${controlId}|P|2.5.1||||||UNICODE UTF-8`,
    `PID|1||${patientId}^^^H^MR||测^试甲`,
    `OBR|1||${filler}|CTXB^胸部CT平扫||||||||||||||${accession}||||${fixture.at ?? '20260301120000'}|||${status}|||||||1002&审&核甲|1001&书&写乙`,
    ...studyUids.map((uid) => `ZDS|${uid}^PACS^Application^DICOM`),
    text('FINDINGS^检查所见', fixture.findings ?? '双肺清晰。'),
    text('IMPRESSION^诊断意见', fixture.impression ?? '未见异常。'),
    ...(fixture.more ?? []),
  ];
  return new Uint8Array(Buffer.from(`${segments.join('\r')}\r`));
}

/** What the gateway would have journalled for this message. */
export function messageEntry(hospitalId: string): Omit<MessageAcknowledged, 'spool'> {
  return {
    kind: 'message-acknowledged',
    tenantId: hospitalId,
    sender: 'RIS|H',
    messageType: 'ORU^R01',
    receivedAt: '2026-03-01T04:00:01.000Z',
  };
}
