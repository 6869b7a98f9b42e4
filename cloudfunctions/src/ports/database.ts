import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type * as schema from './schema';

/**
 * A database handle as repositories take it: the root, or a transaction. Both PGlite and PostgreSQL come as node-postgres
 * (adapters/database/open-database.ts), so there is one driver, one dialect, one set of tests.
 */
export type Database = NodePgDatabase<typeof schema>;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
export type Queryable = Database | Transaction;
