// Three planes of a real chest CT at the workstation: by mouse and keys on a desk, by fingers on a phone. What stands on screen is compared,
// pixel by pixel, with the CPU reference (itself compared with vtk.js in mpr-numbers.test.mjs).
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { renderPlane } from '@yingyun/shared/render/cpu-volume-renderer';
import { valueAt } from '@yingyun/shared/volume/reslice';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flags } from './support/chromium-flags.mjs';
import { realFiles, testData } from './support/dicom-files.mjs';
import { oneTimeCode, startHospital, storescu } from './support/hospital.mjs';
import { realVolume } from './support/real-volume.mjs';

const shots = path.join(import.meta.dirname, 'screenshots');
const lidc = process.env.YINGYUN_LIDC;
const screens = {
  390: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  820: { viewport: { width: 820, height: 1180 }, hasTouch: true },
  1440: { viewport: { width: 1440, height: 900 } },
};

describe.skipIf(lidc === undefined || testData === undefined)(
  'three planes at the workstation',
  { timeout: 240_000 },
  () => {
    const faults = [];
    let hospital;
    let browser;
    let volume;

    beforeAll(async () => {
      mkdirSync(shots, { recursive: true });
      hospital = await startHospital();
      browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
      const files = readdirSync(lidc).filter((name) => name.endsWith('.dcm'));
      await storescu(
        hospital,
        files.map((name) => path.join(lidc, name)),
      );
      await storescu(hospital, [...realFiles('mr/bch-brain-mprage'), ...realFiles('nm/gated-heart-13f')]);
      volume = realVolume(lidc);
      for (let i = 0; i < 600; i++) {
        const counts = (await hospital.films())?.map((film) => film.instanceCount) ?? [];
        if ([files.length, 175, 1].every((count) => counts.includes(count))) break;
        await delay(200);
      }
    }, 240_000);
    afterAll(async () => {
      await browser?.close();
      await hospital?.stop();
    });

    it('opens coarse, sharpens, and shows on a desk what the reference computes', async () => {
      const { page, context } = await openExam('1440');
      await page.getByRole('button', { name: '多平面' }).click();
      // While anything is coarse: the badge, and no number.
      const early = await page.waitForFunction(() => {
        const badge = document.querySelector('.mpr-badge');
        const words = document.querySelector('.mpr-axial .yv-bottomLeft')?.textContent ?? '';
        return badge !== null && !badge.hidden && words !== '' ? { badge: badge.textContent, words } : null;
      });
      expect(await early.jsonValue()).toMatchObject({
        badge: '预览 不可诊断',
        words: expect.stringContaining('待完整图像'),
      });
      await marked(page, 'volume-coarse');
      await page.screenshot({ path: path.join(shots, 'mpr-1440-coarse.png') });
      await marked(page, 'volume-complete');
      await page.locator('.mpr-badge').waitFor({ state: 'hidden' });
      expect(await page.locator('.mpr-stage').getAttribute('data-renderer')).toBe('webgl2');
      await page.screenshot({ path: path.join(shots, 'mpr-1440.png') });
      for (const name of ['axial', 'coronal', 'sagittal']) await expectReference(page, name);

      // The crosshair moves all planes; its value is the stored voxels'.
      const before = await centerOf(page, 'coronal');
      await pane(page, 'axial').click({ position: { x: 180, y: 300 } });
      await settled(page);
      const after = await centerOf(page, 'coronal');
      expect(Math.abs(after[1] - before[1])).toBeGreaterThan(20);
      await expectReference(page, 'coronal');
      const words = await pane(page, 'axial').locator('.yv-bottomLeft').innerText();
      const [, hu] = /定位点 (-?[\d.]+) HU/.exec(words);
      const [, side, x, front, y, , z] = /([LR]) ([\d.]+)\s+([PA]) ([\d.]+)\s+([HF]) ([\d.]+)/.exec(words);
      const crosshair = [side === 'R' ? -x : +x, front === 'A' ? -y : +y, -z];
      // The words give tenths of a millimetre: the value may lie between those a tenth aside.
      const near = [-0.06, 0, 0.06].flatMap((dx) =>
        [-0.06, 0, 0.06].map((dy) => valueAt(volume, [crosshair[0] + dx, crosshair[1] + dy, crosshair[2]]) - 1000),
      );
      expect(+hu).toBeGreaterThanOrEqual(Math.min(...near) - 1);
      expect(+hu).toBeLessThanOrEqual(Math.max(...near) + 1);

      // A notch is a slice; with the key as with the wheel.
      const [, , zBefore] = await centerOf(page, 'axial');
      await pane(page, 'axial').hover();
      await page.mouse.wheel(0, 120);
      await settled(page);
      expect((await centerOf(page, 'axial'))[2]).toBeCloseTo(zBefore + 1, 3);
      await page.keyboard.press('ArrowUp');
      await settled(page);
      expect((await centerOf(page, 'axial'))[2]).toBeCloseTo(zBefore, 3);

      // A handle turns the other two planes: obliques, against the reference.
      const handle = await pane(page, 'axial').locator('.mpr-of-coronal .mpr-handle').last().boundingBox();
      const grip = [handle.x + handle.width / 2, handle.y + handle.height / 2];
      await page.mouse.move(...grip);
      await page.mouse.down();
      await page.mouse.move(grip[0] - 20, grip[1] + 90, { steps: 8 });
      await page.mouse.up();
      await settled(page);
      const title = await pane(page, 'coronal').locator('.yv-topLeft').innerText();
      const degrees = Number(/斜切 (\d+)°/.exec(title)?.[1]);
      expect(degrees).toBeGreaterThan(5);
      await page.screenshot({ path: path.join(shots, 'mpr-1440-oblique.png') });
      await expectReference(page, 'coronal');
      await expectReference(page, 'sagittal');

      // A slab, and what stands over it.
      await page.getByLabel('层块方式').selectOption('max');
      await page.getByLabel('层厚').fill('12');
      await settled(page);
      await expectReference(page, 'coronal', { slab: { mode: 'max', thicknessMm: 12 } });
      await page.keyboard.press('4');
      await settled(page);
      await page.screenshot({ path: path.join(shots, 'mpr-1440-slab.png') });
      await page.getByLabel('层厚').fill('0');
      await page.keyboard.press('3');

      // A length is millimetres of the patient.
      await page.getByRole('button', { name: '长度' }).click();
      const box = await pane(page, 'sagittal').boundingBox();
      await page.mouse.move(box.x + 60, box.y + 120);
      await page.mouse.down();
      await page.mouse.move(box.x + 210, box.y + 120, { steps: 6 });
      await page.mouse.up();
      await settled(page);
      const mm = Number.parseFloat(await pane(page, 'sagittal').locator('.mpr-lengths text').textContent());
      expect(mm).toBeCloseTo(150 * (await scaleOf(page, 'sagittal')), 1);

      // A lost context comes back with its volume.
      await page.evaluate(async () => {
        const lose = document.querySelector('.mpr-canvas').getContext('webgl2').getExtension('WEBGL_lose_context');
        lose.loseContext();
        await new Promise((done) => setTimeout(done, 200));
        lose.restoreContext();
      });
      await delay(1500);
      await expectReference(page, 'axial');

      await page.keyboard.press('Escape');
      await page.locator('.mpr').waitFor({ state: 'detached' });
      await page.getByRole('region', { name: '影像窗口 1' }).locator('canvas').waitFor();
      await context.close();
      expect(faults).toEqual([]);
    });

    it('holds half the resolution on a phone, says so, and follows fingers', async () => {
      const { page, context } = await openExam('390');
      await page.getByRole('button', { name: '多平面' }).tap();
      await marked(page, 'volume-complete');
      await page.getByText('1/2 分辨率 不可诊断').waitFor();
      const touch = await context.newCDPSession(page);
      const send = (type, ...points) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: points });
      const box = await pane(page, 'axial').boundingBox();
      const [midX, midY] = [box.x + box.width / 2, box.y + box.height / 2];

      // One finger carries the crosshair.
      const before = await centerOf(page, 'sagittal');
      const scale = await scaleOf(page, 'axial');
      await send('touchStart', { x: midX + 40, y: midY + 60 });
      for (let i = 1; i <= 5; i++) await send('touchMove', { x: midX + 40 + 8 * i, y: midY + 60 });
      await send('touchEnd');
      await settled(page);
      const after = await centerOf(page, 'sagittal');
      // The axial pane's middle is the volume's: 80 CSS pixels to the right of it, two canvas pixels each.
      expect(after[0] - before[0]).toBeCloseTo(80 * 2 * scale, 0);
      await page.screenshot({ path: path.join(shots, 'mpr-390.png') });

      // Two fingers, 1 : 1.
      await send('touchStart', { x: midX - 40, y: midY, id: 1 }, { x: midX + 40, y: midY, id: 2 });
      for (let i = 1; i <= 5; i++)
        await send('touchMove', { x: midX - 40 - 8 * i, y: midY, id: 1 }, { x: midX + 40 + 8 * i, y: midY, id: 2 });
      await send('touchEnd');
      await settled(page);
      expect(scale / (await scaleOf(page, 'axial'))).toBeCloseTo(2, 1);

      // No number on half a resolution.
      await page.getByRole('button', { name: '长度' }).tap();
      await send('touchStart', { x: midX - 60, y: midY + 40 });
      for (let i = 1; i <= 5; i++) await send('touchMove', { x: midX - 60 + 20 * i, y: midY + 40 });
      await send('touchEnd');
      await settled(page);
      const label = await pane(page, 'axial').locator('.mpr-lengths text').textContent();
      expect(label).toBe('分辨率不足，不测量');
      expect(await page.locator('.mpr').innerText()).not.toMatch(/\d HU/);
      await page.getByRole('button', { name: '返回二维' }).click(); // on a busy machine a tap of two commands may pass for a long press
      await page.locator('.mpr').waitFor({ state: 'detached' });
      await context.close();
      expect(faults).toEqual([]);
    });

    it('holds the whole on a tablet', async () => {
      const { page, context } = await openExam('820');
      await page.getByRole('button', { name: '多平面' }).tap();
      await marked(page, 'volume-complete');
      await page.locator('.mpr-badge').waitFor({ state: 'hidden' });
      await pane(page, 'axial')
        .getByText(/定位点 -?[\d.]+ HU/)
        .waitFor();
      await page.getByRole('button', { name: '双切面' }).tap();
      await settled(page);
      expect(await page.locator('.mpr-pane:visible').count()).toBe(2);
      await page.screenshot({ path: path.join(shots, 'mpr-820.png') });
      await context.close();
      expect(faults).toEqual([]);
    });

    it('says what is missing of a real MR, and why a heart scan without places has no planes', async () => {
      const { page, context } = await openExam('1440', 'MR');
      await page.getByRole('button', { name: '多平面' }).click();
      await marked(page, 'volume-complete');
      await page.getByText('缺 1 层，缺处不显示').waitFor();
      await settled(page);
      await page.screenshot({ path: path.join(shots, 'mpr-1440-mr.png') });
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: '返回检查列表' }).click();
      await page.locator('.exam-row', { has: page.locator('.code', { hasText: /^NM$/ }) }).click();
      await page.locator('.yv-stage canvas').first().waitFor();
      await page.getByRole('button', { name: '多平面' }).click();
      await page.getByText('图像没有记录在人体中的位置和方向。').waitFor();
      await page.screenshot({ path: path.join(shots, 'mpr-1440-refused.png') });
      await page.getByRole('button', { name: '返回二维' }).click();
      await page.locator('.yv-stage canvas').first().waitFor();
      await context.close();
      expect(faults).toEqual([]);
    });

    async function openExam(width, modality = 'CT') {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'zh-CN', ...screens[width] });
      context.setDefaultTimeout(60_000);
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(String(error)));
      await page.goto(`${hospital.origin}/workstation`);
      const { doctor } = hospital.credentials;
      await page.getByLabel('账号').fill(doctor.account);
      await page.getByLabel('密码').fill(doctor.password);
      await delay(30_500 - (Date.now() % 30_000)); // a code works once: not the half minute that the last one signed in with
      await page.getByLabel('6 位动态码').fill(oneTimeCode(doctor.oneTimeCodeSecret));
      await page.keyboard.press('Enter');
      await page.locator('.exam-row', { has: page.locator('.code', { hasText: new RegExp(`^${modality}$`) }) }).click();
      await page.locator('.yv-stage canvas').first().waitFor();
      return { page, context };
    }

    const pane = (page, name) => page.locator(`.mpr-${name}`);
    const centerOf = async (page, name) => (await pane(page, name).getAttribute('data-center')).split(' ').map(Number);
    const scaleOf = async (page, name) => Number(await pane(page, name).getAttribute('data-mm-per-pixel'));

    function marked(page, name) {
      return page.waitForFunction((mark) => performance.getEntriesByName(mark).length > 0, `yingyun:${name}`);
    }

    /** Drawn, and at rest since the last gesture. */
    async function settled(page) {
      await delay(300);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    }

    /** The pane's own picture, without lines and words, beside the reference: within a grey level, but for a pixel in a thousand. */
    async function expectReference(page, name, changes = {}) {
      const directions = JSON.parse(await pane(page, name).getAttribute('data-directions'));
      await setBare(page, true);
      await settled(page);
      // Whole pixels, as the canvas has them: a clip between two would be mixed of both.
      const clip = await pane(page, name).evaluate((element) => {
        const stage = element.parentElement.getBoundingClientRect();
        const { offsetLeft, offsetTop, clientWidth: width, clientHeight: height } = element;
        return { x: stage.x + offsetLeft, y: stage.y + offsetTop, width, height };
      });
      const shot = await page.screenshot({ clip });
      await setBare(page, false);
      const grey = await greyOf(page, shot);
      const plane = {
        center: await centerOf(page, name),
        ...directions,
        mmPerPixel: await scaleOf(page, name),
        width: clip.width,
        height: clip.height,
        slab: { mode: 'max', thicknessMm: 0 },
        ...changes,
      };
      const expected = renderPlane(volume, plane, {
        window: { center: -450, width: 2000, shape: 'LINEAR' },
        isInverted: false,
      });
      let off = 0;
      let bright = 0;
      expect(grey.width).toBe(clip.width); // its last row may lie half a pixel below the page
      for (let i = 0; i < grey.levels.length; i++) {
        if (Math.abs(grey.levels[i] - expected[i * 4]) > 1) off++;
        if (expected[i * 4] > 60) bright++;
      }
      expect(bright).toBeGreaterThan(10_000); // a black pane would agree with nothing
      expect(off / grey.levels.length).toBeLessThan(0.001);
    }

    /** Takes lines and words off the planes. A sheet of the page's own: its policy allows no other styles. */
    function setBare(page, isBare) {
      return page.evaluate((bare) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(
          '.mpr-pane > *, .mpr-pane::after, .mpr-stage > div { visibility: hidden !important } .mpr-pane { outline: none !important }',
        );
        document.adoptedStyleSheets = bare ? [sheet] : [];
      }, isBare);
    }

    /** A screenshot's grey levels, decoded by the browser that made it; as base64, since half a million numbers are slow to hand over. */
    async function greyOf(page, png) {
      const { width, height, packed } = await page.evaluate(async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d');
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        let levels = '';
        for (let i = 0; i < data.length; i += 4) levels += String.fromCharCode(data[i]);
        return { width: bitmap.width, height: bitmap.height, packed: btoa(levels) };
      }, png.toString('base64'));
      return { width, height, levels: Buffer.from(packed, 'base64') };
    }
  },
);
