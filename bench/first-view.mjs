// From opening the link to the first image on a phone: 390 × 844, 10 Mbit/s, 40 ms, main thread 4 × slower, nothing cached.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { oru, sendMllp } from '../e2e/support/hl7-client.mjs';
import { dicomValue, startHospital, storescu } from '../e2e/support/hospital.mjs';
import { refuse } from '../tools/ensure-installed.mjs';

const runs = 5;

export async function bench() {
  const folder = process.env.YINGYUN_LIDC;
  if (folder === undefined) refuse('first-view 需要真实 CT：请设置 YINGYUN_TESTDATA。');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => path.join(folder, name));
  const hospital = await startHospital();
  try {
    await storescu(hospital, files);
    await sendMllp(
      hospital.mllp,
      oru({
        studyInstanceUid: dicomValue(files[0], '0020,000d'),
        patientId: dicomValue(files[0], '0010,0020'),
        name: 'TEST',
        controlId: 'B1',
        findings: '两肺清晰。',
        impression: '未见异常。',
      }),
    );
    const film = await hospital.publishedFilm();
    const samples = [];
    for (let run = 0; run < runs; run++) samples.push(await openOnce(hospital, await hospital.share(film.filmId)));
    const median = (pick) => samples.map(pick).sort((a, b) => a - b)[Math.floor(runs / 2)];
    return [
      {
        name: 'first image, share page',
        unit: 'ms',
        better: 'lower',
        ours: median((s) => s.firstImageMs),
        budget: 1000,
      },
      { name: 'first image, share page', unit: 'KB', better: 'lower', ours: median((s) => s.firstImageKb) },
      {
        name: 'shell before the first image',
        unit: 'KB gz',
        better: 'lower',
        ours: median((s) => s.shellKb),
        budget: 60,
      },
      {
        name: 'whole CT scrollable (coarse)',
        unit: 'ms',
        better: 'lower',
        ours: median((s) => s.coarseMs),
        budget: 2500,
      },
    ];
  } finally {
    await hospital.stop();
  }
}

async function openOnce(hospital, share) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
  });
  try {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      hasTouch: true,
      isMobile: true,
    });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    await cdp.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 40,
      downloadThroughput: 1_250_000,
      uploadThroughput: 1_250_000,
    });
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    let shellBytes = 0;
    let allBytes = 0;
    const kinds = new Map();
    cdp.on('Network.responseReceived', ({ requestId, response }) => kinds.set(requestId, response.url));
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      allBytes += encodedDataLength;
      const url = kinds.get(requestId) ?? '';
      if (!/\.wasm|\/api\//.test(url)) shellBytes += encodedDataLength;
    });
    const began = Date.now();
    await page.goto(share.url, { waitUntil: 'commit' });
    await page.locator('input').first().fill(share.passcode);
    await page.keyboard.press('Enter');
    const mark = (name) =>
      page.waitForFunction((wanted) => performance.getEntriesByName(wanted).length > 0, name, {
        timeout: 60_000,
        polling: 20,
      });
    await mark('yingyun:first-image');
    const firstImageKb = allBytes / 1024;
    const shellKb = shellBytes / 1024;
    const origin = await page.evaluate(() => performance.timeOrigin);
    const at = (name) => page.evaluate((wanted) => performance.getEntriesByName(wanted)[0].startTime, name);
    const firstImageMs = origin - began + (await at('yingyun:first-image'));
    await mark('yingyun:coarse-complete');
    const coarseMs = origin - began + (await at('yingyun:coarse-complete'));
    return { firstImageMs, firstImageKb, shellKb, coarseMs };
  } finally {
    await browser.close();
  }
}
