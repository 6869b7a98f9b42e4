// The doctor's day, end to end: a PACS pushes a chest CT of two series and a brain MR of one person, a RIS reports the CT; the doctor finds
// them by the initials of the name, reads with mouse, keyboard and fingers, compares with the earlier exam, and signs out.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flags } from './support/chromium-flags.mjs';
import { realFiles, testData } from './support/dicom-files.mjs';
import { oru, sendMllp } from './support/hl7-client.mjs';
import { dicomValue, oneTimeCode, startHospital, storescu } from './support/hospital.mjs';

const shots = path.join(import.meta.dirname, 'screenshots');
const lidc = process.env.YINGYUN_LIDC;
const person = { patientId: 'WS0001', name: 'Ouyang^Xue=欧阳^雪' };
const widths = [
  ['390', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }],
  ['820', { viewport: { width: 820, height: 1180 }, hasTouch: true }],
  ['1440', { viewport: { width: 1440, height: 900 } }],
];

describe.skipIf(lidc === undefined || testData === undefined)('the workstation', { timeout: 240_000 }, () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-workstation-'));
  const faults = [];
  let hospital;
  let browser;

  /** Copies with the person's name in them, and `changes` of dcmodify besides. */
  function copies(folder, files, changes = []) {
    const out = path.join(work, folder);
    mkdirSync(out, { recursive: true });
    const made = files.map((file, i) => path.join(out, `${i}.dcm`));
    for (const [i, file] of files.entries()) copyFileSync(file, made[i]);
    const always = [
      ['-i', '(0008,0005)=ISO_IR 192'],
      ['-i', `(0010,0010)=${person.name}`],
      ['-i', `(0010,0020)=${person.patientId}`],
    ];
    execFileSync('dcmodify', ['-nb', '-imt', ...[...always, ...changes].flat(), ...made], { stdio: 'pipe' });
    return made;
  }

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    hospital = await startHospital();
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
    const slices = readdirSync(lidc)
      .filter((name) => name.endsWith('.dcm'))
      .map((name) => path.join(lidc, name));
    const chest = copies('ct', slices, [['-i', '(0008,103e)=胸部 1mm']]);
    const thick = copies(
      'ct-5mm',
      slices.filter((_, i) => i % 5 === 0),
      [
        ['-gin'],
        ['-m', '(0020,000e)=1.2.826.0.1.3680043.10.1338.77.5'],
        ['-i', '(0020,0011)=3'],
        ['-i', '(0008,103e)=胸部 5mm'],
      ],
    );
    const brain = copies('mr', realFiles('mr/bch-brain-mprage'));
    await storescu(hospital, [...chest, ...thick]);
    await storescu(hospital, brain);
    const report = {
      studyInstanceUid: dicomValue(chest[0], '0020,000d'),
      patientId: person.patientId,
      name: '欧阳雪',
      findings: '右肺上叶见实性结节，直径约 8 mm，边缘见毛刺。',
      impression: '右肺上叶结节，建议增强 CT 检查。',
    };
    expect(await sendMllp(hospital.mllp, oru({ ...report, status: 'P', controlId: 'W1' }))).toContain('MSA|AA|W1');
    for (let i = 0; i < 600; i++) {
      const films = await hospital.films();
      const isThere = films.length === 2 && films.some((film) => film.reportStatus === 'preliminary');
      if (isThere && films.every((film) => film.instanceCount > 150)) break;
      await delay(200);
    }
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await hospital?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  it.each(widths)('finds, reads, compares and signs out at %s', async (width, options) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'zh-CN', ...options });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto(`${hospital.origin}/workstation`);
    await signIn(page);
    await page.getByText('共 2 项').waitFor();
    await page.getByLabel('查找检查').fill('oyx');
    await page.getByText('共 2 项').waitFor();
    await page.getByLabel('查找检查').fill('oyz');
    await page.getByText('没有符合条件的检查').waitFor();
    await page.getByLabel('查找检查').fill('欧阳雪');
    await page.getByText('共 2 项').waitFor();
    await page.screenshot({ path: path.join(shots, `workstation-real-list-${width}.png`) });

    await page.locator('.exam-row', { hasText: 'CT' }).click();
    await sharp(page, 1);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('欧阳雪');
    await page.getByText('右肺上叶结节，建议增强 CT 检查。').waitFor();
    await page.getByText('尚未审核，仅供院内医生参考').waitFor();
    if (width === '390') await readWithFingers(page, context);
    else await readTwo(page, context, width);
    await page.screenshot({ path: path.join(shots, `workstation-real-exam-${width}.png`) });

    await page.getByRole('tab', { name: '相关检查' }).click();
    await page.getByText('175 幅').waitFor();
    if (width === '390') await page.getByRole('button', { name: '打开' }).click();
    else await page.getByRole('button', { name: '并排对照' }).click();
    const at = width === '390' ? 1 : 2;
    await viewport(page, at).locator('.yv-bottomLeft').getByText('/ 175').waitFor();
    await sharp(page, at);
    await delay(1200); // the last thumbnails
    await page.screenshot({ path: path.join(shots, `workstation-real-related-${width}.png`) });

    await page.getByRole('button', { name: '返回检查列表' }).click();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.getByText('已安全退出').waitFor();
    expect(await page.content()).not.toContain('欧阳雪');
    expect(await page.locator('canvas').count()).toBe(0);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await context.close();
    expect(faults).toEqual([]);
  });

  async function signIn(page) {
    const { doctor } = hospital.credentials;
    await page.getByLabel('账号').fill(doctor.account);
    await page.getByLabel('密码').fill(doctor.password);
    await delay(30_500 - (Date.now() % 30_000)); // a code works once: not the half minute that the last one signed in with
    await page.getByLabel('6 位动态码').fill(oneTimeCode(doctor.oneTimeCodeSecret));
    await page.keyboard.press('Enter');
  }

  /** Two series side by side: mouse and keyboard, and fingers where there are any. */
  async function readTwo(page, context, width) {
    await page.getByRole('button', { name: '双窗' }).click();
    await sharp(page, 2);
    const counts = await Promise.all([1, 2].map((at) => viewport(page, at).locator('.yv-counter').innerText()));
    expect(counts.map((text) => text.split(' / ')[1]).sort()).toEqual(['211', '43']);
    const thin = counts[0].endsWith('211') ? 1 : 2;
    const other = viewport(page, 3 - thin);
    await viewport(page, thin).locator('.yv-stage').click();
    const unmoved = await other.locator('.yv-corner').allInnerTexts();
    let before = await picture(page, thin);
    await page.keyboard.press('PageDown');
    await expectCorner(page, thin, '图像 116 / 211');
    before = await expectChange(page, thin, before);
    await hover(page, thin);
    await page.mouse.wheel(0, 120);
    await expectCorner(page, thin, '图像 117 / 211');
    before = await expectChange(page, thin, before);
    if (width === '820') {
      await swipe(page, context, thin, [0, 60], [0, -60]);
      before = await expectChange(page, thin, before);
    }
    await page.getByRole('button', { name: '窗宽窗位' }).click();
    const window = await viewport(page, thin).locator('.yv-bottomRight').innerText();
    await hover(page, thin);
    await page.mouse.down();
    await page.mouse.move(...(await middle(page, thin, [70, 30])), { steps: 6 });
    await page.mouse.up();
    await page.waitForFunction(
      ([at, old]) =>
        document.querySelectorAll('.viewport')[at - 1]?.querySelector('.yv-bottomRight')?.innerText !== old,
      [thin, window],
    );
    await expectChange(page, thin, before);
    await page.getByRole('button', { name: '预设窗' }).click();
    await page.getByRole('menuitem', { name: /^肺窗/ }).first().click();
    await expectCorner(page, thin, '窗宽 1500 窗位 -600');
    expect(await other.locator('.yv-corner').allInnerTexts()).toEqual(unmoved);
    await sharp(page, thin);
  }

  async function readWithFingers(page, context) {
    let before = await picture(page, 1);
    await swipe(page, context, 1, [0, 60], [0, -60]);
    before = await expectChange(page, 1, before);
    await page.getByRole('button', { name: '窗宽窗位' }).tap();
    await swipe(page, context, 1, [-40, 0], [40, 10]);
    await expectChange(page, 1, before);
  }

  const viewport = (page, index) => page.getByRole('region', { name: `影像窗口 ${index}` });
  const expectCorner = (page, index, words) => viewport(page, index).locator('.yv-corner').getByText(words).waitFor();
  async function sharp(page, index) {
    await viewport(page, index).locator('canvas').waitFor();
    await page.waitForFunction((at) => {
      const box = document.querySelectorAll('.viewport')[at - 1];
      return ['.yv-badge', '.yv-notice'].every((part) => box?.querySelector(part)?.hasAttribute('hidden') === true);
    }, index);
  }
  /** The middle of the image as it is on screen: no words stand there. */
  async function picture(page, index) {
    await sharp(page, index);
    const [x, y] = await middle(page, index, [0, 0]);
    return page.screenshot({ clip: { x: x - 60, y: y - 60, width: 120, height: 120 } });
  }
  async function expectChange(page, index, before) {
    const after = await picture(page, index);
    expect(after.equals(before)).toBe(false);
    return after;
  }
  async function middle(page, index, [dx, dy]) {
    const box = await viewport(page, index).locator('.yv-stage').boundingBox();
    return [box.x + box.width / 2 + dx, box.y + box.height / 2 + dy];
  }
  async function hover(page, index) {
    await page.mouse.move(...(await middle(page, index, [0, 0])));
  }
  async function swipe(page, context, index, from, to) {
    const touch = await context.newCDPSession(page);
    const [x, y] = await middle(page, index, [0, 0]);
    const send = (type, ...points) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    await send('touchStart', { x: x + from[0], y: y + from[1] });
    for (let i = 1; i <= 6; i++) {
      const along = (a, b) => a + ((b - a) * i) / 6;
      await send('touchMove', { x: x + along(from[0], to[0]), y: y + along(from[1], to[1]) });
    }
    await send('touchEnd');
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
});
