import { FrameBatchReader } from '@yingyun/shared/contract/frame-batch';
import type {
  LinkStarted,
  PatientAccount,
  PatientFilmList,
  PatientFilmPage,
  PatientLinkItem,
} from '@yingyun/shared/contract/patient-routes';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as schema from '../ports/schema';
import { idNumberOf } from '../testing/bound-person';
import { describeOnEachDatabase } from '../testing/each-database-url';
import { seedFilm } from '../testing/seed-film';
import { deliverTextMessages, signInPerson, statePatient } from '../testing/signed-in-person';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

const minute = 60_000;
const day = 86_400_000;

describeOnEachDatabase('a person and their films', (databaseUrl) => {
  let app: TestApp;
  let count = 0;
  let token: string;
  let identity: { name: string; idNumber: string };
  let patientId: string;
  let recordPhone: string;

  beforeAll(async () => {
    const url = await databaseUrl();
    app = await startTestApp({
      ...(url === undefined ? {} : { databaseUrl: url }),
      triesPerHour: { 'code-send': 10_000, 'code-try': 10_000, 'link-start': 10_000 },
    });
  }, startTimeoutMs);
  afterAll(() => app?.stop());

  /** A new person signed in, and somebody in the records of the hospital "north". */
  beforeEach(async () => {
    app.clock.advance(day);
    count += 1;
    token = (await signInPerson(app, `1380000${String(count).padStart(4, '0')}`)).accessToken;
    identity = { name: '张三丰', idNumber: idNumberOf(count) };
    patientId = `P${count}`;
    recordPhone = `1370000${String(count).padStart(4, '0')}`;
    await film();
    await statePatient(app, { hospitalId: 'north', patientId, phone: recordPhone, ...identity });
  });

  const film = (more: Partial<Parameters<typeof seedFilm>[1]> = {}) =>
    seedFilm(app.ports, { hospitalId: 'north', patientId, slices: 2, reportStatus: 'approved', ...more });
  const start = (more: Partial<typeof identity> & { hospitalId?: string } = {}, as = token) =>
    app.ask('/api/patient/links/start', { token: as, json: { hospitalId: 'north', ...identity, ...more } });
  const confirm = (challengeId: string, code: string, as = token) =>
    app.ask('/api/patient/links/confirm', { token: as, json: { challengeId, code } });
  const films = async (query = '', as = token) =>
    (await app.ask(`/api/patient/films${query}`, { token: as })).json<PatientFilmList>();
  const wrong = (code: string) => (code === '000000' ? '000001' : '000000');

  async function challenge(as = token): Promise<{ challengeId: string; code: string }> {
    const { challengeId } = (await start({}, as)).json<LinkStarted>();
    const [message] = await deliverTextMessages(app);
    return { challengeId, code: message?.params.code ?? '' };
  }
  async function bind(as = token): Promise<PatientLinkItem> {
    const { challengeId, code } = await challenge(as);
    const answer = await confirm(challengeId, code, as);
    expect(answer.status).toBe(200);
    return answer.json<PatientLinkItem>();
  }

  it('binds by name, ID number and a code sent to the phone in the record, and opens film, report and images', async () => {
    expect((await films()).films).toEqual([]);
    const started = await start({ name: ' 张 三丰 ', idNumber: identity.idNumber.toLowerCase() });
    expect(started.json<LinkStarted>()).toMatchObject({ resendAfterSeconds: 60, validForSeconds: 300 });
    const [message] = await deliverTextMessages(app);
    expect(message).toMatchObject({ phone: recordPhone, template: 'link-code' });
    const linked = await confirm(started.json<LinkStarted>().challengeId, message?.params.code ?? '');
    expect(linked.json<PatientLinkItem>()).toMatchObject({ hospitalName: 'north 医院', nameMasked: '张**', sex: 'M' });
    const mine = (await app.ask('/api/patient/account', { token })).json<PatientAccount>();
    expect(mine.links).toEqual([linked.json()]);
    expect(mine.hospitals).toContainEqual({ hospitalId: 'north', name: 'north 医院' });

    const [item] = (await films()).films;
    expect(item).toMatchObject({
      hospitalName: 'north 医院',
      nameMasked: '张**',
      modalities: ['CT'],
      instanceCount: 2,
      reportStatus: 'approved',
      viewUntil: null,
      activeShares: 0,
    });
    const filmId = item?.filmId ?? '';
    const page = (await app.ask(`/api/patient/films/${filmId}`, { token })).json<PatientFilmPage>();
    expect(page.film.report).toMatchObject({ status: 'approved', impression: '未见异常。' });
    expect(page.film.patient).toEqual({ nameMasked: '张**', sex: 'M', age: '056Y' });
    expect(page.otherFilms).toEqual([]);
    const series = page.film.series[0]?.seriesInstanceUid;
    const frames = await app.ask(`/api/patient/films/${filmId}/frames?series=${series}&reduce=0`, { token });
    const reader = new FrameBatchReader();
    expect(reader.push(frames.body)).toHaveLength(2);
    expect(reader.trailer).toEqual({ cursor: '' });
    const seen = await app.ports.database
      .select()
      .from(schema.auditEvent)
      .where(and(eq(schema.auditEvent.action, 'film-view'), eq(schema.auditEvent.objectId, filmId)));
    expect(seen).toMatchObject([{ actorKind: 'person', hospitalId: 'north', outcome: 'ok' }]);
  });

  it('takes the same steps for a record that is there, one without a phone, another name, another number and another hospital', async () => {
    const without = { name: '李四', idNumber: idNumberOf(900 + count) };
    await statePatient(app, { hospitalId: 'north', patientId: `${patientId}-X`, phone: '', ...without });
    await seedFilm(app.ports, { hospitalId: 'south', slices: 1 });
    const cases = [{}, without, { name: '张三' }, { idNumber: idNumberOf(800 + count) }, { hospitalId: 'south' }];
    await start({ idNumber: idNumberOf(700 + count) }); // makes the person's own counter
    const asked: { sent: string; work: string[] }[] = [];
    for (const one of cases) {
      app.statements.length = 0;
      let [seals, makes] = [0, 0];
      const { fields, secrets } = app.ports;
      const { seal } = fields;
      const { make } = secrets;
      Object.assign(fields, { seal: (...args: Parameters<typeof seal>) => ((seals += 1), seal(...args)) });
      Object.assign(secrets, { make: (...args: Parameters<typeof make>) => ((makes += 1), make(...args)) });
      const answer = await start(one);
      Object.assign(fields, { seal });
      Object.assign(secrets, { make });
      const { challengeId, ...rest } = answer.json<LinkStarted>();
      expect(challengeId).toMatch(/^[0-9a-f-]{36}$/);
      asked.push({
        sent: `${answer.status} ${answer.body.length} ${JSON.stringify(rest)} ${seals} ${makes}`,
        work: [...app.statements],
      });
    }
    for (const one of asked) expect(one.sent).toBe(asked[0]?.sent);
    for (const one of asked) expect(one.work).toEqual(asked[0]?.work);
    const waiting = await app.ports.database
      .select()
      .from(schema.textMessage)
      .where(eq(schema.textMessage.state, 'waiting'));
    expect(new Set(waiting.map((row) => row.contentSealed.length)).size).toBe(1);
    expect((await deliverTextMessages(app)).map((message) => message.phone)).toEqual([recordPhone]);
  });

  it('answers a wrong code, a late one, a used one, the fourth try, another person’s challenge and one nobody can answer with the same bytes', async () => {
    const answers = [];
    const first = await challenge();
    for (let i = 0; i < 3; i++) answers.push(await confirm(first.challengeId, wrong(first.code)));
    answers.push(await confirm(first.challengeId, first.code));
    app.clock.advance(minute);
    const second = await challenge();
    const stranger = (await signInPerson(app, `1360000${String(count).padStart(4, '0')}`)).accessToken;
    answers.push(await confirm(second.challengeId, second.code, stranger));
    expect((await confirm(second.challengeId, second.code)).status).toBe(200);
    answers.push(await confirm(second.challengeId, second.code));
    app.clock.advance(minute);
    const late = await challenge();
    app.clock.advance(5 * minute);
    answers.push(await confirm(late.challengeId, late.code));
    const nobody = (await start({ name: '无名氏' })).json<LinkStarted>();
    answers.push(await confirm(nobody.challengeId, '123456'), await confirm(app.ports.random.uuid(), '123456'));
    for (const answer of answers) {
      expect(answer.status).toBe(403);
      expect(answer.body.toString()).toBe(answers[0]?.body.toString());
    }
    expect((await films('', stranger)).films).toEqual([]);
  });

  it('limits what one person asks, and what is asked about one identity, known or not', async () => {
    const statusesOf = async (more: Partial<typeof identity>): Promise<number[]> => {
      const statuses: number[] = [];
      for (let i = 0; i < 6; i++) {
        const own = (await signInPerson(app, `135${String(count * 1000 + i + (more.name ? 500 : 0)).padStart(8, '0')}`))
          .accessToken;
        statuses.push((await start(more, own)).status);
        app.clock.advance(minute);
      }
      return statuses;
    };
    const limited = [200, 200, 200, 200, 200, 429];
    expect(await statusesOf({})).toEqual(limited);
    expect(await statusesOf({ name: '无名氏' })).toEqual(limited);
    const statuses: number[] = [];
    token = (await signInPerson(app, `1340000${String(count).padStart(4, '0')}`)).accessToken;
    for (let i = 0; i < 11; i++) statuses.push((await start({ idNumber: idNumberOf(300 + i) })).status);
    expect(statuses).toEqual([...Array(10).fill(200), 429]);
    expect(
      (await start({ idNumber: `${identity.idNumber.slice(0, 17)}${identity.idNumber.endsWith('1') ? 2 : 1}` })).status,
    ).toBe(429);
    await deliverTextMessages(app);
  });

  it('says at once that an ID number is none, and not again about the same identity within a minute', async () => {
    const check = identity.idNumber.at(-1) === '1' ? '2' : '1';
    expect((await start({ idNumber: `${identity.idNumber.slice(0, 17)}${check}` })).status).toBe(400);
    expect((await start()).status).toBe(200);
    expect((await start()).json()).toMatchObject({ code: 'too-many-requests', retryAfterSeconds: 60 });
    expect((await start({ hospitalId: '00000000-0000' })).status).toBe(404);
    await deliverTextMessages(app);
  });

  it('knows nothing of films that no link shows: others’, withheld, withdrawn, past their time', async () => {
    const hidden = [
      await film({ patientId: 'somebody-else' }),
      await film({ state: 'held' }),
      await film({ state: 'withdrawn' }),
      await film({ state: 'waiting' }),
      await film(),
    ];
    const past = { viewUntil: app.clock.now() };
    await app.ports.database
      .update(schema.film)
      .set(past)
      .where(eq(schema.film.id, hidden[4]?.filmId ?? ''));
    await bind();
    expect((await films()).films).toHaveLength(1);
    for (const { filmId, seriesInstanceUid } of hidden) {
      const answers = [
        await app.ask(`/api/patient/films/${filmId}`, { token }),
        await app.ask(`/api/patient/films/${filmId}/frames?series=${seriesInstanceUid}&reduce=0`, { token }),
        await app.ask(`/api/patient/films/${filmId}/shares`, { token, json: { purpose: 'family' } }),
        await app.ask(`/api/patient/films/${filmId}/documents/${seriesInstanceUid}.1`, { token }),
        await app.ask(`/api/patient/films/${filmId}/overlays/${seriesInstanceUid}.1/24576`, { token }),
      ];
      for (const answer of answers) expect(answer.json()).toMatchObject({ code: 'not-found' });
      const denied = await app.ports.database
        .select()
        .from(schema.auditEvent)
        .where(and(eq(schema.auditEvent.objectId, filmId), eq(schema.auditEvent.outcome, 'denied')));
      expect(denied.map((act) => act.action).sort()).toEqual([
        'document-read',
        'film-view',
        'frames-read',
        'overlay-read',
        'share-create',
      ]);
    }
  });

  it('lists films over all links, newest first, page by page, each with the same patient’s others', async () => {
    const [mother, motherId] = [{ name: '赵敏', idNumber: idNumberOf(600 + count) }, `M${count}`];
    await statePatient(app, { hospitalId: 'south', patientId: motherId, phone: '13300000000', ...mother });
    const at = (hours: number) => new Date(app.clock.now().getTime() + hours * 3_600_000);
    const second = await film({ sortAt: at(2) });
    const hers = await seedFilm(app.ports, {
      hospitalId: 'south',
      patientId: motherId,
      name: '赵敏',
      slices: 1,
      sortAt: at(1),
    });
    await bind();
    const { challengeId } = (await start({ hospitalId: 'south', ...mother })).json<LinkStarted>();
    const [message] = await deliverTextMessages(app);
    await confirm(challengeId, message?.params.code ?? '');
    const all = (await films()).films.map((one) => one.filmId);
    expect(all.slice(0, 2)).toEqual([second.filmId, hers.filmId]);
    expect(all).toHaveLength(3);
    const pages: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: PatientFilmList = await films(`?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      pages.push(...page.films.map((one) => one.filmId));
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(all);
    const othersOf = async (filmId: string) =>
      (await app.ask(`/api/patient/films/${filmId}`, { token }))
        .json<PatientFilmPage>()
        .otherFilms.map((one) => one.filmId);
    expect(await othersOf(second.filmId)).toEqual([all[2]]);
    expect(await othersOf(hers.filmId)).toEqual([]);
    expect((await app.ask('/api/patient/films?cursor=x', { token })).status).toBe(400);
  });

  it('shows nothing of a preliminary report', async () => {
    const early = await film({ reportStatus: 'preliminary' });
    await bind();
    const listed = (await films()).films.find((one) => one.filmId === early.filmId);
    expect(listed).toMatchObject({ reportStatus: 'none', examItem: 'CHEST CT' });
    const page = await app.ask(`/api/patient/films/${early.filmId}`, { token });
    expect(page.json<PatientFilmPage>().film.report).toBeNull();
  });

  it('makes one link of the same record bound twice', async () => {
    const first = await bind();
    app.clock.advance(minute);
    expect(await bind()).toEqual(first);
  });

  it('shows a record no more whose ID number the hospital corrects', async () => {
    await bind();
    app.clock.advance(minute);
    await statePatient(app, {
      hospitalId: 'north',
      patientId,
      phone: recordPhone,
      name: identity.name,
      idNumber: idNumberOf(500 + count),
    });
    expect((await films()).films).toEqual([]);
    const mine = (await app.ask('/api/patient/account', { token })).json<PatientAccount>();
    expect(mine.links).toMatchObject([{ nameMasked: '' }]);
  });
});
