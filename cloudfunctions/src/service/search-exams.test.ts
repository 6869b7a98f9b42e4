import { isProblem } from '@yingyun/shared/domain/problem';
import { and } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { createAuditTrail } from '../adapters/audit/audit-trail';
import type { OpenDatabase } from '../adapters/database/open-database';
import { createFieldCipher } from '../adapters/fields/field-cipher';
import { createFakeKeyProvider, createHandClock, createSeededRandom } from '../testing/fakes';
import { describeEachDatabase } from '../testing/for-each-database';
import { type SeededExam, seedExams } from '../testing/seed-exams';
import type { StaffCaller } from './caller';
import { examFilter } from './exam-filter';
import { filmPage, searchFilter } from './film-list-rows';
import { searchExams } from './search-exams';

const doctor: StaffCaller = {
  kind: 'staff',
  hospitalId: 'north',
  staffId: 'doctor-1',
  role: 'doctor',
  sessionId: 's',
  requestId: 'r',
  address: '127.0.0.1',
};

describeEachDatabase('searching exams', (open) => {
  let opened: OpenDatabase;
  let ports: Parameters<typeof searchExams>[0] & Parameters<typeof seedExams>[0];
  beforeEach(async () => {
    opened = await open();
    const keyProvider = createFakeKeyProvider();
    const random = createSeededRandom();
    const clock = createHandClock();
    ports = {
      database: opened.database,
      clock,
      random,
      fields: createFieldCipher({ keyProvider, random }),
      audit: createAuditTrail({ keyProvider, clock }),
    };
  });

  /** Past the check of the SQL subset: what only a test asks. */
  const raw = async (statement: string, values: unknown[]): Promise<Record<string, unknown>[]> => {
    const { $client } = opened.database as unknown as { $client: import('pg').Pool }; // the driver beneath, which its type doesn't tell
    return (await $client.query(statement, values)).rows;
  };
  const search = async (wish: Partial<Parameters<typeof searchExams>[2]>, caller = doctor) => {
    const found = await searchExams(ports, caller, { q: '', modalities: [], limit: 40, ...wish });
    if (isProblem(found)) throw new Error(found.problem);
    return found;
  };
  const names = async (wish: Partial<Parameters<typeof searchExams>[2]>) =>
    (await search(wish)).exams.map((exam) => exam.patientName);

  const exams: readonly SeededExam[] = [
    { name: 'Lin^Xiaoyun=林^晓云', patientId: 'P1', studyAt: '2026-03-05T23:59:00', reports: ['preliminary'] },
    { name: '欧阳^雪', patientId: 'P2', studyAt: '2026-03-05T00:00:00', modalities: 'CT\\SR', state: 'waiting' },
    { name: 'Smith^John', patientId: 'P3', studyAt: '2026-03-04T23:59:59', modalities: 'MR', bodyPart: 'Brain' },
    { name: '张^三', patientId: 'P4', studyAt: '2026-03-03T08:00:00', modalities: 'CTPROTOCOL', state: 'held' },
    {
      name: 'Lin^Xiaoyun=林^晓云',
      patientId: 'P1',
      studyAt: '2026-03-01T08:00:00',
      modalities: 'DX',
      accessionNumber: 'DX0001',
      reports: ['preliminary', 'approved'],
    },
  ];

  it('pages through exams of before 1970, and refuses a place in the list that no calendar reaches', async () => {
    const old = ['1901-02-03T08:00:00', '1900-01-01T08:00:00', '1950-01-01T12:00:00'].map((studyAt, i) => ({
      name: `老^${i}`,
      patientId: `O${i}`,
      studyAt,
    }));
    await seedExams(ports, 'north', old);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search({ limit: 1, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.exams.map((exam) => exam.examAt));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && seen.length < 9);
    expect(seen).toEqual(['1950-01-01T12:00:00', '1901-02-03T08:00:00', '1900-01-01T08:00:00']);
    const wish = { q: '', modalities: [], limit: 40, cursor: '999999999999999_00000000-0000-4000-8000-000000000000' };
    const beyond = await searchExams(ports, doctor, wish);
    expect(isProblem(beyond) && beyond.problem).toBe('invalid-request');
  });

  it('finds people in full by Han name, pinyin, initials, patient ID and accession number, newest first', async () => {
    await seedExams(ports, 'north', exams);
    await seedExams(ports, 'south', [{ name: '林^晓云', patientId: 'P1', accessionNumber: 'DX0001' }]);
    expect(await names({})).toEqual(['林晓云', '欧阳雪', 'Smith John', '张三', '林晓云']);
    for (const q of ['林晓云', '晓云', 'linxiaoyun', 'lin xiao', 'lxy', 'P1', 'p1'])
      expect(await names({ q }), q).toEqual(['林晓云', '林晓云']);
    for (const q of ['oyx', 'ouyang', '欧阳']) expect(await names({ q }), q).toEqual(['欧阳雪']);
    expect(await names({ q: 'smith' })).toEqual(['Smith John']);
    expect(await names({ q: 'dx0001' })).toEqual(['林晓云']);
    expect(await names({ q: 'nobody' })).toEqual([]);
  });

  it('narrows by modality, day, film state, report status and body region, and by all of them at once', async () => {
    await seedExams(ports, 'north', exams);
    expect(await names({ modalities: ['CT'] })).toEqual(['林晓云', '欧阳雪']);
    expect(await names({ modalities: ['MR', 'DX'] })).toEqual(['Smith John', '林晓云']);
    expect(await names({ from: '2026-03-05', to: '2026-03-05' })).toEqual(['林晓云', '欧阳雪']);
    expect(await names({ to: '2026-03-04' })).toEqual(['Smith John', '张三', '林晓云']);
    expect(await names({ state: 'held' })).toEqual(['张三']);
    expect(await names({ reportStatus: 'none' })).toEqual(['欧阳雪', 'Smith John', '张三']);
    expect(await names({ reportStatus: 'approved' })).toEqual(['林晓云']);
    expect(await names({ bodyRegion: 'head' })).toEqual(['Smith John']);
    expect(await names({ q: 'lxy', modalities: ['DX'], to: '2026-03-02', reportStatus: 'approved' })).toEqual([
      '林晓云',
    ]);
  });

  it('pages through every exam exactly once, also those of one instant', async () => {
    const many = Array.from({ length: 95 }, (_, i) => ({ name: `张^${i}`, patientId: `P${i}` }));
    const seeded = await seedExams(ports, 'north', many);
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await search({ cursor });
      seen.push(...page.exams.map((exam) => exam.filmId));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(95);
    expect(new Set(seen)).toEqual(new Set(seeded));
    expect(isProblem(await searchExams(ports, doctor, { q: '', modalities: [], limit: 9, cursor: 'x' }))).toBe(true);
  });

  it('is refused to who is no doctor, and writes both into the audit trail', async () => {
    await seedExams(ports, 'north', exams);
    const manager = { ...doctor, role: 'film-manager' };
    const refused = await searchExams(ports, manager, { q: '', modalities: [], limit: 9 });
    expect(isProblem(refused) && refused.problem).toBe('forbidden');
    await search({});
    const rows = await ports.database.query.auditEvent.findMany();
    expect(rows.map((row) => `${row.action} ${row.outcome}`)).toEqual(['exam.read denied', 'exam-search ok']);
  });

  it('starts from the person or the newest among some thousands, and never reads the whole table', async () => {
    const thousands = Array.from({ length: 6000 }, (_, i) => ({
      name: i === 4321 ? '欧阳^雪' : `${['张', '王', '李', '赵'][i % 4]}^${'伟芳娜敏静丽强磊军洋'[i % 10]}`,
      patientId: i === 4321 ? 'RARE' : `P${i % 40}`,
      modalities: i % 3 === 0 ? 'MR' : 'CT',
      studyAt: new Date(Date.UTC(2026, 0, 1) - i * 600_000).toISOString().slice(0, 19),
    }));
    await seedExams(ports, 'north', thousands);
    await raw('analyze', []);
    expect(await names({ q: 'oyx' })).toEqual(['欧阳雪']);
    const started = performance.now();
    expect((await search({ modalities: ['MR'], to: '2025-12-20' })).exams).toHaveLength(40);
    expect(performance.now() - started).toBeLessThan(1500);

    const planOf = async (where: Parameters<typeof filmPage>[2]) => {
      const page = filmPage(opened.database, 'north', where, undefined, 41).toSQL();
      return (await raw(`explain ${page.sql}`, page.params)).map((row) => String(row['QUERY PLAN'])).join('\n');
    };
    const rare = await planOf((await searchFilter(ports, 'north', 'oyx')).where);
    expect(rare).not.toMatch(/Seq Scan on (study|film|instance)\b/);
    const days = { modalities: ['CT'], from: '2025-12-01', to: '2025-12-02' };
    const byDay = await planOf(and(examFilter(opened.database, 'north', days)));
    expect(byDay).toMatch(/film_list/);
    expect(await planOf(undefined)).toMatch(/film_list/);
  }, 120_000);
});
