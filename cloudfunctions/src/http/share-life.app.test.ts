import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FrameBatchReader } from '@yingyun/shared/contract/frame-batch';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import type { CreatedShare, OpenedShare } from '@yingyun/shared/contract/routes';
import { bandsOf, seedFilm, type SeededFilm } from '../testing/seed-film';
import { createSignedInStaff } from '../testing/signed-in-staff';
import { startTestApp, type TestApp } from '../testing/test-app';

describe('the life of a share', () => {
  let app: TestApp;
  let film: SeededFilm;
  let staffToken: string;

  beforeAll(async () => {
    app = await startTestApp();
    film = await seedFilm(app.ports, { hospitalId: 'north', slices: 9, reportStatus: 'approved' });
    staffToken = (await createSignedInStaff(app, 'north')).accessToken;
  });
  afterAll(() => app?.stop());

  async function share(): Promise<CreatedShare> {
    const made = await app.ask(`/api/films/${film.filmId}/shares`, { token: staffToken, json: { purpose: 'patient' } });
    expect(made.status).toBe(200);
    return made.json<CreatedShare>();
  }

  it('goes from link and passcode to report, images and revocation', async () => {
    const created = await share();
    expect(created.url).toMatch(new RegExp(`^https://127\\.0\\.0\\.1:${app.port}/s/[A-Za-z0-9_-]{22}$`));
    const token = created.url.slice(created.url.lastIndexOf('/') + 1);
    const opened = await app.ask('/api/shares/open', { json: { token, passcode: created.passcode.toLowerCase() } });
    expect(opened.status).toBe(200);
    const { accessToken } = opened.json<OpenedShare>();

    const answer = await app.ask('/api/share/film', { token: accessToken });
    expect(answer.status).toBe(200);
    const manifest = answer.json<FilmManifest>();
    expect(manifest.patient.nameMasked).toBe('张**');
    expect(manifest.report).toMatchObject({ status: 'approved', impression: '未见异常。' });
    expect(manifest.series[0]?.frames.map((frame) => frame.instanceNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);

    const reader = new FrameBatchReader();
    const query = `series=${film.seriesInstanceUid}&reduce=2&from=4&revision=${manifest.revision}`;
    const frames = await app.ask(`/api/share/frames?${query}`, { token: accessToken });
    expect(frames.status).toBe(200);
    const records = reader.push(frames.body);
    expect(records.map((record) => record.frame)).toEqual([4, 5, 3, 6, 2, 7, 1, 8, 0]);
    for (const record of records) {
      const whole = film.frames[record.frame];
      expect(Buffer.from(record.bytes).equals(Buffer.from(whole?.subarray(0, bandsOf(40_000)[0]) ?? []))).toBe(true);
    }
    expect(reader.trailer).toEqual({ cursor: '' });

    const revoked = await app.ask(`/api/shares/${created.shareId}/revoke`, { token: staffToken, method: 'POST' });
    expect(revoked.status).toBe(200);
    expect((await app.ask('/api/share/film', { token: accessToken })).status).toBe(401);
    expect((await app.ask('/api/shares/open', { json: { token, passcode: created.passcode } })).status).toBe(404);
  });
});
