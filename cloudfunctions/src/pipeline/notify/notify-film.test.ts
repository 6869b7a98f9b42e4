import { beforeEach, expect, it } from 'vitest';
import { createLogNotifier } from '../../adapters/notify/log-notifier';
import type { Notice, Notifier } from '../../ports/notifier';
import { film, notification, reportVersion } from '../../ports/schema';
import { createMemoryLog } from '../../testing/fakes';
import { describeEachDatabase } from '../../testing/for-each-database';
import { createReportWorld, type ReportWorld } from '../../testing/report-world';
import { notifyFilm } from './notify-film';

describeEachDatabase('telling of a film', (open) => {
  let world: ReportWorld;
  beforeEach(async () => {
    world = await createReportWorld((await open()).database);
    await world.arrive({ id: 's1', accessionNumber: 'A1', studyInstanceUid: '1.2.3' });
    await world.receive({ accession: 'A1' }); // the version that counts came by message 1
    await world.database.update(film).set({ id: 'f1', state: 'published' });
  });
  const count = (journalSequence: number) => world.database.update(reportVersion).set({ journalSequence });
  const withdraw = async () => {
    await world.database.update(film).set({ state: 'withdrawn' });
    await world.database.update(reportVersion).set({ status: 'withdrawn' });
  };
  const journalled = () =>
    world.ports.journal.records.flatMap(({ entry }) =>
      entry.kind === 'film-announced'
        ? [`${entry.studyInstanceUid} ${entry.channel} ${entry.topic} ${entry.state}`]
        : [],
    );
  const put = (topic: string, state = 'pending', channel = 'console') =>
    world.database.insert(notification).values({
      id: `n-${topic}`,
      hospitalId: 'h1',
      studyInstanceUid: '1.2.3',
      topic,
      channel,
      state,
      createdAt: world.ports.clock.now(),
      sentAt: null,
    });
  const states = async () =>
    (await world.database.select().from(notification)).map(({ topic, state }) => `${topic} ${state}`).sort();
  const answering = (answer: Awaited<ReturnType<Notifier['send']>> | Error) => {
    const sent: Notice[] = [];
    const notifier: Notifier = {
      channel: 'console',
      send: async (notice) => {
        sent.push(notice);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
    return { sent, ports: { ...world.ports, notifier } };
  };

  it('sends what is pending once, however often it runs', async () => {
    await put('film-ready/1');
    const { sent, ports } = answering('sent');
    for (let i = 0; i < 3; i++) expect(await notifyFilm(ports, 'f1')).toEqual({ outcome: 'done' });
    expect(sent).toEqual([{ notificationId: 'n-film-ready/1', topic: 'film-ready/1', filmId: 'f1' }]);
    expect((await world.database.select().from(notification))[0]).toMatchObject({
      state: 'sent',
      sentAt: world.ports.clock.now(),
    });
    expect(journalled()).toEqual(['1.2.3 console film-ready/1 sent']);
  });

  it('sends once where two runs meet', async () => {
    await put('film-ready/1');
    const { sent, ports } = answering('sent');
    await Promise.all([notifyFilm(ports, 'f1'), notifyFilm(ports, 'f1')]);
    expect(sent).toHaveLength(1);
    expect(await states()).toEqual(['film-ready/1 sent']);
  });

  it('tries again what was certainly not sent', async () => {
    await put('film-ready/1');
    expect(await notifyFilm(answering('not-sent').ports, 'f1')).toEqual({ outcome: 'retry', reason: 'not-sent' });
    expect(await notifyFilm(answering('sent').ports, 'f1')).toEqual({ outcome: 'done' });
    expect(await states()).toEqual(['film-ready/1 sent']);
    expect(journalled()).toEqual(['1.2.3 console film-ready/1 sent']);
  });

  it('lays to rest what the channel refuses', async () => {
    await put('film-ready/1');
    expect(await notifyFilm(answering('refused').ports, 'f1')).toEqual({ outcome: 'dead', reason: 'refused' });
    expect(await states()).toEqual(['film-ready/1 refused']);
    expect(journalled()).toEqual(['1.2.3 console film-ready/1 refused']);
  });

  it('does not repeat what may have been sent: a throw, or a process that died while sending', async () => {
    await put('film-ready/1');
    expect(await notifyFilm(answering(new Error('time-out')).ports, 'f1')).toEqual({ outcome: 'done' });
    await put('film-amended/2', 'sending');
    const { sent, ports } = answering('sent');
    await notifyFilm(ports, 'f1');
    expect(sent).toEqual([]);
    expect(await states()).toEqual(['film-amended/2 unclear', 'film-ready/1 unclear']);
    expect(journalled()).toEqual(['1.2.3 console film-ready/1 unclear', '1.2.3 console film-amended/2 unclear']);
  });

  it('sends only what is about the versions that count now, and only while it is true', async () => {
    await put('film-ready/1');
    await put('film-amended/10');
    await put('film-amended/12');
    await count(10);
    const { sent, ports } = answering('sent');
    await notifyFilm(ports, 'f1');
    expect(sent.map(({ topic }) => topic)).toEqual(['film-amended/10']);
    await put('film-amended/11');
    await count(11);
    await world.database.update(film).set({ state: 'waiting' });
    await notifyFilm(ports, 'f1');
    expect(sent).toHaveLength(1);
    expect(await states()).toEqual([
      'film-amended/10 sent',
      'film-amended/11 superseded',
      'film-amended/12 superseded',
      'film-ready/1 superseded',
    ]);
  });

  it('tells of a withdrawal only who was told of the film', async () => {
    await withdraw();
    await put('film-ready/1');
    await put('film-withdrawn/2');
    await count(2);
    const { sent, ports } = answering('sent');
    await notifyFilm(ports, 'f1');
    expect(sent).toEqual([]);
    await put('film-amended/3', 'sent');
    await put('film-withdrawn/4');
    await count(4);
    await notifyFilm(ports, 'f1');
    expect(sent.map(({ topic }) => topic)).toEqual(['film-withdrawn/4']);
  });

  it('leaves other channels alone', async () => {
    await put('film-ready/1', 'pending', 'sms');
    await notifyFilm(answering('sent').ports, 'f1');
    expect(await states()).toEqual(['film-ready/1 pending']);
  });

  it('has nothing to do for a film that is gone', async () => {
    expect(await notifyFilm(world.ports, 'nowhere')).toEqual({ outcome: 'done' });
  });
});

it('the demo channel writes a log line with topic and film, and nothing else', async () => {
  const log = createMemoryLog();
  const notice = { notificationId: 'n1', topic: 'film-ready/1', filmId: 'f1' };
  expect(await createLogNotifier({ log }).send(notice)).toBe('sent');
  expect(log.lines).toEqual([{ level: 'info', event: 'notification', fields: notice }]);
});
