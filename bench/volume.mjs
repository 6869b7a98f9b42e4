// Three planes of a real chest CT of 211 slices: how soon they can be steered by and are complete on a line of 10 Mbit/s, and what a frame
// costs on software GL. Cornerstone3D draws the same planes of the same data in the same browser.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { flags } from '../e2e/support/chromium-flags.mjs';
import { oneTimeCode, startHospital, storescu } from '../e2e/support/hospital.mjs';
import { refuse } from '../tools/ensure-installed.mjs';
import { benchCornerstone } from './cornerstone-peer.mjs';
import { marked, median } from './marks.mjs';
import { startSlowLine } from './slow-line.mjs';

const runs = 3;

/**
 * "coarse volume" and "complete volume": from pressing 多平面 to the drawing in which every slice stands, as an eighth or as stored.
 * "MPR frame": one step of the wheel, all three planes drawn and read back, so that the software GPU is done with them too.
 */
export async function bench() {
  const folder = process.env.YINGYUN_LIDC;
  if (folder === undefined) refuse('volume 需要真实 CT：请设置 YINGYUN_TESTDATA。');
  const hospital = await startHospital();
  try {
    await pushExam(hospital, folder);
    const loads = [];
    for (let run = 0; run < runs; run++) loads.push(await openPlanes(hospital));
    const [{ panes }] = loads;
    const peer = await benchCornerstone({ folder, panes, flags });
    const row = (name, pick, budget, rest = {}) => ({
      name,
      unit: 'ms',
      better: 'lower',
      ours: median(loads.map(pick)),
      ...(budget === undefined ? {} : { budget }),
      ...rest,
    });
    const against = (value) => ({ peerName: peer.name, peer: value });
    return [
      row('coarse volume', ({ coarseMs }) => coarseMs, 2500),
      row('complete volume', ({ completeMs }) => completeMs),
      row('MPR frame', ({ frameMs }) => frameMs, 60, against(peer.frameMs)),
      row('MPR frame, oblique', ({ obliqueMs }) => obliqueMs, undefined, against(peer.obliqueMs)),
      row('MPR frame, slab of 10 mm while it moves', ({ slabMs }) => slabMs),
    ];
  } finally {
    await hospital.stop();
  }
}

async function pushExam(hospital, folder) {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => path.join(folder, name));
  await storescu(hospital, files);
  while (((await hospital.instances()).verified ?? 0) < files.length) await delay(200);
  await delay(1000); // what is left of the ingest is not ours to measure
}

async function openPlanes(hospital) {
  const line = await startSlowLine({ port: hospital.http, bytesPerSecond: 1_250_000, rttMs: 40 });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...flags, `--host-resolver-rules=MAP 127.0.0.1:${hospital.http} 127.0.0.1:${line.port}`],
  });
  try {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      locale: 'zh-CN',
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    await page.goto(`${hospital.origin}/workstation`);
    const { doctor } = hospital.credentials;
    await page.getByLabel('账号').fill(doctor.account);
    await page.getByLabel('密码').fill(doctor.password);
    await delay(30_500 - (Date.now() % 30_000)); // a code works once
    await page.getByLabel('6 位动态码').fill(oneTimeCode(doctor.oneTimeCodeSecret));
    await page.keyboard.press('Enter');
    await page.locator('.exam-row').first().click();
    await marked(page, 'first-sharp');
    const pressedMs = await page.evaluate(() => {
      const now = performance.now();
      const button = [...document.querySelectorAll('button')].find((one) => one.textContent === '多平面');
      button.click();
      return now;
    });
    const [coarse, complete] = await Promise.all([marked(page, 'volume-coarse'), marked(page, 'volume-complete')]);
    await delay(1000);
    const panes = await page.evaluate(() =>
      [...document.querySelectorAll('.mpr-pane')]
        .filter((pane) => !pane.hidden)
        .map((pane) => ({
          ...JSON.parse(pane.dataset.directions),
          mmPerPixel: Number(pane.dataset.mmPerPixel),
          width: pane.clientWidth,
          height: pane.clientHeight,
        })),
    );
    const frameMs = await page.evaluate(wheelFrames);
    for (let i = 0; i < 4; i++) await page.keyboard.press('r');
    const obliqueMs = await page.evaluate(wheelFrames);
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+R');
    await page.getByLabel('层厚').fill('10');
    const slabMs = await page.evaluate(wheelFrames);
    return { coarseMs: coarse - pressedMs, completeMs: complete - pressedMs, frameMs, obliqueMs, slabMs, panes };
  } finally {
    await browser.close();
    await line.close();
  }
}

/**
 * Runs in the page: the median of twenty frames. The first callback runs before the page's own drawing, the last behind it; reading a pixel
 * waits for the GPU.
 */
async function wheelFrames() {
  const pane = document.querySelector('.mpr-coronal');
  const gl = document.querySelector('.mpr-canvas').getContext('webgl2');
  const box = pane.getBoundingClientRect();
  const times = [];
  for (let i = 0; i < 20; i++) {
    const ms = await new Promise((done) => {
      let started = 0;
      requestAnimationFrame(() => {
        started = performance.now();
      });
      const at = { clientX: box.left + 100, clientY: box.top + 100 };
      pane.dispatchEvent(new WheelEvent('wheel', { deltaY: 120, cancelable: true, ...at }));
      requestAnimationFrame(() => {
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
        done(performance.now() - started);
      });
    });
    times.push(ms);
    await new Promise((done) => setTimeout(done, 30));
  }
  return times.sort((a, b) => a - b)[10];
}
