// What a test can do with a running mini-program: look, tap, type, move fingers, cut the line.
import { setTimeout as delay } from 'node:timers/promises';

const topPage = '.wxh-page.wxh-top';

export function createApp({ page, context, server, program, touch }) {
  const consoleErrors = [];
  page.on('console', (message) => message.type() === 'error' && consoleErrors.push(message.text()));
  page.on('pageerror', (error) => consoleErrors.push(String(error)));
  const door = (name, ...args) => page.evaluate(([key, values]) => window.__wxHost[key](...values), [name, args]);

  /** Faults end a test by name: nobody may go on as if WeChat had agreed. */
  const orFault = async (work) => {
    const outcome = await work().then(
      (value) => ({ value }),
      (error) => ({ error }),
    );
    const faults = await door('faults').catch(() => []);
    if (faults.length > 0) throw new Error(`WeChat would refuse:\n  ${faults.join('\n  ')}`, { cause: outcome.error });
    if (outcome.error !== undefined) throw outcome.error;
    return outcome.value;
  };
  const isSelector = (target) => typeof target === 'string' && /^[#.[]|^wx-|>>/.test(target);
  const find = (target) => {
    const selector = String(target).replace(/#([\w-]+)/g, ':is(#$1, [id$="--$1"])');
    const inPage = isSelector(target)
      ? page.locator(`${topPage} ${selector}`)
      : page.locator(topPage).getByText(target, { exact: true });
    const onTop = isSelector(target)
      ? page.locator(`.wxh-overlay ${selector}`)
      : page.locator('.wxh-overlay').getByText(target, { exact: true });
    return onTop.or(inPage).first();
  };
  const fingers = (type, points) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });

  const app = {
    server,
    program,
    /** Playwright's own page and context, for what is not here. */
    browserPage: page,
    context,
    async started() {
      const until = Date.now() + 30_000;
      while (!(await page.evaluate(() => window.__wxHost?.isReady === true))) {
        if (Date.now() > until || consoleErrors.some((text) => text.startsWith('Error')))
          throw new Error(`the mini-program did not start:\n${consoleErrors.join('\n')}`);
        await delay(50);
      }
      await orFault(async () => undefined);
    },
    /** { path, query } of the page on top. */
    page: async () => (await door('pageStack')).at(-1),
    pageStack: () => door('pageStack'),
    /** The text on the screen: page on top and dialogs. */
    text: () =>
      page.evaluate(
        (top) => `${document.querySelector(top)?.innerText ?? ''}\n${document.querySelector('.wxh-overlay').innerText}`,
        topPage,
      ),
    find,
    tap: (target) =>
      orFault(async () => {
        await find(target).tap({ timeout: 10_000 });
        await delay(50);
      }),
    longPress: (target) =>
      orFault(async () => {
        const at = await centre(target);
        await fingers('touchStart', [at]);
        await delay(500);
        await fingers('touchEnd', []);
      }),
    /** Types into the field found by selector, placeholder or nearby text; replaces what stood there. */
    type: (target, text) =>
      orFault(async () => {
        const byPlaceholder = page.locator(topPage).getByPlaceholder(target).first();
        const field = isSelector(target)
          ? find(target)
              .locator('input, textarea')
              .or(page.locator(`${topPage} ${target}:is(input, textarea)`))
              .first()
          : byPlaceholder;
        await field.tap({ timeout: 10_000 });
        await field.press('Control+A');
        await page.keyboard.press('Delete');
        await page.keyboard.type(text, { delay: 5 });
      }),
    /** One finger along a list of points of the screen, or of a selector's box when the first argument is one. */
    touch: (...args) =>
      orFault(async () => {
        const points = await onScreen(args);
        await fingers('touchStart', [points[0]]);
        for (let i = 1; i < points.length; i++)
          for (let step = 1; step <= 6; step++) {
            const mix = (axis) => points[i - 1][axis] + ((points[i][axis] - points[i - 1][axis]) * step) / 6;
            await fingers('touchMove', [[mix(0), mix(1)]]);
            await delay(16);
          }
        await fingers('touchEnd', []);
      }),
    /** Two fingers about the middle of a selector's box, `from` apart, then `to` apart (points, along x). */
    pinch: (target, from, to) =>
      orFault(async () => {
        const [x, y] = await centre(target);
        const apart = (distance) => [
          [x - distance / 2, y],
          [x + distance / 2, y],
        ];
        await fingers('touchStart', apart(from));
        for (let step = 1; step <= 10; step++) {
          await fingers('touchMove', apart(from + ((to - from) * step) / 10));
          await delay(16);
        }
        await fingers('touchEnd', []);
      }),
    /** Fingers as they are, for gestures of one's own: type is touchStart, touchMove, touchEnd or touchCancel. */
    fingers,
    back: () =>
      orFault(async () => {
        await page.locator(`${topPage} .wxh-back`).tap();
        await delay(100);
      }),
    waitForText: (text, timeout = 15_000) =>
      orFault(() =>
        page.locator(topPage).or(page.locator('.wxh-overlay')).getByText(text).first().waitFor({ timeout }),
      ),
    waitFor: (target, timeout = 15_000) => orFault(() => find(target).waitFor({ timeout })),
    waitForPage: (path, timeout = 15_000) =>
      orFault(async () => {
        const until = Date.now() + timeout;
        while ((await app.page())?.path !== path) {
          if (Date.now() > until) throw new Error(`still on ${(await app.page())?.path}, not on ${path}`);
          await delay(50);
        }
      }),
    /** A PNG of the screen, or of a selector's box; also written to `path`. */
    async screenshot(path, target) {
      const options = path === undefined ? {} : { path };
      return target === undefined ? page.screenshot(options) : find(target).screenshot(options);
    },
    /** What is on the glass in a selector's box: greys 0–255 read back from a screenshot. */
    async look(target) {
      const png = (await app.screenshot(undefined, target)).toString('base64');
      return page.evaluate(readGreys, png);
    },
    /** How alike a selector's box and a picture are that is fitted into it: correlation of their greys in the middle, −1 to 1. */
    async likeness(target, png) {
      const shown = (await app.screenshot(undefined, target)).toString('base64');
      return page.evaluate(correlate, [shown, png.toString('base64')]);
    },
    pageData: () => door('pageData'),
    pageField: (name) => door('pageField', name),
    /** Calls wx as the mini-program would: callWx('navigateTo', { url }). */
    callWx: (name, options) => orFault(() => door('callWx', name, options)),
    storage: async () =>
      Object.fromEntries(Object.entries(await door('storage')).map(([key, kept]) => [key, kept.data])),
    requests: () => door('requests'),
    sheet: () => door('sheet'),
    clipboard: () => door('clipboard'),
    album: () => door('album'),
    openedDocuments: () => door('openedDocuments'),
    /** Paths of the files that the mini-program has written. */
    userFiles: () => door('userFiles'),
    goOffline: () => door('setNetwork', 'none'),
    goOnline: () => door('setNetwork', 'wifi'),
    toBackground: () => door('setForeground', false),
    toForeground: () => door('setForeground', true),
    warnOfMemory: (level = 10) => door('warnOfMemory', level),
    pullDown: () => orFault(() => door('pullDown')),
    /** The card that WeChat's own share button would send: { title, path, imageUrl }, or null. */
    shareMessage: () => door('shareMessage'),
    /** Packages fetched so far; the main one is "(main)". */
    packages: () => [...server.downloads],
    /** What the mini-program's own code threw or logged as an error. */
    consoleErrors: async () => [...consoleErrors, ...(await door('errors'))],
    /** Faults so far, which are then forgiven: for the host's own test. */
    takeFaults: () => door('takeFaults'),
    close: () => undefined,
  };

  const boxOf = async (target) => {
    const box = await find(target).boundingBox();
    if (box === null) throw new Error(`${target} is not on the screen`);
    return box;
  };
  const centre = async (target) => {
    const { x, y, width, height } = await boxOf(target);
    return [x + width / 2, y + height / 2];
  };
  const onScreen = async ([first, second]) => {
    if (Array.isArray(first)) return first;
    const { x, y } = await boxOf(first);
    return second.map(([left, top]) => [x + left, y + top]);
  };
  return app;
}

