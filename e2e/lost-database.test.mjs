// Design D13: the database is a projection of journal, spool and stored objects. Its folder is deleted, and films and reports come back.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nativePixels, realFiles, testData } from './support/dicom-files.mjs';
import { oru, sendMllp } from './support/hl7-client.mjs';
import { dicomValue, startHospital, storescu } from './support/hospital.mjs';
import { readFilm } from './support/read-film.mjs';

describe.skipIf(testData === undefined)('a hospital whose database folder is deleted', () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-lost-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  const files = testData === undefined ? [] : realFiles('mr/bch-brain-mprage').slice(0, 12);
  const report = (controlId, change = {}) =>
    oru({
      studyInstanceUid: dicomValue(files[0], '0020,000d'),
      patientId: dicomValue(files[0], '0010,0020'),
      name: 'TEST',
      controlId,
      findings: '脑实质未见异常信号。',
      impression: '颅脑 MR 平扫未见异常。',
      ...change,
    });
  const person = { name: '测试甲', idNumber: '11010519491231002X', phone: '13800138000' }; // an example of GB 11643-1999
  const adt = [
    'MSH|^~\\&|HIS|H1|YINGYUN|H1|20261124090000||ADT^A08^ADT_A01|A1|P|2.5.1||||||UNICODE UTF-8',
    'EVN|A08|20261124090000',
    `PID|1||${files.length === 0 ? '' : dicomValue(files[0], '0010,0020')}^^^H1^MR~${person.idNumber}^^^H1^NI||${person.name}||19491231|M|||||${person.phone}`,
    'PV1|1|O',
    '',
  ].join('\r');

  it('shows the same images and the report as last amended again, and takes new ones', async () => {
    const dataFolder = path.join(work, 'settled');
    const before = await startHospital({ dataFolder });
    let shared;
    let reportBefore;
    try {
      await storescu(before, files.slice(0, 10));
      expect(await sendMllp(before.mllp, adt)).toContain('MSA|AA|A1');
      const corrected = report('L2', { status: 'C', impression: '补充：左侧筛窦少许炎症。' });
      expect(await sendMllp(before.mllp, corrected)).toContain('MSA|AA|L2');
      const film = await before.publishedFilm();
      await untilReport(before, film.filmId, (one) => one?.status === 'amended');
      await untilShown(before, film.filmId, 10);
      expect(await sendMllp(before.mllp, report('L1'))).toContain('MSA|AA|L1'); // the approved one arrives after its correction
      await expect.poll(() => spooled(dataFolder), { timeout: 30_000 }).toEqual([]); // images and originals lie in the object store
      await untilReport(before, film.filmId, (one) => one?.status === 'amended' && one.version === 2); // and stands before it
      await expect.poll(() => announcements(dataFolder)).toHaveLength(1);
      shared = await before.share(film.filmId);
      reportBefore = (await readFilm(before, film.filmId, () => {})).report;
    } finally {
      await before.kill();
    }
    loseDatabase(dataFolder);

    const after = await startHospital({ dataFolder });
    try {
      const film = await after.publishedFilm();
      expect(await after.films()).toHaveLength(1);
      await untilReport(after, film.filmId, (one) => one?.status === 'amended');
      expect(await pixelsOf(after, film.filmId)).toEqual(truth(files.slice(0, 10)));
      const reportAfter = (await readFilm(after, film.filmId, () => {})).report;
      expect(reportAfter).toEqual(reportBefore);
      expect(reportBefore.impression).toBe('补充：左侧筛窦少许炎症。');
      // links are not in the journal: a lost one fails closed, like one that never was
      const opened = await after.call('POST', '/api/shares/open', {
        token: shared.url.split('/s/')[1],
        passcode: shared.passcode,
      });
      expect(opened.body.code).toBe('share-unavailable');

      // the hospital's record of the patient is there again: they bind to it with what the ADT said of them
      expect((await bind(after, person)).body).toMatchObject({ nameMasked: '测**', sex: 'M' });
      expect(announcements(dataFolder)).toHaveLength(1); // nobody is told again of what they were told

      await storescu(after, files.slice(9)); // one is known, two are new
      await untilShown(after, film.filmId, 12);
      expect(await pixelsOf(after, film.filmId)).toEqual(truth(files));
      expect(await after.films()).toHaveLength(1);
    } finally {
      await after.stop();
    }
  }, 180_000);

  it('finishes what was acknowledged a moment before, from the spool', async () => {
    const dataFolder = path.join(work, 'sudden');
    const before = await startHospital({ dataFolder });
    try {
      await storescu(before, files);
      expect(await sendMllp(before.mllp, report('L3'))).toContain('MSA|AA|L3');
    } finally {
      await before.kill();
    }
    loseDatabase(dataFolder);

    const after = await startHospital({ dataFolder });
    try {
      const film = await after.publishedFilm();
      await untilShown(after, film.filmId, files.length);
      expect(await pixelsOf(after, film.filmId)).toEqual(truth(files));
      const { status, findings } = (await readFilm(after, film.filmId, () => {})).report;
      expect({ status, findings }).toEqual({ status: 'approved', findings: '脑实质未见异常信号。' });
    } finally {
      await after.stop();
    }
  }, 180_000);
});

