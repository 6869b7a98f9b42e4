import { eq } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { hospital } from '../../ports/schema';

export type HospitalRow = typeof hospital.$inferSelect;

export async function findHospital(database: Queryable, hospitalId: string): Promise<HospitalRow | undefined> {
  const rows = await database.select().from(hospital).where(eq(hospital.id, hospitalId));
  return rows[0];
}

/** By name. */
export async function allHospitals(database: Queryable): Promise<HospitalRow[]> {
  return database.select().from(hospital).orderBy(hospital.name, hospital.id);
}
