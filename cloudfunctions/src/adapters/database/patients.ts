import { and, eq } from 'drizzle-orm';
import type { InstanceIdentity } from '../../pipeline/index/index-instance';
import type { Transaction } from '../../ports/database';
import type { Ports } from '../../ports/ports';
import { patient, patientNameToken } from '../../ports/schema';
import { insertOnce } from './insert-once';

type PatientPorts = Pick<Ports, 'fields' | 'clock' | 'random'>;
type PatientHeader = InstanceIdentity['patient'];

/**
 * The row of this patient of the hospital, made where it is missing: sealed columns and name tokens (design D14). Patients are told
 * apart by Patient ID alone; images without one get a patient of their own study, so that strangers never share a row.
 */
export async function ensurePatient(
  ports: PatientPorts,
  transaction: Transaction,
  hospitalId: string,
  header: PatientHeader,
  studyInstanceUid: string,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const patientIdIndex =
    header.patientId === ''
      ? `study:${studyInstanceUid}`
      : await ports.fields.blindIndex(hospitalId, 'patient-id', header.patientId);
  for (let attempt = 1; ; attempt++) {
    const found = await patientByIndex(transaction, hospitalId, patientIdIndex);
    if (found !== undefined) return { id: found, isNew: false };
    const id = ports.random.uuid();
    const sealed = await sealedColumns(ports, hospitalId, id, header);
    const row = { id, hospitalId, patientIdIndex, ...sealed, sex: header.sex, updatedAt: ports.clock.now() };
    const isMade = await insertOnce(transaction, (inner) => inner.insert(patient).values(row));
    if (isMade) {
      await insertTokens(ports, transaction, hospitalId, id, header.name);
      return { id, isNew: true };
    }
    if (attempt === 3) throw new Error('the patient row appears and disappears');
  }
}

/** Whether images of this Patient ID came under another name: a correction elsewhere, or two people who share an ID by mistake. */
export async function hasOtherName(
  ports: PatientPorts,
  transaction: Transaction,
  hospitalId: string,
  patientId: string,
  header: PatientHeader,
): Promise<boolean> {
  const [row] = await transaction
    .select({ nameSealed: patient.nameSealed })
    .from(patient)
    .where(eq(patient.id, patientId));
  if (row === undefined) return false;
  const place = { tenantId: hospitalId, table: 'patient', column: 'name_sealed', rowId: patientId };
  return (await ports.fields.open(place, row.nameSealed)) !== header.name;
}

/** Writes corrected demographics over a patient's row, where they differ. */
export async function correctPatient(
  ports: PatientPorts,
  transaction: Transaction,
  hospitalId: string,
  patientId: string,
  header: PatientHeader,
): Promise<void> {
  const [row] = await transaction.select().from(patient).where(eq(patient.id, patientId));
  if (row === undefined) return;
  const place = (column: string) => ({ tenantId: hospitalId, table: 'patient', column, rowId: patientId });
  const name = await ports.fields.open(place('name_sealed'), row.nameSealed);
  const birthDate = await ports.fields.open(place('birth_date_sealed'), row.birthDateSealed);
  if (name === header.name && birthDate === header.birthDate && row.sex === header.sex) return;
  const sealed = await sealedColumns(ports, hospitalId, patientId, header);
  await transaction
    .update(patient)
    .set({ ...sealed, sex: header.sex, updatedAt: ports.clock.now() })
    .where(eq(patient.id, patientId));
  if (name === header.name) return;
  await transaction.delete(patientNameToken).where(eq(patientNameToken.patientId, patientId));
  await insertTokens(ports, transaction, hospitalId, patientId, header.name);
}

async function patientByIndex(
  transaction: Transaction,
  hospitalId: string,
  patientIdIndex: string,
): Promise<string | undefined> {
  const rows = await transaction
    .select({ id: patient.id })
    .from(patient)
    .where(and(eq(patient.hospitalId, hospitalId), eq(patient.patientIdIndex, patientIdIndex)));
  return rows[0]?.id;
}

async function sealedColumns(ports: PatientPorts, hospitalId: string, rowId: string, header: PatientHeader) {
  const seal = (column: string, text: string) =>
    ports.fields.seal({ tenantId: hospitalId, table: 'patient', column, rowId }, text);
  const [patientIdSealed, nameSealed, birthDateSealed] = await Promise.all([
    seal('patient_id_sealed', header.patientId),
    seal('name_sealed', header.name),
    seal('birth_date_sealed', header.birthDate),
  ]);
  return { patientIdSealed, nameSealed, birthDateSealed };
}

async function insertTokens(
  ports: PatientPorts,
  transaction: Transaction,
  hospitalId: string,
  patientId: string,
  name: string,
): Promise<void> {
  const tokens = new Set(name === '' ? [] : await ports.fields.nameTokens(hospitalId, name));
  const rows = [...tokens].map((token) => ({ hospitalId, token, patientId }));
  if (rows.length > 0) await transaction.insert(patientNameToken).values(rows);
}
