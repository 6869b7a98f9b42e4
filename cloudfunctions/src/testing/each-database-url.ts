import { afterAll, describe, expect, it } from 'vitest';
import { findPostgres, type PostgresCluster, startPostgres } from './postgres-cluster';

/**
 * The same tests of the whole application on PGlite (`undefined`) and on a real PostgreSQL; `databaseUrl` is asked in `beforeAll`. Where
 * PostgreSQL isn't installed its half is skipped, or fails where YINGYUN_TESTDATA is set: then nothing may skip.
 */
export function describeOnEachDatabase(
  title: string,
  body: (databaseUrl: () => Promise<string | undefined>) => void,
): void {
  describe(`${title} (PGlite)`, () => body(async () => undefined));

  const programs = findPostgres();
  if (programs === undefined) {
    const name = `${title} (PostgreSQL): PostgreSQL must be installed`;
    if (process.env.YINGYUN_TESTDATA) it(name, () => expect(programs).toBeDefined());
    else it.skip(name, () => {});
    return;
  }
  describe(`${title} (PostgreSQL)`, () => {
    let cluster: PostgresCluster | undefined;
    body(async () => {
      cluster ??= await startPostgres(programs);
      return cluster.createDatabase();
    });
    afterAll(() => cluster?.stop());
  });
}
