import { eq } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { lockReports } from '../../adapters/database/reports';
import { insertSession } from '../../adapters/database/sessions';
import { film, instance, notification, outbox, session, share, study } from '../../ports/schema';
import { describeEachDatabase } from '../../testing/for-each-database';
import { addInstance } from '../../testing/report-fixtures';
import { createReportWorld, type ReportWorld } from '../../testing/report-world';
import { projectRecords } from '../index/project-records';
import { publishFilm } from './publish-film';
import { sortInstant } from './sort-instant';

const studyInstanceUid = '1.2.840.99.1';
const orders = permutations(['P', 'F', 'C', 'X'] as const);

describeEachDatabase('publishing a film', (open) => {
  let world: ReportWorld;
  beforeEach(async () => {
    world = await createReportWorld((await open()).database);
    await world.arrive({ id: 's1', studyInstanceUid });
  });
  const theFilm = async () => (await world.database.select().from(film))[0];
  const image = (
    number: number,
    state: string,
    more: { studyId?: string | undefined; agoMs?: number; isCurrent?: boolean } = {},
  ) =>
    addInstance(world.database, {
      hospitalId: 'h1',
      studyInstanceUid,
      studyId: 'studyId' in more ? more.studyId : 's1',
      number,
      state,
      updatedAt: new Date(world.ports.clock.now().getTime() - (more.agoMs ?? 0)),
      ...(more.isCurrent === undefined ? {} : { isCurrent: more.isCurrent }),
    });
  const report = { studyUids: [studyInstanceUid] };
  const news = async () =>
    (await world.database.select().from(notification)).map(({ topic, state }) => `${topic} ${state}`).sort();

  it('makes one film a study, sorted by the time of the exam in the hospital', async () => {
    await publishFilm(world.ports, 's1');
    expect(await world.database.select().from(film)).toMatchObject([
      {
        hospitalId: 'h1',
        studyId: 's1',
        state: 'waiting',
        publishedAt: null,
        sortAt: new Date('2026-03-01T00:30:00.000Z'),
      },
    ]);
  });

  it('shows a film without its report where the hospital says so, that long after its last image, and tells nobody', async () => {
    world.ports.publishing.unreportedAfterMs = 60_000;
    await image(1, 'verified');
    await publishFilm(world.ports, 's1');
    expect(await theFilm()).toMatchObject({ state: 'waiting' });
    const again = (await world.database.select().from(outbox)).filter(({ kind }) => kind === 'study-changed');
    const dueMs = (again[0]?.runAfter.getTime() ?? 0) - world.ports.clock.now().getTime();
    expect(dueMs).toBeGreaterThan(0);
    world.ports.clock.advance(dueMs - 1);
    await publishFilm(world.ports, 's1');
    expect(await theFilm()).toMatchObject({ state: 'waiting' });
    world.ports.clock.advance(1);
    await publishFilm(world.ports, 's1');
    expect(await theFilm()).toMatchObject({ state: 'published' });
    expect(await news()).toEqual([]);
    await world.receive(report);
    expect(await news()).toEqual(['film-ready/1 sent']);
  });

  it('publishes images and approved report, audits it, and tells of it once however often it runs', async () => {
    await image(1, 'verified');
    await world.receive(report);
    expect(await theFilm()).toMatchObject({ state: 'published', publishedAt: world.ports.clock.now() });
    const audited = world.audited.filter(({ action }) => action === 'film-published');
    expect(audited).toMatchObject([{ object: { kind: 'film' }, reason: 'film-ready/1', outcome: 'ok' }]);
    world.ports.clock.advance(1000);
    for (let i = 0; i < 3; i++) expect(await publishFilm(world.ports, 's1')).toEqual({ outcome: 'done' });
    await world.settle();
    expect(await world.ports.audit.firstBreak(world.database)).toBeUndefined();
    expect(world.told).toMatchObject([{ topic: 'film-ready/1', filmId: (await theFilm())?.id }]);
    expect(world.audited.filter(({ action }) => action === 'film-published')).toHaveLength(1);
    expect(await news()).toEqual(['film-ready/1 sent']);
  });

  it('writes nothing about the patient into notices, log and audit', async () => {
    await image(1, 'verified');
    await world.receive(report);
    expect(world.told).toHaveLength(1);
    expect(Object.keys(world.told[0] ?? {}).sort()).toEqual(['filmId', 'notificationId', 'topic']);
    expect(JSON.stringify([world.told, world.log.lines, world.audited])).not.toMatch(/P001|测|试甲|双肺|审核|书写/);
  });

  it.each(['P', 'R'])('keeps a film with a report of status %s from the patient', async (status) => {
    await image(1, 'verified');
    await world.receive({ ...report, status });
    expect(await theFilm()).toMatchObject({ state: 'waiting' });
    expect(await news()).toEqual([]);
  });

  it.each(['conflict', 'quarantined', 'stored'])('does not publish when the only image is %s', async (state) => {
    await image(1, state, { agoMs: 3_600_000 });
    await world.receive(report);
    expect(await theFilm()).toMatchObject({ state: 'waiting' });
  });

  it('does not publish when the only verified image is no longer current', async () => {
    await image(1, 'verified', { isCurrent: false });
    await world.receive(report);
    expect(await theFilm()).toMatchObject({ state: 'waiting' });
  });

  it('waits for images on their way, not yet indexed ones too, and publishes when they are there', async () => {
    await image(1, 'verified');
    await image(2, 'acknowledged', { studyId: undefined });
    await world.receive(report);
    expect(await publishFilm(world.ports, 's1')).toEqual({ outcome: 'retry', reason: 'images-under-way' });
    expect(await theFilm()).toMatchObject({ state: 'waiting' });
    await world.database.update(instance).set({ state: 'verified' }).where(eq(instance.journalSequence, 2));
    expect(await publishFilm(world.ports, 's1')).toEqual({ outcome: 'done' });
    expect(await theFilm()).toMatchObject({ state: 'published' });
  });

  it('does not wait for ever for an image that is stuck', async () => {
    await image(1, 'verified');
    await image(2, 'transcoded');
    await world.receive(report);
    world.ports.clock.advance(59_000);
    expect(await publishFilm(world.ports, 's1')).toMatchObject({ outcome: 'retry' });
    world.ports.clock.advance(2_000);
    expect(await publishFilm(world.ports, 's1')).toEqual({ outcome: 'done' });
    expect(await theFilm()).toMatchObject({ state: 'published' });
  });

  it('leaves a published film open while more images arrive', async () => {
    await image(1, 'verified');
    await world.receive(report);
    await image(2, 'acknowledged');
    expect(await publishFilm(world.ports, 's1')).toEqual({ outcome: 'done' });
    expect(await theFilm()).toMatchObject({ state: 'published' });
  });

  it('tells of an amendment, and of a withdrawal that closes the film', async () => {
    await image(1, 'verified');
    await world.receive(report);
    const publishedAt = (await theFilm())?.publishedAt;
    world.ports.clock.advance(60_000);
    await world.receive({ ...report, controlId: 'M2', status: 'C', at: '20260301130000', findings: 'b' });
    expect(await theFilm()).toMatchObject({ state: 'published', publishedAt });
    await world.receive({ ...report, controlId: 'M3', status: 'X', at: '20260301140000' });
    expect(await theFilm()).toMatchObject({ state: 'withdrawn' });
    expect(world.told.map(({ topic }) => topic)).toEqual(['film-ready/1', 'film-amended/2', 'film-withdrawn/3']);
    expect(
      world.audited
        .filter(({ action }) => action.startsWith('film-'))
        .map(({ action, reason }) => `${action} ${reason}`),
    ).toEqual(['film-published film-ready/1', 'film-published film-amended/2', 'film-withdrawn film-withdrawn/3']);
  });

  it.each(orders)('tells of what counts, once, where versions come as %s', async (...order) => {
    await image(1, 'verified');
    const minutes = { P: '00', F: '10', C: '20', X: '30' };
    for (const status of order) {
      await world.receive({
        ...report,
        controlId: status,
        status,
        at: `202603011${minutes[status]}000`,
        findings: status,
      });
    }
    expect(await theFilm()).toMatchObject({ state: 'withdrawn' });
    // a version is told when it comes to count: not what joins the history later, and no withdrawal of what nobody heard of
    const expected: string[] = [];
    const rank = 'PFCX';
    let counts = -1;
    for (const [i, status] of order.entries()) {
      if (rank.indexOf(status) < counts) continue;
      counts = rank.indexOf(status);
      if (status === 'P' || (status === 'X' && expected.length === 0)) continue;
      const what = status === 'X' ? 'withdrawn' : expected.length === 0 ? 'ready' : 'amended';
      expected.push(`film-${what}/${i + 1}`);
    }
    expect(world.told.map(({ topic }) => topic)).toEqual(expected);
  });

  it('tells again of what was overtaken before anybody heard of it', async () => {
    await image(1, 'verified');
    await world.receive(report);
    await world.database.update(notification).set({ state: 'superseded', sentAt: null });
    world.told.length = 0;
    await publishFilm(world.ports, 's1');
    await world.settle();
    expect(world.told.map(({ topic }) => topic)).toEqual(['film-ready/1']);
    await publishFilm(world.ports, 's1');
    await world.settle();
    expect(world.told).toHaveLength(1);
  });

  it('announces nothing again that the journal knows of, in a database that was lost', async () => {
    await image(1, 'verified');
    await world.receive(report);
    await world.receive({ ...report, controlId: 'M2', status: 'C', at: '20260301130000', findings: 'b' });
    expect(world.told).toHaveLength(2);
    await world.database.delete(notification); // what a rebuild begins with
    const announced = world.ports.journal.records.filter(({ entry }) => entry.kind === 'film-announced');
    for (let i = 0; i < 2; i++)
      await world.database.transaction((transaction) => projectRecords(world.ports, transaction, announced));
    await publishFilm(world.ports, 's1');
    await world.settle();
    expect(world.told).toHaveLength(2);
    expect(await news()).toEqual(['film-amended/2 sent', 'film-ready/1 sent']);
    await world.receive({ ...report, controlId: 'M3', status: 'C', at: '20260301140000', findings: 'c' });
    expect(world.told.map(({ topic }) => topic)).toEqual(['film-ready/1', 'film-amended/2', 'film-amended/3']);
  });

  it('ends every share of a film that is withdrawn, for good', async () => {
    await image(1, 'verified');
    await world.receive(report);
    const now = world.ports.clock.now();
    const expiresAt = new Date(now.getTime() + 86_400_000);
    const filmId = (await theFilm())?.id ?? '';
    for (const [id, createdByKind] of [
      ['by-staff', 'staff'],
      ['by-person', 'person'],
    ] as const) {
      await world.database.insert(share).values({
        id,
        hospitalId: 'h1',
        filmId,
        tokenIndex: id,
        passcodeVerifier: '',
        purpose: 'family',
        maxViews: 9,
        expiresAt,
        createdByKind,
        createdById: 'somebody',
        createdAt: now,
      });
      await insertSession(world.database, { id, hospitalId: 'h1', audience: 'share', subjectId: id, now, expiresAt });
    }
    const ended = async () => [
      ...(await world.database.select().from(share)).map((row) => row.revokedAt),
      ...(await world.database.select().from(session)).map((row) => row.endedAt),
    ];
    await world.receive({ ...report, controlId: 'M2', status: 'C', at: '20260301130000' });
    expect(await ended()).toEqual([null, null, null, null]);
    await world.receive({ ...report, controlId: 'M3', status: 'X', at: '20260301140000' });
    expect(await ended()).toEqual([now, now, now, now]);
    await world.receive({ ...report, controlId: 'M4', status: 'F', at: '20260301150000' });
    expect(await theFilm()).toMatchObject({ state: 'published' });
    expect(await ended()).toEqual([now, now, now, now]);
  });

  it('closes the film again when the approval is taken back, and says nothing', async () => {
    await image(1, 'verified');
    await world.receive(report);
    await world.receive({ ...report, controlId: 'M2', status: 'P', at: '20260301130000' });
    expect(await theFilm()).toMatchObject({ state: 'waiting' });
    expect(world.told).toHaveLength(1);
  });

  it('leaves a film closed that a person holds', async () => {
    await publishFilm(world.ports, 's1');
    await world.database.update(film).set({ state: 'held' });
    await image(1, 'verified');
    await world.receive(report);
    expect(await theFilm()).toMatchObject({ state: 'held' });
    expect(world.told).toEqual([]);
  });

  it('makes one film where two runs meet', async () => {
    await world.database.delete(film);
    await image(1, 'verified');
    const record = await world.acknowledge(report);
    const { archiveMessage } = await import('../archive-message');
    await Promise.all([
      publishFilm(world.ports, 's1'),
      archiveMessage(world.ports, record),
      publishFilm(world.ports, 's1'),
    ]);
    await world.settle();
    expect(await world.database.select().from(film)).toMatchObject([{ state: 'published' }]);
    expect(await news()).toEqual(['film-ready/1 sent']);
  });

  it('waits while another transaction of the hospital files or attaches reports', async () => {
    let isDone = false;
    let publishing: Promise<unknown> = Promise.resolve();
    await world.database.transaction(async (transaction) => {
      await lockReports(transaction, 'h1');
      publishing = publishFilm(world.ports, 's1').then(() => {
        isDone = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(isDone).toBe(false);
    });
    await publishing;
  });

  it('changes nothing where it fails half-way', async () => {
    await image(1, 'verified');
    await world.database.delete(film);
    const audit = { ...world.ports.audit, record: () => Promise.reject(new Error('audit gone')) };
    await world.ports.outbox.add(world.database, { kind: 'study-changed', studyId: 's1' });
    const record = await world.acknowledge(report);
    const { archiveMessage } = await import('../archive-message');
    await archiveMessage(world.ports, record);
    await expect(publishFilm({ ...world.ports, audit }, 's1')).rejects.toThrow('audit gone');
    expect(await world.database.select().from(film)).toEqual([]);
    expect(await news()).toEqual([]);
  });

  it('has nothing to do for a study that is gone', async () => {
    await world.database.delete(film);
    expect(await publishFilm(world.ports, 'nowhere')).toEqual({ outcome: 'done' });
    expect(await world.database.select({ id: study.id }).from(study)).toHaveLength(1);
  });
});

it.each([
  ['2026-03-01T08:30:00', '2026-03-01T00:30:00.000Z'],
  ['2026-03-01', '2026-02-28T16:00:00.000Z'],
  ['0000-01-01', undefined],
  ['yesterday', undefined],
  ['', undefined],
])('sorts a study of "%s" at %s', (text, instant) => {
  expect(sortInstant(text)?.toISOString()).toBe(instant);
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((one, i) => permutations(items.filter((_, j) => j !== i)).map((rest) => [one, ...rest]));
}
