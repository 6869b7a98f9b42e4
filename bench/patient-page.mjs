// The patient's own film page on the phone of phone.mjs, beside OHIF on Orthanc with the same exam on the same phone.
import { chromium } from 'playwright-core';
import { dicomValue, storescu } from '../e2e/support/hospital.mjs';
import { bindPatient, signInPatient, textMessages } from '../e2e/support/patient-sign-in.mjs';
import { marked, median } from './marks.mjs';
import { startOhif } from './ohif-peer.mjs';
import { startPhone } from './phone.mjs';

const runs = 5;
const peerRuns = 3;
export const patient = { name: '测试', idNumber: '11010519491231002X', phone: '13800138000' }; // the ID number is GB 11643's own example

/**
 * From the start of a cold navigation to the film, as from a notification's link by somebody who is signed in, to pixels of the slice
 * on screen. The peer shows the same exam to anybody, without an account: it has nothing to ask first.
 * @param {string[]} files the exam's files
 */
export async function benchPatientPage(hospital, filmId, files) {
  const ours = [];
  let kept = await signedInStorage(hospital);
  for (let run = 0; run < runs; run++) {
    const opened = await openFilm(hospital, filmId, kept);
    kept = opened.kept;
    ours.push(opened);
  }
  const peer = await openPeer(files);
  const row = (unit, pick, budget) => ({
    name: 'first image, patient page',
    unit,
    better: 'lower',
    ours: median(ours.map(pick)),
    peerName: 'OHIF 3.13.2 + Orthanc',
    peer: median(peer.map(pick)),
    ...(budget === undefined ? {} : { budget }),
  });
  return [row('ms', (run) => run.ms, 3000), row('KB on the line', (run) => run.kb)];
}

/** What the browser of a patient keeps who has signed in and is bound to the hospital's record. */
async function signedInStorage(hospital) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox'] });
  try {
    const page = await browser.newPage({ ignoreHTTPSErrors: true, viewport: { width: 390, height: 844 } });
    const nextCode = textMessages(hospital);
    await page.goto(`${hospital.origin}/m/`);
    await signInPatient(page, patient.phone, nextCode);
    await bindPatient(page, patient, nextCode);
    await page.getByText('幅图像').first().waitFor();
    return await storageOf(page);
  } finally {
    await browser.close();
  }
}

const storageOf = (page) => page.evaluate(() => ({ ...localStorage }));

async function openFilm(hospital, filmId, kept) {
  const phone = await startPhone(hospital);
  try {
    await phone.page.addInitScript((entries) => {
      for (const [key, text] of Object.entries(entries)) localStorage.setItem(key, text);
    }, kept);
    const address = `${hospital.origin}/m/#/subpackages/film/film/index?film=${filmId}`;
    await phone.page.goto(address, { waitUntil: 'commit' });
    const ms = await marked(phone.page, 'first-image');
    const kb = phone.line.receivedBytes() / 1024;
    return { ms, kb, kept: await storageOf(phone.page) }; // a refresh token is good for one renewal
  } finally {
    await phone.stop();
  }
}

async function openPeer(files) {
  const ohif = await startOhif();
  try {
    await storescu(ohif, files);
    const url = ohif.studyUrl(dicomValue(files[0], '0020,000d'));
    const opened = [];
    for (let run = 0; run < peerRuns; run++) opened.push(await openOnce(ohif, url));
    return opened;
  } finally {
    await ohif.stop();
  }
}

async function openOnce(ohif, url) {
  const phone = await startPhone(ohif);
  try {
    await phone.page.addInitScript(markFirstViewportImage);
    await phone.page.goto(url, { waitUntil: 'commit' });
    const ms = await marked(phone.page, 'first-image');
    return { ms, kb: phone.line.receivedBytes() / 1024 };
  } finally {
    await phone.stop();
  }
}

/** Runs in the peer's page: marks when its main viewport, not a thumbnail, shows more than one shade; looked at every 50 ms. */
function markFirstViewportImage() {
  const small = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const looking = setInterval(() => {
    const canvas = document.querySelector('canvas.cornerstone-canvas');
    if (canvas === null || canvas.width < 100) return;
    small.clearRect(0, 0, 32, 32);
    small.drawImage(canvas, 0, 0, 32, 32);
    const { data } = small.getImageData(0, 0, 32, 32);
    let [low, high] = [255, 0];
    for (let i = 0; i < data.length; i += 4) {
      low = Math.min(low, data[i]);
      high = Math.max(high, data[i]);
    }
    if (high - low < 16) return;
    clearInterval(looking);
    performance.mark('yingyun:first-image');
  }, 50);
}
