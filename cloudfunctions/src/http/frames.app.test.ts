import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { FrameBatchReader, type FrameRecord } from '@yingyun/shared/contract/frame-batch';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as schema from '../ports/schema';
import { bandsOf, type SeededFilm, seedFilm } from '../testing/seed-film';
import { createSignedInStaff } from '../testing/signed-in-staff';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

const sliceBytes = 200_000;

describe('frames over HTTP', () => {
  let app: TestApp;
  let film: SeededFilm;
  let token: string;

  beforeAll(async () => {
    app = await startTestApp();
    film = await seedFilm(app.ports, { hospitalId: 'north', slices: 12, sliceBytes, reportStatus: 'approved' });
    token = (await createSignedInStaff(app, 'north')).accessToken;
  }, startTimeoutMs);
  afterAll(() => app?.stop());

  const ask = (query: string, of = film) =>
    app.ask(`/api/films/${of.filmId}/frames?series=${of.seriesInstanceUid}&${query}`, { token });

  it('adds up, band by band and batch by batch, to the very bytes that were stored', async () => {
    const held = film.frames.map(() => Buffer.alloc(sliceBytes));
    const filled = film.frames.map(() => 0);
    for (const [reduce, have] of [
      [2, undefined],
      [1, 2],
      [0, 1],
    ] as const) {
      let cursor = '';
      do {
        const query = `reduce=${reduce}${have === undefined ? '' : `&have=${have}`}&from=6&limit=262144${cursor === '' ? '' : `&cursor=${cursor}`}`;
        const answer = await ask(query);
        expect(answer.status).toBe(200);
        expect(answer.body.length).toBeLessThanOrEqual(262_144 + 12 * 20);
        const reader = new FrameBatchReader();
        for (const record of reader.push(answer.body)) {
          expect(record.from).toBe(filled[record.frame]);
          Buffer.from(record.bytes).copy(held[record.frame] ?? Buffer.alloc(0), record.from);
          filled[record.frame] = record.from + record.bytes.length;
        }
        cursor = reader.trailer?.cursor ?? 'cut';
      } while (cursor !== '');
      expect(filled.every((bytes) => bytes === bandsOf(sliceBytes)[2 - reduce])).toBe(true);
    }
    held.forEach((bytes, i) => expect(bytes.equals(Buffer.from(film.frames[i] ?? []))).toBe(true));
  });

  it('serves a manifest that says common things once and compresses', async () => {
    const plain = await app.ask(`/api/films/${film.filmId}`, { token });
    const manifest = plain.json<FilmManifest>();
    expect(manifest.series[0]?.common).toMatchObject({ rows: 512, codec: 'htj2k', rescaleType: 'HU' });
    expect(Object.keys(manifest.series[0]?.frames[0] ?? {}).sort()).toEqual([
      'bands',
      'imagePositionPatient',
      'instanceNumber',
      'sopInstanceUid',
    ]);
    expect(manifest.series[0]?.windowPresets.map((preset) => preset.name)).toEqual(['肺窗', '纵隔窗', '骨窗']);
    expect(manifest.completeness).toEqual({ instanceCount: 12, text: '12 幅，未与 PACS 核对' });
    const gzip = await app.ask(`/api/films/${film.filmId}`, { token, headers: { 'accept-encoding': 'gzip, br' } });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(gzip.body).toString('utf8'))).toEqual(manifest);
  });

  it('destroys the stream of a damaged object without a trailer, tells log and audit, and leaves others alone', async () => {
    const other = await seedFilm(app.ports, { hospitalId: 'north', slices: 12, sliceBytes });
    const key = other.objectKeys[9] ?? '';
    const file = path.join(app.folder, 'objects', ...key.split('/'));
    const sealed = readFileSync(file);
    sealed[sealed.length - 5_000] = (sealed[sealed.length - 5_000] ?? 0) ^ 1;
    writeFileSync(file, sealed);
    const [damaged, whole] = await Promise.all([
      ask('reduce=0&from=6&limit=4194304', other),
      ask('reduce=0&from=6&limit=4194304'),
    ]);
    expect(damaged.isComplete).toBe(false);
    const reader = new FrameBatchReader();
    const records = reader.push(damaged.body);
    expect(reader.trailer).toBeUndefined();
    expect(records.every((record) => record.frame !== 9 && isWhole(record, other))).toBe(true);
    const fine = new FrameBatchReader();
    expect(fine.push(whole.body)).toHaveLength(12);
    expect(fine.trailer).toEqual({ cursor: '' });
    expect(app.log.lines).toContainEqual(
      expect.objectContaining({
        event: 'frame-unreadable',
        fields: expect.objectContaining({ frame: 9, reason: 'sealed-object-invalid' }),
      }),
    );
    const audited = await app.ports.database
      .select()
      .from(schema.auditEvent)
      .where(eq(schema.auditEvent.objectId, key));
    expect(audited).toMatchObject([{ action: 'frames-read', outcome: 'failed', reason: 'sealed-object-invalid' }]);
    // Alone, its coarse band has gone out before the damage is met; whoever asks for the rest is told.
    const coarse = await ask('reduce=0&from=9&count=1', other);
    expect(coarse.isComplete).toBe(false);
    expect(new FrameBatchReader().push(coarse.body)).toHaveLength(1);
    const alone = await ask('reduce=0&from=9&count=1&have=3', other);
    expect(alone.status).toBe(500);
    expect(alone.json()).toMatchObject({ code: 'sealed-object-invalid' });
    expect((await ask('reduce=2&from=9&count=1', other)).status).toBe(200);
  });

  it('stops reading when the client leaves', async () => {
    const big = await seedFilm(app.ports, { hospitalId: 'north', slices: 20, sliceBytes: 1_000_000 });
    let reads = 0;
    const { openRange } = app.ports.sealer;
    Object.assign(app.ports.sealer, {
      openRange: (...asked: Parameters<typeof openRange>) => {
        reads += 1;
        return openRange(...asked);
      },
    });
    await new Promise<void>((resolve) => {
      const path = `/api/films/${big.filmId}/frames?series=${big.seriesInstanceUid}&reduce=0&limit=4194304`;
      const asked = get(
        {
          host: '127.0.0.1',
          port: app.port,
          ca: app.ca,
          path,
          headers: { authorization: `Bearer ${token}` },
          agent: false,
        },
        (answer) => {
          answer.once('data', () => {
            asked.destroy();
            resolve();
          });
          answer.on('error', () => {});
        },
      );
      asked.on('error', () => {});
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    Object.assign(app.ports.sealer, { openRange });
    expect(reads).toBeLessThanOrEqual(4);
    expect(app.log.lines.filter((line) => line.event === 'frames-cut').length).toBeGreaterThan(0);
    expect((await ask('reduce=2')).status).toBe(200);
  });

  it('says film-changed instead of sending another slice’s bytes when late images have moved the order', async () => {
    const growing = await seedFilm(app.ports, { hospitalId: 'north', slices: 4, sliceBytes: 8_000 });
    const { revision } = (await app.ask(`/api/films/${growing.filmId}`, { token })).json<FilmManifest>();
    expect((await ask(`reduce=2&revision=${revision}`, growing)).status).toBe(200);
    await app.ports.database
      .update(schema.instance)
      .set({ state: 'conflict' })
      .where(eq(schema.instance.sopInstanceUid, `${growing.seriesInstanceUid}.1`));
    await app.ports.database
      .update(schema.study)
      .set({ updatedAt: new Date(app.clock.now().getTime() + 1) })
      .where(eq(schema.study.id, growing.studyId));
    const changed = await ask(`reduce=2&revision=${revision}`, growing);
    expect(changed.status).toBe(409);
    expect(changed.json()).toMatchObject({ code: 'film-changed' });
  });

  it('shows no instance whose stored bytes have not been verified', async () => {
    const half = await seedFilm(app.ports, { hospitalId: 'north', slices: 3, sliceBytes: 8_000 });
    await app.ports.database
      .update(schema.instance)
      .set({ state: 'stored' })
      .where(eq(schema.instance.sopInstanceUid, `${half.seriesInstanceUid}.2`));
    const manifest = (await app.ask(`/api/films/${half.filmId}`, { token })).json<FilmManifest>();
    expect(manifest.series[0]?.frames.map((frame) => frame.instanceNumber)).toEqual([1, 3]);
    expect(manifest.completeness.text).toBe('已就绪 2 / 3 幅，未与 PACS 核对');
  });

  it('tells probes and Prometheus what it depends on and how far instances are', async () => {
    const ready = await app.ask('/readyz');
    expect(ready.status).toBe(200);
    expect(ready.json()).toEqual({
      status: 'ready',
      dependencies: { database: 'ok', objectStore: 'ok', keyProvider: 'ok', journal: 'ok' },
    });
    const { derive } = app.ports.keyProvider;
    Object.assign(app.ports.keyProvider, { derive: () => Promise.reject(new Error('down')) });
    const down = await app.ask('/readyz');
    Object.assign(app.ports.keyProvider, { derive });
    expect(down.status).toBe(503);
    expect(down.json()).toMatchObject({ status: 'not-ready', dependencies: { keyProvider: 'failed', database: 'ok' } });
    const text = (await app.ask('/metrics')).body.toString('utf8');
    expect(text).toMatch(/^yingyun_instances\{state="verified"\} \d+$/m);
    expect(text).toMatch(/^yingyun_instances\{state="quarantined"\} 0$/m);
    expect(text).toMatch(
      /^yingyun_http_request_duration_seconds_bucket\{route="filmFrames",status="2xx",le="\+Inf"\} \d+$/m,
    );
  });
});

function isWhole(record: FrameRecord, film: SeededFilm): boolean {
  return Buffer.from(record.bytes).equals(Buffer.from(film.frames[record.frame] ?? []));
}
