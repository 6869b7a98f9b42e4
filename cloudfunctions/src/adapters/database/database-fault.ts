/**
 * SQLSTATE of a failed statement ('23505' unique violation, '40P01' deadlock …), or undefined where the error isn't the
 * database's. Drizzle wraps the driver's error as `cause`; its own message holds the statement's parameters and must not be logged.
 */
export function sqlStateOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code;
  }
  return undefined;
}

export function isUniqueViolation(error: unknown): boolean {
  return sqlStateOf(error) === '23505';
}
