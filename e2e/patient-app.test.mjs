// The patient story in a phone's browser, against the real server: the same steps as weapp-story.test.mjs, in the h5 build of the same code.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { oru, sendMllp } from './support/hl7-client.mjs';
import { dicomValue, startHospital, storescu } from './support/hospital.mjs';

const shots = path.join(import.meta.dirname, 'screenshots');
const lidc = process.env.YINGYUN_LIDC;
const patient = { name: '测试', idNumber: '11010519491231002X', phone: '13800138000' }; // the ID number is GB 11643's own example
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

describe.skipIf(lidc === undefined)('the patient story on h5', { timeout: 120_000 }, () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-h5-story-'));
  const faults = [];
  let hospital;
  let browser;
  let page;
  let touch;
  let share;
  let codes = 0;

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    hospital = await startHospital();
    const files = readdirSync(lidc)
      .filter((name) => name.endsWith('.dcm'))
      .map((name) => path.join(lidc, name));
    await storescu(hospital, files);
    const report = {
      studyInstanceUid: dicomValue(files[0], '0020,000d'),
      patientId: dicomValue(files[0], '0010,0020'),
      findings: '两肺野清晰，未见实变。',
      impression: '胸部 CT 平扫未见明确异常。',
    };
    expect(await sendMllp(hospital.mllp, oru({ ...report, ...patient, controlId: 'S1' }))).toContain('MSA|AA|S1');
    await hospital.publishedFilm();
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      hasTouch: true,
      isMobile: true,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(30_000);
    page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(message.text());
    });
    touch = await context.newCDPSession(page);
    await page.goto(`${hospital.origin}/m/`);
  }, 240_000);
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await page?.screenshot({ path: path.join(shots, 'patient-story-failed.png') });
  });
  afterAll(async () => {
    await browser?.close();
    await hospital?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  it('signs in with the code of a text message', async () => {
    await field('11 位手机号').fill(patient.phone);
    await tap('获取验证码');
    const code = await textMessageCode();
    await field('6 位数字').fill(code === '000000' ? '000001' : '000000');
    await tap('登录');
    await page.getByText(/验证码不正确或已/).waitFor();
    await field('6 位数字').fill(code);
    await tap('登录');
    await page.getByText('先绑定就诊档案').waitFor();
  });

  it("binds to the hospital's record with name, ID number and a code to the phone in that record", async () => {
    await tap('去绑定');
    await field('与就诊时登记的一致').fill(patient.name);
    await field('18 位身份证号').fill(patient.idNumber);
    await tap('下一步');
    await page.getByText('输入验证码').waitFor();
    await field('6 位数字').fill(await textMessageCode());
    await tap('完成绑定');
    await page.getByText('绑定成功').waitFor();
    await tap('查看影像');
    await page.getByText('211 幅图像').waitFor();
    await shot('films');
  });

  it('opens the film: report and images on one screen', async () => {
    await page.getByText('211 幅图像').click();
    await page.getByText('胸部 CT 平扫未见明确异常。').waitFor();
    await sharp();
    expect(await counter()).toBe(106);
    const marks = await page.evaluate(() => performance.getEntriesByName('yingyun:first-image').length);
    expect(marks).toBe(1);
    await shot('film');
  });

  it('turns pages with one finger and zooms with two', async () => {
    await swipe([195, 260], [195, 140]);
    await expect.poll(counter).not.toBe(106);
    await sharp();
    await fingers('touchStart', [150, 200], [240, 200]);
    for (let i = 1; i <= 9; i++) await fingers('touchMove', [150 - i * 5, 200], [240 + i * 5, 200]);
    await fingers('touchEnd');
    await sharp();
    await shot('zoomed');
    await tap('更多');
    await tap('复原');
    await tap('收起');
  });

  it('shares: passcode, link and a QR code that reads as the link', async () => {
    await tap('分享给医生或家人');
    await tap('请医生会诊');
    await tap('1 天');
    await tap('生成分享');
    await page.getByText('分享已生成').waitFor();
    await delay(600);
    const url = await page.locator('.share-url').innerText();
    const passcode = (await page.locator('.passcode').innerText()).replace(/\s/g, '');
    expect(url).toMatch(/\/s\/[A-Za-z0-9_-]{22}$/);
    const picture = path.join(work, 'card.png');
    await page.locator('.share-canvas').scrollIntoViewIfNeeded();
    await page.locator('.share-canvas').screenshot({ path: picture });
    expect(execFileSync('zbarimg', ['--quiet', '--raw', picture], { encoding: 'utf8' }).trim()).toBe(url);
    await shot('shared');
    share = { token: url.split('/s/')[1], passcode };
    expect((await openedElsewhere()).status).toBe(200);
  });

  it('opens from a chat card too, by token and passcode, with no account', async () => {
    const friend = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 390, height: 844 } });
    const other = await friend.newPage();
    await other.goto(`${hospital.origin}/m/#/subpackages/film/shared/index?t=${share.token}`);
    await field('8 位口令', other).fill(share.passcode.toLowerCase());
    await other.getByText('打开', { exact: true }).click();
    await other.getByText('胸部 CT 平扫未见明确异常。').waitFor();
    await other.getByText('106 / 211').waitFor();
    expect(await other.getByText('分享给医生或家人').count()).toBe(0);
    await friend.close();
  });

  it('revokes: the list says how often it was looked at, and the link is dead at once', async () => {
    await page.goto(`${hospital.origin}/m/#/subpackages/shares/shares/index`);
    await page.getByText('已看 2 / 20 次').waitFor();
    await tap('撤销分享');
    await page.getByText('撤销这个分享？').waitFor();
    await tap('撤销');
    await page.locator('.chip-revoked').filter({ visible: true }).waitFor();
    expect((await openedElsewhere()).status).not.toBe(200);
  });

  it('is still signed in after a reload, and leaves nothing on the phone at sign-out', async () => {
    await page.goto(`${hospital.origin}/m/`);
    await page.reload();
    await page.getByText('211 幅图像').waitFor();
    await tap('账号与绑定');
    await page.getByText('138****8000').waitFor();
    await shot('account');
    await tap('退出登录');
    await tap('退出');
    await page.getByText('影像随身看').waitFor();
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    for (const secret of ['session', 'films', '胸部', patient.phone]) expect(kept).not.toContain(secret);
    expect(faults).toEqual([]);
  });

  const field = (placeholder, on = page) => on.locator(`input[placeholder="${placeholder}"]`).filter({ visible: true });
  const tap = (words) => page.getByText(words, { exact: true }).filter({ visible: true }).last().click();
  const shot = async (name) => {
    await delay(300);
    await page.screenshot({ path: path.join(shots, `patient-story-${name}.png`) });
  };
  const counter = async () =>
    Number((await page.locator('.slices-counter').filter({ visible: true }).innerText()).split(' / ')[0]);
  /** Neither "preview" nor "loading" stands on the image. */
  const sharp = async () => {
    await page.locator('.slices-counter').filter({ visible: true }).waitFor();
    for (let i = 0; i < 200; i++) {
      await delay(100);
      if (!/预览|图像加载中/.test(await page.locator('.stage').filter({ visible: true }).innerText())) return;
    }
    throw new Error('the image does not become sharp');
  };
  /** The code of the newest text message, as the demo server prints it on its terminal. */
  const textMessageCode = async () => {
    for (let i = 0; i < 100; i++) {
      const all = [...hospital.output().matchAll(/验证码 (\d{6})/g)];
      if (all.length > codes) {
        codes = all.length;
        return all.at(-1)[1];
      }
      await delay(100);
    }
    throw new Error('no text message was sent');
  };
  const openedElsewhere = () => hospital.call('POST', '/api/shares/open', share);
  async function fingers(type, ...points) {
    await touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
  async function swipe(from, to) {
    await fingers('touchStart', from);
    for (let i = 1; i <= 6; i++)
      await fingers('touchMove', [from[0] + ((to[0] - from[0]) * i) / 6, from[1] + ((to[1] - from[1]) * i) / 6]);
    await fingers('touchEnd');
  }
});
