import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { hospital, patientLink, patientRecord } from '../../ports/schema';
import type { PatientRecordRow } from './patient-records';

export type PatientLinkRow = typeof patientLink.$inferSelect;

export async function insertPatientLink(database: Queryable, fresh: typeof patientLink.$inferInsert): Promise<void> {
  await database.insert(patientLink).values(fresh);
}

/** The person's links that hold, newest first, with the hospital's name. */
export async function linksOfPerson(database: Queryable, personId: string) {
  return database
    .select({ link: patientLink, hospitalName: hospital.name })
    .from(patientLink)
    .innerJoin(hospital, eq(hospital.id, patientLink.hospitalId))
    .where(and(eq(patientLink.personId, personId), isNull(patientLink.endedAt)))
    .orderBy(desc(patientLink.createdAt), desc(patientLink.id));
}

/** Ends the person's own link; undefined where they have no such link, or it has ended. */
export async function endPatientLink(
  database: Queryable,
  personId: string,
  linkId: string,
  now: Date,
): Promise<PatientLinkRow | undefined> {
  const ended = await database
    .update(patientLink)
    .set({ endedAt: now })
    .where(and(eq(patientLink.id, linkId), eq(patientLink.personId, personId), isNull(patientLink.endedAt)))
    .returning();
  return ended[0];
}

/** Ends all of the person's links; answers those that held until now. */
export async function endLinksOfPerson(database: Queryable, personId: string, now: Date): Promise<PatientLinkRow[]> {
  return database
    .update(patientLink)
    .set({ endedAt: now })
    .where(and(eq(patientLink.personId, personId), isNull(patientLink.endedAt)))
    .returning();
}

/** Records by identity, the newest of each. An identity that no record has any more is missing. */
export async function recordsOfIdentities(
  database: Queryable,
  identityIndexes: readonly string[],
): Promise<Map<string, PatientRecordRow>> {
  if (identityIndexes.length === 0) return new Map();
  const rows = await database
    .select()
    .from(patientRecord)
    .where(inArray(patientRecord.identityIndex, [...identityIndexes]))
    .orderBy(patientRecord.statedAt, patientRecord.id);
  return new Map(rows.map((row) => [`${row.hospitalId} ${row.identityIndex}`, row]));
}

/** Who is bound to this identity at the hospital. */
export async function personsOfIdentity(
  database: Queryable,
  hospitalId: string,
  identityIndex: string,
): Promise<string[]> {
  const rows = await database
    .select({ personId: patientLink.personId })
    .from(patientLink)
    .where(
      and(
        eq(patientLink.hospitalId, hospitalId),
        eq(patientLink.identityIndex, identityIndex),
        isNull(patientLink.endedAt),
      ),
    );
  return [...new Set(rows.map((row) => row.personId))];
}
