// Every kind of image and object in one film, on a phone in Chromium: real files, real decoders.
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from './testing/chromium.mjs';
import { kindsOf, makeKindsFilm, wordsByDcmtk } from './testing/kinds-film.mjs';
import { startViewerPages } from './testing/viewer-page.mjs';

const data = process.env.YINGYUN_TESTDATA;

describe.skipIf(!data || !hasChromium)('a film of every kind', { timeout: 120_000 }, () => {
  let pages: Awaited<ReturnType<typeof startViewerPages>>;
  let viewer: Awaited<ReturnType<typeof pages.open>>;
  beforeAll(async () => {
    pages = await startViewerPages(data ?? '', makeKindsFilm);
  }, 120_000);
  afterAll(() => pages?.stop());
  afterEach(async () => {
    await viewer?.close();
    expect(viewer?.faults).toEqual([]);
  });
  const show = async (description: string) => {
    await viewer.page.locator('.yv-series').nth(kindsOf.indexOf(description)).click();
    await viewer.sharp();
    await viewer.frame();
  };

  it('shows each kind of image, each with its own window', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    for (const [index, description] of kindsOf.entries()) {
      await show(description);
      expect(await viewer.text('.yv-topRight')).toContain(description);
      await viewer.screenshot(`kinds-${index + 1}`);
    }
  });

  it('draws overlay planes until they are taken off', async () => {
    viewer = await pages.open('?renderer=canvas');
    await viewer.sharp();
    await show('点压 叠加层');
    const white = () =>
      viewer.page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.yv-canvas');
        const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        let count = 0;
        for (let i = 0; i < pixels.length; i += 4) if (pixels[i] === 255) count++;
        return count;
      });
    await viewer.page.waitForTimeout(300);
    const drawn = await white();
    await viewer.tool('overlays');
    await viewer.frame();
    expect(await white()).toBeLessThan(drawn);
    expect(await viewer.page.locator('[data-tool="overlays"]').getAttribute('aria-pressed')).toBe('false');
    await viewer.tool('overlays');
    await viewer.frame();
    expect(await white()).toBe(drawn);
    for (const box of await viewer.page
      .locator('.yv-button')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()))) {
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
      expect(box.right).toBeLessThanOrEqual(390);
    }
  });

  it('turns PET dark on light and back by the menu', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    await show('全身 PET');
    await viewer.tool('presets');
    await viewer.page.getByRole('menuitem', { name: '反灰（浅底）' }).click();
    await viewer.frame();
    expect(await viewer.page.locator('[data-tool="invert"]').getAttribute('aria-pressed')).toBe('true');
    await viewer.screenshot('kinds-pet-inverse');
    await viewer.tool('presets');
    await viewer.page.getByRole('menuitem', { name: '正灰（深底）' }).click();
    await viewer.frame();
    expect(await viewer.page.locator('[data-tool="invert"]').getAttribute('aria-pressed')).toBe('false');
  });

  it('plays a colour cine at its recorded rate', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    await show('彩色多普勒');
    await viewer.loaded();
    const [series] = pages.film.manifest.series;
    // When each picture came, over four rounds of the loop, counted from the start.
    const shown = await viewer.page.evaluate(async (time) => {
      const counter = document.querySelector('.yv-counter');
      const changes: { readonly at: number; readonly frame: number }[] = [];
      const started = performance.now();
      const watch = new MutationObserver(() =>
        changes.push({ at: performance.now() - started, frame: Number.parseInt(counter?.textContent ?? '', 10) - 1 }),
      );
      if (counter) watch.observe(counter, { childList: true, characterData: true, subtree: true });
      document.querySelector<HTMLElement>('[data-tool="cine"]')?.click();
      await new Promise((done) => setTimeout(done, time * 34));
      document.querySelector<HTMLElement>('[data-tool="cine"]')?.click();
      return changes;
    }, series.frameTimeMs);
    let round = 0;
    const late = shown.map(({ at, frame }, i) => {
      if (frame < (shown[i - 1]?.frame ?? 0)) round++;
      return at - (round * series.frames.length + frame) * series.frameTimeMs;
    });
    expect(round).toBeGreaterThanOrEqual(3);
    // No picture before its time, and in the last round as punctual as in the first: a busy machine skips, it doesn't slow down.
    expect(Math.min(...late)).toBeGreaterThan(-5);
    expect(Math.min(...late.slice(-series.frames.length))).toBeLessThan(series.frameTimeMs);
  });

  it('says in plain Chinese why one frame cannot be shown, and goes on with the others', async () => {
    const bytes = pages.film.frames.get('1.9.5');
    const kept = bytes[21];
    bytes[21] = kept.slice().fill(0x55, 40);
    viewer = await pages.open();
    await viewer.sharp();
    await viewer.page.locator('.yv-series').nth(kindsOf.indexOf('全身 PET')).click();
    await viewer.slideTo(22);
    await viewer.page.waitForFunction(() => document.querySelector('.yv-notice')?.textContent?.includes('已损坏'));
    expect(await viewer.text('.yv-notice')).toBe('此幅图像数据已损坏，无法显示。其余图像不受影响。');
    await viewer.screenshot('kinds-damaged-frame');
    bytes[21] = kept;
    await viewer.slideTo(23);
    await viewer.sharp();
  });

  const openObject = async (name: string) => {
    await viewer.page.locator('.yv-objects-button').click();
    await viewer.page.getByRole('button', { name: `打开 ${name}`, exact: true }).click();
    await viewer.page.locator('.yd-paper, .yd-pdf, .yd-pdf-card').waitFor();
  };

  it('lists the objects without an image, each with its reason', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    await viewer.page.locator('.yv-objects-button').click();
    const rows = await viewer.page.locator('.yv-object').allInnerTexts();
    expect(rows).toHaveLength(7);
    expect(rows[4]).toBe('图像分割 · 肝脏\n图像分割结果，已完整保存，暂不叠加显示。');
    expect(rows[6]).toContain('损坏的文件');
    expect(await viewer.page.locator('.yv-open').count()).toBe(4);
    await viewer.screenshot('kinds-objects');
    await viewer.page.keyboard.press('Escape');
    expect(await viewer.page.locator('.yv-objects').isVisible()).toBe(false);
  });

  it('reads a TID 1500 report: measurements as a table, everything else as its tree', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    await openObject('结构化报告 · 影像测量报告');
    expect(await viewer.page.locator('.yd-head h1').innerText()).toBe('影像测量报告');
    const rows = await viewer.page.locator('.yd-table tbody tr').allInnerTexts();
    // `dsrdump` on the same file: three SUV statistics of one group.
    const theirs = wordsByDcmtk(`${data}/dicom/sr/tid1500-dcmqi/sr.dcm`);
    const numbers = [...theirs.matchAll(/NUM:[^=]*="([-\d.e+]+)"/g)].map((found) => found[1]);
    expect(numbers.length).toBeGreaterThan(2);
    const paper = await viewer.page.locator('.yd-paper').innerText();
    for (const number of numbers) expect(paper).toContain(number);
    // Its first statistic and the last feature of its one group.
    expect(rows).toContain('SUV（体重） · 平均值\t6.01529\tg/ml');
    expect(rows).toContain('Percent Within First Quarter of Intensity Range\t29.434\t%');
    await viewer.screenshot('kinds-sr-tid1500');
    await viewer.page.locator('.yd-body').evaluate((body) => body.scrollTo(0, body.scrollHeight));
    await viewer.screenshot('kinds-sr-tid1500-end');
    await viewer.page.emulateMedia({ media: 'print' });
    expect(await viewer.page.locator('.yv-root').isVisible()).toBe(false);
    expect(await viewer.page.locator('.yd-paper').isVisible()).toBe(true);
    await viewer.page.emulateMedia({ media: 'screen' });
    await viewer.page.keyboard.press('Escape');
    expect(await viewer.page.locator('.yd-root').count()).toBe(0);
  });

  it('reads a report of nested sections', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    await openObject('结构化报告');
    const words = await viewer.page.locator('.yd-paper').innerText();
    const theirs = wordsByDcmtk(`${data}/dicom/sr/text/sr.dcm`);
    const texts = [...theirs.matchAll(/TEXT:[^=]*="([^"\\]{8,60})/g)].map((found) => found[1] ?? '');
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts)
      expect(words.replace(/\s+/g, ' ')).toContain(text.replace(/\.\.\.$/, '').replace(/\s+/g, ' '));
    await viewer.screenshot('kinds-sr');
  });

  it('jumps from a key object selection to the image it names', async () => {
    viewer = await pages.open();
    await viewer.sharp();
    await show('全身骨显像');
    await openObject('关键图像 · 关注图像');
    expect(await viewer.page.locator('.yd-paper').innerText()).toContain('二尖瓣反流，请会诊。');
    expect(await viewer.page.locator('.yd-elsewhere').innerText()).toBe('1 幅引用的图像不在本胶片中');
    await viewer.screenshot('kinds-key-object');
    await viewer.page.locator('.yd-image').click();
    await viewer.sharp();
    expect(await viewer.page.locator('.yd-root').count()).toBe(0);
    expect(await viewer.text('.yv-topRight')).toContain('彩色多普勒');
    expect(await viewer.slice()).toBe(4);
  });

  it('gives a PDF as bytes that were asked for with the token: to download where the browser cannot show it', async () => {
    for (const canShow of [false, true]) {
      viewer = await pages.open(
        '',
        undefined,
        undefined,
        `Object.defineProperty(navigator, 'pdfViewerEnabled', { get: () => ${canShow} })`,
      );
      await viewer.sharp();
      await openObject('PDF 文档 · 检查说明');
      expect(pages.server.state.authorizations.at(-1)).toBe('Bearer harness');
      const link = viewer.page.locator('a', { hasText: '下载 PDF' });
      expect(await link.getAttribute('href')).toMatch(/^blob:/);
      const [download] = await Promise.all([viewer.page.waitForEvent('download'), link.click()]);
      expect(download.suggestedFilename()).toBe('检查说明.pdf');
      expect(
        readFileSync(await download.path())
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');
      expect(await viewer.page.locator('iframe.yd-pdf').count()).toBe(canShow ? 1 : 0);
      await viewer.screenshot(canShow ? 'kinds-pdf-inline' : 'kinds-pdf');
      if (!canShow) await viewer.close();
    }
  });
});
