import type { Transaction } from '../../ports/database';
import { isUniqueViolation } from './database-fault';

/**
 * Inserts within a savepoint; false where another transaction was first (unique violation), and the caller's transaction goes on.
 * The SQL subset has no ON CONFLICT (docs/adr/0006-sql-subset.md).
 */
export async function insertOnce(
  transaction: Transaction,
  insert: (inner: Transaction) => Promise<unknown>,
): Promise<boolean> {
  try {
    await transaction.transaction(async (inner) => {
      await insert(inner);
    });
    return true;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}
