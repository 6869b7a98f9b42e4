// `npm run gallery`: every page and every kind of image at three widths, from a real server, on one page of screenshots. Fails where a
// page shows an error or an image stays black. `-- share patient workstation console weapp` walks only what is named and keeps what
// earlier runs took of the others.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildAll } from './build.mjs';
import { ensureDebianPackages, ensureLidc, ensureNpmPackages, requireNode20, root } from './ensure-installed.mjs';

requireNode20();
ensureNpmPackages();
ensureDebianPackages();
ensureLidc();
buildAll();
const { chromium } = await import('playwright-core');
const { startHospital } = await import('../e2e/support/hospital.mjs');
const { flags } = await import('../e2e/support/chromium-flags.mjs');
const { openCamera } = await import('./gallery/camera.mjs');
const { demoExams, fillHospital } = await import('./gallery/fill-hospital.mjs');
const { visitShare } = await import('./gallery/visit-share.mjs');
const { visitPatient } = await import('./gallery/visit-patient.mjs');
const { visitConsole, visitWorkstation } = await import('./gallery/visit-staff.mjs');
const { visitWeapp } = await import('./gallery/visit-weapp.mjs');
const { writePage } = await import('./gallery/write-page.mjs');

const testData = process.env.YINGYUN_TESTDATA;
const folder = path.join(root, '.cache', 'gallery');
const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-gallery-'));
const named = process.argv.slice(2);
/**
 * Both need the corpus's patient; the mini-program comes last, on the account that was bound in the app: one phone gets a code a minute.
 */
const paths = [
  [['share', visitShare]],
  [
    ...(testData === undefined ? [] : [['patient', visitPatient]]),
    ['workstation', visitWorkstation],
    ['console', visitConsole],
    ...(testData === undefined ? [] : [['weapp', visitWeapp]]),
  ],
];

if (named.length === 0) rmSync(folder, { recursive: true, force: true });
const startedMs = Date.now();
const tell = (words) => process.stdout.write(`${Math.round((Date.now() - startedMs) / 1000)} s  ${words}\n`);
const hospital = await startHospital({ demo: testData === undefined });
const openBrowser = () =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...flags, '--lang=zh-CN'],
    env: { ...process.env, LANGUAGE: 'zh_CN' },
  });
const darkroom = await openBrowser();
try {
  const exams =
    testData === undefined
      ? await demoExams(hospital)
      : await fillHospital(hospital, testData, process.env.YINGYUN_LIDC, work);
  tell(`${exams.length} 项检查已发布`);
  const shots = (await Promise.all(paths.map((stops) => walk(stops, { hospital, exams })))).flat();
  writePage(folder);
  const faulty = shots.filter(({ faults }) => faults.length > 0);
  for (const { group, caption, width, faults } of faulty)
    process.stdout.write(`✗ ${group} · ${caption} · ${width}：${faults.join('；')}\n`);
  tell(`${shots.length} 张截图，${faulty.length} 张有问题：${path.join(folder, 'index.html')}`);
  process.exitCode = faulty.length === 0 && shots.length > 0 ? 0 : 1;
} finally {
  await darkroom.close();
  await hospital.stop();
  rmSync(work, { recursive: true, force: true });
}

/** Answers the pictures taken; they are written down beside the pictures, for the page of this run and of later ones. */
async function walk(stops, world) {
  const taken = [];
  for (const [name, visit] of stops) {
    if (named.length > 0 && !named.includes(name)) continue;
    const camera = await openCamera(darkroom, folder, name);
    const browser = await openBrowser();
    try {
      await visit({ ...world, browser, camera });
    } catch (error) {
      camera.missed(name, '没有走完', 0, error);
      process.stdout.write(`${error.stack}\n`);
    } finally {
      await browser.close();
    }
    writeFileSync(path.join(folder, `${name}-shots.json`), JSON.stringify(camera.shots));
    taken.push(...camera.shots);
    tell(`看完 ${name}`);
  }
  return taken;
}
