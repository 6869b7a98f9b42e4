import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hospital, journalPosition, staff } from '../../ports/schema';
import { describeEachDatabase } from '../../testing/for-each-database';
import { copyPgliteTemplate } from '../../testing/pglite-template';
import { findPostgres, startPostgres } from '../../testing/postgres-cluster';
import { isUniqueViolation, sqlStateOf } from './database-fault';
import { openDatabase } from './open-database';
import { PgliteOpenFault } from './pglite-thread';

const at = new Date('2026-03-01T00:30:00.123Z');
const demo = { id: 'h1', code: 'demo', name: '示例医院', createdAt: at };

describeEachDatabase('an open database', (open) => {
  it('gives every column type back as it was written', async () => {
    const { database } = await open();
    const secret = new Uint8Array([0, 1, 254, 255]);
    await database.insert(hospital).values(demo);
    await database.insert(staff).values({
      id: 's1',
      hospitalId: 'h1',
      account: 'radiologist',
      displayName: '王医生',
      role: 'radiologist',
      passwordVerifier: 'scrypt$…',
      oneTimeCodeSecretSealed: secret,
      lastOneTimeCodeStep: 9_007_199_254_740_991,
      createdAt: at,
    });
    const [row] = await database.select().from(staff).where(eq(staff.account, 'radiologist'));
    expect(row).toMatchObject({
      displayName: '王医生',
      lastOneTimeCodeStep: 9_007_199_254_740_991,
      failures: 0,
      createdAt: at,
      lockedUntil: null,
    });
    expect(new Uint8Array(row?.oneTimeCodeSecretSealed ?? [])).toEqual(secret);
  });

  it('keeps two transactions apart', async () => {
    const { database } = await open();
    await database.insert(journalPosition).values({ id: 'gateway', sequence: 0 });
    const addOne = () =>
      database.transaction(async (transaction) => {
        const [row] = await transaction.select().from(journalPosition).for('update');
        await new Promise((resolve) => setTimeout(resolve, 2));
        await transaction.update(journalPosition).set({ sequence: (row?.sequence ?? 0) + 1 });
      });
    await Promise.all(Array.from({ length: 10 }, addOne));
    expect(await database.select().from(journalPosition)).toEqual([{ id: 'gateway', sequence: 10 }]);
  });

  it('undoes a transaction that throws, and works on', async () => {
    const { database } = await open();
    const failed = database.transaction(async (transaction) => {
      await transaction.insert(hospital).values(demo);
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await database.select().from(hospital)).toEqual([]);
  });

  it('names a broken constraint by SQLSTATE, and a savepoint survives it', async () => {
    const { database } = await open();
    await database.transaction(async (transaction) => {
      await transaction.insert(hospital).values(demo);
      const fault = await transaction
        .transaction((inner) => inner.insert(hospital).values({ ...demo, id: 'h2' }))
        .catch((error: unknown) => error);
      expect(isUniqueViolation(fault)).toBe(true);
      await transaction.insert(hospital).values({ ...demo, id: 'h3', code: 'other' });
    });
    expect((await database.select().from(hospital)).map((row) => row.id)).toEqual(['h1', 'h3']);
    expect(sqlStateOf(await database.execute(sql`select * from "nowhere"`).catch((error: unknown) => error))).toBe(
      '42P01',
    );
    expect(sqlStateOf(new Error('not the database'))).toBeUndefined();
  });

  it('migrates once', async () => {
    const { database, migrate } = await open();
    await database.insert(hospital).values(demo);
    await migrate();
    expect(await database.select().from(hospital)).toHaveLength(1);
  });
});

describe.skipIf(findPostgres() === undefined)('two processes on one PostgreSQL', () => {
  it('can both migrate an empty database at the same moment', async () => {
    const cluster = await startPostgres(findPostgres() ?? '');
    const url = await cluster.createDatabase();
    const both = [await openDatabase({ kind: 'postgres', url }), await openDatabase({ kind: 'postgres', url })];
    await Promise.all(both.map((one) => one.migrate()));
    const ledger = await both[0]?.database.execute(sql`select name from schema_migration`);
    expect(ledger?.rows.length).toBeGreaterThan(0);
    for (const one of both) await one.close();
    await cluster.stop();
  });
});

describe('the embedded database in a folder', { timeout: 180_000 }, () => {
  let root = '';
  beforeAll(async () => {
    root = await copyPgliteTemplate();
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('keeps its rows over a restart', async () => {
    const folder = path.join(root, 'db');
    const first = await openDatabase({ kind: 'pglite', folder });
    await first.migrate();
    await first.database.insert(hospital).values(demo);
    await first.close();
    const second = await openDatabase({ kind: 'pglite', folder });
    await second.migrate();
    expect(await second.database.select().from(hospital)).toEqual([demo]);
    await second.close();
    expect(existsSync(`${folder}.lock`)).toBe(false);
  });

  it('moves a damaged folder aside and starts empty', async () => {
    const folder = path.join(root, 'db');
    await writeFile(path.join(folder, 'global', 'pg_control'), Buffer.alloc(8192, 0x5a));
    const warned: string[] = [];
    const log = { info: () => {}, warn: (event: string) => warned.push(event), error: () => {} };
    const second = await openDatabase({ kind: 'pglite', folder }, { log });
    await second.migrate();
    expect(await second.database.select().from(hospital)).toEqual([]);
    await second.close();
    expect(warned).toEqual(['database-damaged']);
    expect((await readdir(root)).filter((name) => name.startsWith('db.damaged-'))).toHaveLength(1);
  });

  it('is made where there is none, for this account only', async () => {
    const folder = path.join(root, 'new');
    const opened = await openDatabase({ kind: 'pglite', folder });
    await opened.migrate();
    expect(await opened.database.select().from(hospital)).toEqual([]);
    await opened.close();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await readdir(root)).filter((name) => name.startsWith('new.'))).toEqual([]);
  });

  it('stays where it is when it does not open and no new one can be made either', async () => {
    const folder = path.join(root, 'd'.repeat(250)); // a name that leaves no room for the new one's
    await mkdir(folder);
    await writeFile(path.join(folder, 'PG_VERSION'), '18\n');
    await expect(openDatabase({ kind: 'pglite', folder })).rejects.toThrow(PgliteOpenFault);
    expect(await readdir(folder)).toContain('PG_VERSION');
  });

  it('is refused while another live process holds it', async () => {
    const folder = path.join(root, 'held');
    await mkdir(folder, { recursive: true });
    await writeFile(`${folder}.lock`, `${process.ppid}\n`);
    await expect(openDatabase({ kind: 'pglite', folder })).rejects.toMatchObject({
      problem: { problem: 'storage-unavailable' },
    });
  });

  it.skipIf(process.platform !== 'linux')('is not held up by a process whose id was used again', async () => {
    const folder = path.join(root, 'db');
    await writeFile(`${folder}.lock`, `${process.ppid} 1\n`); // that one was born at another time
    const opened = await openDatabase({ kind: 'pglite', folder });
    await opened.close();
  });
});