function loseDatabase(dataFolder) {
  expect(readdirSync(dataFolder)).toContain('database'); // it lay where we look for it
  rmSync(path.join(dataFolder, 'database'), { recursive: true });
  rmSync(path.join(dataFolder, 'demo-credentials.json')); // of the lost account: the new one's are to be read, once written
}

/** Files in the spool. */
function spooled(dataFolder) {
  const entries = readdirSync(path.join(dataFolder, 'spool'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** Every notice that ever left this data folder, as the demo's channel logs them. */
function announcements(dataFolder) {
  const lines = readFileSync(path.join(dataFolder, 'server.log'), 'utf8').split('\n');
  return lines.filter((line) => line.includes('"notification"'));
}

/** A patient signs in by phone and binds to the hospital's record, both codes read off the demo's terminal. */
async function bind(hospital, { name, idNumber, phone }) {
  const codes = () => [...hospital.output().matchAll(/验证码 (\d{6})/g)].map(([, code]) => code);
  const nextCode = async (ask) => {
    const before = codes().length;
    const asked = await ask();
    await expect.poll(() => codes().length, { timeout: 30_000 }).toBeGreaterThan(before);
    return { asked, code: codes().at(-1) };
  };
  const { code } = await nextCode(() => hospital.call('POST', '/api/patient/codes', { phone }));
  const signedIn = await hospital.call('POST', '/api/patient/sign-in', { phone, code });
  const token = signedIn.body.accessToken;
  const { hospitals } = (await hospital.call('GET', '/api/patient/account', undefined, token)).body;
  const start = { hospitalId: hospitals[0].hospitalId, name, idNumber };
  const link = await nextCode(() => hospital.call('POST', '/api/patient/links/start', start, token));
  const confirm = { challengeId: link.asked.body.challengeId, code: link.code };
  return hospital.call('POST', '/api/patient/links/confirm', confirm, token);
}

/** SOP Instance UID and pixels of every frame a viewer is given, by UID. */
async function pixelsOf(hospital, filmId) {
  const frames = [];
  await readFilm(hospital, filmId, ({ attributes, pixels }) =>
    frames.push([attributes.sopInstanceUid, pixels.toString('base64')]),
  );
  return frames.sort(([a], [b]) => (a < b ? -1 : 1));
}

function truth(files) {
  return files
    .map(nativePixels)
    .map(({ sopInstanceUid, pixels }) => [sopInstanceUid, pixels.toString('base64')])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Until a viewer may see `count` images of the film: only verified ones are shown, a repeated one once. */
async function untilShown(hospital, filmId, count) {
  const shown = async () =>
    (await hospital.call('GET', `/api/films/${filmId}`, undefined, hospital.token)).body.completeness.instanceCount;
  await expect.poll(shown, { timeout: 60_000, interval: 200 }).toBe(count);
  const { conflict, quarantined } = await hospital.instances();
  expect({ conflict, quarantined }).toEqual({ conflict: 0, quarantined: 0 });
}

async function untilReport(hospital, filmId, isIt) {
  const manifest = async () =>
    (await hospital.call('GET', `/api/films/${filmId}`, undefined, hospital.token)).body.report;
  await expect.poll(async () => isIt(await manifest()), { timeout: 30_000 }).toBe(true);
}