/** Runs in the page: decodes a PNG. */
export async function readGreys(png) {
  const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  const counts = new Array(256).fill(0);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) {
    const grey = Math.round((data[i] + data[i + 1] + data[i + 2]) / 3);
    counts[grey] += 1;
    sum += grey;
  }
  const pixels = data.length / 4;
  return {
    width: picture.width,
    height: picture.height,
    mean: sum / pixels,
    shades: counts.filter((count) => count > 0).length,
    brightShare: counts.slice(128).reduce((all, count) => all + count, 0) / pixels,
  };
}

/** Runs in the page. The middle 60 % of the picture: words stand in the corners. */
export async function correlate([shown, wanted]) {
  const open = (png) =>
    createImageBitmap(new Blob([Uint8Array.from(atob(png), (one) => one.charCodeAt(0))], { type: 'image/png' }));
  const [screen, picture] = [await open(shown), await open(wanted)];
  const scale = Math.min(screen.width / picture.width, screen.height / picture.height);
  const side = 0.6 * Math.min(picture.width, picture.height);
  const greys = (source, x, y, size) => {
    const canvas = new OffscreenCanvas(96, 96);
    const context = canvas.getContext('2d');
    context.drawImage(source, x, y, size, size, 0, 0, 96, 96);
    const { data } = context.getImageData(0, 0, 96, 96);
    return Array.from({ length: 96 * 96 }, (_, i) => data[i * 4]);
  };
  const a = greys(screen, (screen.width - side * scale) / 2, (screen.height - side * scale) / 2, side * scale);
  const b = greys(picture, (picture.width - side) / 2, (picture.height - side) / 2, side);
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const spread = (list, middle) => Math.sqrt(list.reduce((sum, value) => sum + (value - middle) ** 2, 0));
  const together = a.reduce((sum, value, i) => sum + (value - meanA) * (b[i] - meanB), 0);
  return together / (spread(a, meanA) * spread(b, meanB));
}
