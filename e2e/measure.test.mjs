// Measuring, end to end, on a phantom whose truth is known: a doctor draws with a mouse on a desk and with a finger on a phone; the numbers on
// screen are the truth, whatever way the image is turned; they are there again after a reload, and on the other device.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flags } from './support/chromium-flags.mjs';
import { oneTimeCode, startHospital, storescu } from './support/hospital.mjs';
import { phantom, writePhantom } from './support/measure-phantom.mjs';

const shots = path.join(import.meta.dirname, 'screenshots');
const desk = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

describe('measuring', { timeout: 240_000 }, () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-measure-'));
  const faults = [];
  let hospital;
  let browser;
  let session;
  let exam;

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    hospital = await startHospital();
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
    await storescu(hospital, writePhantom(work));
    for (let i = 0; i < 300; i++) {
      const [film] = await hospital.films();
      if (film?.instanceCount === 3) break;
      await delay(200);
    }
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await hospital?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  /** A page with the exam open, signed in once for all of them. */
  async function openExam(options) {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'zh-CN', ...options });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    if (session === undefined) {
      await page.goto(`${hospital.origin}/workstation`);
      const { doctor } = hospital.credentials;
      await page.getByLabel('账号').fill(doctor.account);
      await page.getByLabel('密码').fill(doctor.password);
      await page.getByLabel('6 位动态码').fill(oneTimeCode(doctor.oneTimeCodeSecret));
      await page.keyboard.press('Enter');
      await page.locator('.exam-row').click();
      await sharp(page);
      session = await page.evaluate(() => sessionStorage.getItem('yingyun.staff'));
      exam = page.url();
    } else {
      await context.addInitScript((kept) => sessionStorage.setItem('yingyun.staff', kept), session);
      await page.goto(exam);
      await sharp(page);
    }
    return { context, page };
  }

  async function sharp(page) {
    await page.locator('.yv-canvas').waitFor();
    await page.waitForFunction(() =>
      ['.yv-badge', '.yv-notice'].every((part) => document.querySelector(part)?.hasAttribute('hidden')),
    );
  }
  /** Where the middle of the stage is, and how many millimetres a CSS pixel is: the fitted image, worked out here by itself. */
  async function stageOf(page, isTurned = false) {
    const { x, y, width, height } = await page.locator('.yv-stage').boundingBox();
    const [across, down] = [phantom.columns * phantom.perColumn, phantom.rows * phantom.perRow];
    const perCss = isTurned ? Math.max(down / width, across / height) : Math.max(across / width, down / height);
    return { x: x + width / 2, y: y + height / 2, perCss };
  }
  const labels = async (page, kind) => page.locator(`.ym-${kind} .ym-label`).allTextContents();
  const numberIn = (words, pattern = /(-?[\d.]+)/) => Number(pattern.exec(words)?.[1]);
  async function mouseDrag(page, from, to) {
    const stage = await stageOf(page);
    await page.mouse.move(stage.x + from[0], stage.y + from[1]);
    await page.mouse.down();
    await page.mouse.move(stage.x + to[0], stage.y + to[1], { steps: 5 });
    await page.mouse.up();
    await drawn(page);
  }
  const drawn = (page) =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  async function allLabels(page) {
    return (await page.locator('.ym-label').allTextContents()).sort();
  }
  const kept = (page) => page.locator('.ym-kept[data-keeping="kept"]').waitFor();

  it('says the truth to a mouse, turned and mirrored too, goes back and forth, and is there after a reload', async () => {
    const { page, context } = await openExam(desk);
    await page.getByRole('button', { name: '测量' }).click();
    await page.getByRole('button', { name: '长度', pressed: true }).waitFor();
    const { perCss } = await stageOf(page);
    await mouseDrag(page, [-120, -90], [120, 90]);
    expect(Math.abs(numberIn((await labels(page, 'length'))[0]) - 300 * perCss)).toBeLessThanOrEqual(0.1);

    await page.keyboard.press('e');
    await mouseDrag(page, [-60, -30], [60, 40]);
    const ellipse = await labels(page, 'ellipse');
    expect(ellipse[1]).toBe('均值 100.0 HU  标准差 0.0');
    expect(ellipse[2]).toBe('最小 100  最大 100');
    const area = Math.PI * 60 * 35 * perCss ** 2;
    expect(Math.abs(numberIn(ellipse[0], /([\d.]+) mm²/) / area - 1)).toBeLessThan(0.005);

    // Outside of the disc the grey is the column's number. Edges between columns: the 46 columns from 27 to 72 have their centres inside.
    await page.keyboard.press('b');
    const atColumn = (column) => ((column - phantom.columns / 2) * phantom.perColumn) / perCss;
    await mouseDrag(page, [atColumn(27), -60], [atColumn(73), 60]);
    const box = await labels(page, 'rectangle');
    expect(numberIn(box[1], /均值 ([\d.]+) HU/)).toBe(49.5);
    expect(numberIn(box[1], /标准差 ([\d.]+)/)).toBe(Number(Math.sqrt((46 ** 2 - 1) / 12).toFixed(1)));
    expect(box[2]).toBe('最小 27  最大 72');

    await page.keyboard.press('a');
    await mouseDrag(page, [150, 200], [50, 200]);
    await mouseDrag(page, [100, 150], [50 + 80, 200 - 80]);
    expect(Math.abs(numberIn((await labels(page, 'angle'))[0]) - 45)).toBeLessThanOrEqual(0.1);
    await kept(page);
    await page.locator('[data-measure="list"]').click();
    await page.screenshot({ path: path.join(shots, 'measure-desk-1440.png') });
    await page.locator('[data-measure="list"]').click();

    const upright = await allLabels(page);
    expect(upright).toHaveLength(8);
    for (const key of ['r', 'h', 'r', 'v']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(150);
      expect(await allLabels(page)).toEqual(upright);
    }
    await page.screenshot({ path: path.join(shots, 'measure-turned-1440.png') });
    await page.keyboard.press('0');

    await page.keyboard.press('Control+z');
    await page.waitForFunction(() => document.querySelectorAll('.ym-label').length === 7);
    await page.keyboard.press('Control+y');
    await page.waitForFunction(() => document.querySelectorAll('.ym-label').length === 8);
    await page.keyboard.press('Delete'); // nothing is selected after an undo's redo, or the angle is
    await page.keyboard.press('Control+z');
    await page.waitForFunction(() => document.querySelectorAll('.ym-label').length === 8);
    await kept(page);

    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.querySelectorAll('.ym-label').length === 0);
    await page.reload();
    await sharp(page);
    await page.waitForFunction(() => document.querySelectorAll('.ym-label').length === 8);
    expect(await allLabels(page)).toEqual(upright);
    await context.close();
    expect(faults).toEqual([]);
  });

  it('says the truth to a finger, shows what it hides, and leaves the exam only when Esc has nothing else to leave', async () => {
    const { page, context } = await openExam(phone);
    const touch = await context.newCDPSession(page);
    const fingers = (type, ...points) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    const { accessToken } = JSON.parse(session);
    const marksPath = `/api/exams/${exam.match(/[0-9a-f-]{36}/)[0]}/marks`;
    const onServer = async () => {
      const { sheets } = (await hospital.call('GET', marksPath, undefined, accessToken)).body;
      return sheets.flatMap((sheet) => sheet.marks.map((mark) => mark.kind));
    };
    const drawnBefore = (await onServer()).length;
    await page.waitForFunction((count) => document.querySelectorAll('.ym-mark').length === count, drawnBefore);
    await page.getByRole('button', { name: '测量' }).tap();
    await page.getByRole('button', { name: '长度', pressed: true }).waitFor();
    for (const box of await page
      .locator('.ym-tool:visible')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON())))
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
    if (drawnBefore > 0) await page.getByRole('button', { name: '清除本幅' }).tap();
    await page.waitForFunction(() => document.querySelectorAll('.ym-label').length === 0);
    await drawn(page);
    const stage = await stageOf(page);
    await fingers('touchStart', [stage.x - 120, stage.y - 50]);
    for (let i = 1; i <= 5; i++) await fingers('touchMove', [stage.x - 120 + 48 * i, stage.y - 50 + 20 * i]);
    await page.locator('.ym-loupe').waitFor();
    const loupe = await page.locator('.ym-loupe').boundingBox();
    const [fingerX, fingerY] = [stage.x + 120, stage.y + 50];
    const isAbove = loupe.y + loupe.height < fingerY - 20;
    const isBeside = loupe.x + loupe.width < fingerX - 20 || loupe.x > fingerX + 20;
    expect(isAbove || isBeside).toBe(true);
    await page.screenshot({ path: path.join(shots, 'measure-loupe-390.png') });
    await fingers('touchEnd');
    await drawn(page);
    await page.locator('.ym-loupe').waitFor({ state: 'detached' });
    const truth = Math.hypot(240, 100) * stage.perCss;
    expect(Math.abs(numberIn((await labels(page, 'length'))[0]) - truth)).toBeLessThanOrEqual(0.1);

    // A handle is taken from 20 px beside it, and moves by what the finger moves.
    await fingers('touchStart', [stage.x + 120, stage.y + 70]);
    await fingers('touchMove', [stage.x + 120, stage.y + 20]);
    await fingers('touchMove', [stage.x + 120, stage.y - 30]);
    await fingers('touchEnd');
    await page.waitForFunction((wanted) => {
      const shown = Number.parseFloat(document.querySelector('.ym-length .ym-label')?.textContent ?? '');
      return Math.abs(shown - wanted) <= 0.1;
    }, 240 * stage.perCss);
    // Two fingers zoom, and draw nothing.
    await fingers('touchStart', [stage.x - 40, stage.y + 60]);
    await fingers('touchStart', [stage.x - 40, stage.y + 60], [stage.x + 40, stage.y + 60]);
    await fingers('touchMove', [stage.x - 60, stage.y + 60], [stage.x + 60, stage.y + 60]);
    await fingers('touchEnd');
    expect(await page.locator('.ym-mark').count()).toBe(1);
    await page.getByRole('button', { name: '文字' }).tap();
    await page.touchscreen.tap(stage.x, stage.y + 90);
    await page.getByLabel('文字标注').fill('右肺结节');
    await page.getByRole('button', { name: '确定' }).tap();
    await page.locator('.ym-text .ym-label').getByText('右肺结节').waitFor();
    await kept(page);
    await page.screenshot({ path: path.join(shots, 'measure-phone-390.png') });
    await page.keyboard.press('Escape'); // the selection
    await page.keyboard.press('Escape'); // the tool
    await page.keyboard.press('Escape'); // the palette
    await page.locator('.ym-palette').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '测量' }).waitFor();
    expect(await onServer()).toEqual(['length', 'text']);
    await context.close();
    expect(faults).toEqual([]);
  });
});
