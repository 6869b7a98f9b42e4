import type { ExamList, ExamReports, RelatedExams } from '@yingyun/shared/contract/exam-routes';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as schema from '../ports/schema';
import { seedExams } from '../testing/seed-exams';
import { type SeededFilm, seedFilm } from '../testing/seed-film';
import { createSignedInStaff } from '../testing/signed-in-staff';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

describe('exams over HTTP', () => {
  let app: TestApp;
  let held: SeededFilm;
  let doctor: string;
  let manager: string;
  let stranger: string;

  beforeAll(async () => {
    app = await startTestApp();
    held = await seedFilm(app.ports, {
      hospitalId: 'north',
      name: 'Zhang^Sanfeng=张^三丰',
      patientId: 'P77',
      slices: 2,
      state: 'held',
      reportStatus: 'preliminary',
      sortAt: new Date('2026-03-02T00:00:00Z'),
    });
    await seedExams(app.ports, 'north', [
      {
        name: 'Zhang^Sanfeng=张^三丰',
        patientId: 'P77',
        modalities: 'MR',
        reports: ['preliminary', 'approved', 'amended'],
      },
      { name: '李^四', patientId: 'P78' },
    ]);
    await seedExams(app.ports, 'south', [{ name: '张^三丰', patientId: 'P77' }]);
    doctor = (await createSignedInStaff(app, 'north')).accessToken;
    manager = (await createSignedInStaff(app, 'north', 'film-manager')).accessToken;
    stranger = (await createSignedInStaff(app, 'south')).accessToken;
  }, startTimeoutMs);
  afterAll(() => app?.stop());

  const search = async (json: object, token = doctor) => app.ask('/api/exams/search', { token, json });

  it('shows a doctor what is held, in full, and marks it read once it was opened', async () => {
    const found = (await search({ q: 'zsf' })).json<ExamList>().exams;
    expect(
      found.map((exam) => [exam.patientName, exam.patientId, exam.state, exam.reportStatus, exam.reading]),
    ).toEqual([
      ['张三丰', 'P77', 'held', 'preliminary', 'new'],
      ['张三丰', 'P77', 'published', 'amended', 'new'],
    ]);
    const manifest = (await app.ask(`/api/films/${held.filmId}`, { token: doctor })).json<FilmManifest>();
    expect(manifest.patient).toMatchObject({ name: '张三丰', patientId: 'P77', nameMasked: '张**' });
    expect(manifest.accessionNumber).toMatch(/^A/);
    expect(manifest.report?.status).toBe('preliminary');
    expect((await search({ q: 'P77' })).json<ExamList>().exams[0]?.reading).toBe('read');
    app.clock.advance(60_000);
    await app.ports.database.update(schema.study).set({ updatedAt: app.clock.now() });
    expect((await search({ q: 'P77' })).json<ExamList>().exams[0]?.reading).toBe('changed');
    await app.ask(`/api/films/${held.filmId}`, { token: doctor });
    expect((await search({ q: 'P77' })).json<ExamList>().exams[0]?.reading).toBe('read');
  });

  it('keeps the name from a film manager, and the exam list too', async () => {
    const manifest = await app.ask(`/api/films/${held.filmId}`, { token: manager });
    expect(manifest.body.toString()).not.toContain('三丰');
    expect(manifest.json<FilmManifest>().patient).toEqual({ nameMasked: '张**', sex: 'M', age: '056Y' });
    expect((await search({}, manager)).status).toBe(403);
    for (const what of ['related', 'reports'])
      expect((await app.ask(`/api/exams/${held.filmId}/${what}`, { token: manager })).status).toBe(403);
  });

  it("names the same person's other exams, and every version of a report", async () => {
    const related = await app.ask(`/api/exams/${held.filmId}/related`, { token: doctor });
    const { exams } = related.json<RelatedExams>();
    expect(exams.map((exam) => exam.modalities)).toEqual([['MR']]);
    const reports = await app.ask(`/api/exams/${exams[0]?.filmId}/reports`, { token: doctor });
    expect(reports.json<ExamReports>().versions.map((one) => [one.version, one.status, one.impression])).toEqual([
      [3, 'amended', '意见 3'],
      [2, 'approved', '意见 2'],
      [1, 'preliminary', '意见 1'],
    ]);
  });

  it('counts the versions of all reports of a study for a doctor, and for nobody else', async () => {
    const two = await seedFilm(app.ports, {
      hospitalId: 'north',
      patientId: 'P79',
      slices: 1,
      reportStatus: 'approved',
    });
    const other = await seedFilm(app.ports, {
      hospitalId: 'north',
      patientId: 'P79',
      slices: 1,
      reportStatus: 'approved',
    });
    const count = async (token: string) =>
      (await app.ask(`/api/films/${two.filmId}`, { token })).json<FilmManifest>().reportVersionCount;
    expect(await count(doctor)).toBe(1);
    await app.ports.database
      .update(schema.report)
      .set({ studyId: two.studyId })
      .where(eq(schema.report.studyId, other.studyId));
    expect([await count(doctor), await count(manager)]).toEqual([2, undefined]);
  });

  it('tells a list that asks again that nothing is new, and leaves no trace of having told nothing', async () => {
    const trail = async () =>
      (await app.ports.database.select().from(schema.auditEvent)).filter((one) => one.action === 'exam-search').length;
    const first = (await search({ q: 'P77' })).json<ExamList>();
    const before = await trail();
    const again = { q: 'P77', knownRevision: first.revision };
    expect((await search(again)).json()).toEqual({ ...first, exams: [], isUnchanged: true });
    expect(await trail()).toBe(before);
    await app.ports.database.update(schema.film).set({ state: 'withdrawn' }).where(eq(schema.film.id, held.filmId));
    const changed = (await search(again)).json<ExamList>();
    expect(changed.exams.map(({ state }) => state)).toContain('withdrawn');
    expect([changed.revision === first.revision, changed.isUnchanged, await trail()]).toEqual([
      false,
      undefined,
      before + 1,
    ]);
    await app.ports.database.update(schema.film).set({ state: 'held' }).where(eq(schema.film.id, held.filmId));
  });

  it("answers another hospital's exam like one that isn't there", async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    for (const path of [
      '/api/exams/:id/related',
      '/api/exams/:id/reports',
      '/api/films/:id',
      '/api/films/:id/frames?series=1.2&reduce=0',
    ]) {
      const [theirs, none] = [held.filmId, unknown].map((id) => app.ask(path.replace(':id', id), { token: stranger }));
      expect((await theirs)?.status, path).toBe(404);
      expect((await theirs)?.json<{ code: string }>().code).toBe((await none)?.json<{ code: string }>().code);
    }
    expect((await search({ q: 'P77' }, stranger)).json<ExamList>().exams).toHaveLength(1);
  });

  it('refuses filters it does not know', async () => {
    for (const json of [
      { from: '2026-13-01' },
      { from: '0000-01-01' },
      { modalities: ['ct'] },
      { state: 'gone' },
      { bodyRegion: 'soul' },
      { extra: 1 },
    ])
      expect((await search(json)).status, JSON.stringify(json)).toBe(400);
  });
});
