import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OutboxEvent } from '../ports/outbox';
import * as schema from '../ports/schema';
import { requireCompiled } from '../testing/compiled';
import { type SeededFilm, seedFilm } from '../testing/seed-film';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

/** A COS trigger's event as Tencent documents it (SCF, "COS trigger"), cut to one record. */
const cosEvent = (key: string) => ({
  Records: [
    {
      cos: {
        cosSchemaVersion: '1.0',
        cosObject: {
          url: `http://sealed-1250000000.cos.ap-chengdu.myqcloud.com/${key}`,
          meta: {},
          vid: '',
          key: `/1250000000/sealed/${key}`,
          size: 1029,
        },
        cosBucket: { region: 'cd', name: 'sealed', appid: '1250000000' },
        cosNotificationId: 'unkown',
      },
      event: {
        eventName: 'cos:ObjectCreated:Put',
        eventVersion: '1.0',
        eventTime: 1772323200,
        eventSource: 'qcs::cos',
        requestParameters: { requestSourceIP: '10.0.0.1' },
        eventQueue: 'q',
        reservedInfo: '',
        reqid: 1,
      },
    },
  ],
});
const timerEvent = { Type: 'Timer', TriggerName: 'sweep', Time: '2026-03-01T00:00:00Z', Message: '' };
/** What SCF's Node runtime hands over as second argument. */
const scfContext = {
  function_name: 'yingyun-events',
  function_version: '$LATEST',
  request_id: 'r-1',
  memory_limit_in_mb: 256,
  namespace: 'default',
};

describe('event functions', () => {
  let app: TestApp;
  let film: SeededFilm;

  beforeAll(async () => {
    app = await startTestApp();
  }, startTimeoutMs);
  beforeEach(async () => {
    film = await seedFilm(app.ports, { hospitalId: 'north', slices: 2 });
    const objectKey = film.objectKeys[0] ?? '';
    await app.ports.database
      .update(schema.storedObject)
      .set({ verifiedAt: null })
      .where(eq(schema.storedObject.objectKey, objectKey));
    await app.ports.database
      .update(schema.instance)
      .set({ state: 'stored' })
      .where(eq(schema.instance.sopInstanceUid, `${film.seriesInstanceUid}.1`));
  });
  afterAll(() => app?.stop());

  async function objectRow() {
    const [row] = await app.ports.database
      .select()
      .from(schema.storedObject)
      .where(eq(schema.storedObject.objectKey, film.objectKeys[0] ?? ''));
    return row;
  }
  const mainHandler = () => {
    const { createMainHandler }: typeof import('./scf-main-handler') = requireCompiled()('function/scf-main-handler');
    return createMainHandler(async () => app.server);
  };

  it('verifies a stored object when the outbox says it was created', async () => {
    const event: OutboxEvent = { kind: 'object-created', storedObjectId: (await objectRow())?.id ?? '' };
    expect(await app.server.dispatch(event)).toEqual({ outcome: 'done' });
    expect((await objectRow())?.verifiedAt).not.toBeNull();
    expect(await app.server.dispatch(event)).toEqual({ outcome: 'done' });
    expect(app.log.lines).toContainEqual(
      expect.objectContaining({
        event: 'function-ran',
        fields: expect.objectContaining({ name: 'outbox.objectCreated', outcome: 'done' }),
      }),
    );
  });

  it('verifies the same object when COS calls main_handler', async () => {
    const outcome = await mainHandler()(cosEvent(film.objectKeys[0] ?? ''), scfContext);
    expect(outcome).toEqual({ outcome: 'done' });
    expect((await objectRow())?.verifiedAt).not.toBeNull();
  });

  it('lets SCF deliver the event again while the object has no row, and refuses what is no event', async () => {
    const handle = mainHandler();
    await expect(handle(cosEvent('north/1.2.3/4.5.6/1.cfe1'), scfContext)).rejects.toThrow('image-not-ready');
    await expect(handle({ Records: [] }, scfContext)).rejects.toThrow('invalid-request');
    await expect(handle(undefined, scfContext)).rejects.toThrow('invalid-request');
  });

  it('sweeps expired sessions when the timer calls main_handler', async () => {
    const [hospitalId, long] = ['north', new Date(app.clock.now().getTime() - 8 * 86_400_000)];
    const row = {
      id: app.ports.random.uuid(),
      hospitalId,
      audience: 'staff',
      subjectId: 's',
      createdAt: long,
      lastUsedAt: long,
      expiresAt: long,
    };
    await app.ports.database.insert(schema.session).values(row);
    expect(await mainHandler()(timerEvent, scfContext)).toMatchObject({ sessionsRemoved: 1, deadEvents: 0 });
    expect(await mainHandler()(timerEvent, scfContext)).toMatchObject({ sessionsRemoved: 0, deadEvents: 0 });
  });

  it('gives a report that waited for its images a second look when the timer calls', async () => {
    const now = app.clock.now();
    const [study] = await app.ports.database.select().from(schema.study).where(eq(schema.study.id, film.studyId));
    await app.ports.database.insert(schema.report).values({
      id: app.ports.random.uuid(),
      hospitalId: 'north',
      studyId: null,
      heldReason: 'waiting-for-images',
      fillerOrderNumberIndex: 'F1',
      accessionNumberIndex: '',
      studyInstanceUid: study?.studyInstanceUid ?? '',
      patientIdIndex: 'somebody',
      status: 'approved',
      version: 1,
      updatedAt: now,
    });
    expect(await mainHandler()(timerEvent, scfContext)).toMatchObject({ studiesMatched: 1 });
    const queued = await app.ports.database.select().from(schema.outbox).where(eq(schema.outbox.kind, 'study-changed'));
    expect(queued.some((event) => event.payload.includes(film.studyId))).toBe(true);
  });

  it('decides a film when its study changed', async () => {
    expect(await app.server.dispatch({ kind: 'study-changed', studyId: film.studyId })).toMatchObject({
      outcome: expect.stringMatching(/done|retry/),
    });
  });

  it('rests as dead what names a journal record or object that does not exist', async () => {
    expect(await app.server.dispatch({ kind: 'message-acknowledged', journalSequence: 999 })).toMatchObject({
      outcome: 'dead',
    });
    expect(await app.server.dispatch({ kind: 'instance-acknowledged', journalSequence: 999 })).toMatchObject({
      outcome: 'dead',
    });
    expect(await app.server.dispatch({ kind: 'object-created', storedObjectId: 'nothing' })).toMatchObject({
      outcome: 'dead',
    });
  });

  it('starts main_handler’s application once, and again after a start that failed', async () => {
    const { createMainHandler }: typeof import('./scf-main-handler') = requireCompiled()('function/scf-main-handler');
    let starts = 0;
    const handle = createMainHandler(async () => {
      starts += 1;
      if (starts === 1) throw new Error('the database was down');
      return app.server;
    });
    await expect(handle(timerEvent, scfContext)).rejects.toThrow('the database was down');
    await Promise.all([handle(timerEvent, scfContext), handle(timerEvent, scfContext)]);
    expect(starts).toBe(2);
  });
});
