// From opening the link to the first image on a phone: 390 × 844, 10 Mbit/s, 40 ms, main thread 4 × slower, nothing cached.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { oru, sendMllp } from '../e2e/support/hl7-client.mjs';
import { dicomValue, startHospital, storescu } from '../e2e/support/hospital.mjs';
import { refuse, root } from '../tools/ensure-installed.mjs';
import { marked, median } from './marks.mjs';
import { benchPatientPage, patient } from './patient-page.mjs';
import { startPhone } from './phone.mjs';

const runs = 5;
/** How long a person takes to type eight characters, at the least. */
const typingMs = 5000;

/**
 * Two ways to measure the same page, each run with a new browser and a new share:
 *   cold   from the start of the navigation; the passcode is typed and sent in the moment in which the field exists
 *   opened from pressing 打开胶片, five seconds after the page came: what a person feels who types
 * "First image" is the mark that the viewer sets when it has drawn pixels of the slice on screen (coarse, with its badge); "sharp" when
 * these are the full resolution; "scrollable" when every slice of the series is decoded at its preview.
 */
export async function bench() {
  const hospital = await startHospital();
  try {
    const { filmId, files } = await publishChestCt(hospital);
    const cold = [];
    const opened = [];
    for (let run = 0; run < runs; run++) {
      cold.push(await openCold(hospital, await hospital.share(filmId)));
      opened.push(await openAfterTyping(hospital, await hospital.share(filmId)));
    }
    const row = (name, unit, samples, pick, budget) => ({
      name,
      unit,
      better: 'lower',
      ours: median(samples.map(pick)),
      ...(budget === undefined ? {} : { budget }),
    });
    const patientRows = await benchPatientPage(hospital, filmId, files);
    return [
      ...patientRows,
      row('first image, share page, cold', 'ms', cold, (run) => run.firstImageMs, 1000),
      row('first image, share page, cold', 'KB on the line', cold, (run) => run.firstImageKb),
      row('shell before the first image', 'KB gz', cold, (run) => run.shellKb, 60),
      row('sharp slice, after the first image, cold', 'ms', cold, (run) => run.sharpMs - run.firstImageMs, 300),
      row('whole CT scrollable (coarse), cold', 'ms', cold, (run) => run.coarseMs, 2500),
      row('first image, from 打开胶片 pressed', 'ms', opened, (run) => run.firstImageMs, 1000),
      row('sharp slice, from 打开胶片 pressed', 'ms', opened, (run) => run.sharpMs),
      row('whole CT scrollable (coarse), from 打开胶片 pressed', 'ms', opened, (run) => run.coarseMs, 2500),
    ];
  } finally {
    await hospital.stop();
  }
}

/** A real chest CT of 211 slices with its report, pushed and published; answers the film's ID and the files. */
export async function publishChestCt(hospital) {
  const folder = process.env.YINGYUN_LIDC;
  if (folder === undefined) refuse('first-view 需要真实 CT：请设置 YINGYUN_TESTDATA。');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => path.join(folder, name));
  await storescu(hospital, files);
  const report = {
    studyInstanceUid: dicomValue(files[0], '0020,000d'),
    patientId: dicomValue(files[0], '0010,0020'),
    ...patient,
    controlId: 'B1',
    findings: '两肺清晰。',
    impression: '未见异常。',
  };
  await sendMllp(hospital.mllp, oru(report));
  const { filmId } = await hospital.publishedFilm();
  while (((await hospital.instances()).verified ?? 0) < files.length) await delay(200);
  await delay(2000); // what is left of the ingest is not ours to measure
  return { filmId, files };
}

export async function openCold(hospital, share) {
  const phone = await startPhone(hospital);
  try {
    await phone.page.addInitScript(sendAsSoonAsItCan, share.passcode);
    const assets = namesOfResponses(phone.context);
    await phone.page.goto(share.url, { waitUntil: 'commit' });
    const firstImage = marked(phone.page, 'first-image').then((ms) => ({
      firstImageMs: ms,
      firstImageKb: phone.line.receivedBytes() / 1024,
      shellKb: gzipKb(assets),
    }));
    const [first, sharpMs, coarseMs] = await Promise.all([
      firstImage,
      marked(phone.page, 'first-sharp'),
      marked(phone.page, 'coarse-complete'),
    ]);
    return { ...first, sharpMs, coarseMs };
  } finally {
    await phone.stop();
  }
}

export async function openAfterTyping(hospital, share) {
  const phone = await startPhone(hospital);
  try {
    await phone.page.goto(share.url);
    await phone.page.locator('#passcode').fill(share.passcode);
    await delay(typingMs);
    const pressedMs = await phone.page.evaluate(() => {
      const now = performance.now();
      document.querySelector('#gate-open').click();
      return now;
    });
    const since = async (name) => (await marked(phone.page, name)) - pressedMs;
    const [firstImageMs, sharpMs, coarseMs] = await Promise.all([
      since('first-image'),
      since('first-sharp'),
      since('coarse-complete'),
    ]);
    return { firstImageMs, sharpMs, coarseMs };
  } finally {
    await phone.stop();
  }
}

/** Runs in the page before its own script: the code stands in the field, and Enter is pressed, as soon as there is a form. */
function sendAsSoonAsItCan(passcode) {
  const look = new MutationObserver(() => {
    const field = document.querySelector('#passcode');
    if (field === null || document.querySelector('#gate-open') === null) return;
    look.disconnect();
    field.value = passcode;
  });
  look.observe(document, { childList: true, subtree: true });
}

/** The files of the page that have come, workers' included. */
function namesOfResponses(context) {
  const names = new Set();
  context.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith('/api/')) names.add(pathname.startsWith('/s/') ? '/share.html' : pathname);
  });
  return names;
}

/** What the named files weigh in gzip; the decoder (wasm) is not the shell. */
function gzipKb(names) {
  let bytes = 0;
  for (const name of names) {
    const file = path.join(root, 'h5/dist', `${name}.gz`);
    if (!name.endsWith('.wasm') && existsSync(file)) bytes += statSync(file).size;
  }
  return bytes / 1024;
}
