import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../ports/database';
import { describeEachDatabase } from '../../testing/for-each-database';
import { runMigrations } from './run-migrations';

const at = '2026-03-01T00:30:00.000Z';
const migrations = path.join(__dirname, '../../../migrations');

describeEachDatabase('migrating a database with rows', (open) => {
  let database: Database;
  let folder: string;
  /** Past the check of the SQL subset: what only a test asks. */
  let raw: (statement: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'yingyun-migrations-'));
    database = (await open()).database;
    const { $client } = database as unknown as { $client: import('pg').Pool }; // the driver beneath, which its type doesn't tell
    raw = async (statement, values) => (await $client.query(statement, values)).rows;
    await raw('drop schema public cascade');
    await raw('create schema public');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** As a version of the product that knew migrations up to this number would. */
  async function migrateTo(number: string): Promise<void> {
    const names = readdirSync(migrations).filter((name) => name.endsWith('.sql') && name.slice(0, 4) <= number);
    for (const name of names) cpSync(path.join(migrations, name), path.join(folder, name));
    await runMigrations(database, folder);
  }

  /** A hospital with an exam that was reported twice, as the product of migration 0004 kept it. */
  async function fillOld(): Promise<void> {
    const insert = (table: string, row: Record<string, unknown>) => {
      const names = Object.keys(row).map((name) => `"${name}"`);
      const places = names.map((_, i) => `$${i + 1}`);
      return raw(`insert into "${table}" (${names.join()}) values (${places.join()})`, Object.values(row));
    };
    const h1 = { hospital_id: 'h1' };
    const sealed = Buffer.from([1]);
    await insert('hospital', { id: 'h1', code: 'h1', name: '医院', created_at: at });
    await insert('patient', {
      id: 'p1',
      ...h1,
      patient_id_index: 'x',
      patient_id_sealed: sealed,
      name_sealed: sealed,
      birth_date_sealed: sealed,
      sex: 'F',
      updated_at: at,
    });
    for (const n of [1, 2]) {
      await insert('study', {
        id: `s${n}`,
        ...h1,
        patient_id: 'p1',
        study_instance_uid: `1.2.${n}`,
        accession_number: `ACC${n}`,
        study_at: '',
        description: '志愿者李某',
        body_part: 'CHEST',
        modalities: 'CT',
        patient_age: '',
        received_at: at,
        updated_at: at,
      });
      await insert('film', { id: `f${n}`, ...h1, study_id: `s${n}`, state: 'published', sort_at: at, updated_at: at });
    }
    await insert('report', {
      id: 'r1',
      ...h1,
      study_id: 's1',
      filler_order_number: 'F1',
      accession_number: 'ACC1',
      study_instance_uid: '',
      patient_id_index: 'x',
      status: 'amended',
      version: 2,
      updated_at: at,
    });
    for (const version of [1, 2]) {
      await insert('report_version', {
        id: `v${version}`,
        ...h1,
        report_id: 'r1',
        version,
        status: version === 1 ? 'approved' : 'amended',
        findings_sealed: sealed,
        impression_sealed: sealed,
        reporting_doctor_sealed: sealed,
        approving_doctor_sealed: sealed,
        reported_at: at,
        exam_item: '胸部CT',
        sender: 'RIS',
        message_control_id: `M${version}`,
        journal_sequence: 10 + version,
        received_at: at,
      });
    }
    for (const [film, topic, state] of [
      ['f1', 'film-ready:1', 'sent'],
      ['f1', 'film-amended:2', 'sent'],
      ['f2', 'film-ready:1', 'pending'],
    ] as const) {
      const told = { channel: 'console', state, created_at: at };
      await insert('notification', { id: `${film} ${topic}`, ...h1, film_id: film, topic, ...told });
    }
    await insert('share', {
      id: 'share1',
      ...h1,
      film_id: 'f1',
      token_index: 't',
      passcode_verifier: 'v',
      purpose: 'patient',
      max_views: 9,
      expires_at: at,
      created_by_kind: 'staff',
      created_by_id: 'x',
      created_at: at,
    });
    for (const audience of ['share', 'staff']) {
      const session = { audience, subject_id: 'x', created_at: at, last_used_at: at, expires_at: at };
      await insert('session', { id: audience, ...h1, ...session });
    }
    for (const kind of ['study-changed', 'text-message-due']) {
      const event = { payload: '{}', state: 'waiting', run_after: at, created_at: at };
      await insert('outbox', { id: kind, kind, dedupe_key: kind, ...event });
    }
    await insert('journal_position', { id: 'gateway', sequence: 42 });
  }

  it('names what was told by study and message, where the message is known (0005)', async () => {
    await migrateTo('0004');
    await fillOld();
    await migrateTo('0005');
    const told = await raw('select "study_instance_uid", "topic", "state" from "notification" order by 1, 2');
    expect(told).toEqual([
      { study_instance_uid: '1.2.1', topic: 'film-amended/12', state: 'sent' },
      { study_instance_uid: '1.2.1', topic: 'film-ready:1', state: 'sent' }, // of a version that no longer counts
      { study_instance_uid: '1.2.2', topic: 'film-ready:1', state: 'pending' },
    ]);
  });

  it('keeps nothing in clear that is sealed from then on, and has the journal read again (0007)', async () => {
    await migrateTo('0004');
    await fillOld();
    await runMigrations(database);
    for (const table of ['study', 'film', 'report', 'report_version', 'share'])
      expect(await raw(`select * from "${table}"`), table).toEqual([]);
    const columns = await raw(
      `select "table_name" || '.' || "column_name" as "name" from "information_schema"."columns" where "table_schema" = 'public'`,
    );
    const names = columns.map(({ name }) => name);
    for (const gone of ['study.description', 'series.body_part', 'report_version.exam_item', 'instance.view_json'])
      expect(names).not.toContain(gone);
    expect(await raw('select "sequence"::int from "journal_position"')).toEqual([{ sequence: 0 }]);
    expect(await raw('select "kind" from "outbox"')).toEqual([{ kind: 'text-message-due' }]);
    expect(await raw('select "audience" from "session"')).toEqual([{ audience: 'staff' }]);
    // what was told stays told; what was not will be put down again with the film
    expect(await raw('select distinct "state" from "notification"')).toEqual([{ state: 'sent' }]);
    expect(await raw('select "id" from "patient"')).toEqual([{ id: 'p1' }]);
  });
});
