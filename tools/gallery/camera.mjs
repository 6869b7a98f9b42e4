// Takes the gallery's screenshots and, with each, looks for what must never be on one: an error, a black image, a page wider than its screen.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { barriersOn } from '../../h5/src/testing/barriers.mjs';

export const widths = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  desk: { width: 1440, height: 900 },
};

/** A sheet of A4 at 96 px an inch, without its margins. */
const paper = { width: 658, height: 979 };

const failureWords =
  /系统繁忙|加载失败|无法显示|不能显示|没有打开|没有显示出来|没有读出来|暂不支持显示|正在重试|\bundefined\b|\bNaN\b|\[object /;

/**
 * A camera for one walk; the walk's pictures of an earlier time are thrown away.
 * @param {import('playwright-core').Browser} browser
 * @param {string} folder where the pictures go
 * @param {string} walk whose pictures they are
 */
export async function openCamera(browser, folder, walk) {
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) if (old.startsWith(`${walk}-`)) rmSync(path.join(folder, old));
  const darkroom = await (await browser.newContext()).newPage(); // decodes screenshots
  const shots = [];
  const add = (shot) => {
    const file = `${walk}-${String(shots.length + 1).padStart(3, '0')}-${shot.width}.jpg`;
    const kept = { file, faults: [], ...shot };
    shots.push(kept);
    return kept;
  };
  return {
    shots,
    /**
     * One picture of a page as it is. `image`: the selector of a stage that must show more than one shade; `mayFail`: the page is
     * meant to tell of a failure here.
     */
    async take(page, { group, caption, image, mayFail = false, faults = [] }) {
      await settle(page);
      const width = page.viewportSize().width;
      const shot = add({ group, caption, width, faults: [...faults] });
      await page.screenshot({ path: path.join(folder, shot.file), type: 'jpeg', quality: 82 });
      shot.faults.push(...(await page.evaluate(lookAtLayout)));
      const words = mayFail ? null : failureWords.exec(await page.evaluate(() => document.body.innerText));
      if (words !== null) shot.faults.push(`页面上有“${words[0]}”`);
      if (image !== undefined) shot.faults.push(...(await this.lookAtImage(page.locator(image).first())));
      // At one width: the same markup, and colours that no width changes.
      if (width === widths.phone.width)
        shot.faults.push(...(await barriersOn(page)).map((words) => `无障碍：${words}`));
      return shot;
    },
    /** What the page's printer gets, as one sheet. */
    async takePaper(page, { group, caption }) {
      const screen = page.viewportSize();
      await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize(paper);
      const shot = await this.take(page, { group, caption });
      const controls = await page.locator('button, input').filter({ visible: true }).count();
      if (controls > 0) shot.faults.push(`${controls} 个按钮也会打印出来`);
      await page.emulateMedia({ media: 'screen' });
      await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
      await page.setViewportSize(screen);
    },
    /** A picture already taken elsewhere, e.g. by the weapp host. */
    async keep(group, caption, width, write, faults = []) {
      const shot = add({ group, caption, width, faults: [...faults] });
      await write(path.join(folder, shot.file));
    },
    /** A page that could not be reached is a row of the gallery too. */
    missed: (group, caption, width, error) =>
      shots.push({ group, caption, width, file: null, faults: [String(error?.message ?? error).split('\n')[0]] }),
    async lookAtImage(locator) {
      const png = await locator.screenshot({ timeout: 5000 }).catch(() => undefined);
      if (png === undefined) return ['没有影像窗口'];
      const { shades, lit, white } = await darkroom.evaluate(readGreys, png.toString('base64'));
      if (shades < 6 || lit < 0.002) return [`影像是黑的（${shades} 级灰度，${(lit * 100).toFixed(1)}% 有亮度）`];
      return white > 0.97 ? ['影像全白'] : [];
    },
  };
}

/** Two frames and a moment: what was just asked for is drawn. */
async function settle(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await delay(250);
}

/** Runs in the page. */
function lookAtLayout() {
  const faults = [];
  const over = document.documentElement.scrollWidth - window.innerWidth;
  if (over > 1) faults.push(`页面比屏幕宽 ${over} px`);
  for (const element of document.querySelectorAll('body *')) {
    const style = getComputedStyle(element);
    const isShown = element.checkVisibility?.({ visibilityProperty: true, opacityProperty: true }) ?? true;
    if (!isShown || !(element instanceof HTMLElement)) continue;
    const ownWords = [...element.childNodes].filter((one) => one.nodeType === 3 && one.data.trim() !== '');
    if (style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis' && ownWords.length > 0) {
      const isClipped = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 4;
      if (isClipped) faults.push(`文字被裁切：“${element.innerText.slice(0, 12)}”`);
    }
    const isMoved = (style.overflowY === 'hidden' || style.overflowY === 'clip') && element.scrollTop > 0;
    if (isMoved) faults.push(`不该滚动的 .${element.className} 移动了 ${element.scrollTop} px`);
  }
  return [...new Set(faults)];
}

/** Runs in the darkroom: the middle of a screenshot, where no words of the corners stand. */
async function readGreys(png) {
  const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const [width, height] = [Math.round(picture.width * 0.6), Math.round(picture.height * 0.6)];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context.drawImage(picture, (width - picture.width) / 2, (height - picture.height) / 2);
  const { data } = context.getImageData(0, 0, width, height);
  const counts = new Array(256).fill(0);
  for (let i = 0; i < data.length; i += 4) counts[Math.round((data[i] + data[i + 1] + data[i + 2]) / 3)] += 1;
  const share = (from) => counts.slice(from).reduce((sum, count) => sum + count, 0) / (width * height);
  return { shades: counts.filter((count) => count > 3).length, lit: share(20), white: share(250) };
}
