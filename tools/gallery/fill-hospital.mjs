// Fills the gallery's hospital through its front doors: C-STORE for the images, MLLP for the approved reports.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { oru, sendMllp } from '../../e2e/support/hl7-client.mjs';
import { corpusExams, person } from './exams.mjs';

/** Answers the exams with the ID of each one's film. */
export async function fillHospital(hospital, testData, lidc, work) {
  const exams = corpusExams(testData, lidc, work);
  const { storeFiles } = createRequire(import.meta.url)('../../cloudfunctions/dist/gateway/send/store-files.js');
  const { calledAeTitle, dicom: port } = hospital;
  const sent = await storeFiles(
    { host: '127.0.0.1', port, calledAeTitle, callingAeTitle: 'PACS1', maxAssociations: 2 },
    exams.flatMap(({ files }) => files.map((name) => ({ name, bytes: readFileSync(name) }))),
  );
  const unsent = sent.files.filter(({ outcome }) => outcome !== 'sent');
  if (unsent.length > 0) throw new Error(`not taken: ${JSON.stringify(unsent)}`);
  for (const [i, exam] of exams.entries()) {
    const report = { ...person, ...exam, examItem: exam.name, name: person.name, accessionNumber: `G${i}` };
    const words = {
      findings: `${exam.name}：图像清晰，结构显示良好，未见明确异常密度或信号影。请结合临床及既往检查。`,
      impression: `${exam.name}未见明确异常。`,
    };
    const answer = await sendMllp(hospital.mllp, oru({ ...report, ...words, controlId: `G${i}` }));
    if (!answer.includes('MSA|AA')) throw new Error(`the report of ${exam.key} was not taken: ${answer}`);
  }
  return withFilms(hospital, exams);
}

/** The demo hospital as `npm start` fills it, for those who have no test data. */
export async function demoExams(hospital) {
  for (let i = 0; i < 600 && !hospital.output().includes('链接  '); i++) await delay(200);
  for (let i = 0; i < 600; i++) {
    const films = (await hospital.films()).filter(({ state }) => state === 'published');
    if (films.length === 4) return films.map(({ filmId, examItem }) => ({ key: filmId, name: examItem, filmId }));
    await delay(200);
  }
  throw new Error('the demo hospital is not ready');
}

async function withFilms(hospital, exams) {
  for (let i = 0; i < 900; i++) {
    const films = await allFilms(hospital);
    const known = exams.map((exam) => ({
      ...exam,
      film: films.find(({ state, examItem }) => state === 'published' && examItem === exam.name),
    }));
    const isThere = known.every(({ film, files }) => film !== undefined && film.instanceCount >= files.length);
    if (isThere) return known.map(({ film, ...exam }) => ({ ...exam, filmId: film.filmId }));
    if (i === 899) throw new Error(`not published: ${known.filter((one) => !one.film).map((one) => one.key)}`);
    await delay(200);
  }
}

async function allFilms(hospital) {
  const films = [];
  let cursor;
  do {
    const body = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const page = (await hospital.call('POST', '/api/films/search', body, hospital.token)).body;
    films.push(...page.films);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return films;
}
