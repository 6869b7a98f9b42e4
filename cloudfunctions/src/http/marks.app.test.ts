import type { ExamMarks, KeptMark, MarksSaved } from '@yingyun/shared/contract/mark-routes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as schema from '../ports/schema';
import { type SeededFilm, seedFilm } from '../testing/seed-film';
import { createSignedInStaff } from '../testing/signed-in-staff';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

describe('marks over HTTP', () => {
  let app: TestApp;
  let film: SeededFilm;
  let seriesUid: string;
  let doctor: string;
  let other: string;
  let manager: string;
  let stranger: string;
  const mark = (id: string, own: Partial<KeptMark> = {}): KeptMark => ({
    id,
    kind: 'length',
    sopInstanceUid: '1.2.3.4',
    frameNumber: 1,
    reach: 'image',
    points: [
      [10, 20.25],
      [30.5, 40],
    ],
    text: '',
    millimetres: null,
    ...own,
  });
  const read = async (token = doctor) => app.ask(`/api/exams/${film.filmId}/marks`, { token });
  const save = async (version: number, marks: readonly object[], token = doctor, series = seriesUid) =>
    app.ask(`/api/exams/${film.filmId}/marks/${series}`, { token, json: { version, marks } });

  beforeAll(async () => {
    app = await startTestApp();
    film = await seedFilm(app.ports, { hospitalId: 'north', slices: 2 });
    await seedFilm(app.ports, { hospitalId: 'south', slices: 1 });
    seriesUid = film.seriesInstanceUid;
    doctor = (await createSignedInStaff(app, 'north')).accessToken;
    other = (await createSignedInStaff(app, 'north')).accessToken;
    manager = (await createSignedInStaff(app, 'north', 'film-manager')).accessToken;
    stranger = (await createSignedInStaff(app, 'south')).accessToken;
  }, startTimeoutMs);
  afterAll(() => app?.stop());

  it('keeps what a doctor draws, for every doctor of the hospital, and refuses what stands on an older version', async () => {
    expect((await read()).json<ExamMarks>()).toEqual({ sheets: [] });
    expect((await save(0, [mark('a')])).json<MarksSaved>()).toEqual({ version: 1 });
    expect((await read(other)).json<ExamMarks>()).toEqual({
      sheets: [{ seriesInstanceUid: seriesUid, version: 1, marks: [mark('a')] }],
    });
    for (const version of [0, 2]) {
      const refused = await save(version, [mark('b')], other);
      expect([refused.status, refused.json<{ code: string }>().code]).toEqual([409, 'marks-changed']);
    }
    expect((await save(1, [mark('a'), mark('b')], other)).json<MarksSaved>()).toEqual({ version: 2 });
    expect((await read()).json<ExamMarks>().sheets[0]?.marks.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('lets one of two through who save at once', async () => {
    const { version } = (await read()).json<ExamMarks>().sheets[0] ?? { version: 0 };
    const both = await Promise.all([save(version, [mark('x')]), save(version, [mark('y')], other)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('writes no word of it in clear, and who saved and who was refused into the audit trail', async () => {
    const { version } = (await read()).json<ExamMarks>().sheets[0] ?? { version: 0 };
    await save(version, [mark('t', { kind: 'text', points: [[1, 1]], text: '张三丰的结节' })]);
    const [row] = await app.ports.database.select().from(schema.markSheet);
    expect(Buffer.from(row?.marksSealed ?? []).includes('张三丰')).toBe(false);
    const events = await app.ports.database.select().from(schema.auditEvent);
    const saves = events.filter(({ action }) => action === 'marks-save').map(({ outcome }) => outcome);
    expect(saves).toContain('ok');
    expect(saves).toContain('denied');
    expect(JSON.stringify(events)).not.toContain('结节');
  });

  it("is nobody else's business: a film manager, another hospital, another series, what isn't a mark", async () => {
    expect([(await read(manager)).status, (await save(0, [], manager)).status]).toEqual([403, 403]);
    expect([(await read(stranger)).status, (await save(0, [], stranger)).status]).toEqual([404, 404]);
    expect((await save(0, [mark('a')], doctor, '1.2.3.999')).status).toBe(404);
    for (const wrong of [{ ...mark('a'), kind: 'cloud' }, { ...mark('a'), points: [[1, 'x']] }, { ...mark('A B') }])
      expect((await save(9, [wrong])).status).toBe(400);
  });
});
