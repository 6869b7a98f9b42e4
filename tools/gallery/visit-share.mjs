// The share page: its gate, every exam at three widths, full screen, cine, documents, and the ends of a link.
import { widths } from './camera.mjs';

const stage = '.film-viewer .yv-stage';
const gateGroup = '分享页 · 口令与结束';

export async function visitShare({ browser, camera, hospital, exams }) {
  await visitGate({ browser, camera, hospital, exam: exams[0] }).catch((error) =>
    camera.missed(gateGroup, '没有走完', 390, error),
  );
  for (const exam of exams) await visitExam({ browser, camera, hospital, exam });
}

async function openPage(browser) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    locale: 'zh-CN',
    viewport: widths.phone,
    deviceScaleFactor: 1.5,
    hasTouch: true, // not isMobile: that would keep the zoom of one width at the next
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`脚本错误：${error.message}`));
  return { context, page, faults };
}

async function enter(page, passcode) {
  await page.locator('#passcode').fill(passcode);
  await page.keyboard.press('Enter');
}

/** Neither "preview" nor "loading" stands on the image; or a sentence says why there is none. */
export async function sharp(page) {
  await page.waitForFunction(() => {
    const isOff = (name) => document.querySelector(name)?.hasAttribute('hidden') === true;
    const verdict = document.querySelector('.yv-verdict');
    const isRead = document.querySelector('#report .bone') === null;
    return isRead && ((verdict !== null && !verdict.hidden) || (isOff('.yv-badge') && isOff('.yv-notice')));
  });
}

async function visitGate({ browser, camera, hospital, exam }) {
  const { context, page, faults } = await openPage(browser);
  const share = await hospital.share(exam.filmId);
  const atEachWidth = async (caption, mayFail = false) => {
    for (const size of Object.values(widths)) {
      await page.setViewportSize(size);
      await camera.take(page, { group: gateGroup, caption, mayFail, faults: faults.splice(0) });
    }
    await page.setViewportSize(widths.phone);
  };
  await page.goto(share.url);
  await atEachWidth('输入口令');
  await enter(page, 'AAAA AAAA');
  await page.getByText('此链接不可用').waitFor();
  await atEachWidth('口令不正确、已过期或已撤销（同一句话）', true);
  await enter(page, share.passcode);
  await sharp(page);
  await hospital.revoke(share.shareId);
  await page
    .locator('[data-tool="reset"]')
    .click({ timeout: 2000 })
    .catch(() => undefined); // the page may have noticed by itself
  await page.getByText('屏幕上的影像和报告已清除').waitFor({ timeout: 60_000 });
  await atEachWidth('浏览中被撤销：屏幕已清除', true);
  await context.close();
}

async function visitExam({ browser, camera, hospital, exam }) {
  const { context, page, faults } = await openPage(browser);
  const group = '分享页 · 各类影像';
  const image = exam.isEmpty || exam.isPlain ? undefined : stage;
  try {
    const share = await hospital.share(exam.filmId);
    await page.goto(share.url);
    await enter(page, share.passcode);
    await sharp(page);
    for (const size of Object.values(widths)) {
      await page.setViewportSize(size);
      await sharp(page);
      await camera.take(page, { group, caption: exam.name, image, faults: faults.splice(0) });
    }
    await page.setViewportSize(widths.phone);
    if (exam.key === 'ct') await visitLayouts({ page, camera });
    if (exam.isCine) await visitCine({ page, camera, exam });
    if (exam.key === 'objects' || exam.isEmpty) await visitDocuments({ page, camera, exam });
  } catch (error) {
    camera.missed(group, exam.name, page.viewportSize().width, error);
  } finally {
    await context.close();
  }
}

async function visitLayouts({ page, camera }) {
  const group = '分享页 · 阅读方式';
  await page.locator('#layout-images').click();
  await sharp(page);
  await camera.take(page, { group, caption: '全屏看图', image: stage });
  await page.mouse.move(195, 300);
  for (let i = 0; i < 5; i++) await page.mouse.wheel(0, 200);
  await page.locator('[data-tool="info"], [data-tool="reset"]').last().focus();
  await sharp(page);
  await camera.take(page, { group, caption: '全屏看图，翻页之后', image: stage });
  await page.locator('[data-tool="presets"]').click();
  await camera.take(page, { group, caption: '预设窗菜单', image: stage });
  await page.keyboard.press('Escape');
  await page.locator('#layout-images').click();
  await page.locator('#layout-report').click();
  await camera.take(page, { group, caption: '看报告' });
  await camera.takePaper(page, { group, caption: '打印的报告' });
  await page.locator('[data-size="huge"]').click();
  await camera.take(page, { group, caption: '看报告，特大字号' });
  await page.setViewportSize({ width: 844, height: 390 });
  await camera.take(page, { group, caption: '手机横放', image: stage });
}

async function visitCine({ page, camera, exam }) {
  const before = await page.locator('.yv-counter').last().innerText();
  await page.locator('[data-tool="cine"]').click();
  await page.waitForFunction((old) => [...document.querySelectorAll('.yv-counter')].at(-1)?.innerText !== old, before);
  await camera.take(page, { group: '分享页 · 动态播放', caption: exam.name, image: stage });
}

async function visitDocuments({ page, camera, exam }) {
  const group = '分享页 · 其他资料';
  const atEachWidth = async (caption, ready = async () => undefined) => {
    for (const size of Object.values(widths)) {
      await page.setViewportSize(size);
      await ready();
      await camera.take(page, { group, caption, mayFail: true });
    }
    await page.setViewportSize(widths.phone);
  };
  if (!(await page.locator('.yv-objects').isVisible())) await page.locator('.yv-objects-button').click();
  await atEachWidth(`${exam.name}：清单`);
  const count = await page.locator('.yv-open').count();
  for (let i = 0; i < count; i++) {
    if (!(await page.locator('.yv-objects').isVisible())) await page.locator('.yv-objects-button').click();
    const name = await page.locator('.yv-open').nth(i).getAttribute('aria-label');
    await page.locator('.yv-open').nth(i).click();
    await page.getByText('返回影像').waitFor();
    await atEachWidth(`${exam.name}：${name}`, () =>
      page.waitForFunction((words) => !document.body.innerText.includes(words), '正在打开…'),
    );
    await page.getByText('返回影像').click();
  }
}
