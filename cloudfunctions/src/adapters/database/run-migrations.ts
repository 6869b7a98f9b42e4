import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { sql } from 'drizzle-orm';
import type { Database } from '../../ports/database';
import { sqlStateOf } from './database-fault';

/** Both `src/adapters/database` and `dist/adapters/database` lie three folders below the package, beside `migrations`. */
const migrationsFolder = path.join(__dirname, '../../../migrations');

interface Migration {
  readonly name: string;
  readonly sha256: string;
  readonly statements: readonly string[];
}

/**
 * Runs the migrations that the database has not seen, in the order of their names, all in one transaction under a table lock: a second
 * process waits, and then finds nothing to do. Throws where a migration that has run was changed since, or is unknown here
 * (a newer version has been at work).
 */
export async function runMigrations(database: Database, folder = migrationsFolder): Promise<void> {
  const migrations = await readMigrations(folder);
  await makeLedger(database);
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`lock table "schema_migration" in exclusive mode`);
    const { rows } = await transaction.execute<{ name: string; sha256: string }>(
      sql`select "name", "sha256" from "schema_migration" order by "name"`,
    );
    const done = new Map(rows.map((row) => [row.name, row.sha256]));
    for (const name of done.keys()) {
      if (!migrations.some((one) => one.name === name))
        throw new Error(`the database has migration ${name}, which this version doesn't know`);
    }
    for (const migration of migrations) {
      const sha256 = done.get(migration.name);
      if (sha256 === migration.sha256) continue;
      if (sha256 !== undefined) throw new Error(`migration ${migration.name} was changed after it had run`);
      for (const statement of migration.statements) await transaction.execute(sql.raw(statement));
      await transaction.execute(
        sql`insert into "schema_migration" ("name", "sha256") values (${migration.name}, ${migration.sha256})`,
      );
    }
  });
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = (await readFile(path.join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      const written = text.replace(/^-- .*$/gm, ''); // comments are for who reads the file
      const statements = written.split('--> statement-breakpoint').map((one) => one.trim().replace(/;$/, ''));
      const sha256 = createHash('sha256').update(text).digest('hex');
      return { name, sha256, statements: statements.filter((one) => one !== '') };
    }),
  );
}

async function makeLedger(database: Database): Promise<void> {
  try {
    await database.execute(
      sql`create table if not exists "schema_migration" ("name" text primary key, "sha256" text not null)`,
    );
  } catch (error) {
    // Two processes that start at once can both find no table; the one that comes second hits a catalogue's unique index.
    const state = sqlStateOf(error);
    if (state !== '23505' && state !== '42P07') throw error;
  }
}
