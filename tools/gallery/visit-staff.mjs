// What the hospital's staff see: the doctor's workstation and the console that publishes and shares.
import { setTimeout as delay } from 'node:timers/promises';
import { oneTimeCode } from '../../e2e/support/hospital.mjs';
import { widths } from './camera.mjs';

const stage = '.viewport .yv-stage';

async function openPage(browser, camera, group) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'zh-CN', viewport: widths.desk });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`脚本错误：${error.message}`));
  const take = async (caption, { sizes = Object.values(widths), ready, image, mayFail } = {}) => {
    for (const size of sizes) {
      await page.setViewportSize(size);
      await ready?.();
      await camera.take(page, { group, caption, image, mayFail, faults: faults.splice(0) });
    }
    await page.setViewportSize(widths.desk);
  };
  return { context, page, take };
}

async function signIn(page, { account, password, oneTimeCodeSecret }) {
  await page.getByLabel('账号').fill(account);
  await page.getByLabel('密码').fill(password);
  await delay(30_500 - (Date.now() % 30_000)); // a code works once: not the half minute that the last one signed in with
  await page.getByLabel('6 位动态码').fill(oneTimeCode(oneTimeCodeSecret));
  await page.keyboard.press('Enter');
}

export async function visitWorkstation({ browser, camera, hospital, exams }) {
  const { context, page, take } = await openPage(browser, camera, '医生工作站');
  const wide = [widths.tablet, widths.desk];
  await page.goto(`${hospital.origin}/workstation`);
  await page.getByLabel('账号').waitFor();
  await take('登录');
  await signIn(page, hospital.credentials.doctor);
  await page.locator('.exam-row').first().waitFor();
  await take('检查列表');
  await page.getByLabel('查找检查').fill('oyx');
  await page.waitForTimeout(800);
  await take('检查列表：首字母查找');
  await page.getByLabel('查找检查').fill('没有这个人');
  await page.getByText('没有符合条件的检查').waitFor();
  await take('检查列表：没有符合条件的检查');
  const all = exams.filter(({ key }) => ['ct', 'objects', 'mg', 'us-doppler'].includes(key));
  for (const exam of all.length > 0 ? all : exams) {
    await page.getByLabel('查找检查').fill('');
    await page.locator('.exam-row', { hasText: exam.name }).first().click();
    await ready(page);
    await take(`检查：${exam.name}`, { ready: () => ready(page), image: stage, mayFail: exam.key === 'objects' });
    if (exam.key === 'ct' || all.length === 0) {
      await page.getByRole('button', { name: '双窗' }).click();
      await take('双窗', { sizes: wide, ready: () => ready(page), image: stage });
      await page.getByRole('button', { name: '四窗' }).click();
      await take('四窗', { sizes: wide, ready: () => ready(page), image: stage });
      await page.getByRole('button', { name: '单窗' }).click();
      await page.getByRole('tab', { name: '报告' }).click();
      await take('报告');
      await camera.takePaper(page, { group: '医生工作站', caption: '打印的报告' });
      await page.getByRole('tab', { name: '相关检查' }).click();
      await page.waitForTimeout(600);
      await take('相关检查');
    }
    if (exam.key === 'objects') await visitDocuments(page, take);
    await page.getByRole('button', { name: '返回检查列表' }).click();
    await page.locator('.exam-row').first().waitFor();
  }
  await context.close();
}

async function ready(page) {
  await page.waitForFunction(() => {
    const box = document.querySelector('.viewport');
    return ['.yv-badge', '.yv-notice'].every((part) => box?.querySelector(part)?.hasAttribute('hidden') === true);
  });
}

async function visitDocuments(page, take) {
  await page.getByRole('button', { name: /^阅读/ }).first().click();
  await page.getByText('返回影像').waitFor();
  await take('结构化报告', { mayFail: true });
  await page.getByText('返回影像').click();
}

export async function visitConsole({ browser, camera, hospital, exams }) {
  const { context, page, take } = await openPage(browser, camera, '胶片管理（控制台）');
  await page.goto(`${hospital.origin}/console`);
  await page.getByLabel('账号').waitFor();
  await take('登录');
  await signIn(page, hospital.credentials);
  await page.locator('.row').first().waitFor();
  await take('胶片列表');
  await page.getByRole('main').getByRole('listitem').filter({ hasText: exams[0].name }).getByRole('button').click();
  await page.getByRole('button', { name: '生成链接和口令' }).waitFor();
  await take('胶片详情');
  await page.getByRole('button', { name: '生成链接和口令' }).click();
  await page.getByRole('heading', { name: '分享已生成' }).waitFor();
  await take('分享已生成');
  await page.getByRole('button', { name: '完成' }).click();
  await page.getByRole('button', { name: '查看影像与报告' }).click();
  await page.waitForFunction(() => document.querySelector('.yv-badge')?.hasAttribute('hidden') === true);
  await take('查看影像与报告', { image: '.yv-stage' });
  await context.close();
}
