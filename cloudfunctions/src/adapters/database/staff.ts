import { and, eq, lt, sql } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { hospital, staff } from '../../ports/schema';
import type { FailureRecord } from '../../service/api-ports';

/** A person's account with the hospital's name; undefined where there is none. Accounts are unique over all hospitals. */
export async function findStaffByAccount(database: Queryable, account: string) {
  const rows = await database
    .select({
      id: staff.id,
      hospitalId: staff.hospitalId,
      hospitalName: hospital.name,
      displayName: staff.displayName,
      passwordVerifier: staff.passwordVerifier,
      oneTimeCodeSecretSealed: staff.oneTimeCodeSecretSealed,
      lastOneTimeCodeStep: staff.lastOneTimeCodeStep,
      failures: staff.failures,
      firstFailureAt: staff.firstFailureAt,
      lockedUntil: staff.lockedUntil,
      disabledAt: staff.disabledAt,
    })
    .from(staff)
    .innerJoin(hospital, eq(hospital.id, staff.hospitalId))
    .where(eq(staff.account, account));
  return rows[0];
}

export interface NewStaff {
  readonly id: string;
  readonly hospitalId: string;
  readonly account: string;
  readonly displayName: string;
  readonly role: string;
  readonly passwordVerifier: string;
  readonly oneTimeCodeSecretSealed: Uint8Array;
  readonly createdAt: Date;
}

export async function insertStaff(database: Queryable, fresh: NewStaff): Promise<void> {
  await database.insert(staff).values(fresh);
}

/** Accepts a TOTP time step once: false where this step or a later one was accepted before (RFC 6238 5.2). */
export async function acceptOneTimeCodeStep(database: Queryable, staffId: string, step: number): Promise<boolean> {
  const accepted = await database
    .update(staff)
    .set({ lastOneTimeCodeStep: step, failures: 0, firstFailureAt: null, lockedUntil: null })
    .where(and(eq(staff.id, staffId), lt(staff.lastOneTimeCodeStep, step)))
    .returning({ id: staff.id });
  return accepted.length === 1;
}

/**
 * Counts one failure. The first update takes the row's lock, so that failures that arrive together are counted one by one;
 * `next` then says what the counters become. Call it in a transaction.
 */
export async function countStaffFailure(
  transaction: Queryable,
  staffId: string,
  next: (before: FailureRecord) => FailureRecord,
): Promise<FailureRecord | undefined> {
  const [before] = await transaction
    .update(staff)
    .set({ failures: sql`${staff.failures} + 0` })
    .where(eq(staff.id, staffId))
    .returning({ failures: staff.failures, firstFailureAt: staff.firstFailureAt, lockedUntil: staff.lockedUntil });
  if (before === undefined) return undefined;
  const after = next(before);
  await transaction.update(staff).set(after).where(eq(staff.id, staffId));
  return after;
}
