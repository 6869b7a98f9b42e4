import { and, desc, eq, sql } from 'drizzle-orm';
import type { Queryable, Transaction } from '../../ports/database';
import type { Ports } from '../../ports/ports';
import { patientRecord } from '../../ports/schema';
import { insertOnce } from './insert-once';

export type PatientRecordRow = typeof patientRecord.$inferSelect;

/** What a message states, and when; '' where it states nothing, and what was known before stays. */
export interface DatedStatement {
  readonly patientId: string;
  readonly name: string;
  readonly idNumber: string;
  /** Mainland mobile number, 11 digits. */
  readonly phone: string;
  readonly sex: string;
  readonly statedAt: Date;
  /** Of the journal: of two messages of one moment the later one wins. */
  readonly statedSequence: number;
}

/** What became of a record's identity (`identityIndexOf`). */
export interface IdentityChange {
  readonly recordId: string;
  readonly before: string;
  readonly after: string;
}

type Fields = Pick<Ports, 'fields'>;

/**
 * One keyed index over ID number and name: equal only where both are. Blanks, name separators and case don't count. '' where either is
 * missing.
 */
export async function identityIndexOf(
  ports: Fields,
  hospitalId: string,
  identity: { readonly name: string; readonly idNumber: string },
): Promise<string> {
  const name = identity.name.normalize('NFKC').replace(/[\s^·•・‧.]/gu, '');
  if (name === '' || identity.idNumber === '') return '';
  return ports.fields.blindIndex(hospitalId, 'identity', `${identity.idNumber}\n${name}`);
}

/** The newest record of this identity at the hospital. */
export async function recordOfIdentity(
  database: Queryable,
  hospitalId: string,
  identityIndex: string,
): Promise<PatientRecordRow | undefined> {
  const rows = await database
    .select()
    .from(patientRecord)
    .where(and(eq(patientRecord.hospitalId, hospitalId), eq(patientRecord.identityIndex, identityIndex)))
    .orderBy(desc(patientRecord.statedAt), desc(patientRecord.id))
    .limit(1);
  return rows[0];
}

/** '' where there is no such record, or no phone in it. */
export async function phoneOfRecord(
  ports: Fields & Pick<Ports, 'database'>,
  name: { readonly hospitalId: string; readonly patientRecordId: string },
): Promise<string> {
  const [row] = await ports.database
    .select()
    .from(patientRecord)
    .where(and(eq(patientRecord.hospitalId, name.hospitalId), eq(patientRecord.id, name.patientRecordId)));
  return row === undefined ? '' : ports.fields.open(placeOf(row, 'phone_sealed'), row.phoneSealed);
}

export async function nameOfRecord(ports: Fields, row: PatientRecordRow): Promise<string> {
  return ports.fields.open(placeOf(row, 'name_sealed'), row.nameSealed);
}

/**
 * Files what a message states about a patient. The newest message wins, by its own time; an older one, or the same one again, changes
 * nothing. A name without a Han character never takes the place of one with (senders write pinyin in some of their messages).
 * Answers what the record's identity was and is.
 */
export async function fileRecord(
  ports: Fields & Pick<Ports, 'clock' | 'random'>,
  transaction: Transaction,
  hospitalId: string,
  stated: DatedStatement,
): Promise<IdentityChange | undefined> {
  const patientIdIndex = await ports.fields.blindIndex(hospitalId, 'patient-id', stated.patientId);
  for (let attempt = 1; ; attempt++) {
    // locks the row: two messages about one patient are filed one after the other
    const [known] = await transaction
      .update(patientRecord)
      .set({ sex: sql`${patientRecord.sex}` })
      .where(and(eq(patientRecord.hospitalId, hospitalId), eq(patientRecord.patientIdIndex, patientIdIndex)))
      .returning();
    if (known !== undefined) return updateRecord(ports, transaction, known, stated);
    const id = ports.random.uuid();
    const columns = await sealedColumns(ports, { id, hospitalId }, stated);
    const row = {
      id,
      hospitalId,
      patientIdIndex,
      ...columns,
      sex: stated.sex,
      statedAt: stated.statedAt,
      statedSequence: stated.statedSequence,
    };
    const isMade = await insertOnce(transaction, (inner) =>
      inner.insert(patientRecord).values({ ...row, updatedAt: ports.clock.now() }),
    );
    if (isMade) return { recordId: id, before: '', after: columns.identityIndex };
    if (attempt === 3) throw new Error('the patient record appears and disappears');
  }
}

async function updateRecord(
  ports: Fields & Pick<Ports, 'clock'>,
  transaction: Transaction,
  known: PatientRecordRow,
  stated: DatedStatement,
): Promise<IdentityChange | undefined> {
  const isNewer =
    stated.statedAt > known.statedAt ||
    (stated.statedAt.getTime() === known.statedAt.getTime() && stated.statedSequence > known.statedSequence);
  if (!isNewer) return undefined;
  const opened = {
    name: await nameOfRecord(ports, known),
    idNumber: await ports.fields.open(placeOf(known, 'id_number_sealed'), known.idNumberSealed),
    phone: await ports.fields.open(placeOf(known, 'phone_sealed'), known.phoneSealed),
  };
  const isHan = (name: string) => /\p{Script=Han}/u.test(name);
  const keepsName = stated.name === '' || (isHan(opened.name) && !isHan(stated.name));
  const columns = await sealedColumns(ports, known, {
    name: keepsName ? opened.name : stated.name,
    idNumber: stated.idNumber || opened.idNumber,
    phone: stated.phone || opened.phone,
  });
  await transaction
    .update(patientRecord)
    .set({
      ...columns,
      sex: stated.sex || known.sex,
      statedAt: stated.statedAt,
      statedSequence: stated.statedSequence,
      updatedAt: ports.clock.now(),
    })
    .where(eq(patientRecord.id, known.id));
  return { recordId: known.id, before: known.identityIndex, after: columns.identityIndex };
}

async function sealedColumns(
  ports: Fields,
  row: Pick<PatientRecordRow, 'id' | 'hospitalId'>,
  stated: Pick<DatedStatement, 'name' | 'idNumber' | 'phone'>,
) {
  const [nameSealed, idNumberSealed, phoneSealed, identityIndex] = await Promise.all([
    ports.fields.seal(placeOf(row, 'name_sealed'), stated.name),
    ports.fields.seal(placeOf(row, 'id_number_sealed'), stated.idNumber),
    ports.fields.seal(placeOf(row, 'phone_sealed'), stated.phone),
    identityIndexOf(ports, row.hospitalId, stated),
  ]);
  return { nameSealed, idNumberSealed, phoneSealed, identityIndex };
}

function placeOf(row: Pick<PatientRecordRow, 'id' | 'hospitalId'>, column: string) {
  return { tenantId: row.hospitalId, table: 'patient_record', column, rowId: row.id };
}
