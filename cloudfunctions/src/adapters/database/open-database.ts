import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import type { Database } from '../../ports/database';
import type { Log } from '../../ports/log';
import * as schema from '../../ports/schema';
import { openPgliteFolder } from './open-pglite';
import { PgliteStream } from './pglite-stream';
import { startPgliteThread } from './pglite-thread';
import { runMigrations } from './run-migrations';

export type DatabaseOptions =
  /** Embedded. `folder` undefined: in memory. */
  | { readonly kind: 'pglite'; readonly folder: string | undefined }
  /** PostgreSQL or a database that speaks its protocol (docs/adr/0006-sql-subset.md). */
  | { readonly kind: 'postgres'; readonly url: string; readonly maxConnections?: number };

export interface DatabaseHooks {
  /** Every statement's text as it goes to the database, without its parameters. */
  onStatement?(sql: string): void;
  readonly log?: Log;
}

export interface OpenDatabase {
  readonly kind: 'pglite' | 'postgres';
  readonly database: Database;
  /** Brings the schema up to date. Safe where two processes start at once. */
  migrate(): Promise<void>;
  close(): Promise<void>;
}

/** How long a caller waits for a free connection, in ms. */
const connectionWaitMs = 30_000;

/**
 * Opens the database; both kinds are node-postgres, so there is one driver and one dialect. `close` waits for running queries.
 *
 * PGlite has one connection, which a transaction holds to its end: a query on the root handle *inside* a transaction's callback
 * waits for that very transaction, and fails with "timeout exceeded when trying to connect" after 30 s. Use the transaction's handle.
 */
export async function openDatabase(options: DatabaseOptions, hooks: DatabaseHooks = {}): Promise<OpenDatabase> {
  const { pool, afterEnd } = await openPool(options, hooks.log);
  // An idle connection that breaks must not end the process; the pool has already dropped it.
  pool.on('error', (error) => hooks.log?.warn('database-connection-lost', { code: codeOf(error) }));
  const database = drizzle(pool, {
    schema,
    logger: { logQuery: (sql: string) => hooks.onStatement?.(sql) },
  });
  let closing: Promise<void> | undefined;
  return {
    kind: options.kind,
    database,
    migrate: () => runMigrations(database),
    close: () => {
      closing ??= pool.end().then(afterEnd);
      return closing;
    },
  };
}

async function openPool(
  options: DatabaseOptions,
  log: Log | undefined,
): Promise<{ pool: Pool; afterEnd: () => Promise<void> }> {
  if (options.kind === 'postgres') {
    const pool = new Pool({
      connectionString: options.url,
      max: options.maxConnections ?? 10,
      connectionTimeoutMillis: connectionWaitMs,
      application_name: 'yingyun',
    });
    return { pool, afterEnd: async () => {} };
  }
  const thread =
    options.folder === undefined ? await startPgliteThread(undefined) : await openPgliteFolder(options.folder, log);
  const pool = new Pool({
    stream: () => new PgliteStream(thread),
    user: 'postgres',
    database: 'postgres',
    max: 1, // PGlite has one session; the pool's queue is the lock that keeps transactions apart
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: connectionWaitMs,
  });
  return { pool, afterEnd: () => thread.close() };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
