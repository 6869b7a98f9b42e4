import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../adapters/database/open-database';
import { subsetViolations } from '../adapters/database/sql-subset';
import { copyPgliteTemplate } from './pglite-template';
import { findPostgres, type PostgresCluster, startPostgres } from './postgres-cluster';

/** Gives a fresh, migrated database. Call it in a test or in `beforeEach`; what is open is closed after each test. */
export type OpenFresh = () => Promise<OpenDatabase>;

/**
 * The same tests on PGlite and on a real PostgreSQL. Every statement that reaches the database is checked against
 * the SQL subset (docs/adr/0006-sql-subset.md); a violation fails the test that made it.
 * Where PostgreSQL isn't installed its half is skipped, or fails where YINGYUN_TESTDATA is set: then nothing may skip.
 */
export function describeEachDatabase(title: string, body: (open: OpenFresh) => void): void {
  describe(`${title} (PGlite)`, () => body(freshPglite()));

  const programs = findPostgres();
  if (programs !== undefined) describe(`${title} (PostgreSQL)`, () => body(freshPostgres(programs)));
  else if (process.env.YINGYUN_TESTDATA)
    it(`${title} (PostgreSQL): PostgreSQL must be installed`, () => expect(programs).toBeDefined());
  else
    describe.skip(`${title} (PostgreSQL)`, () => body(() => Promise.reject(new Error('PostgreSQL is not installed'))));
}

function freshPostgres(programs: string): OpenFresh {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await startPostgres(programs);
  });
  afterAll(() => cluster?.stop());
  return closedAfterEach(async (onStatement) =>
    openDatabase({ kind: 'postgres', url: await cluster.createDatabase(), maxConnections: 8 }, { onStatement }),
  );
}

/** Starting PGlite takes seconds: one that a test is done with is emptied and handed out again. */
function freshPglite(): OpenFresh {
  const all: { readonly opened: OpenDatabase; readonly root: string }[] = [];
  const free: { readonly opened: OpenDatabase; readonly listeners: Set<(statement: string) => void> }[] = [];
  afterAll(async () => {
    for (const { opened, root } of all) {
      await opened.close();
      await rm(root, { recursive: true, force: true });
    }
  });
  return closedAfterEach(async (onStatement) => {
    let one = free.pop();
    if (one === undefined) {
      const listeners = new Set<(statement: string) => void>();
      const root = await copyPgliteTemplate();
      const opened = await openDatabase(
        { kind: 'pglite', folder: path.join(root, 'db') },
        { onStatement: (statement) => listeners.forEach((listener) => listener(statement)) },
      );
      all.push({ opened, root });
      one = { opened, listeners };
    } else {
      await one.opened.database.execute(sql`drop schema public cascade`);
      await one.opened.database.execute(sql`create schema public`);
    }
    const { opened, listeners } = one;
    const back = one;
    let isOpen = true;
    listeners.add(onStatement);
    return {
      kind: opened.kind,
      database: opened.database,
      migrate: opened.migrate,
      close: async () => {
        if (!isOpen) return;
        isOpen = false;
        listeners.delete(onStatement);
        free.push(back);
      },
    };
  });
}

function closedAfterEach(open: (onStatement: (statement: string) => void) => Promise<OpenDatabase>): OpenFresh {
  const opened: OpenDatabase[] = [];
  const statements = new Set<string>();
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    const violations = [...statements].flatMap((statement) =>
      subsetViolations(statement).map((why) => `${why}: ${statement}`),
    );
    statements.clear();
    expect(violations).toEqual([]);
  });
  return async () => {
    const one = await open((statement) => statements.add(statement));
    opened.push(one);
    await one.migrate();
    return one;
  };
}
