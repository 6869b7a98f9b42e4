// What a stranger sees after `npm start`: credentials, the demo hospital fed through the front doors, four films, one of them shared.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHospital } from './support/hospital.mjs';
import { readFilm } from './support/read-film.mjs';

describe('the demo hospital', { timeout: 240_000 }, () => {
  let hospital;
  beforeAll(async () => {
    hospital = await startHospital({ demo: true });
  });
  afterAll(() => hospital?.stop());

  it('prints a link and a passcode that open the CT, without anybody having touched it', async () => {
    for (let i = 0; i < 400 && !hospital.output().includes('链接  '); i++) await delay(500);
    await delay(500);
    const [, token, passcode] = /链接 {2}\S+\/s\/(\S+)\s+口令 {2}(\S+ \S+)/.exec(hospital.output());
    const opened = await hospital.call('POST', '/api/shares/open', { token, passcode });
    expect(opened.status).toBe(200);
    const film = await hospital.call('GET', '/api/share/film', undefined, opened.body.accessToken);
    expect(film.body).toMatchObject({ examItem: '胸部CT增强扫描', modalities: ['CT'], report: { status: 'approved' } });
    expect(film.body.series[0].frames).toHaveLength(96);
  });

  const published = async () => (await hospital.films()).filter((film) => film.state === 'published').length;

  it('has a film of each exam, every frame readable', async () => {
    for (let i = 0; i < 120 && (await published()) < 4; i++) await delay(500);
    const films = await hospital.films();
    expect(films.map((film) => [film.modalities.join(), film.state]).sort()).toEqual([
      ['CT', 'published'],
      ['DX', 'published'],
      ['MR', 'published'],
      ['US', 'published'],
    ]);
    const counts = [];
    for (const film of films) {
      let frames = 0;
      await readFilm(hospital, film.filmId, ({ attributes, pixels }) => {
        frames += 1;
        expect(pixels.length).toBe(
          attributes.rows * attributes.columns * attributes.samplesPerPixel * (attributes.bitsAllocated / 8),
        );
      });
      counts.push(frames);
    }
    expect(counts.sort((a, b) => a - b)).toEqual([1, 20, 20, 96]);
  });
});
