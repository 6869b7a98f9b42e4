// The patient story in a phone's browser, in the h5 build of the patient app, against the real server; and what only a browser has: a mouse,
// a wheel, a keyboard.
import path from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { flags } from './support/chromium-flags.mjs';
import { becomesLike, drawnByDcmtk, eventually, numberShown, sharp } from './support/film-eyes.mjs';
import { openH5Phone } from './support/h5-phone.mjs';
import { patientStory } from './support/patient-story.mjs';

const sharedPage = (hospital, token) => `${hospital.origin}/m/#/subpackages/film/shared/index?t=${token}`;

describe.skipIf(process.env.YINGYUN_LIDC === undefined)('the patient story on h5', { timeout: 120_000 }, () => {
  let browser;
  afterAll(() => browser?.close());
  const story = patientStory({
    name: 'patient-story',
    async open({ hospital }) {
      browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
      return openH5Phone(browser, `${hospital.origin}/m/`);
    },
    openShared: ({ hospital }, token, how) => openH5Phone(browser, sharedPage(hospital, token), how),
  });

  it('obeys mouse, wheel and keys at a desk, and tells of its first image once', async () => {
    const { hospital, chest, work } = story;
    const { url, passcode } = await hospital.share(chest.filmId);
    const desk = await openH5Phone(browser, sharedPage(hospital, url.split('/s/')[1]), { atDesk: true });
    try {
      const { page } = desk;
      await desk.type('8 位口令', passcode);
      await page.getByText('打开', { exact: true }).click();
      await page.waitForFunction(() => performance.getEntriesByName('yingyun:first-image').length > 0);
      await sharp(desk);
      const at = () => numberShown(desk, 211);
      expect(await at()).toBe(106);
      const { x, y, width, height } = await desk.find('.stage').boundingBox();
      await page.mouse.move(x + width / 2, y + height / 2);
      for (let i = 0; i < 3; i++) await page.mouse.wheel(0, 120);
      await eventually(at).toBe(109);
      for (const [key, to] of [['ArrowUp', 108], ['PageDown', 118], ['Home', 1], ['End', 211], ['PageUp', 201]]) {
        await page.keyboard.press(key);
        await eventually(at).toBe(to);
      } // biome-ignore format: a key a pair
      await sharp(desk);
      await becomesLike(desk, await drawnByDcmtk(hospital, chest, 201, work), 0.98);

      const before = await desk.look('.stage');
      const drag = async (button, dx, dy) => {
        await page.mouse.down({ button });
        await page.mouse.move(x + width / 2 + dx, y + height / 2 + dy, { steps: 6 });
        await page.mouse.up({ button });
        await page.mouse.move(x + width / 2, y + height / 2);
      };
      await drag('right', 0, 100);
      await eventually(async () => Math.abs((await desk.look('.stage')).mean - before.mean)).toBeGreaterThan(5);
      expect(await at()).toBe(201);
      await page.keyboard.press('0');
      await eventually(async () => (await desk.look('.stage')).mean).toBeCloseTo(before.mean, 0);
      await drag('left', 0, 60);
      await eventually(at).not.toBe(201);
      await page.keyboard.press('i');
      await sharp(desk);
      const inverted = await drawnByDcmtk(hospital, chest, await at(), work);
      await eventually(() => desk.likeness('.stage', inverted)).toBeLessThan(-0.98);
      await desk.screenshot(path.join(import.meta.dirname, 'screenshots/patient-story-desk.png'));
      expect(await page.evaluate(() => performance.getEntriesByName('yingyun:first-image').length)).toBe(1);
      expect(await desk.consoleErrors()).toEqual([]);
    } finally {
      await desk.close();
    }
  });
});
